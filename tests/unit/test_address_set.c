/* Sets of addresses, against a bitmap over a small range and rows worked out by hand. */
#include "unit.h"

#include <mxsweep/address_set.h>

enum { RANGE = 256, ROUNDS = 2000 };

static struct mxs_arena arena;

static struct mxs_address address_of(const char *text)
{
    struct mxs_address address;

    assert_true(mxs_address_parse(mxs_slice_of(text), &address));
    return address;
}

/* A set of one block in "192.0.2.0/24" form. */
static struct mxs_address_set block(const char *text)
{
    mxs_slice rest = mxs_slice_of(text), base;
    struct mxs_address address;
    uint64_t prefix;

    assert_true(mxs_slice_split(&rest, '/', &base));
    assert_true(mxs_address_parse(base, &address));
    assert_true(mxs_slice_to_number(rest, 128, &prefix));
    return mxs_address_set_block(&arena, &address, (unsigned)prefix);
}

/* Union of blocks with blanks between. */
static struct mxs_address_set blocks(uint8_t family, const char *text)
{
    struct mxs_address_set set = mxs_address_set_empty(family);
    mxs_slice rest = mxs_slice_of(text), word;
    char copy[64];

    while (mxs_slice_split(&rest, ' ', &word)) {
        struct mxs_address_set one;
        if (word.len == 0)
            continue;
        (void)snprintf(copy, sizeof copy, "%.*s", (int)word.len, word.ptr);
        one = block(copy);
        set = mxs_address_set_union(&arena, &set, &one);
    }
    return set;
}

/* Sorted, disjoint, and no two that touch: the form is canonical. */
static void assert_sane(const struct mxs_address_set *set)
{
    assert_false(set->over_limit);
    for (size_t i = 0; i < set->count; i++) {
        const struct mxs_interval *it = &set->intervals[i];
        assert_true(it->first.high < it->last.high ||
                    (it->first.high == it->last.high && it->first.low <= it->last.low));
        if (i > 0) {
            const struct mxs_interval *before = &set->intervals[i - 1];
            struct mxs_u128 after = {before->last.high + (before->last.low == UINT64_MAX),
                                     before->last.low + 1};
            assert_true(after.high < it->first.high ||
                        (after.high == it->first.high && after.low < it->first.low));
        }
    }
}

static uint32_t random_state = 1;

static uint32_t pick(uint32_t below)
{
    random_state = random_state * 1664525U + 1013904223U;
    return (random_state >> 8) % below;
}

/* Around a point where high and low meet for IPv6, at the end of all addresses for IPv4. */
static struct mxs_address point(uint8_t family, uint32_t index)
{
    static const uint8_t ipv4[4] = {255, 255, 255, 0};
    static const uint8_t ipv6[16] = {0x20, 1,    0,    0,    0,    0,    0,   0,
                                     0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    struct mxs_address address =
        family == 4 ? mxs_address_from_octets(ipv4, 4) : mxs_address_from_octets(ipv6, 16);

    if (family == 6 && index >= RANGE / 2) { /* over the edge of the low half */
        memset(address.octets + 7, 0, 9);
        address.octets[7] = 1;
        address.octets[15] = (uint8_t)(index - RANGE / 2);
    } else if (family == 6) {
        address.octets[15] = (uint8_t)(index + RANGE / 2);
    } else {
        address.octets[3] = (uint8_t)index;
    }
    return address;
}

struct sample {
    struct mxs_address_set set;
    bool bitmap[RANGE];
};

static struct sample random_sample(uint8_t family)
{
    struct sample sample = {.set = mxs_address_set_empty(family)};
    unsigned bits = family == 4 ? 32 : 128;

    for (uint32_t n = pick(8); n > 0; n--) {
        struct mxs_address address = point(family, pick(RANGE));
        unsigned host_bits = pick(6);
        struct mxs_address_set one = mxs_address_set_block(&arena, &address, bits - host_bits);
        sample.set = mxs_address_set_union(&arena, &sample.set, &one);
        for (uint32_t i = 0; i < RANGE; i++) {
            struct mxs_address other = point(family, i);
            bool same = memcmp(other.octets, address.octets, address.len - 1U) == 0;
            same = same && (other.octets[address.len - 1] >> host_bits) ==
                               (address.octets[address.len - 1] >> host_bits);
            sample.bitmap[i] = sample.bitmap[i] || same;
        }
    }
    return sample;
}

static void agrees_with_a_bitmap(void **state)
{
    uint8_t family = *(const uint8_t *)*state;

    for (unsigned round = 0; round < ROUNDS; round++) {
        struct sample a, b;
        struct mxs_address_set both, either, only;
        uint64_t count = 0;
        mxs_arena_reset(&arena);
        a = random_sample(family);
        b = random_sample(family);
        both = mxs_address_set_intersect(&arena, &a.set, &b.set);
        either = mxs_address_set_union(&arena, &a.set, &b.set);
        only = mxs_address_set_subtract(&arena, &a.set, &b.set);
        assert_sane(&a.set);
        assert_sane(&both);
        assert_sane(&either);
        assert_sane(&only);
        for (uint32_t i = 0; i < RANGE; i++) {
            struct mxs_address address = point(family, i);
            assert_int_equal(mxs_address_set_contains(&a.set, &address), a.bitmap[i]);
            assert_int_equal(mxs_address_set_contains(&both, &address), a.bitmap[i] && b.bitmap[i]);
            assert_int_equal(mxs_address_set_contains(&either, &address),
                             a.bitmap[i] || b.bitmap[i]);
            assert_int_equal(mxs_address_set_contains(&only, &address),
                             a.bitmap[i] && !b.bitmap[i]);
            count += a.bitmap[i];
        }
        if (family == 4)
            assert_int_equal(mxs_address_set_count_ipv4(&a.set), count);
    }
    mxs_arena_clear(&arena);
}

static struct row {
    const char *label;
    uint8_t family;
    const char *blocks;
    uint64_t count; /* addresses, or /64 */
    size_t intervals;
} rows[] = {
    {"nothing", 4, "", 0, 0},
    {"one address", 4, "192.0.2.1/32", 1, 1},
    {"host bits are ignored", 4, "192.0.2.77/24", 256, 1},
    {"everything", 4, "0.0.0.0/0", UINT64_C(1) << 32, 1},
    {"two halves", 4, "0.0.0.0/1 128.0.0.0/1", UINT64_C(1) << 32, 1},
    {"a block in another", 4, "10.0.0.0/8 10.1.0.0/16", UINT64_C(1) << 24, 1},
    {"neighbours join", 4, "192.0.2.0/25 192.0.2.128/25", 256, 1},
    {"a gap of one", 4, "192.0.2.0/32 192.0.2.2/32", 2, 2},
    {"the last address", 4, "255.255.255.255/32 255.255.255.254/32", 2, 1},
    {"no IPv6", 6, "", 0, 0},
    {"one IPv6 address", 6, "2001:db8::1/128", 1, 1},
    {"two in one /64", 6, "2001:db8::1/128 2001:db8::9/128", 1, 2},
    {"two /64", 6, "2001:db8::1/128 2001:db8:0:1::1/128", 2, 2},
    {"an end and a beginning in one /64", 6, "2001:db8::/64 2001:db8:0:1::/128 2001:db8:0:1::5/128",
     2, 2},
    {"a /32", 6, "2001:db8::/32", UINT64_C(1) << 32, 1},
    {"more than can be said", 6, "::/0", UINT64_MAX, 1},
    {"half of all", 6, "8000::/1", UINT64_C(1) << 63, 1},
    {"a /65", 6, "2001:db8::/65", 1, 1},
};

static void counts_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct mxs_address_set set;

    mxs_arena_init(&arena);
    set = blocks(row->family, row->blocks);
    assert_sane(&set);
    assert_int_equal(set.count, row->intervals);
    assert_int_equal(mxs_address_set_is_empty(&set), row->count == 0);
    if (row->family == 4)
        assert_true(mxs_address_set_count_ipv4(&set) == row->count);
    else
        assert_true(mxs_address_set_count_64s(&set) == row->count);
    mxs_arena_clear(&arena);
}

/* All but one is two intervals, and all of them again with the one. */
static void takes_from_everything(void **state)
{
    const char *const points[] = {"::", "::1", "7fff::1",
                                  "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"};

    (void)state;
    mxs_arena_init(&arena);
    for (size_t i = 0; i < COUNT(points); i++) {
        struct mxs_address address = address_of(points[i]);
        struct mxs_address_set all = mxs_address_set_all(&arena, 6), rest, again;
        struct mxs_address_set one = mxs_address_set_block(&arena, &address, 128);
        rest = mxs_address_set_subtract(&arena, &all, &one);
        assert_sane(&rest);
        assert_false(mxs_address_set_contains(&rest, &address));
        again = mxs_address_set_union(&arena, &rest, &one);
        assert_int_equal(again.count, 1);
        assert_true(mxs_address_set_count_64s(&again) == UINT64_MAX);
        rest = mxs_address_set_subtract(&arena, &one, &all);
        assert_true(mxs_address_set_is_empty(&rest));
    }
    mxs_arena_clear(&arena);
}

static void knows_families_apart(void **state)
{
    struct mxs_address ipv4 = address_of("192.0.2.1"), ipv6 = address_of("::c000:201");
    struct mxs_address_set set;

    (void)state;
    mxs_arena_init(&arena);
    set = mxs_address_set_all(&arena, 4);
    assert_true(mxs_address_set_contains(&set, &ipv4));
    assert_false(mxs_address_set_contains(&set, &ipv6));
    mxs_arena_clear(&arena);
}

/* Every second address: one interval more than allowed is not a set, and stays none. */
static void ends_at_the_limit(void **state)
{
    struct mxs_address_set set = mxs_address_set_empty(4), all;
    struct mxs_interval *intervals;
    struct mxs_address first = address_of("0.0.0.0");

    (void)state;
    mxs_arena_init(&arena);
    intervals = mxs_arena_array(&arena, MXS_ADDRESS_SET_MAX, sizeof *intervals);
    assert_non_null(intervals);
    for (uint64_t i = 0; i < MXS_ADDRESS_SET_MAX; i++)
        intervals[i] = (struct mxs_interval){{0, 2 * i + 1}, {0, 2 * i + 1}};
    set.intervals = intervals;
    set.count = MXS_ADDRESS_SET_MAX;
    all = mxs_address_set_all(&arena, 4);
    assert_false(mxs_address_set_intersect(&arena, &all, &set).over_limit);
    all = mxs_address_set_subtract(&arena, &all, &set);
    assert_true(all.over_limit);
    assert_int_equal(all.count, 0);
    assert_false(mxs_address_set_is_empty(&all));
    assert_false(mxs_address_set_contains(&all, &first));
    assert_true(mxs_address_set_union(&arena, &set, &all).over_limit);
    assert_true(mxs_address_set_union(&arena, &all, &set).over_limit);
    assert_true(mxs_address_set_intersect(&arena, &set, &all).over_limit);
    assert_true(mxs_address_set_subtract(&arena, &set, &all).over_limit);
    mxs_arena_clear(&arena);
}

int main(void)
{
    static uint8_t ipv4 = 4, ipv6 = 6;
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test_prestate(agrees_with_a_bitmap, &ipv4),
        cmocka_unit_test_prestate(agrees_with_a_bitmap, &ipv6),
        cmocka_unit_test(takes_from_everything),
        cmocka_unit_test(knows_families_apart),
        cmocka_unit_test(ends_at_the_limit),
    };
    struct CMUnitTest tests[COUNT(rows) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] =
            (struct CMUnitTest){rows[i].label, counts_as_the_row_says, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("address_set", tests, NULL, NULL);
}
