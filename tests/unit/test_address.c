/* Addresses: RFC 4291, and the special-purpose blocks of rules section 4.b. */
#include "unit.h"

#include <mxsweep/address.h>

/*
 * The edges of every block of rules section 4.b, by hand: the first and the last address in it, and
 * the address before and after it. An empty one does not exist.
 */
static struct block_row {
    const char *before, *first, *last, *after;
    bool before_global, inside_global, after_global;
} blocks[] = {
    {"", "0.0.0.0", "0.255.255.255", "1.0.0.0", false, false, true},
    {"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0", true, false, true},
    {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0", true, false, true},
    {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0", true, false, true},
    {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0", true, false, true},
    {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0", true, false, true},
    {"191.255.255.255", "192.0.0.0", "192.0.0.8", "192.0.0.9", true, false, true},
    {"192.0.0.8", "192.0.0.9", "192.0.0.10", "192.0.0.11", false, true, false},
    {"192.0.0.10", "192.0.0.11", "192.0.0.255", "192.0.1.0", true, false, true},
    {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0", true, false, true},
    {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0", true, false, true},
    {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0", true, false, true},
    {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0", true, false, true},
    {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0", true, false, true},
    {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0", true, false, true},
    {"223.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", true, false, false},
    {"239.255.255.255", "240.0.0.0", "255.255.255.255", "", false, false, false},
    {"", "::", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::", false, false, true},
    {"::", "::1", "::1", "::2", false, false, false},
    {"::fffe:ffff:ffff", "::ffff:0:0", "::ffff:ffff:ffff", "::1:0:0:0", false, false, false},
    {"64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", "64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b::1:0:0",
     false, true, false},
    {"64:ff9b:0:ffff:ffff:ffff:ffff:ffff", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
     "64:ff9b:2::", false, false, false},
    {"ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "100::", "100::ffff:ffff:ffff:ffff",
     "100:0:0:1::", false, false, false},
    {"100::ffff:ffff:ffff:ffff", "100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff",
     "100:0:0:2::", false, false, false},
    {"1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2000::", "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001::", false, true, false},
    {"2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001::", "2001:1::", "2001:1::1", true, false,
     true},
    {"2001:1::", "2001:1::1", "2001:1::3", "2001:1::4", false, true, false},
    {"2001:1::3", "2001:1::4", "2001:2:ffff:ffff:ffff:ffff:ffff:ffff", "2001:3::", true, false,
     true},
    {"2001:2:ffff:ffff:ffff:ffff:ffff:ffff", "2001:3::", "2001:3:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:4::", false, true, false},
    {"2001:4:111:ffff:ffff:ffff:ffff:ffff", "2001:4:112::", "2001:4:112:ffff:ffff:ffff:ffff:ffff",
     "2001:4:113::", false, true, false},
    {"2001:1f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:20::", "2001:2f:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:30::", false, true, true},
    {"2001:2f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:30::", "2001:3f:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:40::", true, true, false},
    {"2001:3f:ffff:ffff:ffff:ffff:ffff:ffff", "2001:40::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:200::", true, false, true},
    {"2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::", true, false, true},
    {"2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2003::", true, false, true},
    {"3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff:1000::", true, false, true},
    {"3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff:1000::", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "4000::", false, true, false},
    {"5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "5f01::", false, false, false},
    {"fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "fe00::", false, false, false},
    {"fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "fec0::", false, false, false},
    {"febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "ff00::", false, false, false},
    {"feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "", false, false, false},
};

static struct mxs_address parse(const char *text)
{
    mxs_slice copy = exact_copy(text, strlen(text));
    struct mxs_address address;

    if (!mxs_address_parse(copy, &address))
        fail_msg("%s", text);
    free((char *)copy.ptr);
    return address;
}

static void assert_global(const char *text, bool global)
{
    if (text[0] == '\0')
        return;
    struct mxs_address address = parse(text);
    if (mxs_address_is_global(&address) != global)
        fail_msg("%s", text);
}

static void ends_where_the_registry_says(void **state)
{
    const struct block_row *row = *state;

    assert_global(row->before, row->before_global);
    assert_global(row->first, row->inside_global);
    assert_global(row->last, row->inside_global);
    assert_global(row->after, row->after_global);
}

/* RFC 4291 section 2.2; a dotted quad has four decimal octets without leading zeros. */
static struct text_row {
    const char *text;
    uint8_t len;         /* 0: no address */
    const char *written; /* NULL: as `text` */
} texts[] = {
    {"9.1.1.1", 4, NULL},
    {"255.255.255.255", 4, NULL},
    {"2620:0:1::1", 16, NULL},
    {"2620:0:0:0:0:0:0:1", 16, "2620::1"},
    {"2620::A", 16, "2620::a"},
    {"::ffff:9.1.1.1", 16, NULL},
    {"::", 16, NULL},
    {"1:2:3:4:5:6:7:8", 16, NULL},
    {"", 0, NULL},
    {"9.1.1", 0, NULL},
    {"9.1.1.1.", 0, NULL},
    {"9.1.1.256", 0, NULL},
    {"09.1.1.1", 0, NULL},
    {"0x9.1.1.1", 0, NULL},
    {" 9.1.1.1", 0, NULL},
    {"9.1.1.1 ", 0, NULL},
    {"9.1.1.1/32", 0, NULL},
    {"1:2:3:4:5:6:7", 0, NULL},
    {"1:2:3:4:5:6:7:8:9", 0, NULL},
    {"1::2::3", 0, NULL},
    {":1", 0, NULL},
    {"12345::", 0, NULL},
    {"fe80::1%eth0", 0, NULL},
    {"[::1]", 0, NULL},
    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", 16,
     "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555", 0, NULL},
};

static void reads_as_the_row_says(void **state)
{
    const struct text_row *row = *state;
    mxs_slice text = exact_copy(row->text, strlen(row->text));
    struct mxs_address address;
    struct mxs_buffer written;
    static const uint8_t zero[16];

    mxs_buffer_init(&written);
    assert_int_equal(mxs_address_parse(text, &address), row->len != 0);
    assert_int_equal(address.len, row->len);
    if (row->len != 0) {
        mxs_address_write(&address, &written);
        assert_slice_equal(mxs_buffer_slice(&written), row->written ? row->written : row->text);
    } else {
        assert_memory_equal(address.octets, zero, sizeof zero);
    }
    mxs_buffer_clear(&written);
    free((char *)text.ptr);
}

static void refuses_a_nul(void **state)
{
    struct mxs_address address;

    (void)state;
    assert_false(mxs_address_parse((mxs_slice){"9.1.1.1\0", 8}, &address));
}

/* trust.md section 2, do-not-query-address; 224/3 is 224/4 and 240/4 here. */
static void never_queries_what_trust_says(void **state)
{
    static const char *const want[] = {
        "0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",   "169.254.0.0/16",
        "172.16.0.0/12", "192.168.0.0/16", "192.0.0.0/24",  "198.18.0.0/15", "224.0.0.0/4",
        "240.0.0.0/4",   "::/128",         "::1/128",       "fc00::/7",      "fe80::/10",
        "ff00::/8",      "::ffff:0:0/96",
    };
    unsigned count = 0;

    (void)state;
    for (size_t i = 0; i < mxs_address_block_count; i++) {
        bool listed = false;
        for (size_t k = 0; k < COUNT(want); k++)
            listed = listed || strcmp(want[k], mxs_address_blocks[i].text) == 0;
        if (listed != mxs_address_blocks[i].never_query)
            fail_msg("%s", mxs_address_blocks[i].text);
        count += listed;
    }
    assert_int_equal(count, COUNT(want));
}

/* Each row's text is its block, its host bits are zero, and nobody is in it twice. */
static void has_a_sound_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < mxs_address_block_count; i++) {
        const struct mxs_address_block *block = &mxs_address_blocks[i];
        mxs_slice rest = mxs_slice_of(block->text), base;
        struct mxs_address address;
        uint64_t prefix_len;
        assert_true(mxs_slice_split(&rest, '/', &base));
        assert_true(mxs_address_parse(base, &address));
        assert_true(mxs_slice_to_number(rest, (uint64_t)block->base.len * 8, &prefix_len));
        assert_int_equal(prefix_len, block->prefix_len);
        assert_int_equal(mxs_address_compare(&address, &block->base), 0);
        for (unsigned bit = block->prefix_len; bit < block->base.len * 8U; bit++)
            assert_int_equal(block->base.octets[bit / 8] & (0x80U >> bit % 8), 0);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(block->text, mxs_address_blocks[k].text);
        assert_true(block->source != NULL && strlen(block->source) > 3);
    }
    assert_string_equal(mxs_address_registry_date, "2025-10-09"); /* rules section 4.b */
}

static void is_in_its_block_only(void **state)
{
    static const struct mxs_address_block twelve = {
        .base = {{172, 16}, 4}, .prefix_len = 12, .text = ""};
    static const struct mxs_address_block all = {.base = {{0}, 4}, .prefix_len = 0, .text = ""};
    static const struct {
        const char *address;
        bool in_twelve, in_all;
    } table[] = {
        {"172.16.0.0", true, true},      {"172.31.255.255", true, true},
        {"172.15.255.255", false, true}, {"172.32.0.0", false, true},
        {"9.1.1.1", false, true},        {"ac10::", false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        struct mxs_address address = parse(table[i].address);
        assert_int_equal(mxs_address_in_block(&address, &twelve), table[i].in_twelve);
        assert_int_equal(mxs_address_in_block(&address, &all), table[i].in_all);
    }
}

/* IPv4 before IPv6, then by value. */
static void has_an_order(void **state)
{
    static const char *const sorted[] = {"0.0.0.1", "9.1.1.1", "9.1.1.2", "200.1.1.1",
                                         "::",      "::2",     "2620::1", "ffff::"};

    (void)state;
    for (size_t i = 0; i < COUNT(sorted); i++)
        for (size_t k = 0; k < COUNT(sorted); k++) {
            struct mxs_address a = parse(sorted[i]), b = parse(sorted[k]);
            int order = mxs_address_compare(&a, &b);
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
}

static void takes_octets(void **state)
{
    static const uint8_t octets[16] = {0x26, 0x20, [15] = 1};
    struct mxs_address four = mxs_address_from_octets(octets, 4);
    struct mxs_address sixteen = mxs_address_from_octets(octets, 16);
    struct mxs_address want = parse("2620::1");

    (void)state;
    assert_int_equal(mxs_address_compare(&sixteen, &want), 0);
    want = parse("38.32.0.0");
    assert_int_equal(mxs_address_compare(&four, &want), 0);
    assert_int_equal(four.octets[15], 0);
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(refuses_a_nul),     cmocka_unit_test(never_queries_what_trust_says),
        cmocka_unit_test(has_a_sound_table), cmocka_unit_test(is_in_its_block_only),
        cmocka_unit_test(has_an_order),      cmocka_unit_test(takes_octets),
    };
    struct CMUnitTest tests[COUNT(blocks) + COUNT(texts) + COUNT(extra)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(blocks); i++)
        tests[count++] = (struct CMUnitTest){blocks[i].first, ends_where_the_registry_says, NULL,
                                             NULL, &blocks[i]};
    for (size_t i = 0; i < COUNT(texts); i++)
        tests[count++] =
            (struct CMUnitTest){texts[i].text, reads_as_the_row_says, NULL, NULL, &texts[i]};
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
