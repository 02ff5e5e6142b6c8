#include <mxsweep/packet.h>

#include <stdlib.h>
#include <string.h>

#include "dns/message.h"

enum {
    RCODE_NOERROR = 0,
    RCODE_NXDOMAIN = 3,
    CLASS_IN = 1,
};

/* One reading of one reply. */
struct reading {
    const struct mxs_message *message;
    struct mxs_arena *arena;
    struct mxs_answer *answer;
    struct mxs_name last; /* the question's name, then the target of its aliases */
    unsigned aliases;
};

static bool no_memory(struct mxs_answer *answer)
{
    mxs_answer_fail(answer, MXS_LOOKUP_TEMP, MXS_ERROR_INTERNAL);
    return false;
}

static void note_ttl(struct mxs_answer *answer, uint32_t ttl_s)
{
    if (ttl_s < answer->ttl_s)
        answer->ttl_s = ttl_s;
}

/* The name in RDATA that begins at `at` and must end the RDATA. */
static enum mxs_name_status rdata_name(struct reading *reading, const struct mxs_rr *rr, size_t at,
                                       struct mxs_name *name)
{
    struct mxs_wire_name wire;

    if (!mxs_message_name(reading->message, &at, &wire) || at != rr->rdata_at + rr->rdata_len)
        return MXS_NAME_TOO_LONG;
    return mxs_name_from_wire(reading->arena, wire.octets, wire.len, name);
}

/* Joins the character-strings, RFC 1035 section 3.3.14, with nothing between. */
static enum mxs_name_status rdata_text(struct reading *reading, mxs_slice rdata, mxs_slice *text)
{
    char *joined = mxs_arena_alloc(reading->arena, rdata.len);
    size_t len = 0;

    if (joined == NULL)
        return MXS_NAME_NO_MEMORY;
    while (rdata.len > 0) {
        size_t string_len = (uint8_t)rdata.ptr[0];
        if (string_len >= rdata.len)
            return MXS_NAME_TOO_LONG;
        memcpy(joined + len, rdata.ptr + 1, string_len);
        len += string_len;
        rdata = mxs_slice_from(rdata, string_len + 1);
    }
    *text = (mxs_slice){joined, len};
    return MXS_NAME_OK;
}

static enum mxs_name_status rdata_address(mxs_slice rdata, uint8_t len, struct mxs_address *address)
{
    if (rdata.len != len)
        return MXS_NAME_TOO_LONG;
    *address = mxs_address_from_octets((const uint8_t *)rdata.ptr, len);
    return MXS_NAME_OK;
}

/* Fills a record by its type; any status but OK means that the RDATA cannot be read. */
static enum mxs_name_status read_record(struct reading *reading, const struct mxs_rr *rr,
                                        struct mxs_record *record)
{
    const uint8_t *rdata = reading->message->bytes + rr->rdata_at;

    record->rdata = mxs_arena_copy(reading->arena, (mxs_slice){(const char *)rdata, rr->rdata_len});
    if (record->rdata.ptr == NULL)
        return MXS_NAME_NO_MEMORY;
    switch (rr->type) {
    case MXS_TYPE_A:
        return rdata_address(record->rdata, 4, &record->address);
    case MXS_TYPE_AAAA:
        return rdata_address(record->rdata, 16, &record->address);
    case MXS_TYPE_MX:
        if (rr->rdata_len < 3)
            return MXS_NAME_TOO_LONG;
        record->preference = (uint16_t)(rdata[0] << 8 | rdata[1]);
        return rdata_name(reading, rr, rr->rdata_at + 2, &record->name);
    case MXS_TYPE_PTR:
    case MXS_TYPE_NS:
    case MXS_TYPE_CNAME:
        return rdata_name(reading, rr, rr->rdata_at, &record->name);
    case MXS_TYPE_TXT:
        return rdata_text(reading, record->rdata, &record->text);
    default:
        return MXS_NAME_OK;
    }
}

/* The records of the answer section that belong to the question, once all aliases are followed. */
struct found {
    unsigned records;
    size_t bytes;         /* of their RDATA */
    bool alias;           /* the last name is an alias itself */
    struct mxs_rr target; /* that alias */
};

static bool belongs(const struct reading *reading, const struct mxs_rr *rr)
{
    return rr->class == CLASS_IN && rr->type == reading->answer->type &&
           mxs_wire_name_equal(&rr->owner, reading->last);
}

static void scan_answer_section(const struct reading *reading, struct found *found)
{
    size_t at = reading->message->answer.at;
    struct mxs_rr rr;

    *found = (struct found){0};
    for (unsigned i = 0; i < reading->message->answer.count; i++) {
        (void)mxs_message_rr(reading->message, &at, &rr); /* whole: the sections were walked */
        if (belongs(reading, &rr)) {
            found->records++;
            found->bytes += rr.rdata_len;
        } else if (!found->alias && rr.type == MXS_TYPE_CNAME && rr.class == CLASS_IN &&
                   mxs_wire_name_equal(&rr.owner, reading->last)) {
            found->alias = true;
            found->target = rr;
        }
    }
}

/* Follows aliases (RFC 1034 section 3.6.2) until the last name is none, or there are too many. */
static enum mxs_name_status follow_aliases(struct reading *reading, struct found *found)
{
    enum mxs_name_status status = MXS_NAME_OK;

    scan_answer_section(reading, found);
    while (found->alias && found->records == 0 && status == MXS_NAME_OK &&
           reading->aliases <= MXS_ALIAS_MAX) {
        reading->aliases++;
        note_ttl(reading->answer, found->target.ttl_s);
        status = rdata_name(reading, &found->target, found->target.rdata_at, &reading->last);
        if (status == MXS_NAME_OK)
            scan_answer_section(reading, found);
    }
    return status;
}

static int compare_records(const void *left, const void *right)
{
    const struct mxs_record *a = left, *b = right;

    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    if (a->name.wire != NULL && b->name.wire != NULL)
        return mxs_name_compare(a->name, b->name);
    if (a->address.len != 0 && b->address.len != 0)
        return mxs_address_compare(&a->address, &b->address);
    return mxs_slice_compare(a->rdata, b->rdata);
}

static enum mxs_name_status collect_records(struct reading *reading, unsigned count)
{
    struct mxs_answer *answer = reading->answer;
    struct mxs_record *records = mxs_arena_array(reading->arena, count, sizeof *records);
    size_t at = reading->message->answer.at;
    struct mxs_rr rr;

    if (records == NULL)
        return MXS_NAME_NO_MEMORY;
    for (unsigned i = 0; i < reading->message->answer.count && answer->count < count; i++) {
        (void)mxs_message_rr(reading->message, &at, &rr);
        if (!belongs(reading, &rr))
            continue;
        enum mxs_name_status status = read_record(reading, &rr, &records[answer->count]);
        if (status != MXS_NAME_OK)
            return status;
        note_ttl(answer, rr.ttl_s);
        answer->count++;
    }
    qsort(records, count, sizeof *records, compare_records);
    answer->records = records;
    return MXS_NAME_OK;
}

/* RFC 2308 section 5: a denial lives for the lesser of the SOA's TTL and its MINIMUM field. */
static void note_soa_ttl(struct reading *reading)
{
    size_t at = reading->message->authority.at;
    struct mxs_rr rr;

    for (unsigned i = 0; i < reading->message->authority.count; i++) {
        (void)mxs_message_rr(reading->message, &at, &rr);
        if (rr.type != MXS_TYPE_SOA || rr.rdata_len < 22)
            continue;
        const uint8_t *minimum = reading->message->bytes + rr.rdata_at + rr.rdata_len - 4;
        note_ttl(reading->answer, rr.ttl_s);
        note_ttl(reading->answer, (uint32_t)minimum[0] << 24 | (uint32_t)minimum[1] << 16 |
                                      (uint32_t)minimum[2] << 8 | minimum[3]);
    }
}

/* Absence: the RCODE's word, unless a signed denial knows better (rules section 1.4). */
static void conclude_absent(struct reading *reading)
{
    struct mxs_answer *answer = reading->answer;
    bool secure = answer->dnssec == MXS_DNSSEC_SECURE;
    enum mxs_denial denial =
        secure ? mxs_message_denial(reading->message, reading->last) : MXS_DENIAL_SILENT;
    bool nonexistent =
        reading->message->rcode == RCODE_NXDOMAIN || denial == MXS_DENIAL_NONEXISTENT;

    if (nonexistent)
        answer->lookup = reading->aliases > 0 ? MXS_LOOKUP_NXDOMAIN_TARGET : MXS_LOOKUP_NXDOMAIN;
    else
        answer->lookup = MXS_LOOKUP_NODATA;
    if (reading->aliases > 0)
        answer->exists = MXS_EXISTS_YES; /* the alias is there, whatever became of its target */
    else if (nonexistent)
        answer->exists = MXS_EXISTS_NO;
    else
        answer->exists = denial == MXS_DENIAL_UNCERTAIN ? MXS_EXISTS_UNCERTAIN : MXS_EXISTS_YES;
    answer->exists_by_dnssec = secure && reading->aliases == 0;
    note_soa_ttl(reading);
}

static bool is_over_limit(const struct mxs_answer *answer, const struct found *found)
{
    if (answer->type == MXS_TYPE_TXT)
        return found->records > MXS_TXT_RECORDS_MAX || found->bytes > MXS_TXT_BYTES_MAX;
    return found->records > MXS_RECORDS_MAX;
}

/* False, with the answer failed, when the reply cannot be read. */
static bool fail_reading(struct reading *reading, enum mxs_name_status status)
{
    if (status == MXS_NAME_NO_MEMORY)
        return no_memory(reading->answer);
    mxs_answer_fail(reading->answer, MXS_LOOKUP_TEMP, MXS_ERROR_MALFORMED);
    return true;
}

static bool conclude(struct reading *reading)
{
    struct mxs_answer *answer = reading->answer;
    struct found found;
    enum mxs_name_status status = follow_aliases(reading, &found);

    if (status != MXS_NAME_OK)
        return fail_reading(reading, status);
    if (reading->aliases > MXS_ALIAS_MAX) {
        mxs_answer_fail(answer, MXS_LOOKUP_TEMP, MXS_ERROR_ALIAS_LOOP);
        return true;
    }
    if (reading->aliases > 0)
        answer->alias = reading->last;
    if (found.records == 0) {
        conclude_absent(reading);
    } else if (reading->message->rcode == RCODE_NXDOMAIN) { /* its RCODE denies what it holds */
        return fail_reading(reading, MXS_NAME_TOO_LONG);
    } else if (is_over_limit(answer, &found)) {
        mxs_answer_fail(answer, MXS_LOOKUP_LIMIT, MXS_ERROR_NONE);
        answer->exists = MXS_EXISTS_YES;
    } else {
        answer->lookup = MXS_LOOKUP_OK;
        answer->exists = MXS_EXISTS_YES;
        status = collect_records(reading, found.records);
        if (status != MXS_NAME_OK)
            return fail_reading(reading, status);
    }
    return true;
}

/* A bogus reply is not looked into: it holds what the attacker wants us to see. */
static bool note_bogus(const struct mxs_packet *packet, struct mxs_arena *arena,
                       struct mxs_answer *answer)
{
    mxs_answer_fail(answer, MXS_LOOKUP_BOGUS, MXS_ERROR_NONE);
    answer->why_bogus = mxs_arena_copy(arena, packet->why_bogus);
    return answer->why_bogus.ptr != NULL || no_memory(answer);
}

bool mxs_packet_read(const struct mxs_packet *packet, struct mxs_arena *arena,
                     struct mxs_answer *answer)
{
    struct mxs_message message;
    struct reading reading = {
        .message = &message, .arena = arena, .answer = answer, .last = answer->name};

    if (packet->dnssec == MXS_DNSSEC_BOGUS)
        return note_bogus(packet, arena, answer);
    if (!mxs_message_open(packet->bytes, packet->len, &message))
        return fail_reading(&reading, MXS_NAME_TOO_LONG);
    mxs_answer_fail(answer, MXS_LOOKUP_TEMP, MXS_ERROR_FAILED);
    if (message.rcode != RCODE_NOERROR && message.rcode != RCODE_NXDOMAIN)
        return true;
    answer->error = MXS_ERROR_NONE;
    answer->dnssec = packet->dnssec;
    answer->size = (uint32_t)packet->len;
    answer->ttl_s = UINT32_MAX;
    if (!conclude(&reading))
        return false;
    if (answer->ttl_s == UINT32_MAX)
        answer->ttl_s = 0;
    return true;
}
