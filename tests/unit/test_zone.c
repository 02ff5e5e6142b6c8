/* The fixture itself: a zone text that answers wrongly would let every other test pass. */
#include "unit.h"

#include <mxsweep/answers.h>

#include "answer_text.h"
#include "zone.h"

/* RFC 4592 section 2.2.1, its example zone in our text. */
#define WILDCARD                                                                                   \
    "*.example MX 10 host1.example\n"                                                              \
    "sub.*.example TXT x\n"                                                                        \
    "host1.example A 9.2.2.1\n"                                                                    \
    "_ssh._tcp.host1.example PTR x\n"                                                              \
    "!zone subdel.example unsigned\n"

#define CHAIN16                                                                                    \
    "a1.x CNAME a2.x\na2.x CNAME a3.x\na3.x CNAME a4.x\na4.x CNAME a5.x\na5.x CNAME a6.x\n"        \
    "a6.x CNAME a7.x\na7.x CNAME a8.x\na8.x CNAME a9.x\na9.x CNAME a10.x\na10.x CNAME a11.x\n"     \
    "a11.x CNAME a12.x\na12.x CNAME a13.x\na13.x CNAME a14.x\na14.x CNAME a15.x\n"                 \
    "a15.x CNAME a16.x\na16.x CNAME end.x\nend.x A 9.1.1.1\n"

/* By hand, from RFC 4592 section 2.2.1, RFC 2308, RFC 6604 and rules section 1.1. */
static struct row {
    const char *label, *zone, *name;
    uint16_t type;
    const char *want;
} rows[] = {
    {"a record", "x A 9.1.1.2\nx A 9.1.1.1\n", "x", MXS_TYPE_A,
     "ok insecure yes 3600 {9.1.1.1} {9.1.1.2}"},
    {"the least TTL", "!ttl 60\nx A 9.1.1.1\n!ttl 30\nx A 9.1.1.2\n", "x", MXS_TYPE_A,
     "ok insecure yes 30 {9.1.1.1} {9.1.1.2}"},
    {"MX in order", "x MX 20 a.x\nx MX 3 c.x\nx MX 20 B.x\n", "x", MXS_TYPE_MX,
     "ok insecure yes 3600 {3 c.x} {20 a.x} {20 b.x}"},
    {"strings are joined", "x TXT \"a \" \"b\\\"\\059\"\n", "x", MXS_TYPE_TXT,
     "ok insecure yes 3600 {a b\";}"},
    {"another type", "x A 9.1.1.1\n", "x", MXS_TYPE_MX, "nodata insecure yes 900"},
    {"an empty non-terminal", "a.b.x A 9.1.1.1\n", "b.x", MXS_TYPE_A, "nodata insecure yes 900"},
    {"no such name", "x A 9.1.1.1\n", "y", MXS_TYPE_A, "nxdomain insecure no 900"},
    {"nothing below a leaf", "x A 9.1.1.1\n", "y.x", MXS_TYPE_A, "nxdomain insecure no 900"},
    {"a wildcard", WILDCARD, "host3.example", MXS_TYPE_MX,
     "ok insecure yes 3600 {10 host1.example}"},
    {"a wildcard without the type", WILDCARD, "host3.example", MXS_TYPE_A,
     "nodata insecure yes 900"},
    {"a wildcard reaches deep", WILDCARD, "foo.bar.example", MXS_TYPE_MX,
     "ok insecure yes 3600 {10 host1.example}"},
    {"not for a name that exists", WILDCARD, "host1.example", MXS_TYPE_MX,
     "nodata insecure yes 900"},
    {"not for a name below the wildcard", WILDCARD, "sub.*.example", MXS_TYPE_MX,
     "nodata insecure yes 900"},
    {"not below a name that exists", WILDCARD, "_telnet._tcp.host1.example", MXS_TYPE_MX,
     "nxdomain insecure no 900"},
    {"not below a zone cut", WILDCARD, "host.subdel.example", MXS_TYPE_MX,
     "nxdomain insecure no 900"},
    {"not below the wildcard's own child", WILDCARD, "ghost.*.example", MXS_TYPE_MX,
     "nxdomain insecure no 900"},
    {"an alias", "x CNAME y\ny A 9.1.1.1\n", "x", MXS_TYPE_A, "ok insecure yes 3600 >y {9.1.1.1}"},
    {"an alias without the type", "x CNAME y\ny A 9.1.1.1\n", "x", MXS_TYPE_MX,
     "nodata insecure yes 900 >y"},
    {"a dangling alias", "x CNAME y\n", "x", MXS_TYPE_A, "nxdomain_target insecure yes 900 >y"},
    {"a DNAME", "old.x DNAME new.x\na.b.new.x A 9.1.1.1\n", "a.b.old.x", MXS_TYPE_A,
     "ok insecure yes 3600 >a.b.new.x {9.1.1.1}"},
    {"not the DNAME's owner", "old.x DNAME new.x\nnew.x A 9.1.1.1\n", "old.x", MXS_TYPE_A,
     "nodata insecure yes 900"},
    {"16 aliases", CHAIN16, "a1.x", MXS_TYPE_A, "ok insecure yes 3600 >end.x {9.1.1.1}"},
    {"17 aliases", CHAIN16 "a0.x CNAME a1.x\n", "a0.x", MXS_TYPE_A,
     "temp/alias_loop indeterminate unknown 0"},
    {"a loop", "x CNAME y\ny CNAME x\n", "x", MXS_TYPE_A,
     "temp/alias_loop indeterminate unknown 0"},
    {"signed", "!zone x signed\nx A 9.1.1.1\n", "x", MXS_TYPE_A, "ok secure yes 3600 {9.1.1.1}"},
    {"a signed denial", "!zone x signed\nx A 9.1.1.1\n", "y.x", MXS_TYPE_A,
     "nxdomain secure no! 900"},
    {"signed, to unsigned", "!zone x signed\nx CNAME y\ny A 9.1.1.1\n", "x", MXS_TYPE_A,
     "ok insecure yes 3600 >y {9.1.1.1}"},
    {"unsigned, to signed", "!zone y signed\nx CNAME y\ny A 9.1.1.1\n", "x", MXS_TYPE_A,
     "ok insecure yes 3600 >y {9.1.1.1}"},
    {"an unsigned child", "!zone x signed\n!zone a.x unsigned\na.x A 9.1.1.1\n", "a.x", MXS_TYPE_A,
     "ok insecure yes 3600 {9.1.1.1}"},
    {"bogus", "!zone x bogus\nx A 9.1.1.1\n", "a.x", MXS_TYPE_A, "bogus bogus unknown 0"},
    {"an alias into bogus", "!zone y bogus\nx CNAME y\n", "x", MXS_TYPE_A, "bogus bogus unknown 0"},
    {"no trust anchor", "!zone . unanchored\nx A 9.1.1.1\n", "x", MXS_TYPE_A,
     "ok indeterminate yes 3600 {9.1.1.1}"},
    {"a failure", "x A 9.1.1.1\n!fail x A temp:timeout\n", "x", MXS_TYPE_A,
     "temp/timeout indeterminate unknown 0"},
    {"of the other type", "x A 9.1.1.1\n!fail x A temp:timeout\n", "x", MXS_TYPE_MX,
     "nodata insecure yes 900"},
    {"behind an alias", "x CNAME y\n!fail y A limit\n", "x", MXS_TYPE_A,
     "limit indeterminate unknown 0"},
    {"a black lie", "!zone x signed\n!uncertain y.x\n", "y.x", MXS_TYPE_A,
     "nodata secure uncertain! 900"},
};

static void answers_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct zone *zone = zone_new(row->zone);
    struct mxs_answers_source source = zone_source(zone);
    struct mxs_arena arena;
    struct mxs_buffer text;
    struct mxs_name name;
    const struct mxs_answer *answer;

    mxs_arena_init(&arena);
    mxs_buffer_init(&text);
    assert_int_equal(mxs_name_parse(&arena, mxs_slice_of(row->name), &name), MXS_NAME_OK);
    zone_restart(zone, ZONE_PENDING_FIRST);
    answer = source.fetch(source.context, name, row->type);
    assert_int_equal(answer->lookup, MXS_LOOKUP_PENDING);
    assert_int_equal(zone_settle(zone), 1);
    answer_text(answer, &text);
    assert_slice_equal(mxs_buffer_slice(&text), row->want);
    mxs_buffer_clear(&text);
    mxs_arena_clear(&arena);
    zone_free(zone);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows)];

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[i] =
            (struct CMUnitTest){rows[i].label, answers_as_the_row_says, NULL, NULL, &rows[i]};
    return cmocka_run_group_tests_name("zone", tests, NULL, NULL);
}
