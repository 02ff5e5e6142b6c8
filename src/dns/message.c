#include "dns/message.h"

#include <arpa/nameser.h>
#include <string.h>

enum { HEADER_LEN = 12, RR_FIXED_LEN = 10, FLAG_TC = 0x02 };

static unsigned read_u16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

static uint32_t read_u32(const uint8_t *at)
{
    return (uint32_t)read_u16(at) << 16 | read_u16(at + 2);
}

bool mxs_message_name(const struct mxs_message *message, size_t *at, struct mxs_wire_name *name)
{
    int used;

    if (*at >= message->len)
        return false;
    used = ns_name_unpack(message->bytes, message->bytes + message->len, message->bytes + *at,
                          name->octets, sizeof name->octets);
    if (used <= 0)
        return false;
    *at += (size_t)used;
    name->len = 0;
    while (name->octets[name->len] != 0)
        name->len += name->octets[name->len] + 1U;
    name->len++;
    return true;
}

bool mxs_message_rr(const struct mxs_message *message, size_t *at, struct mxs_rr *rr)
{
    const uint8_t *fixed;

    if (!mxs_message_name(message, at, &rr->owner) || message->len - *at < RR_FIXED_LEN)
        return false;
    fixed = message->bytes + *at;
    rr->type = (uint16_t)read_u16(fixed);
    rr->class = (uint16_t)read_u16(fixed + 2);
    rr->ttl_s = read_u32(fixed + 4);
    if (rr->ttl_s > INT32_MAX)
        rr->ttl_s = 0; /* RFC 2181 section 8 */
    rr->rdata_len = read_u16(fixed + 8);
    rr->rdata_at = *at + RR_FIXED_LEN;
    if (message->len - rr->rdata_at < rr->rdata_len)
        return false;
    *at = rr->rdata_at + rr->rdata_len;
    return true;
}

static bool skip_questions(const struct mxs_message *message, unsigned count, size_t *at)
{
    struct mxs_wire_name name;

    while (count-- > 0) {
        if (!mxs_message_name(message, at, &name) || message->len - *at < 4)
            return false;
        *at += 4;
    }
    return true;
}

static bool skip_section(const struct mxs_message *message, struct mxs_section section, size_t *at)
{
    struct mxs_rr rr;

    *at = section.at;
    while (section.count-- > 0)
        if (!mxs_message_rr(message, at, &rr))
            return false;
    return true;
}

bool mxs_message_open(const uint8_t *bytes, size_t len, struct mxs_message *message)
{
    size_t at = HEADER_LEN;

    *message = (struct mxs_message){.bytes = bytes, .len = len};
    if (len < HEADER_LEN || (bytes[2] & FLAG_TC) != 0)
        return false;
    message->rcode = bytes[3] & 0x0F;
    message->answer.count = read_u16(bytes + 6);
    message->authority.count = read_u16(bytes + 8);
    if (!skip_questions(message, read_u16(bytes + 4), &at))
        return false;
    message->answer.at = at;
    if (!skip_section(message, message->answer, &at))
        return false;
    message->authority.at = at;
    return skip_section(message, message->authority, &at);
}

bool mxs_wire_name_equal(const struct mxs_wire_name *wire, struct mxs_name name)
{
    return mxs_slice_equal_nocase((mxs_slice){(const char *)wire->octets, wire->len},
                                  (mxs_slice){(const char *)name.wire, name.len});
}
