#include "dnssec.h"

#include <stdlib.h>
#include <string.h>

#include "faults.h"

enum {
    FLAGS_ZONE = 256,
    FLAGS_SECURE_ENTRY = 257,
    DNSKEY_FIXED = 4,
    DNSKEY_MAX = DNSKEY_FIXED + KEY_PUBLIC_MAX,
    TTL_KEY_S = 3600,
    RECORDS_MAX = 40,
    CLASS_IN = 1,
    CANONICAL_MAX = 12288,
    /* Signatures are for good, so that they are the same in every run. */
    VALID_FROM = 1577836800,       /* 2020-01-01 */
    VALID_TO = 2145916800,         /* 2038-01-01 */
    VALID_TO_EXPIRED = 1609459200, /* 2021-01-01 */
};

struct signer *signer_new(uint64_t seed)
{
    struct signer *signer = calloc(1, sizeof *signer); /* pages are touched when used */

    if (signer == NULL)
        return NULL;
    signer->keys = keys_new(seed);
    if (signer->keys != NULL)
        return signer;
    free(signer);
    return NULL;
}

void signer_free(struct signer *signer)
{
    if (signer == NULL)
        return;
    keys_free(signer->keys);
    free(signer);
}

/* An ECDSA key, one of those for the root and the TLDs or of those for domains. */
static unsigned choose_key(uint64_t hash, unsigned salt, bool of_registry)
{
    const unsigned registry = 16;

    return KEYS_RSA + (of_registry
                           ? hash_pick(hash, SALT_KEY + salt, registry)
                           : registry + hash_pick(hash, SALT_KEY + salt, KEYS_ECDSA - registry));
}

/* .com and .net sign with ECDSA, and so do most TLDs by now. */
static bool is_rsa(const struct signing *signing, uint64_t hash)
{
    if (signing->zone.kind == ZONE_TLD)
        return hash_share(hash, SALT_KEY + 4000, 80) &&
               !span_is(span_first_label(signing->apex), "com") &&
               !span_is(span_first_label(signing->apex), "net");
    return signing->zone.kind == ZONE_DOMAIN && hash_share(hash, SALT_KEY + 1000, 80);
}

static void choose_keys(struct signing *signing, uint64_t hash)
{
    bool is_domain = signing->zone.kind == ZONE_DOMAIN;

    if (is_rsa(signing, hash)) {
        signing->key_signing = 0;
        signing->zone_signing = 1;
        return;
    }
    signing->key_signing = choose_key(hash, 2000, !is_domain);
    signing->zone_signing = is_domain && hash_share(hash, SALT_KEY + 3000, 500)
                                ? signing->key_signing
                                : choose_key(hash, 4000, !is_domain);
}

void dnssec_zone(const struct world *world, struct zone zone, const struct name *name, bool wanted,
                 struct signing *signing)
{
    static const uint16_t denials[] = {350, 400, 250};
    uint64_t hash;
    enum bogus bogus;

    *signing = (struct signing){.world = world, .zone = zone};
    signing->apex = name_suffix(name, zone.labels);
    signing->is_signed = world->signer != NULL && delegation_is_signed(world, zone, name);
    signing->active = wanted && signing->is_signed;
    if (!signing->is_signed)
        return;
    hash = hash_bytes(world->seed, signing->apex.ptr, signing->apex.len);
    signing->opt_out = zone.kind == ZONE_TLD;
    signing->denial = zone.kind == ZONE_ROOT ? DENIAL_NSEC
                      : zone.kind == ZONE_TLD
                          ? DENIAL_NSEC3
                          : (enum denial)hash_choose(hash, SALT_DENIAL, denials, DENIAL_COUNT);
    choose_keys(signing, hash);
    bogus = zone.kind == ZONE_DOMAIN ? faults_bogus(world, signing->apex) : BOGUS_COUNT;
    signing->broken = bogus != BOGUS_COUNT;
    signing->bogus = bogus;
}

/* RFC 4034 section 2.1. Returns the length of the RDATA. */
static size_t make_dnskey(const struct signing *signing, unsigned number, bool secure_entry,
                          uint8_t rdata[DNSKEY_MAX])
{
    const struct public_key *key = keys_public(signing->world->signer->keys, number);
    unsigned flags = secure_entry ? FLAGS_SECURE_ENTRY : FLAGS_ZONE;

    rdata[0] = (uint8_t)(flags >> 8);
    rdata[1] = (uint8_t)flags;
    rdata[2] = 3;
    rdata[3] = (uint8_t)key->algorithm;
    memcpy(rdata + DNSKEY_FIXED, key->bytes, key->len);
    return DNSKEY_FIXED + key->len;
}

/* RFC 4034 appendix B */
static unsigned key_tag(const uint8_t *rdata, size_t len)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < len; i++)
        sum += i & 1 ? rdata[i] : (uint32_t)rdata[i] << 8;
    return (sum + (sum >> 16)) & 0xffff;
}

void dnssec_write_keys(const struct signing *signing, struct writer *writer)
{
    unsigned count = signing->key_signing == signing->zone_signing ? 1 : 2;
    uint8_t rdata[DNSKEY_MAX];

    for (unsigned i = 0; i < count; i++) {
        size_t len = make_dnskey(signing, i == 0 ? signing->key_signing : signing->zone_signing,
                                 i == 0, rdata);
        writer_record_begin(writer, signing->apex, TYPE_DNSKEY, TTL_KEY_S);
        writer_bytes(writer, rdata, len);
        writer_record_end(writer, SECTION_ANSWER);
    }
}

/* RFC 4509: the digest of owner and DNSKEY RDATA. False when libcrypto fails. */
static bool make_ds_digest(const struct signing *child, const uint8_t *rdata, size_t len,
                           uint8_t digest[SHA256_SIZE])
{
    uint8_t text[NAME_MAX_WIRE + DNSKEY_MAX];
    struct writer out;

    writer_init(&out, text, sizeof text);
    writer_bytes(&out, child->apex.ptr, child->apex.len);
    writer_bytes(&out, rdata, len);
    if (child->broken && child->bogus == BOGUS_DS)
        text[out.len - 1] ^= 1;
    return keys_sha256(child->world->signer->keys, text, out.len, digest);
}

void dnssec_write_ds(const struct signing *child, struct writer *writer, enum section section)
{
    uint8_t rdata[DNSKEY_MAX], digest[SHA256_SIZE];
    size_t len = make_dnskey(child, child->key_signing, true, rdata);

    if (!make_ds_digest(child, rdata, len, digest)) {
        writer->overflow = true;
        return;
    }
    writer_record_begin(writer, child->apex, TYPE_DS, TTL_KEY_S);
    writer_u16(writer, key_tag(rdata, len));
    writer_u8(writer, rdata[3]);
    writer_u8(writer, 2); /* SHA-256 */
    writer_bytes(writer, digest, sizeof digest);
    writer_record_end(writer, section);
}

/* A record of the RRset in the packet: its TYPE and what follows it. */
struct piece {
    const uint8_t *rdata;
    size_t len;
};

static size_t owner_length(const uint8_t *bytes)
{
    size_t at = 0;

    while (bytes[at] != 0 && bytes[at] < 0xc0)
        at += 1u + bytes[at];
    return at + (bytes[at] == 0 ? 1 : 2);
}

/* RFC 4034 section 6.3: by RDATA as left-justified octets. */
static int compare(const struct piece *a, const struct piece *b)
{
    int order = memcmp(a->rdata, b->rdata, a->len < b->len ? a->len : b->len);

    return order != 0 ? order : a->len < b->len ? -1 : a->len > b->len;
}

/* Sorts a piece in among `count` others; one that is there already is left out. */
static size_t insert(struct piece *pieces, size_t count, struct piece piece)
{
    size_t at = count;

    while (at > 0 && compare(&pieces[at - 1], &piece) > 0)
        at--;
    if (at > 0 && compare(&pieces[at - 1], &piece) == 0)
        return count;
    memmove(pieces + at + 1, pieces + at, (count - at) * sizeof *pieces);
    pieces[at] = piece;
    return count + 1;
}

/* The RRset under work. */
struct rrset {
    unsigned type;
    uint8_t ttl[4];
    size_t rrsig_fixed_len; /* of RRSIG RDATA before the signature */
    size_t count;
    struct piece pieces[RECORDS_MAX];
};

static bool read_rrset(const struct writer *writer, size_t start, struct rrset *rrset)
{
    rrset->count = 0;
    for (size_t at = start; at < writer->len;) {
        const uint8_t *fixed = writer->bytes + at + owner_length(writer->bytes + at);
        size_t len = (size_t)fixed[8] << 8 | fixed[9];
        if (rrset->count == RECORDS_MAX)
            return false;
        rrset->type = (unsigned)fixed[0] << 8 | fixed[1];
        memcpy(rrset->ttl, fixed + 4, 4);
        rrset->count = insert(rrset->pieces, rrset->count, (struct piece){fixed + 10, len});
        at = (size_t)(fixed - writer->bytes) + 10 + len;
    }
    return rrset->count > 0;
}

/* The name that is signed: the owner, or the wildcard it was expanded from. */
static void write_signed_owner(struct writer *out, struct span owner, unsigned skip)
{
    if (skip > 0)
        writer_bytes(out, "\1*", 2);
    for (; skip > 0; skip--) {
        owner.len -= 1u + owner.ptr[0];
        owner.ptr += 1u + owner.ptr[0];
    }
    writer_bytes(out, owner.ptr, owner.len);
}

static unsigned count_labels(struct span name)
{
    unsigned count = 0;

    for (const uint8_t *at = name.ptr; *at != 0; at += 1u + *at)
        count++;
    return count;
}

/* RRSIG RDATA up to the signature: RFC 4034 section 3.1. */
static void write_rrsig_fixed(const struct signing *signing, const struct rrset *rrset,
                              unsigned labels, struct writer *out)
{
    bool by_key = rrset->type == TYPE_DNSKEY;
    unsigned number = by_key ? signing->key_signing : signing->zone_signing;
    bool secure_entry = number == signing->key_signing;
    bool expired = signing->broken && signing->bogus == BOGUS_EXPIRED;
    uint8_t rdata[DNSKEY_MAX];
    size_t len = make_dnskey(signing, number, secure_entry, rdata);

    writer_u16(out, rrset->type);
    writer_u8(out, rdata[3]);
    writer_u8(out, labels);
    writer_bytes(out, rrset->ttl, sizeof rrset->ttl);
    writer_u32(out, expired ? VALID_TO_EXPIRED : VALID_TO);
    writer_u32(out, VALID_FROM);
    writer_u16(out, key_tag(rdata, len));
    writer_bytes(out, signing->apex.ptr, signing->apex.len);
}

/* The signature of `text`: one made before, or a new one. NULL when libcrypto fails. */
static const struct kept_signature *find_signature(struct signer *signer, unsigned number,
                                                   struct span text)
{
    uint64_t key = hash_bytes(number + 1, text.ptr, text.len) | 1;
    struct kept_signature *kept = &signer->kept[(key >> 20) % SIGNATURES_KEPT];

    if (kept->key == key) {
        signer->reused++;
        return kept;
    }
    signer->made++;
    kept->key = 0;
    kept->len = keys_sign(signer->keys, number, text.ptr, text.len, kept->bytes);
    if (kept->len == 0)
        return NULL;
    kept->key = key;
    return kept;
}

/* What is signed (RFC 4034 section 3.1.8.1): the RRSIG's own RDATA, then the RRset. Returns the
 * length of the former. */
static size_t write_signed(const struct signing *signing, const struct rrset *rrset,
                           struct span owner, unsigned labels, struct writer *out)
{
    unsigned all = count_labels(owner), skip;
    size_t fixed_len;

    if (owner.ptr[0] == 1 && owner.ptr[1] == '*')
        all--; /* asked for by its own name */
    skip = labels < all ? all - labels : 0;
    write_rrsig_fixed(signing, rrset, all - skip, out);
    fixed_len = out->len;
    for (size_t i = 0; i < rrset->count; i++) {
        write_signed_owner(out, owner, skip);
        writer_u16(out, rrset->type);
        writer_u16(out, CLASS_IN);
        writer_bytes(out, rrset->ttl, sizeof rrset->ttl);
        writer_u16(out, (unsigned)rrset->pieces[i].len);
        writer_bytes(out, rrset->pieces[i].rdata, rrset->pieces[i].len);
    }
    return fixed_len;
}

static void write_rrsig(const struct signing *signing, struct writer *writer, struct span owner,
                        const struct rrset *rrset, struct span fixed)
{
    unsigned number = rrset->type == TYPE_DNSKEY ? signing->key_signing : signing->zone_signing;
    const uint8_t *ttl = rrset->ttl;
    size_t fixed_len = rrset->rrsig_fixed_len;
    const struct kept_signature *signature = find_signature(signing->world->signer, number, fixed);

    if (signature == NULL) {
        writer->overflow = true;
        return;
    }
    writer_record_begin(writer, owner, TYPE_RRSIG,
                        (uint32_t)ttl[0] << 24 | (uint32_t)ttl[1] << 16 | (uint32_t)ttl[2] << 8 |
                            ttl[3]);
    writer_bytes(writer, fixed.ptr, fixed_len);
    writer_bytes(writer, signature->bytes, signature->len);
    if (signing->broken && signing->bogus == BOGUS_SIGNATURE && !writer->overflow)
        writer->bytes[writer->len - 1] ^= 1;
}

void dnssec_sign(const struct signing *signing, struct writer *writer, struct mark mark,
                 struct span owner, unsigned labels)
{
    uint8_t bytes[CANONICAL_MAX];
    struct rrset rrset;
    struct writer out;

    if (!signing->active || writer->overflow || writer->len == mark.start ||
        (signing->broken && signing->bogus == BOGUS_UNSIGNED))
        return;
    writer_init(&out, bytes, sizeof bytes);
    if (read_rrset(writer, mark.start, &rrset))
        rrset.rrsig_fixed_len = write_signed(signing, &rrset, owner, labels, &out);
    else
        out.overflow = true;
    if (out.overflow) {
        writer->overflow = true;
        return;
    }
    write_rrsig(signing, writer, owner, &rrset, (struct span){bytes, out.len});
    writer_record_end(writer, mark.section);
}

bool dnssec_write_anchor(const struct world *world, FILE *file)
{
    uint8_t rdata[DNSKEY_MAX], digest[SHA256_SIZE];
    struct signing root;
    struct name name;
    size_t len;

    name_set(&name, "");
    dnssec_zone(world, (struct zone){ZONE_ROOT, 0}, &name, true, &root);
    len = make_dnskey(&root, root.key_signing, true, rdata);
    if (!make_ds_digest(&root, rdata, len, digest))
        return false;
    fprintf(file, ". 3600 IN DS %u %u 2 ", key_tag(rdata, len), rdata[3]);
    for (size_t i = 0; i < sizeof digest; i++)
        fprintf(file, "%02x", digest[i]);
    fputs("\n", file);
    return fflush(file) == 0 && !ferror(file);
}
