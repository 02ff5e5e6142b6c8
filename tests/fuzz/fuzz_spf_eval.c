/*
 * SPF evaluation over records of any bytes. The input's lines are the records of n0.test, n1.test
 * and so on; other questions are answered by the bytes of their names. What must hold: the
 * evaluation ends, twice gives the same, and what it says of all addresses is true of one.
 */
#include <mxsweep/line.h>
#include <mxsweep/spf_check.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS = 8 };

struct world {
    struct mxs_arena arena;
    mxs_slice records[RECORDS];
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static uint32_t hash(struct mxs_name name, uint16_t type)
{
    uint32_t value = type;

    for (unsigned i = 0; i < name.len; i++)
        value = (value ^ name.wire[i]) * 16777619U;
    return value >> 3;
}

/* A TXT record as one string after another of 255 octets. */
static void give_text(struct world *world, mxs_slice text, struct mxs_record *record)
{
    size_t strings = text.len / 255 + 1, at = 0;
    char *rdata = mxs_arena_alloc(&world->arena, text.len + strings);

    check(rdata != NULL);
    record->text = text;
    record->rdata = (mxs_slice){rdata, text.len + strings};
    for (size_t i = 0; i < strings; i++) {
        size_t len = text.len - i * 255 < 255 ? text.len - i * 255 : 255;
        rdata[at++] = (char)len;
        memcpy(rdata + at, text.ptr + i * 255, len);
        at += len;
    }
}

static void give_record(const struct mxs_answer *answer, struct mxs_record *record)
{
    uint32_t value = hash(answer->name, answer->type);
    uint8_t octets[16] = {10, 0, 0, (uint8_t)value};

    switch (answer->type) {
    case MXS_TYPE_A:
        record->address = mxs_address_from_octets(octets, 4);
        break;
    case MXS_TYPE_AAAA:
        octets[0] = 0x20;
        record->address = mxs_address_from_octets(octets, 16);
        break;
    default: /* MX, PTR, NS */
        record->name = answer->name;
        break;
    }
}

static const struct mxs_answer *fetch(void *context, struct mxs_name name, uint16_t type)
{
    struct world *world = context;
    struct mxs_answer *answer = mxs_arena_alloc(&world->arena, sizeof *answer);
    struct mxs_record *record = mxs_arena_alloc(&world->arena, sizeof *record);
    mxs_slice label = mxs_name_label(name, 0);
    uint32_t fate = hash(name, (uint16_t)(type + 1)) % 8;
    unsigned number = label.len == 2 && label.ptr[0] == 'n' ? (unsigned)(label.ptr[1] - '0') : 99;

    check(answer != NULL && record != NULL);
    *answer = (struct mxs_answer){.name = mxs_name_copy(&world->arena, name), .type = type};
    answer->records = record;
    if (type == MXS_TYPE_TXT && number < RECORDS && world->records[number].ptr != NULL) {
        give_text(world, world->records[number], record);
    } else if (type == MXS_TYPE_TXT || fate < 2) {
        answer->lookup = fate == 0 ? MXS_LOOKUP_NODATA : MXS_LOOKUP_NXDOMAIN;
        return answer;
    } else if (fate == 2) {
        mxs_answer_fail(answer, MXS_LOOKUP_TEMP, MXS_ERROR_FAILED);
        return answer;
    } else {
        give_record(answer, record);
    }
    answer->lookup = MXS_LOOKUP_OK;
    answer->count = 1;
    return answer;
}

static void write_line(struct world *world, struct mxs_answers *answers, struct mxs_arena *arena,
                       struct mxs_spf *facts, struct mxs_buffer *line)
{
    const struct mxs_posture_options options = {0};
    struct mxs_input input = {.text = MXS_SLICE("n0.test"), .scannable = true};
    struct mxs_line data = {.scanned_at = MXS_SLICE(""), .input = &input};

    mxs_findings_init(&input.findings, &world->arena);
    check(mxs_name_parse(&world->arena, input.text, &input.domain) == MXS_NAME_OK);
    data.posture = mxs_posture_evaluate(arena, &input, &options, answers);
    check(data.posture != NULL && !answers->pending);
    *facts = data.posture->spf_facts;
    mxs_line_write(&data, line);
    check(!line->failed && line->len <= MXS_LINE_MAX);
}

/* One client's result against what was said of all. */
static void check_client(struct mxs_answers *answers, struct mxs_arena *arena,
                         const struct mxs_spf *facts, const char *ip)
{
    struct mxs_address address;
    struct mxs_spf_request request;
    struct mxs_spf_result result;
    bool pass;

    check(mxs_address_parse(mxs_slice_of(ip), &address));
    request = mxs_spf_request_of(&address, MXS_SLICE("a.b@n0.test"), MXS_SLICE("h.test"));
    mxs_answers_begin(answers);
    mxs_spf_check_host(arena, answers, &request, &result);
    check(result.lookups <= MXS_SPF_LOOKUPS_MAX + 2 &&
          result.void_lookups <= MXS_SPF_VOIDS_MAX + 1);
    if (facts->partial || facts->dynamic || facts->tree_count == 0)
        return;
    pass = result.result == MXS_SPF_RESULT_PASS;
    check((facts->validity == MXS_SPF_VALIDITY_PERMERROR) <=
          (result.result == MXS_SPF_RESULT_PERMERROR));
    if (address.len == 4) {
        check(!pass || facts->ipv4_addresses > 0);
        check(pass || facts->ipv4_addresses < UINT64_C(1) << 32);
    } else {
        check(!pass || facts->ipv6_64s > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const clients[] = {"10.0.0.1", "10.0.0.200", "192.0.2.1", "2000::1"};
    mxs_slice rest = {(const char *)data, size}, record;
    struct world world = {0};
    struct mxs_arena arena;
    struct mxs_answers answers;
    struct mxs_buffer first, second;
    struct mxs_spf facts;

    mxs_arena_init(&world.arena);
    mxs_arena_init(&arena);
    mxs_buffer_init(&first);
    mxs_buffer_init(&second);
    for (unsigned i = 0; i < RECORDS && size > 0 && mxs_slice_split(&rest, '\n', &record); i++)
        world.records[i] = record;
    mxs_answers_init(&answers, (struct mxs_answers_source){fetch, &world});
    write_line(&world, &answers, &arena, &facts, &first);
    write_line(&world, &answers, &arena, &facts, &second);
    check(mxs_slice_equal(mxs_buffer_slice(&first), mxs_buffer_slice(&second)));
    for (size_t i = 0; i < sizeof clients / sizeof clients[0]; i++)
        check_client(&answers, &arena, &facts, clients[i]);
    mxs_buffer_clear(&first);
    mxs_buffer_clear(&second);
    mxs_arena_clear(&arena);
    mxs_arena_clear(&world.arena);
    return 0;
}
