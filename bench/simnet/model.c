#include "model.h"

#include <stdio.h>

#include "mail.h"

/* Per 1,000 existing domains that are no aliases: 8.5 % of all. */
enum { SIGNED_SHARE = 100 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Per 1,000 names. The shape of synthetic-profile.json, but nothing that a test wants to see is
 * rarer than about 5 %: a sample of 500 then holds 20 of each. */
static const uint16_t receive_weights[] = {
    [RECEIVE_NONEXISTENT] = 60,
    [RECEIVE_NULL] = 60,
    [RECEIVE_GOOGLE] = 150,
    [RECEIVE_MICROSOFT] = 120,
    [RECEIVE_SELF] = 165,
    [RECEIVE_HOSTED] = 105,
    [RECEIVE_BROKEN_NXDOMAIN] = 18,
    [RECEIVE_BROKEN_NO_ADDRESS] = 16,
    [RECEIVE_BROKEN_ALIAS] = 16,
    [RECEIVE_BROKEN_SPECIAL] = 16,
    [RECEIVE_ALIASED_TARGET] = 58,
    [RECEIVE_IMPLICIT] = 62,
    [RECEIVE_NONE] = 60,
    [RECEIVE_ALIAS_IN_ZONE] = 24,
    [RECEIVE_ALIAS_MAIL] = 24,
    [RECEIVE_ALIAS_WEB] = 23,
    [RECEIVE_ALIAS_DANGLING] = 23,
};
_Static_assert(COUNT(receive_weights) == RECEIVE_COUNT, "a weight per class");

/* Per 1,000 existing domains. */
static const uint16_t spf_weights[] = {
    [SPF_NODATA] = 90, [SPF_OTHER_TEXT] = 100, [SPF_ONE] = 674,
    [SPF_TWO] = 68,    [SPF_NEAR_MISS] = 68,
};
_Static_assert(COUNT(spf_weights) == SPF_COUNT, "a weight per class");

static const uint16_t dmarc_weights[] = {
    [DMARC_NXDOMAIN] = 216, [DMARC_NODATA] = 68, [DMARC_WILDCARD] = 68,
    [DMARC_ONE] = 512,      [DMARC_TWO] = 68,    [DMARC_ALIAS] = 68,
};
_Static_assert(COUNT(dmarc_weights) == DMARC_COUNT, "a weight per class");

static const char *const selectors[] = {
    [SELECTOR_GOOGLE] = "google",
    [SELECTOR_MICROSOFT_1] = "selector1",
    [SELECTOR_MICROSOFT_2] = "selector2",
    [SELECTOR_DEFAULT] = "default",
    [SELECTOR_MAIL] = "mail",
    [SELECTOR_K1] = "k1",
    [SELECTOR_S1] = "s1",
    [SELECTOR_S2] = "s2",
    [SELECTOR_DKIM] = "dkim",
    [SELECTOR_ZOHO] = "zoho",
};
_Static_assert(COUNT(selectors) == SELECTOR_COUNT, "a label per selector");

const char *model_selector(enum selector selector)
{
    return selectors[selector];
}

void model_mail_host(const struct domain *domain, unsigned number, char *text, size_t size)
{
    static const char *const prefixes[] = {"mx", "mail", "smtp", "mxhost", "inbound"};

    snprintf(text, size, "%s%u", prefixes[hash_pick(domain->hash, SALT_MX_PREFIX, 5)], number);
}

bool model_has_own_servers(const struct domain *domain)
{
    return hash_share(domain->hash, SALT_SERVERS, 400);
}

/* 127.80.0.0 to 127.111.255.255 */
uint32_t model_own_server(const struct domain *domain, unsigned server)
{
    uint64_t bits = hash_mix(domain->hash, SALT_SERVER_ADDRESS + 1000 * (server + 1u));

    return UINT32_C(0x7f500000) + (uint32_t)(bits & 0x1fffff);
}

bool model_is_alias(const struct domain *domain)
{
    return domain->receive == RECEIVE_ALIAS_IN_ZONE || domain->receive == RECEIVE_ALIAS_MAIL ||
           domain->receive == RECEIVE_ALIAS_WEB || domain->receive == RECEIVE_ALIAS_DANGLING;
}

static unsigned choose_mx_count(struct domain *domain)
{
    static const uint8_t own_counts[] = {1, 1, 1, 2, 2, 3}; /* synthetic-profile.json */
    unsigned count = 0;

    switch (domain->receive) {
    case RECEIVE_NULL:
    case RECEIVE_MICROSOFT:
        return 1;
    case RECEIVE_GOOGLE:
        return 5;
    case RECEIVE_HOSTED:
        domain->provider = mail_choose_provider(domain->hash, &count);
        return count;
    case RECEIVE_SELF:
    case RECEIVE_BROKEN_NXDOMAIN:
    case RECEIVE_BROKEN_NO_ADDRESS:
    case RECEIVE_BROKEN_ALIAS:
    case RECEIVE_BROKEN_SPECIAL:
    case RECEIVE_ALIASED_TARGET:
        return own_counts[hash_pick(domain->hash, SALT_MX_COUNT, COUNT(own_counts))];
    case RECEIVE_NONEXISTENT:
    case RECEIVE_IMPLICIT:
    case RECEIVE_NONE:
    case RECEIVE_ALIAS_IN_ZONE:
    case RECEIVE_ALIAS_MAIL:
    case RECEIVE_ALIAS_WEB:
    case RECEIVE_ALIAS_DANGLING:
    case RECEIVE_COUNT:
        break;
    }
    return 0;
}

static unsigned choose_selectors(const struct domain *domain)
{
    unsigned bits = 0;

    if (domain->receive == RECEIVE_GOOGLE && hash_share(domain->hash, SALT_SELECTORS, 600))
        bits |= 1u << SELECTOR_GOOGLE;
    if (domain->receive == RECEIVE_MICROSOFT && hash_share(domain->hash, SALT_SELECTORS, 600))
        bits |= 1u << SELECTOR_MICROSOFT_1 | 1u << SELECTOR_MICROSOFT_2;
    if (hash_share(domain->hash, SALT_SELECTORS + 1000, 250))
        bits |= 1u << SELECTOR_DEFAULT;
    if (hash_share(domain->hash, SALT_SELECTORS + 2000, 120))
        bits |= 1u << SELECTOR_MAIL;
    if (hash_share(domain->hash, SALT_SELECTORS + 3000, 150))
        bits |= 1u << SELECTOR_K1;
    if (hash_share(domain->hash, SALT_SELECTORS + 4000, 120))
        bits |= 1u << SELECTOR_S1 | 1u << SELECTOR_S2;
    if (hash_share(domain->hash, SALT_SELECTORS + 5000, 60))
        bits |= 1u << SELECTOR_DKIM;
    if (domain->receive == RECEIVE_HOSTED && hash_share(domain->hash, SALT_SELECTORS + 6000, 60))
        bits |= 1u << SELECTOR_ZOHO;
    return bits;
}

/* Everything that follows from the hash and from how mail is received. */
static void draw_properties(struct domain *domain)
{
    uint64_t hash = domain->hash;

    domain->mx_count = choose_mx_count(domain);
    domain->selectors = choose_selectors(domain);
    domain->verifications = hash_pick(hash, SALT_VERIFICATIONS, 4);
    if (domain->spf == SPF_NODATA)
        domain->verifications = 0;
    else if (domain->spf == SPF_OTHER_TEXT)
        domain->verifications++;
    domain->large_text = domain->spf != SPF_NODATA && hash_share(hash, SALT_LARGE_TEXT, 20);
    if (domain->large_text)
        domain->verifications = 16;
    domain->has_web = domain->receive != RECEIVE_NONE &&
                      (domain->receive == RECEIVE_IMPLICIT || hash_share(hash, SALT_WEB, 850));
    domain->any_selector = hash_share(hash, SALT_SELECTORS + 7000, 20);
    domain->mta_sts = hash_share(hash, SALT_EXTRAS, 50);
    domain->tls_rpt = domain->mta_sts || hash_share(hash, SALT_EXTRAS + 1000, 20);
    domain->bimi = hash_share(hash, SALT_EXTRAS + 2000, 50);
    domain->is_signed = domain->registered && !model_is_alias(domain) &&
                        hash_share(hash, SALT_SIGNED, SIGNED_SHARE);
    /* distributions.md section 8: DANE is where signatures are */
    domain->tlsa = hash_share(hash, SALT_TLSA, domain->is_signed ? 350 : 20);
}

void model_domain(const struct world *world, struct span name, bool registered,
                  enum receive receive, struct domain *domain)
{
    const struct fixture *fixture = registered ? fixtures_find(world->fixtures, name) : NULL;
    uint64_t hash = hash_bytes(world->seed, name.ptr, name.len);

    *domain = (struct domain){.hash = hash, .registered = registered};
    if (receive == RECEIVE_COUNT)
        receive = (enum receive)hash_choose(hash, SALT_RECEIVE, receive_weights, RECEIVE_COUNT);
    domain->receive = receive;
    domain->spf = (enum spf_class)hash_choose(hash, SALT_SPF, spf_weights, SPF_COUNT);
    domain->dmarc = (enum dmarc_class)hash_choose(hash, SALT_DMARC, dmarc_weights, DMARC_COUNT);
    /* below a registered domain most names leave DMARC to their parents */
    if (!registered && domain->dmarc == DMARC_ONE && hash_share(hash, SALT_DMARC + 1000, 600))
        domain->dmarc = DMARC_NXDOMAIN;
    if (fixture != NULL) {
        bool gone = fixture->kind == FIXTURE_GONE;
        domain->receive = gone ? RECEIVE_NONEXISTENT : RECEIVE_SELF;
        domain->dmarc = DMARC_ONE;
        domain->spf = SPF_ONE;
        domain->fixed_spf = fixture->text;
    }
    draw_properties(domain);
}

bool model_is_registered(const struct world *world, struct span name)
{
    const struct fixture *fixture = fixtures_find(world->fixtures, name);
    uint64_t hash = hash_bytes(world->seed, name.ptr, name.len);

    if (fixture != NULL)
        return fixture->kind != FIXTURE_GONE;
    return hash_choose(hash, SALT_RECEIVE, receive_weights, RECEIVE_COUNT) != RECEIVE_NONEXISTENT;
}

bool model_is_signed(const struct world *world, struct span name)
{
    uint64_t hash = hash_bytes(world->seed, name.ptr, name.len);
    struct domain domain;

    if (!hash_share(hash, SALT_SIGNED, SIGNED_SHARE))
        return false;
    model_domain(world, name, true, RECEIVE_COUNT, &domain);
    return domain.is_signed && domain.receive != RECEIVE_NONEXISTENT;
}

bool model_is_host_label(struct span label)
{
    for (size_t i = 0; i < label.len; i++) {
        uint8_t c = label.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c != '-' || i == 0 || i + 1 == label.len))
            return false;
    }
    return label.len > 0;
}
