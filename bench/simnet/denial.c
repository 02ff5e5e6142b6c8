#include "denial.h"

#include <string.h>

#include "records.h"

enum {
    TYPE_NSEC = 47,
    TYPE_NSEC3 = 50,
    TTL_DENIAL_S = 900,
    WINDOW_SIZE = 17, /* types 0 to 135 */
    HASH_TEXT_SIZE = 32,
    NSEC3_OPT_OUT = 1,
    TYPE_NXNAME = 128,
};

/* The types at a name: a type bitmap's window 0 (RFC 4034 section 4.1.2). */
struct types {
    uint8_t bits[WINDOW_SIZE];
};

static void set_type(struct types *types, unsigned type)
{
    types->bits[type / 8] |= (uint8_t)(0x80 >> type % 8);
}

static void write_types(struct writer *writer, const struct types *types)
{
    size_t len = WINDOW_SIZE;

    while (len > 0 && types->bits[len - 1] == 0)
        len--;
    if (len == 0)
        return;
    writer_u8(writer, 0);
    writer_u8(writer, (unsigned)len);
    writer_bytes(writer, types->bits, len);
}

/* The types that `node` at `name` has beside NSEC. */
static void collect_types(const struct signing *signing, const struct name *name,
                          const struct node *node, struct types *types)
{
    static const uint8_t candidates[] = {TYPE_A,   TYPE_CNAME, TYPE_MX,
                                         TYPE_TXT, TYPE_AAAA,  TYPE_TLSA};
    const struct types nothing = {{0}};
    bool is_apex = name->labels == signing->zone.labels;

    *types = nothing;
    for (size_t i = 0; i < sizeof candidates; i++)
        if (records_exist(node, candidates[i]))
            set_type(types, candidates[i]);
    if (is_apex) {
        set_type(types, TYPE_NS);
        set_type(types, TYPE_SOA);
        set_type(types, TYPE_DNSKEY);
        if (signing->denial == DENIAL_NSEC3)
            set_type(types, TYPE_NSEC3PARAM);
    }
    if (memcmp(types, &nothing, sizeof nothing) != 0 || signing->denial != DENIAL_NSEC3)
        set_type(types, TYPE_RRSIG);
    if (signing->denial != DENIAL_NSEC3)
        set_type(types, TYPE_NSEC);
}

static void write_nsec(const struct signing *signing, struct writer *writer, struct span owner,
                       struct span next, const struct types *types)
{
    size_t start = writer->len;

    writer_record_begin(writer, owner, TYPE_NSEC, TTL_DENIAL_S);
    writer_bytes(writer, next.ptr, next.len);
    write_types(writer, types);
    writer_record_end(writer, SECTION_AUTHORITY);
    dnssec_sign(signing, writer, (struct mark){start, SECTION_AUTHORITY}, owner, DNSSEC_LABELS_ALL);
}

/* NSEC at `owner` itself, up to the first name below it. */
static void write_nsec_at(const struct signing *signing, struct writer *writer, struct span owner,
                          const struct types *types)
{
    uint8_t next[NAME_MAX_WIRE + 2] = {1, 0};
    struct span end = {next, owner.len + 2};

    memcpy(next + 2, owner.ptr, owner.len);
    write_nsec(signing, writer, owner, end.len > NAME_MAX_WIRE ? signing->apex : end, types);
}

/* Makes of the first label of `name` one that sorts just before it (`after` false) or just after.
 */
static size_t neighbour(struct span name, bool after, uint8_t *out)
{
    size_t label = name.ptr[0], rest = name.len - 1 - label, len = label;

    memcpy(out + 1, name.ptr + 1, label);
    if (after && label < NAME_MAX_LABEL && name.len < NAME_MAX_WIRE)
        out[1 + len++] = 0;
    else if (after)
        out[len]++;
    else if (out[len] > 0)
        out[len]--;
    if (!after && label < NAME_MAX_LABEL && name.len < NAME_MAX_WIRE)
        out[1 + len++] = '~';
    out[0] = (uint8_t)len;
    memcpy(out + 1 + len, name.ptr + 1 + label, rest);
    return 1 + len + rest;
}

/* NSEC around `name`, which does not exist, and all below it. */
static void write_nsec_around(const struct signing *signing, struct writer *writer,
                              struct span name)
{
    uint8_t before[NAME_MAX_WIRE + 1], after[NAME_MAX_WIRE + 1];
    struct types types = {{0}};
    struct span owner = {before, neighbour(name, false, before)};
    struct span next = {after, neighbour(name, true, after)};

    set_type(&types, TYPE_RRSIG);
    set_type(&types, TYPE_NSEC);
    write_nsec(signing, writer, owner, next, &types);
}

/* RFC 4648 section 7, in lower case: 20 octets are 32 characters. */
static void to_base32(const uint8_t hash[SHA1_SIZE], uint8_t text[HASH_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

    for (size_t group = 0; group < 4; group++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < 5; i++)
            bits = bits << 8 | hash[5 * group + i];
        for (size_t i = 0; i < 8; i++)
            text[8 * group + i] = (uint8_t)digits[bits >> (35 - 5 * i) & 31];
    }
}

/* Adds `step`, 1 or -1, to a hash, which is a ring. */
static void step_hash(uint8_t hash[SHA1_SIZE], int step)
{
    for (size_t i = SHA1_SIZE; i > 0; i--) {
        hash[i - 1] = (uint8_t)(hash[i - 1] + step);
        if (hash[i - 1] != (step > 0 ? 0 : 255))
            return;
    }
}

/* NSEC3 with the hash of `name`, where `types` tells what is there, or around it (NULL). */
static void write_nsec3(const struct signing *signing, struct writer *writer, struct span name,
                        const struct types *types)
{
    uint8_t hash[SHA1_SIZE], owner[NAME_MAX_WIRE + 1 + HASH_TEXT_SIZE] = {HASH_TEXT_SIZE};
    struct span whole = {owner, 1 + HASH_TEXT_SIZE + signing->apex.len};
    size_t start = writer->len;

    if (!keys_sha1(signing->world->signer->keys, name.ptr, name.len, hash) ||
        whole.len > NAME_MAX_WIRE) {
        writer->overflow = true;
        return;
    }
    if (types == NULL)
        step_hash(hash, -1);
    to_base32(hash, owner + 1);
    memcpy(owner + 1 + HASH_TEXT_SIZE, signing->apex.ptr, signing->apex.len);
    step_hash(hash, 1);
    if (types == NULL)
        step_hash(hash, 1);
    writer_record_begin(writer, whole, TYPE_NSEC3, TTL_DENIAL_S);
    writer_u8(writer, 1); /* SHA-1 */
    writer_u8(writer, signing->opt_out ? NSEC3_OPT_OUT : 0);
    writer_u16(writer, 0); /* no extra iterations */
    writer_u8(writer, 0);  /* no salt: RFC 9276 */
    writer_u8(writer, SHA1_SIZE);
    writer_bytes(writer, hash, SHA1_SIZE);
    if (types != NULL)
        write_types(writer, types);
    writer_record_end(writer, SECTION_AUTHORITY);
    dnssec_sign(signing, writer, (struct mark){start, SECTION_AUTHORITY}, whole, DNSSEC_LABELS_ALL);
}

/* The types at an ancestor of `name` that exists: its last `labels` labels. */
static void encloser_types(const struct signing *signing, const struct name *name, unsigned labels,
                           struct types *types)
{
    struct name encloser;
    struct node node;

    name_join(&encloser, "", name_suffix(name, labels));
    if (signing->zone.kind == ZONE_DOMAIN)
        model_find(signing->world, &encloser, signing->zone.labels, &node);
    else
        model_find_in_registry(signing->world, &encloser, &node);
    collect_types(signing, &encloser, &node, types);
}

/* NSEC3 at the closest encloser and around the name next to it: RFC 5155 section 7.2.1. */
static void write_encloser_proof(const struct signing *signing, struct writer *writer,
                                 const struct name *name, unsigned encloser)
{
    struct types types;

    encloser_types(signing, name, encloser, &types);
    write_nsec3(signing, writer, name_suffix(name, encloser), &types);
    write_nsec3(signing, writer, name_suffix(name, encloser + 1), NULL);
}

static bool make_wildcard(const struct name *name, unsigned encloser, struct name *wildcard)
{
    return name_join(wildcard, "*", name_suffix(name, encloser));
}

void denial_nodata(const struct signing *signing, struct writer *writer, const struct name *name,
                   const struct node *node)
{
    struct span whole = name_suffix(name, name->labels);
    struct name wildcard;
    struct types types;

    if (!signing->active)
        return;
    collect_types(signing, name, node, &types);
    if (signing->denial != DENIAL_COMPACT && node->is_wildcard &&
        make_wildcard(name, node->encloser, &wildcard)) {
        whole = name_suffix(&wildcard, wildcard.labels);
        if (signing->denial == DENIAL_NSEC3)
            write_encloser_proof(signing, writer, name, node->encloser);
        else
            write_nsec_around(signing, writer, name_suffix(name, node->encloser + 1));
    }
    if (signing->denial == DENIAL_NSEC3)
        write_nsec3(signing, writer, whole, &types);
    else
        write_nsec_at(signing, writer, whole, &types);
}

void denial_nxdomain(const struct signing *signing, struct writer *writer, const struct name *name,
                     unsigned encloser)
{
    struct name wildcard;
    struct types types = {{0}};

    if (!signing->active)
        return;
    if (signing->denial == DENIAL_COMPACT) {
        set_type(&types, TYPE_RRSIG);
        set_type(&types, TYPE_NSEC);
        set_type(&types, TYPE_NXNAME);
        write_nsec_at(signing, writer, name_suffix(name, name->labels), &types);
        return;
    }
    if (!make_wildcard(name, encloser, &wildcard))
        return;
    if (signing->denial == DENIAL_NSEC3) {
        write_encloser_proof(signing, writer, name, encloser);
        write_nsec3(signing, writer, name_suffix(&wildcard, wildcard.labels), NULL);
    } else {
        write_nsec_around(signing, writer, name_suffix(name, encloser + 1));
        write_nsec_around(signing, writer, name_suffix(&wildcard, wildcard.labels));
    }
}

void denial_wildcard(const struct signing *signing, struct writer *writer, const struct name *name,
                     unsigned encloser)
{
    if (!signing->active || signing->denial == DENIAL_COMPACT)
        return;
    if (signing->denial == DENIAL_NSEC3)
        write_nsec3(signing, writer, name_suffix(name, encloser + 1), NULL);
    else
        write_nsec_around(signing, writer, name_suffix(name, encloser + 1));
}

void denial_no_ds(const struct signing *signing, struct writer *writer, const struct name *name,
                  unsigned labels)
{
    struct types types = {{0}};

    if (!signing->active)
        return;
    if (signing->denial == DENIAL_NSEC3) {
        write_encloser_proof(signing, writer, name, labels - 1);
        return;
    }
    set_type(&types, TYPE_NS);
    set_type(&types, TYPE_RRSIG);
    set_type(&types, TYPE_NSEC);
    write_nsec_at(signing, writer, name_suffix(name, labels), &types);
}
