#include "records.h"

#include <string.h>

#include "mail.h"

enum {
    TTL_ADDRESS_S = 3600,
    TTL_TEXT_S = 3600,
    TTL_DELEGATION_S = 172800,
    TTL_NEGATIVE_S = 900,
    STRING_MAX = 255, /* a character-string: RFC 1035 section 3.3 */
};

static void write_a(struct writer *writer, struct span owner, uint32_t address,
                    enum section section)
{
    writer_record_begin(writer, owner, TYPE_A, TTL_ADDRESS_S);
    writer_u32(writer, address);
    writer_record_end(writer, section);
}

static void write_named(struct writer *writer, struct span owner, enum dns_type type,
                        const struct name *target)
{
    writer_record_begin(writer, owner, type, TTL_ADDRESS_S);
    writer_bytes(writer, target->wire, target->len);
    writer_record_end(writer, SECTION_ANSWER);
}

void records_write_cname(struct writer *writer, struct span owner, const struct name *target)
{
    write_named(writer, owner, TYPE_CNAME, target);
}

void records_write_ptr(struct writer *writer, struct span owner, const struct name *target)
{
    write_named(writer, owner, TYPE_PTR, target);
}

void records_write_any(struct writer *writer, struct span owner)
{
    writer_record_begin(writer, owner, TYPE_HINFO, TTL_TEXT_S);
    writer_u8(writer, 7);
    writer_bytes(writer, "RFC8482", 7);
    writer_u8(writer, 0);
    writer_record_end(writer, SECTION_ANSWER);
}

void records_write_ns(struct writer *writer, enum section section, struct span owner,
                      const struct servers *servers)
{
    for (unsigned i = 0; i < servers->count; i++) {
        writer_record_begin(writer, owner, TYPE_NS, TTL_DELEGATION_S);
        writer_bytes(writer, servers->names[i].wire, servers->names[i].len);
        writer_record_end(writer, section);
    }
}

void records_write_glue(struct writer *writer, const struct servers *servers)
{
    for (unsigned i = 0; i < servers->count; i++)
        write_a(writer, name_suffix(&servers->names[i], servers->names[i].labels),
                servers->addresses[i], SECTION_ADDITIONAL);
}

void records_write_soa(struct writer *writer, enum section section, struct span owner,
                       const struct servers *servers)
{
    static const uint8_t hostmaster[] = "\012hostmaster\007invalid"; /* and its NUL: the root */

    writer_record_begin(writer, owner, TYPE_SOA, TTL_NEGATIVE_S);
    writer_bytes(writer, servers->names[0].wire, servers->names[0].len);
    writer_bytes(writer, hostmaster, sizeof hostmaster);
    writer_u32(writer, 2026112401);
    writer_u32(writer, 7200);
    writer_u32(writer, 3600);
    writer_u32(writer, 1209600);
    writer_u32(writer, TTL_NEGATIVE_S);
    writer_record_end(writer, section);
}

static void write_mx(struct writer *writer, struct span owner, const struct node *node)
{
    struct name target;
    unsigned preference;

    for (unsigned i = 0; mail_exchange(&node->domain, node->domain_name, i, &preference, &target);
         i++) {
        writer_record_begin(writer, owner, TYPE_MX, TTL_ADDRESS_S);
        writer_u16(writer, preference);
        writer_bytes(writer, target.wire, target.len);
        writer_record_end(writer, SECTION_ANSWER);
    }
}

static void write_txt(struct writer *writer, struct span owner, const struct node *node)
{
    struct text text;

    for (unsigned i = 0; text_write(node, i, &text); i++) {
        size_t at = 0, step = text.split > 0 ? text.split : STRING_MAX;
        writer_record_begin(writer, owner, TYPE_TXT, TTL_TEXT_S);
        do {
            if (step > text.len - at)
                step = text.len - at;
            writer_u8(writer, (unsigned)step);
            writer_bytes(writer, text.bytes + at, step);
            at += step;
            step = STRING_MAX;
        } while (at < text.len);
        writer_record_end(writer, SECTION_ANSWER);
    }
}

static void write_addresses(struct writer *writer, struct span owner, const struct node *node,
                            unsigned type)
{
    uint8_t v6[16];
    uint32_t v4;

    for (unsigned i = 0; type == TYPE_A && mail_address_v4(node, i, &v4); i++)
        write_a(writer, owner, v4, SECTION_ANSWER);
    for (unsigned i = 0; type == TYPE_AAAA && mail_address_v6(node, i, v6); i++) {
        writer_record_begin(writer, owner, TYPE_AAAA, TTL_ADDRESS_S);
        writer_bytes(writer, v6, sizeof v6);
        writer_record_end(writer, SECTION_ANSWER);
    }
}

/* A TLSA record's fields, and how many octets of data follow. */
struct tlsa {
    uint8_t usage, selector, matching;
    uint8_t len; /* 0: no such record */
};

/* What a host publishes: mostly 3 1 1 or 2 1 1, a few what no client can use. */
static const struct tlsa tlsa_shapes[][2] = {
    {{3, 1, 1, 32}, {0}},           {{3, 1, 1, 32}, {0}},           {{3, 1, 1, 32}, {0}},
    {{3, 1, 1, 32}, {2, 1, 1, 32}}, {{2, 1, 1, 32}, {0}},           {{2, 0, 1, 32}, {0}},
    {{3, 0, 1, 32}, {0}},           {{3, 1, 2, 64}, {0}},           {{0, 0, 1, 32}, {0}},
    {{3, 1, 1, 31}, {0}},           {{3, 1, 1, 32}, {1, 1, 1, 32}}, {{3, 1, 1, 32}, {3, 1, 1, 32}},
};

static void write_tlsa(struct writer *writer, struct span owner, const struct node *node)
{
    const struct tlsa *shape = tlsa_shapes[hash_pick(node->hash, SALT_TLSA_SHAPE,
                                                     sizeof tlsa_shapes / sizeof tlsa_shapes[0])];

    for (uint32_t i = 0; i < 2 && shape[i].len > 0; i++) {
        writer_record_begin(writer, owner, TYPE_TLSA, TTL_ADDRESS_S);
        writer_u8(writer, shape[i].usage);
        writer_u8(writer, shape[i].selector);
        writer_u8(writer, shape[i].matching);
        for (uint32_t at = 0; at < shape[i].len; at++)
            writer_u8(writer, (unsigned)hash_mix(node->hash, SALT_TLSA + 1000 * (100 * i + at)));
        writer_record_end(writer, SECTION_ANSWER);
    }
}

static bool has_addresses(const struct node *node)
{
    return (node->kind == NODE_DOMAIN && node->domain.has_web) || node->kind == NODE_HOST ||
           node->kind == NODE_SERVER;
}

bool records_exist(const struct node *node, unsigned type)
{
    bool is_alias =
        node->kind == NODE_ALIAS || (node->kind == NODE_DOMAIN && model_is_alias(&node->domain));
    struct name target;
    uint8_t v6[16];
    uint32_t v4;
    unsigned preference;

    if (is_alias || type == TYPE_CNAME)
        return is_alias && type == TYPE_CNAME;
    if (type == TYPE_A)
        return has_addresses(node) && mail_address_v4(node, 0, &v4);
    if (type == TYPE_AAAA)
        return has_addresses(node) && mail_address_v6(node, 0, v6);
    if (type == TYPE_MX)
        return node->kind == NODE_DOMAIN &&
               mail_exchange(&node->domain, node->domain_name, 0, &preference, &target);
    if (type == TYPE_TXT)
        return text_exists(node);
    return type == TYPE_TLSA && node->kind == NODE_TLSA;
}

void records_write(struct writer *writer, struct span owner, const struct node *node, unsigned type)
{
    if (has_addresses(node) && (type == TYPE_A || type == TYPE_AAAA))
        write_addresses(writer, owner, node, type);
    else if (node->kind == NODE_DOMAIN && type == TYPE_MX)
        write_mx(writer, owner, node);
    else if ((node->kind == NODE_DOMAIN || node->kind == NODE_TEXT) && type == TYPE_TXT)
        write_txt(writer, owner, node);
    else if (node->kind == NODE_TLSA && type == TYPE_TLSA)
        write_tlsa(writer, owner, node);
}
