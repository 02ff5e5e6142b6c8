#include <mxsweep/address.h>

#include <arpa/inet.h>
#include <string.h>

#define IPV4(a, b, c, d)                                                                           \
    {                                                                                              \
        {a, b, c, d}, 4                                                                            \
    }

/* IPv6 bases have at most their first three 16-bit groups set, but for the rows that say all. */
#define IPV6(a, b, c)                                                                              \
    {                                                                                              \
        {(a) >> 8, (a)&0xFF, (b) >> 8, (b)&0xFF, (c) >> 8, (c)&0xFF}, 16                           \
    }

/* IPv4 and IPv6 Special-Purpose Address Registries, "Globally Reachable"; multicast added. */
const char mxs_address_registry_date[] = "2025-10-09";

const struct mxs_address_block mxs_address_blocks[] = {
    {IPV4(0, 0, 0, 0), 8, false, true, "0.0.0.0/8", "RFC 791 section 3.2"},
    {IPV4(10, 0, 0, 0), 8, false, true, "10.0.0.0/8", "RFC 1918"},
    {IPV4(100, 64, 0, 0), 10, false, true, "100.64.0.0/10", "RFC 6598"},
    {IPV4(127, 0, 0, 0), 8, false, true, "127.0.0.0/8", "RFC 1122 section 3.2.1.3"},
    {IPV4(169, 254, 0, 0), 16, false, true, "169.254.0.0/16", "RFC 3927"},
    {IPV4(172, 16, 0, 0), 12, false, true, "172.16.0.0/12", "RFC 1918"},
    {IPV4(192, 0, 0, 0), 24, false, true, "192.0.0.0/24", "RFC 6890 section 2.1"},
    {IPV4(192, 0, 0, 9), 32, true, false, "192.0.0.9/32", "RFC 7723"},
    {IPV4(192, 0, 0, 10), 32, true, false, "192.0.0.10/32", "RFC 8155"},
    {IPV4(192, 0, 2, 0), 24, false, false, "192.0.2.0/24", "RFC 5737"},
    {IPV4(192, 88, 99, 0), 24, false, false, "192.88.99.0/24", "RFC 7526"},
    {IPV4(192, 168, 0, 0), 16, false, true, "192.168.0.0/16", "RFC 1918"},
    {IPV4(198, 18, 0, 0), 15, false, true, "198.18.0.0/15", "RFC 2544"},
    {IPV4(198, 51, 100, 0), 24, false, false, "198.51.100.0/24", "RFC 5737"},
    {IPV4(203, 0, 113, 0), 24, false, false, "203.0.113.0/24", "RFC 5737"},
    {IPV4(224, 0, 0, 0), 4, false, true, "224.0.0.0/4", "RFC 5771"},
    {IPV4(240, 0, 0, 0), 4, false, true, "240.0.0.0/4", "RFC 1112 section 4"},
    {IPV6(0, 0, 0), 128, false, true, "::/128", "RFC 4291 section 2.5.2"},
    {{{[15] = 1}, 16}, 128, false, true, "::1/128", "RFC 4291 section 2.5.3"},
    {{{[10] = 0xFF, [11] = 0xFF}, 16},
     96,
     false,
     true,
     "::ffff:0:0/96",
     "RFC 4291 section 2.5.5.2"},
    {IPV6(0x64, 0xFF9B, 0), 96, true, false, "64:ff9b::/96", "RFC 6052"},
    {IPV6(0x64, 0xFF9B, 1), 48, false, false, "64:ff9b:1::/48", "RFC 8215"},
    {IPV6(0x2000, 0, 0), 3, true, false, "2000::/3", "RFC 4291 section 2.5.4"},
    {IPV6(0x2001, 0, 0), 23, false, false, "2001::/23", "RFC 2928"},
    {{{0x20, 1, 0, 1, [15] = 1}, 16}, 128, true, false, "2001:1::1/128", "RFC 7723"},
    {{{0x20, 1, 0, 1, [15] = 2}, 16}, 128, true, false, "2001:1::2/128", "RFC 8155"},
    {{{0x20, 1, 0, 1, [15] = 3}, 16}, 128, true, false, "2001:1::3/128", "RFC 9665"},
    {IPV6(0x2001, 3, 0), 32, true, false, "2001:3::/32", "RFC 7450"},
    {IPV6(0x2001, 4, 0x112), 48, true, false, "2001:4:112::/48", "RFC 7535"},
    {IPV6(0x2001, 0x20, 0), 28, true, false, "2001:20::/28", "RFC 7343"},
    {IPV6(0x2001, 0x30, 0), 28, true, false, "2001:30::/28", "RFC 9374"},
    {IPV6(0x2001, 0xDB8, 0), 32, false, false, "2001:db8::/32", "RFC 3849"},
    {IPV6(0x2002, 0, 0), 16, false, false, "2002::/16", "RFC 3056"},
    {IPV6(0x3FFF, 0, 0), 20, false, false, "3fff::/20", "RFC 9637"},
    {IPV6(0xFC00, 0, 0), 7, false, true, "fc00::/7", "RFC 4193"},
    {IPV6(0xFE80, 0, 0), 10, false, true, "fe80::/10", "RFC 4291 section 2.5.6"},
    {IPV6(0xFF00, 0, 0), 8, false, true, "ff00::/8", "RFC 4291 section 2.7"},
};
const size_t mxs_address_block_count = sizeof mxs_address_blocks / sizeof mxs_address_blocks[0];

struct mxs_address mxs_address_from_octets(const uint8_t *octets, uint8_t len)
{
    struct mxs_address address = {.len = len};

    memcpy(address.octets, octets, len);
    return address;
}

bool mxs_address_parse(mxs_slice text, struct mxs_address *address)
{
    char copy[INET6_ADDRSTRLEN];

    *address = (struct mxs_address){0};
    if (text.len == 0 || text.len >= sizeof copy || memchr(text.ptr, '\0', text.len) != NULL)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET, copy, address->octets) == 1)
        address->len = 4;
    else if (inet_pton(AF_INET6, copy, address->octets) == 1)
        address->len = 16;
    return address->len != 0;
}

static void write_ipv4(const struct mxs_address *address, struct mxs_buffer *buffer)
{
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            mxs_buffer_append_char(buffer, '.');
        mxs_buffer_append_number(buffer, address->octets[i]);
    }
}

void mxs_address_write(const struct mxs_address *address, struct mxs_buffer *buffer)
{
    char text[INET6_ADDRSTRLEN];

    if (address->len == 4)
        write_ipv4(address, buffer);
    else if (inet_ntop(AF_INET6, address->octets, text, sizeof text) != NULL)
        mxs_buffer_append(buffer, mxs_slice_of(text));
}

int mxs_address_compare(const struct mxs_address *a, const struct mxs_address *b)
{
    if (a->len != b->len)
        return a->len < b->len ? -1 : 1;
    return memcmp(a->octets, b->octets, a->len);
}

bool mxs_address_in_block(const struct mxs_address *address, const struct mxs_address_block *block)
{
    unsigned whole = block->prefix_len / 8, bits = block->prefix_len % 8;
    uint8_t mask = (uint8_t)(0xFF00U >> bits);

    if (address->len != block->base.len)
        return false;
    if (whole > 0 && address->octets[0] != block->base.octets[0])
        return false; /* most blocks go here, without a call */
    return memcmp(address->octets, block->base.octets, whole) == 0 &&
           (bits == 0 || ((address->octets[whole] ^ block->base.octets[whole]) & mask) == 0);
}

bool mxs_address_is_global(const struct mxs_address *address)
{
    bool global = address->len == 4; /* what no row covers: IPv4 yes, IPv6 not */
    unsigned longest = 0;

    for (size_t i = 0; i < mxs_address_block_count; i++) {
        const struct mxs_address_block *block = &mxs_address_blocks[i];
        if (block->prefix_len >= longest && mxs_address_in_block(address, block)) {
            longest = block->prefix_len;
            global = block->global;
        }
    }
    return global;
}
