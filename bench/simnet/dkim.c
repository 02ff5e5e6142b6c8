#include "dkim.h"

#include "hash.h"

enum shape {
    SHAPE_RSA_2048,
    SHAPE_RSA_1024,
    SHAPE_RSA_4096,
    SHAPE_RSA_512,
    SHAPE_ED25519,
    SHAPE_NO_VERSION, /* as many publish it */
    SHAPE_TESTING,
    SHAPE_REVOKED,
    SHAPE_BROKEN, /* base64 cut short */
    SHAPE_WRONG_VERSION,
    SHAPE_COUNT,
};

/* Per 1,000; estimates, after distributions.md section 7. */
static const uint16_t weights[] = {560, 150, 20, 10, 40, 90, 40, 50, 20, 20};
_Static_assert(sizeof weights / sizeof weights[0] == SHAPE_COUNT, "a weight per shape");

/* SubjectPublicKeyInfo in base64: what precedes the modulus, how many digits of that are free, and
 * its last bits with the exponent, 65537. */
struct rsa_form {
    const char *head;
    size_t modulus_len;
    const char *tail;
};

static const struct rsa_form rsa_512 = {"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL", 84, "8CAwEAAQ=="};
static const struct rsa_form rsa_1024 = {"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC", 170, "QIDAQAB"};
static const struct rsa_form rsa_2048 = {"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA", 341,
                                         "QIDAQAB"};
static const struct rsa_form rsa_4096 = {"MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA", 682,
                                         "8CAwEAAQ=="};

static const char *const ed25519_keys[] = {
    "JJuJZdASXN5ZCAypc8g48eUCljXhZt3EiWIQK15tCvo=", "XWbp8iV4DPAmvnW2X3eIyUc456dS+bIG8GOoI/mPBRU=",
    "x2djgWRBsKpG8HJ2Iyo9n9V05JzCPQQA1jar8Xbp4ko=", "8vTqh9WJFG1ZCn5bxMYxyJjA5HxQAg/OLYKzq+a+XCo=",
    "yXIXCgtvGaTPNGhVLFeR1ci4+JD0f03OUOyWmNM/b2I=", "RcxTpktJblb7m9vqgGvd7oNY78iUDuqCb1fOceif8dg=",
    "vgELPoSeKv+fSu4miMEQU4+yw12KvcbwoEw5HbSDViI=", "PWRBVEy+mFQFOpNUbmCXn2nGct8ftUVpbkc63CgCguI=",
};

static size_t add(char *text, size_t len, const char *piece)
{
    while (*piece != '\0')
        text[len++] = *piece++;
    return len;
}

static size_t add_rsa(char *text, size_t len, const struct rsa_form *form, uint64_t hash)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    len = add(text, len, form->head);
    for (size_t i = 0; i < form->modulus_len; i++) {
        if (i % 10 == 0)
            hash = hash_mix(hash, i + 1);
        /* the first digit has the modulus' highest bit */
        text[len++] = digits[(hash >> (6 * (i % 10)) & 63) | (i == 0 ? 32 : 0)];
    }
    return add(text, len, form->tail);
}

size_t dkim_write(uint64_t hash, char text[DKIM_RECORD_MAX])
{
    enum shape shape = (enum shape)hash_choose(hash, SALT_EXTRAS, weights, SHAPE_COUNT);
    size_t len = 0;

    switch (shape) {
    case SHAPE_RSA_2048:
        return add_rsa(text, add(text, len, "v=DKIM1; k=rsa; p="), &rsa_2048, hash);
    case SHAPE_RSA_1024:
        return add_rsa(text, add(text, len, "v=DKIM1; k=rsa; p="), &rsa_1024, hash);
    case SHAPE_RSA_4096:
        return add_rsa(text, add(text, len, "v=DKIM1; k=rsa; p="), &rsa_4096, hash);
    case SHAPE_RSA_512:
        return add_rsa(text, add(text, len, "v=DKIM1; p="), &rsa_512, hash);
    case SHAPE_ED25519:
        len = add(text, len, "v=DKIM1; k=ed25519; p=");
        return add(text, len, ed25519_keys[hash % (sizeof ed25519_keys / sizeof *ed25519_keys)]);
    case SHAPE_NO_VERSION:
        return add_rsa(text, add(text, len, "k=rsa; p="), &rsa_2048, hash);
    case SHAPE_TESTING:
        return add_rsa(text, add(text, len, "v=DKIM1; t=y:s; h=sha256; s=email; p="), &rsa_2048,
                       hash);
    case SHAPE_REVOKED:
        return add(text, len, "v=DKIM1; p=");
    case SHAPE_BROKEN:
        return add_rsa(text, add(text, len, "v=DKIM1; k=rsa; p="), &rsa_2048, hash) - 26;
    case SHAPE_WRONG_VERSION:
        return add_rsa(text, add(text, len, "v=DKIM2; k=rsa; p="), &rsa_2048, hash);
    case SHAPE_COUNT:
        break;
    }
    return len;
}
