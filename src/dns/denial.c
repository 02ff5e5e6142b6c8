#include "dns/message.h"

#include <openssl/evp.h>
#include <string.h>

enum {
    SHA1_LEN = 20,
    SHA1_BASE32_LEN = 32,
    NSEC3_SHA1 = 1,            /* RFC 5155 section 11 */
    NSEC3_ITERATIONS_MAX = 150 /* what the validator accepts; RFC 9276 wants 0 */
};

/* Which types a bitmap lists, as far as rules section 1.4 asks. RFC 4034 section 4.1.2. */
struct bitmap {
    bool nxname;
    bool only_rrsig_nsec; /* exactly these two */
    bool empty;
};

/* Notes the types of one window block of `len` octets. */
static void read_window(const uint8_t *octets, size_t len, unsigned window, unsigned *types,
                        struct bitmap *bitmap)
{
    for (size_t bit = 0; bit < len * 8; bit++) {
        if ((octets[bit / 8] & (0x80U >> bit % 8)) == 0)
            continue;
        unsigned type = window << 8 | (unsigned)bit;
        (*types)++;
        if (type == MXS_TYPE_NXNAME)
            bitmap->nxname = true;
        else if (type != MXS_TYPE_RRSIG && type != MXS_TYPE_NSEC)
            bitmap->only_rrsig_nsec = false;
    }
}

static bool read_bitmap(const uint8_t *octets, size_t len, struct bitmap *bitmap)
{
    unsigned types = 0;

    *bitmap = (struct bitmap){.only_rrsig_nsec = true};
    while (len > 0) {
        if (len < 2 || octets[1] == 0 || octets[1] > 32 || octets[1] > len - 2)
            return false;
        read_window(octets + 2, octets[1], octets[0], &types, bitmap);
        len -= octets[1] + 2U;
        octets += octets[1] + 2U;
    }
    bitmap->empty = types == 0;
    if (types != 2 || bitmap->nxname)
        bitmap->only_rrsig_nsec = false;
    return true;
}

/* RFC 9824 sections 3.2 and 3.4. The owner is the denied name itself. */
static enum mxs_denial read_nsec(const struct mxs_message *message, const struct mxs_rr *rr)
{
    struct mxs_wire_name next;
    struct bitmap bitmap;
    size_t at = rr->rdata_at, end = rr->rdata_at + rr->rdata_len;

    if (!mxs_message_name(message, &at, &next) || at > end ||
        !read_bitmap(message->bytes + at, end - at, &bitmap))
        return MXS_DENIAL_SILENT;
    if (bitmap.nxname)
        return MXS_DENIAL_NONEXISTENT;
    return bitmap.only_rrsig_nsec ? MXS_DENIAL_UNCERTAIN : MXS_DENIAL_EXISTS;
}

/* The fields of an NSEC3 record, RFC 5155 section 3.2. */
struct nsec3 {
    unsigned iterations;
    const uint8_t *salt, *bitmap;
    size_t salt_len, bitmap_len;
};

static bool read_nsec3_fields(const uint8_t *rdata, size_t len, struct nsec3 *nsec3)
{
    size_t hash_at;

    if (len < 5 || rdata[0] != NSEC3_SHA1 || rdata[4] > len - 5)
        return false;
    nsec3->iterations = (unsigned)rdata[2] << 8 | rdata[3];
    nsec3->salt = rdata + 5;
    nsec3->salt_len = rdata[4];
    hash_at = 5 + nsec3->salt_len;
    if (hash_at >= len || rdata[hash_at] > len - hash_at - 1)
        return false;
    nsec3->bitmap = rdata + hash_at + 1 + rdata[hash_at];
    nsec3->bitmap_len = len - hash_at - 1 - rdata[hash_at];
    return nsec3->iterations <= NSEC3_ITERATIONS_MAX;
}

/* IH(salt, x, k) of RFC 5155 section 5. */
static bool hash_name(struct mxs_name name, const struct nsec3 *nsec3, uint8_t hash[SHA1_LEN])
{
    uint8_t input[MXS_NAME_MAX + UINT8_MAX];
    size_t len = name.len;

    memcpy(input, name.wire, len);
    for (unsigned i = 0; i <= nsec3->iterations; i++) {
        memcpy(input + len, nsec3->salt, nsec3->salt_len);
        if (EVP_Digest(input, len + nsec3->salt_len, hash, NULL, EVP_sha1(), NULL) != 1)
            return false;
        memcpy(input, hash, SHA1_LEN);
        len = SHA1_LEN;
    }
    return true;
}

/* RFC 4648 section 7, lower case: 20 octets are 32 characters without padding. */
static void write_base32hex(const uint8_t hash[SHA1_LEN], char text[SHA1_BASE32_LEN])
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

    for (unsigned i = 0; i < SHA1_BASE32_LEN; i++) {
        unsigned bit = i * 5, at = bit / 8, shift = bit % 8;
        unsigned two = (unsigned)hash[at] << 8 | (at + 1 < SHA1_LEN ? hash[at + 1] : 0U);
        text[i] = digits[two >> (11 - shift) & 31];
    }
}

/* True when the first label of the owner is the hash of the name. */
static bool owner_is_hash(const struct mxs_wire_name *owner, const uint8_t hash[SHA1_LEN])
{
    char text[SHA1_BASE32_LEN];

    write_base32hex(hash, text);
    return owner->octets[0] == SHA1_BASE32_LEN &&
           mxs_slice_equal_nocase((mxs_slice){(const char *)owner->octets + 1, SHA1_BASE32_LEN},
                                  (mxs_slice){text, SHA1_BASE32_LEN});
}

/* RFC 9824 section 4: the NXNAME bit alone; no bit at all is an empty non-terminal. */
static enum mxs_denial read_nsec3(const struct mxs_message *message, const struct mxs_rr *rr,
                                  struct mxs_name name)
{
    struct nsec3 nsec3;
    struct bitmap bitmap;
    uint8_t hash[SHA1_LEN];

    if (!read_nsec3_fields(message->bytes + rr->rdata_at, rr->rdata_len, &nsec3) ||
        !hash_name(name, &nsec3, hash) || !owner_is_hash(&rr->owner, hash) ||
        !read_bitmap(nsec3.bitmap, nsec3.bitmap_len, &bitmap))
        return MXS_DENIAL_SILENT;
    return bitmap.nxname ? MXS_DENIAL_NONEXISTENT : MXS_DENIAL_EXISTS;
}

enum mxs_denial mxs_message_denial(const struct mxs_message *message, struct mxs_name name)
{
    enum mxs_denial denial = MXS_DENIAL_SILENT;
    size_t at = message->authority.at;
    struct mxs_rr rr;

    for (unsigned i = 0; i < message->authority.count && denial == MXS_DENIAL_SILENT; i++) {
        if (!mxs_message_rr(message, &at, &rr))
            break;
        if (rr.type == MXS_TYPE_NSEC && mxs_wire_name_equal(&rr.owner, name))
            denial = read_nsec(message, &rr);
        else if (rr.type == MXS_TYPE_NSEC3)
            denial = read_nsec3(message, &rr, name);
    }
    return denial;
}
