#include "packet_properties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOLDS(property)                                                                            \
    do {                                                                                           \
        if (!(property)) {                                                                         \
            (void)fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #property);    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static bool is_inside(const struct mxs_packet *packet, mxs_slice bytes)
{
    for (size_t at = 0; at + bytes.len <= packet->len; at++)
        if (memcmp(packet->bytes + at, bytes.ptr, bytes.len) == 0)
            return true;
    return bytes.len == 0;
}

/* Labels of 1 to 63 octets in lower case, the root last. */
static void check_name(struct mxs_name name)
{
    unsigned at = 0, labels = 0;

    while (at < name.len && name.wire[at] != 0) {
        HOLDS(name.wire[at] <= MXS_LABEL_MAX);
        for (unsigned i = 1; i <= name.wire[at] && at + i < name.len; i++)
            HOLDS(name.wire[at + i] < 'A' || name.wire[at + i] > 'Z');
        at += name.wire[at] + 1U;
        labels++;
    }
    HOLDS(at + 1 == name.len);
    HOLDS(labels == name.labels);
}

static void check_record(const struct mxs_packet *packet, const struct mxs_answer *answer,
                         const struct mxs_record *record)
{
    bool named = answer->type == MXS_TYPE_MX || answer->type == MXS_TYPE_PTR ||
                 answer->type == MXS_TYPE_NS || answer->type == MXS_TYPE_CNAME;

    HOLDS(is_inside(packet, record->rdata));
    HOLDS(record->text.len <= record->rdata.len);
    HOLDS(record->text.len == 0 || answer->type == MXS_TYPE_TXT);
    HOLDS(record->preference == 0 || answer->type == MXS_TYPE_MX);
    HOLDS((record->name.wire != NULL) == named);
    if (named)
        check_name(record->name);
    if (answer->type == MXS_TYPE_A)
        HOLDS(record->address.len == 4 && record->rdata.len == 4);
    else if (answer->type == MXS_TYPE_AAAA)
        HOLDS(record->address.len == 16 && record->rdata.len == 16);
    else
        HOLDS(record->address.len == 0);
}

/* The order that answer.h promises. */
static void check_order(const struct mxs_answer *answer, unsigned at)
{
    const struct mxs_record *a = &answer->records[at - 1], *b = &answer->records[at];

    HOLDS(a->preference <= b->preference);
    if (a->preference != b->preference)
        return;
    if (a->name.wire != NULL)
        HOLDS(mxs_name_compare(a->name, b->name) <= 0);
    else
        HOLDS(mxs_slice_compare(a->rdata, b->rdata) <= 0);
}

static void check_records(const struct mxs_packet *packet, const struct mxs_answer *answer)
{
    size_t bytes = 0;

    HOLDS(answer->count <= MXS_RECORDS_MAX);
    for (unsigned i = 0; i < answer->count; i++) {
        check_record(packet, answer, &answer->records[i]);
        bytes += answer->records[i].rdata.len;
        if (i > 0)
            check_order(answer, i);
    }
    if (answer->type == MXS_TYPE_TXT)
        HOLDS(answer->count <= MXS_TXT_RECORDS_MAX && bytes <= MXS_TXT_BYTES_MAX);
}

/* Rules section 1.1: which outcomes a packet may have. */
static void check_outcome(const struct mxs_packet *packet, const struct mxs_answer *answer)
{
    bool definite = mxs_lookup_is_definite(answer->lookup);
    unsigned rcode = packet->len < 4 ? 2 : packet->bytes[3] & 15U;

    HOLDS(answer->lookup != MXS_LOOKUP_PENDING);
    HOLDS((answer->lookup == MXS_LOOKUP_BOGUS) == (packet->dnssec == MXS_DNSSEC_BOGUS));
    HOLDS((answer->lookup == MXS_LOOKUP_OK) == (answer->count > 0));
    HOLDS((answer->lookup == MXS_LOOKUP_TEMP) == (answer->error != MXS_ERROR_NONE));
    HOLDS((answer->exists == MXS_EXISTS_NO) == (answer->lookup == MXS_LOOKUP_NXDOMAIN));
    HOLDS(answer->exists != MXS_EXISTS_UNKNOWN || !definite);
    HOLDS(!answer->exists_by_dnssec || packet->dnssec == MXS_DNSSEC_SECURE);
    HOLDS(answer->alias.wire == NULL || definite);
    HOLDS(answer->ttl_s <= INT32_MAX);
    if (answer->alias.wire != NULL)
        check_name(answer->alias);
    if (!definite)
        return;
    HOLDS(packet->len >= 12);
    HOLDS(rcode == 0 || rcode == 3);
    HOLDS((packet->bytes[2] & 2) == 0);
    HOLDS(answer->lookup != MXS_LOOKUP_OK || rcode == 0);
    HOLDS(answer->lookup != MXS_LOOKUP_NODATA || rcode == 0);
    HOLDS(answer->dnssec == packet->dnssec);
    HOLDS(answer->size == packet->len);
}

static void check_same(const struct mxs_answer *a, const struct mxs_answer *b)
{
    HOLDS(a->lookup == b->lookup && a->error == b->error && a->dnssec == b->dnssec);
    HOLDS(a->exists == b->exists && a->exists_by_dnssec == b->exists_by_dnssec);
    HOLDS(a->count == b->count && a->ttl_s == b->ttl_s);
    HOLDS((a->alias.wire != NULL) == (b->alias.wire != NULL));
    HOLDS(a->alias.wire == NULL || mxs_name_equal(a->alias, b->alias));
    for (unsigned i = 0; i < a->count; i++)
        HOLDS(mxs_slice_equal(a->records[i].text, b->records[i].text) &&
              a->records[i].preference == b->records[i].preference);
}

void packet_properties(const struct mxs_packet *packet, struct mxs_name name, uint16_t type)
{
    struct mxs_arena arena;
    struct mxs_answer first = {.name = name, .type = type};
    struct mxs_answer second = {.name = name, .type = type};

    mxs_arena_init(&arena);
    HOLDS(mxs_packet_read(packet, &arena, &first));
    HOLDS(mxs_packet_read(packet, &arena, &second));
    HOLDS(mxs_name_equal(first.name, name) && first.type == type);
    check_outcome(packet, &first);
    check_records(packet, &first);
    check_same(&first, &second);
    mxs_arena_clear(&arena);
}
