#include "responder.h"

#include "fate.h"

enum {
    FLAG_QR = 0x8000,
    FLAG_AA = 0x0400,
    FLAG_TC = 0x0200,
    FLAG_RD = 0x0100,
    FLAG_CD = 0x0010,
    OPCODE_MASK = 0x7800,
    CLASS_IN = 1,
    UDP_PLAIN_MAX = 512, /* RFC 1035 section 2.3.4 */
    OPT_SIZE = 11,       /* RFC 6891 section 6.1.2, without options */
    EDNS_DO = 0x8000,    /* RFC 3225 */
    RCODE_TEXT_SIZE = 12,
    ADDITIONAL_MAX = 8, /* records looked through for OPT */
};

/* What a request says beside its question. */
struct edns {
    bool present;
    bool wants_dnssec;
    unsigned version;
    size_t udp_size;
};

struct parsed {
    unsigned flags;
    unsigned class;
    struct question question;
    size_t question_end; /* 0: no question could be read */
    unsigned delay_ms;
    struct edns edns;
};

static unsigned read_u16(struct span bytes, size_t at)
{
    return (unsigned)bytes.ptr[at] << 8 | bytes.ptr[at + 1];
}

/* Moves `*at` behind a name that may end in a pointer. */
static bool skip_name(struct span bytes, size_t *at)
{
    while (*at < bytes.len) {
        unsigned len = bytes.ptr[*at];
        if (len >= 0xc0) {
            *at += 2;
            return *at <= bytes.len;
        }
        if (len > NAME_MAX_LABEL)
            return false;
        *at += 1u + len;
        if (len == 0)
            return *at <= bytes.len;
    }
    return false;
}

/* Looks through the additional section for OPT. False: malformed, or two of them. */
static bool read_edns(struct span bytes, size_t at, unsigned count, struct edns *edns)
{
    if (count > ADDITIONAL_MAX)
        return false;
    for (; count > 0; count--) {
        size_t start = at, rdlength;
        if (!skip_name(bytes, &at) || bytes.len - at < 10)
            return false;
        rdlength = read_u16(bytes, at + 8);
        if (bytes.len - at - 10 < rdlength)
            return false;
        if (read_u16(bytes, at) == TYPE_OPT) {
            if (edns->present || bytes.ptr[start] != 0)
                return false;
            edns->present = true;
            edns->udp_size = read_u16(bytes, at + 2);
            edns->version = bytes.ptr[at + 5];
            edns->wants_dnssec = (read_u16(bytes, at + 6) & EDNS_DO) != 0;
        }
        at += 10 + rdlength;
    }
    return true;
}

/* Reads a request of at least a header; what is wrong with it is the RCODE. */
static enum rcode parse(struct span bytes, struct parsed *parsed)
{
    size_t at = DNS_HEADER_SIZE;

    *parsed = (struct parsed){.flags = read_u16(bytes, 2)};
    if ((parsed->flags & OPCODE_MASK) != 0)
        return RCODE_NOTIMP;
    if (read_u16(bytes, 4) != 1 || read_u16(bytes, 6) != 0 || read_u16(bytes, 8) != 0 ||
        !name_read(bytes.ptr, bytes.len, &at, &parsed->question.name) || bytes.len - at < 4)
        return RCODE_FORMERR;
    parsed->question.type = read_u16(bytes, at);
    parsed->class = read_u16(bytes, at + 2);
    parsed->question_end = at + 4;
    if (!read_edns(bytes, at + 4, read_u16(bytes, 10), &parsed->edns))
        return RCODE_FORMERR;
    if (parsed->edns.version > 0)
        return RCODE_BADVERS;
    return parsed->class == CLASS_IN ? RCODE_NOERROR : RCODE_REFUSED;
}

static size_t answer_limit(const struct parsed *parsed, enum transport transport, size_t capacity)
{
    size_t limit = UDP_PLAIN_MAX;

    if (transport == TRANSPORT_TCP)
        return capacity;
    if (parsed->edns.present && parsed->edns.udp_size > limit)
        limit = parsed->edns.udp_size;
    if (limit > UDP_RESPONSE_MAX)
        limit = UDP_RESPONSE_MAX;
    return limit < capacity ? limit : capacity;
}

static void write_opt(struct writer *writer, const struct parsed *parsed, enum rcode rcode)
{
    writer->capacity += OPT_SIZE;
    writer_u8(writer, 0);
    writer_u16(writer, TYPE_OPT);
    writer_u16(writer, UDP_RESPONSE_MAX);
    writer_u8(writer, (unsigned)rcode >> 4);
    writer_u8(writer, 0); /* version */
    writer_u16(writer, parsed->edns.wants_dnssec ? EDNS_DO : 0);
    writer_u16(writer, 0);
    writer->counts[SECTION_ADDITIONAL]++;
}

static void write_header(uint8_t *response, const struct writer *writer, unsigned flags)
{
    const unsigned words[] = {flags, writer->question != NULL, writer->counts[SECTION_ANSWER],
                              writer->counts[SECTION_AUTHORITY],
                              writer->counts[SECTION_ADDITIONAL]};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        response[2 + 2 * i] = (uint8_t)(words[i] >> 8);
        response[3 + 2 * i] = (uint8_t)words[i];
    }
}

/* Starts the response: the ID and, octet for octet (its case too), the question. */
static void start_response(struct writer *writer, const struct parsed *parsed, struct span request)
{
    if (parsed->edns.present)
        writer->capacity -= OPT_SIZE;
    writer_bytes(writer, request.ptr, DNS_HEADER_SIZE);
    if (parsed->question_end == 0)
        return;
    writer_bytes(writer, request.ptr + DNS_HEADER_SIZE, parsed->question_end - DNS_HEADER_SIZE);
    writer->question = &parsed->question.name;
}

/* One line of the question log; `rcode` is "-" where there is no answer. A name is printed as it
 * came but for its case. */
static void log_question(FILE *log, const struct request *request, const struct parsed *parsed,
                         const char *rcode)
{
    const struct name *name = &parsed->question.name;
    char text[NAME_MAX_WIRE + 1];

    if (parsed->question_end == 0)
        return;
    span_to_text(name_suffix(name, name->labels), text, sizeof text);
    for (char *at = text; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~')
            *at = '?';
    fprintf(log, "%u.%u.%u.%u %s %u %s %s.\n", request->address >> 24, request->address >> 16 & 255,
            request->address >> 8 & 255, request->address & 255,
            request->transport == TRANSPORT_TCP ? "tcp" : "udp", parsed->question.type, rcode,
            text);
}

static const char *rcode_text(enum rcode rcode, char text[RCODE_TEXT_SIZE])
{
    snprintf(text, RCODE_TEXT_SIZE, "%u", (unsigned)rcode);
    return text;
}

/* Takes back all that follows the question. */
static void cut_back(struct writer *writer, size_t question_len)
{
    writer->overflow = false;
    writer->len = question_len;
    for (size_t i = 0; i < 3; i++)
        writer->counts[i] = 0;
}

/* The question's way through faults and zones. Returns whether there is an answer. */
static bool answer_question(struct responder *responder, const struct request *request,
                            struct parsed *parsed, struct writer *writer, struct reply *reply)
{
    const struct asked asked = {request->address, parsed->edns.present,
                                request->transport == TRANSPORT_UDP, &parsed->question};
    struct fate fate;

    fate_decide(&responder->world, &responder->referee, &asked, &fate);
    parsed->delay_ms = fate.delay_ms;
    parsed->question.wants_dnssec = parsed->edns.present && parsed->edns.wants_dnssec;
    if (fate.drop)
        return false;
    if (fate.fails) {
        reply->rcode = fate.rcode;
        if (fate.rcode == RCODE_FORMERR)
            parsed->edns.present = false; /* a server that knows no EDNS does not answer with it */
    } else if (fate.truncate) {
        writer->overflow = true;
    } else {
        zone_answer(&responder->world, request->address, &parsed->question, writer, reply);
    }
    return true;
}

void responder_answer(struct responder *responder, const struct request *request,
                      struct answer *answer)
{
    struct reply reply = {RCODE_NOERROR, false};
    struct parsed parsed;
    struct writer writer;
    size_t question_len;
    unsigned flags;
    char text[RCODE_TEXT_SIZE];

    answer->len = 0;
    if (request->bytes.len < DNS_HEADER_SIZE || (request->bytes.ptr[2] & 0x80) != 0) {
        responder->counts.ignored++;
        return; /* no query: answering a response invites a loop */
    }
    reply.rcode = parse(request->bytes, &parsed);
    writer_init(&writer, answer->bytes,
                answer_limit(&parsed, request->transport, answer->capacity));
    start_response(&writer, &parsed, request->bytes);
    question_len = writer.len;
    counts_note(&responder->counts, parsed.question.type, delegation_server_kind(request->address),
                request->transport == TRANSPORT_TCP);
    if (reply.rcode == RCODE_NOERROR &&
        !answer_question(responder, request, &parsed, &writer, &reply)) {
        responder->counts.unanswered++;
        if (responder->log != NULL)
            log_question(responder->log, request, &parsed, "-");
        return;
    }
    flags = FLAG_QR | (parsed.flags & (OPCODE_MASK | FLAG_RD | FLAG_CD)) |
            (reply.authoritative ? FLAG_AA : 0) | ((unsigned)reply.rcode & 15);
    if (writer.overflow) {
        cut_back(&writer, question_len);
        flags |= FLAG_TC;
    }
    if (parsed.edns.present)
        write_opt(&writer, &parsed, reply.rcode);
    write_header(answer->bytes, &writer, flags);
    responder->counts.truncated += (flags & FLAG_TC) != 0;
    responder->counts.rcodes[(unsigned)reply.rcode & 15]++;
    if (responder->log != NULL)
        log_question(responder->log, request, &parsed, rcode_text(reply.rcode, text));
    answer->len = writer.len;
    answer->delay_ms = parsed.delay_ms;
}
