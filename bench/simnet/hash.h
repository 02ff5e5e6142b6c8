/**
 * Deterministic choice: everything simnet invents is a function of a 64-bit hash.
 *
 * The hash of a name is taken once; each property then mixes it with a salt of its own, so that
 * properties do not move together. Not cryptographic, and not meant to be.
 */
#ifndef SIMNET_HASH_H
#define SIMNET_HASH_H

#include <stddef.h>
#include <stdint.h>

/** What a mixed hash decides; one value per property, never reused for another. */
enum salt {
    SALT_RECEIVE = 1,
    SALT_PROVIDER,
    SALT_MX_COUNT,
    SALT_MX_PREFIX,
    SALT_MX_VARIANT,
    SALT_SPF,
    SALT_SPF_SHAPE,
    SALT_SPF_SENDERS,
    SALT_SPF_SENDER_COUNT,
    SALT_SPF_SECOND,
    SALT_SPF_NETWORKS,
    SALT_SPF_ALL,
    SALT_SPF_SPLIT,
    SALT_DMARC,
    SALT_DMARC_POLICY,
    SALT_DMARC_SHAPE,
    SALT_DMARC_RUA,
    SALT_DMARC_VENDOR,
    SALT_SELECTORS,
    SALT_VERIFICATIONS,
    SALT_LARGE_TEXT,
    SALT_EXTRAS,
    SALT_WEB,
    SALT_ALIAS,
    SALT_ADDRESS,
    SALT_ADDRESS_COUNT,
    SALT_ADDRESS_V6,
    SALT_SERVERS,
    SALT_SERVER_ADDRESS,
    SALT_TLD,
    SALT_PTR,
    SALT_PTR_ZONE,
    SALT_TLSA,
    SALT_TOKEN,
    SALT_FAULT,
    SALT_BOGUS,
    SALT_BOGUS_KIND,
    SALT_RATELIMIT,
    SALT_LOSS,
    SALT_LATENCY,
    SALT_SIGNED,
    SALT_DENIAL,
    SALT_KEY,
    SALT_STS,
    SALT_TLS_RPT,
    SALT_TLSA_SHAPE,
    SALT_TEXT_LIST = 64, /**< Plus the index in the list of TXT records. */
};

/** Spreads `value` under `salt` over all 64 bits (the finaliser of splitmix64). */
static inline uint64_t hash_mix(uint64_t value, uint64_t salt)
{
    value += salt * UINT64_C(0x9e3779b97f4a7c15);
    value = (value ^ (value >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    value = (value ^ (value >> 27)) * UINT64_C(0x94d049bb133111eb);
    return value ^ (value >> 31);
}

/** A number from 0 to `count` - 1, evenly spread. `count` is at least 1. */
static inline unsigned hash_pick(uint64_t hash, uint64_t salt, unsigned count)
{
    return (unsigned)(((hash_mix(hash, salt) >> 32) * count) >> 32);
}

/** True for `per_mille` of 1,000 hashes. */
static inline int hash_share(uint64_t hash, uint64_t salt, unsigned per_mille)
{
    return hash_pick(hash, salt, 1000) < per_mille;
}

/** The index chosen among `count` weights that sum up to 1,000; the last one takes what is left. */
static inline unsigned hash_choose(uint64_t hash, uint64_t salt, const uint16_t *weights,
                                   size_t count)
{
    unsigned ticket = hash_pick(hash, salt, 1000), index = 0;

    while (index + 1 < count && ticket >= weights[index])
        ticket -= weights[index++];
    return index;
}

/** The hash of `len` bytes under `seed`. */
uint64_t hash_bytes(uint64_t seed, const uint8_t *bytes, size_t len);

#endif
