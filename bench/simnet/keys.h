/**
 * The keys that zones are signed with, and the digests of DNSSEC, by libcrypto.
 *
 * ECDSA P-256 keys follow from the seed. So does the nonce, one per key: signing costs a
 * multiplication, and the same seed gives the same signatures. Whoever sees two of them can work
 * out the private key, which is no loss, as it follows from the seed. RSA keys are constants
 * (test_keys.c): what they sign is the same in every world.
 */
#ifndef SIMNET_KEYS_H
#define SIMNET_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    KEYS_RSA = 2,    /**< Keys 0 and 1 are RSA, 2048 bits. */
    KEYS_ECDSA = 62, /**< Those after them are ECDSA. */
    KEYS_COUNT = KEYS_RSA + KEYS_ECDSA,
    KEY_ALGORITHM_RSA = 8,    /**< RSASHA256: RFC 5702. */
    KEY_ALGORITHM_ECDSA = 13, /**< ECDSAP256SHA256: RFC 6605. */
    KEY_PUBLIC_MAX = 260,
    KEY_SIGNATURE_MAX = 256,
    SHA256_SIZE = 32,
    SHA1_SIZE = 20,
};

/** PEM of the RSA keys. They are published: they protect nothing. */
extern const char *const test_keys_rsa[KEYS_RSA];

/** A public key as DNSKEY holds it: RFC 3110, RFC 6605. */
struct public_key {
    unsigned algorithm;
    size_t len;
    uint8_t bytes[KEY_PUBLIC_MAX];
};

struct keys;

/** Makes the keys of a world; NULL when libcrypto or memory fails. */
struct keys *keys_new(uint64_t seed);
void keys_free(struct keys *keys);

const struct public_key *keys_public(const struct keys *keys, unsigned number);

/** Signs `len` bytes; returns the length of the signature, 0 when libcrypto fails. */
size_t keys_sign(struct keys *keys, unsigned number, const uint8_t *bytes, size_t len,
                 uint8_t signature[KEY_SIGNATURE_MAX]);

bool keys_sha256(struct keys *keys, const uint8_t *bytes, size_t len, uint8_t digest[SHA256_SIZE]);
bool keys_sha1(struct keys *keys, const uint8_t *bytes, size_t len, uint8_t digest[SHA1_SIZE]);

#endif
