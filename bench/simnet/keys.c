#include "keys.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { SCALAR_SIZE = 32, POINT_SIZE = 65 };

/* With nonce k and private key d, ECDSA's s = (e + r d) / k is `factor` e + `shift`. */
struct ecdsa_key {
    uint8_t r[SCALAR_SIZE];
    BIGNUM *factor, *shift;
};

struct keys {
    EVP_MD_CTX *digest;
    EVP_MD *sha256, *sha1;
    EC_GROUP *group;
    BN_CTX *numbers;
    BIGNUM *e, *s; /* while signing */
    EVP_PKEY *rsa[KEYS_RSA];
    EVP_PKEY_CTX *rsa_signing[KEYS_RSA];
    struct ecdsa_key ecdsa[KEYS_ECDSA];
    struct public_key public[KEYS_COUNT];
};

static bool digest(struct keys *keys, const EVP_MD *algorithm, const uint8_t *bytes, size_t len,
                   uint8_t *out)
{
    return EVP_DigestInit_ex2(keys->digest, algorithm, NULL) == 1 &&
           EVP_DigestUpdate(keys->digest, bytes, len) == 1 &&
           EVP_DigestFinal_ex(keys->digest, out, NULL) == 1;
}

bool keys_sha256(struct keys *keys, const uint8_t *bytes, size_t len, uint8_t out[SHA256_SIZE])
{
    return digest(keys, keys->sha256, bytes, len, out);
}

bool keys_sha1(struct keys *keys, const uint8_t *bytes, size_t len, uint8_t out[SHA1_SIZE])
{
    return digest(keys, keys->sha1, bytes, len, out);
}

enum purpose { PURPOSE_PRIVATE, PURPOSE_NONCE };

/* A number from 1 to the group's order, as (seed, key, purpose) have it. */
static BIGNUM *derive(struct keys *keys, uint64_t seed, unsigned number, enum purpose purpose)
{
    uint8_t text[32] = "simnet test key", out[SHA256_SIZE];
    BIGNUM *value;

    for (size_t i = 0; i < 8; i++)
        text[16 + i] = (uint8_t)(seed >> (8 * i));
    text[24] = (uint8_t)number;
    text[25] = (uint8_t)purpose;
    if (!keys_sha256(keys, text, sizeof text, out))
        return NULL;
    value = BN_bin2bn(out, sizeof out, NULL);
    if (value != NULL && BN_nnmod(value, value, EC_GROUP_get0_order(keys->group), keys->numbers))
        return value;
    BN_free(value);
    return NULL;
}

/* `scalar` times the generator, as its two coordinates. */
static bool multiply(struct keys *keys, const BIGNUM *scalar, uint8_t point[POINT_SIZE])
{
    EC_POINT *result = EC_POINT_new(keys->group);
    bool ok = result != NULL &&
              EC_POINT_mul(keys->group, result, scalar, NULL, NULL, keys->numbers) == 1 &&
              EC_POINT_point2oct(keys->group, result, POINT_CONVERSION_UNCOMPRESSED, point,
                                 POINT_SIZE, keys->numbers) == POINT_SIZE;

    EC_POINT_free(result);
    return ok;
}

static bool make_ecdsa(struct keys *keys, uint64_t seed, unsigned number)
{
    struct ecdsa_key *key = &keys->ecdsa[number];
    struct public_key *public = &keys->public[KEYS_RSA + number];
    const BIGNUM *order = EC_GROUP_get0_order(keys->group);
    BIGNUM *private = derive(keys, seed, number, PURPOSE_PRIVATE);
    BIGNUM *nonce = derive(keys, seed, number, PURPOSE_NONCE);
    BIGNUM *r = NULL;
    uint8_t point[POINT_SIZE];
    bool ok = private != NULL && nonce != NULL && multiply(keys, private, point);

    if (ok) {
        *public = (struct public_key){KEY_ALGORITHM_ECDSA, POINT_SIZE - 1, {0}};
        memcpy(public->bytes, point + 1, POINT_SIZE - 1); /* without the mark of its form */
        ok = multiply(keys, nonce, point);
    }
    ok = ok && (r = BN_bin2bn(point + 1, SCALAR_SIZE, NULL)) != NULL &&
         BN_nnmod(r, r, order, keys->numbers) == 1 && !BN_is_zero(r) &&
         BN_bn2binpad(r, key->r, SCALAR_SIZE) == SCALAR_SIZE && (key->shift = BN_new()) != NULL &&
         (key->factor = BN_mod_inverse(NULL, nonce, order, keys->numbers)) != NULL &&
         BN_mod_mul(key->shift, r, private, order, keys->numbers) == 1 &&
         BN_mod_mul(key->shift, key->shift, key->factor, order, keys->numbers) == 1;
    BN_free(private);
    BN_free(nonce);
    BN_free(r);
    return ok;
}

static bool make_rsa(struct keys *keys, unsigned number)
{
    static const uint8_t exponent[] = {3, 1, 0, 1}; /* its length, and 65537 */
    struct public_key *public = &keys->public[number];
    BIO *pem = BIO_new_mem_buf(test_keys_rsa[number], -1);
    EVP_PKEY *key = pem == NULL ? NULL : PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL);
    EVP_PKEY_CTX *signing = key == NULL ? NULL : EVP_PKEY_CTX_new(key, NULL);
    BIGNUM *modulus = NULL;
    bool ok = signing != NULL && EVP_PKEY_sign_init(signing) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(signing, RSA_PKCS1_PADDING) == 1 &&
              EVP_PKEY_CTX_set_signature_md(signing, keys->sha256) == 1 &&
              EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 &&
              BN_num_bytes(modulus) == KEY_SIGNATURE_MAX;

    BIO_free(pem);
    keys->rsa[number] = key;
    keys->rsa_signing[number] = signing;
    if (ok) {
        *public = (struct public_key){KEY_ALGORITHM_RSA, sizeof exponent + KEY_SIGNATURE_MAX, {0}};
        memcpy(public->bytes, exponent, sizeof exponent);
        BN_bn2bin(modulus, public->bytes + sizeof exponent);
    }
    BN_free(modulus);
    return ok;
}

struct keys *keys_new(uint64_t seed)
{
    struct keys *keys = calloc(1, sizeof *keys);
    bool ok = keys != NULL;

    if (ok) {
        keys->digest = EVP_MD_CTX_new();
        keys->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
        keys->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
        keys->group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
        keys->numbers = BN_CTX_new();
        keys->e = BN_new();
        keys->s = BN_new();
        ok = keys->digest != NULL && keys->sha256 != NULL && keys->sha1 != NULL &&
             keys->group != NULL && keys->numbers != NULL && keys->e != NULL && keys->s != NULL;
    }
    for (unsigned i = 0; ok && i < KEYS_RSA; i++)
        ok = make_rsa(keys, i);
    for (unsigned i = 0; ok && i < KEYS_ECDSA; i++)
        ok = make_ecdsa(keys, seed, i);
    if (ok)
        return keys;
    keys_free(keys);
    return NULL;
}

void keys_free(struct keys *keys)
{
    if (keys == NULL)
        return;
    for (size_t i = 0; i < KEYS_RSA; i++) {
        EVP_PKEY_CTX_free(keys->rsa_signing[i]);
        EVP_PKEY_free(keys->rsa[i]);
    }
    for (size_t i = 0; i < KEYS_ECDSA; i++) {
        BN_free(keys->ecdsa[i].factor);
        BN_free(keys->ecdsa[i].shift);
    }
    BN_free(keys->e);
    BN_free(keys->s);
    BN_CTX_free(keys->numbers);
    EC_GROUP_free(keys->group);
    EVP_MD_free(keys->sha1);
    EVP_MD_free(keys->sha256);
    EVP_MD_CTX_free(keys->digest);
    free(keys);
}

const struct public_key *keys_public(const struct keys *keys, unsigned number)
{
    return &keys->public[number];
}

static size_t sign_ecdsa(struct keys *keys, const struct ecdsa_key *key,
                         const uint8_t hash[SHA256_SIZE], uint8_t *signature)
{
    const BIGNUM *order = EC_GROUP_get0_order(keys->group);
    bool ok = BN_bin2bn(hash, SHA256_SIZE, keys->e) != NULL &&
              BN_mod_mul(keys->s, keys->e, key->factor, order, keys->numbers) == 1 &&
              BN_mod_add(keys->s, keys->s, key->shift, order, keys->numbers) == 1 &&
              BN_bn2binpad(keys->s, signature + SCALAR_SIZE, SCALAR_SIZE) == SCALAR_SIZE;

    memcpy(signature, key->r, SCALAR_SIZE);
    return ok ? 2 * (size_t)SCALAR_SIZE : 0;
}

size_t keys_sign(struct keys *keys, unsigned number, const uint8_t *bytes, size_t len,
                 uint8_t signature[KEY_SIGNATURE_MAX])
{
    size_t signature_len = KEY_SIGNATURE_MAX;
    uint8_t hash[SHA256_SIZE];

    if (!keys_sha256(keys, bytes, len, hash))
        return 0;
    if (number >= KEYS_RSA)
        return sign_ecdsa(keys, &keys->ecdsa[number - KEYS_RSA], hash, signature);
    return EVP_PKEY_sign(keys->rsa_signing[number], signature, &signature_len, hash, sizeof hash) ==
                   1
               ? signature_len
               : 0;
}
