#include "mail.h"

#include <stdio.h>
#include <string.h>

enum { DASHED_MAX = 50, HOSTS_MAX = 5 };
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* A `%s` in a host is the domain with hyphens, a `%02u` the number of a small provider. */
struct provider {
    const char *name;
    const char *spf;
    const char *hosts[HOSTS_MAX];
};

static const char *const google_hosts[] = {"aspmx.l.google.com", "alt1.aspmx.l.google.com",
                                           "alt2.aspmx.l.google.com", "alt3.aspmx.l.google.com",
                                           "alt4.aspmx.l.google.com"};
static const unsigned google_preferences[] = {1, 5, 5, 10, 10};

static const struct provider providers[] = {
    {"proofpoint", NULL, {"mxa-%s.gslb.pphosted.com", "mxb-%s.gslb.pphosted.com"}},
    {"yandex", "_spf.yandex.net", {"mx.yandex.net"}},
    {"mimecast",
     "_netblocks.mimecast.com",
     {"us-smtp-inbound-1.mimecast.com", "us-smtp-inbound-2.mimecast.com"}},
    {"cloudflare",
     "_spf.mx.cloudflare.net",
     {"route1.mx.cloudflare.net", "route2.mx.cloudflare.net", "route3.mx.cloudflare.net"}},
    {"hostinger", "_spf.mail.hostinger.com", {"mx1.hostinger.com", "mx2.hostinger.com"}},
    {"namecheap",
     "spf.efwd.registrar-servers.com",
     {"eforward1.registrar-servers.com", "eforward2.registrar-servers.com",
      "eforward3.registrar-servers.com", "eforward4.registrar-servers.com",
      "eforward5.registrar-servers.com"}},
    {"zoho", "zohomail.com", {"mx.zoho.com", "mx2.zoho.com", "mx3.zoho.com"}},
    {"godaddy", "secureserver.net", {"smtp.secureserver.net", "mailstore1.secureserver.net"}},
    {"workmail", "amazonses.com", {"inbound-smtp.us-east-1.amazonaws.com"}},
    {"qq", "spf.mail.qq.com", {"mxbiz1.qq.com", "mxbiz2.qq.com"}},
    {"ovh", "mx.ovh.com", {"mx1.mail.ovh.net", "mx2.mail.ovh.net", "mx3.mail.ovh.net"}},
    {"mailru", "_spf.mail.ru", {"emx.mail.ru"}},
    {"barracuda", NULL, {"d1-%s.ess.barracudanetworks.com", "d2-%s.ess.barracudanetworks.com"}},
    {"ionos", "_spf.ionos.com", {"mx00.ionos.com", "mx01.ionos.com"}},
    {"small, one host", "_spf.mailhost%02u.net", {"mx1.mailhost%02u.net"}},
    {"small, two hosts", "_spf.mailhost%02u.net", {"mx1.mailhost%02u.net", "mx2.mailhost%02u.net"}},
    {"small, three hosts",
     "_spf.mailhost%02u.net",
     {"mx1.mailhost%02u.net", "mx2.mailhost%02u.net", "mx3.mailhost%02u.net"}},
};

/* Shares of synthetic-profile.json among the providers other than Google and Microsoft. */
static const uint16_t provider_weights[] = {76, 70, 63, 57, 43, 40,  40,  30, 29,
                                            28, 27, 23, 22, 20, 150, 160, 122};
_Static_assert(COUNT(provider_weights) == COUNT(providers), "a weight per provider");

/* First octets with no special-purpose block inside (IANA IPv4 Special-Purpose registry). */
static const uint8_t global_octets[] = {23, 34, 35, 52, 64, 66, 74, 104, 142, 185, 212, 217};

static const uint32_t special_v4[] = {0x0a000019, 0x7f000001, 0xc0a8010a, 0xac100a19,
                                      0x64400001, 0xa9fe0119, 0xc0000219, 0xc6336419};

void mail_dashed(struct span name, char *text, size_t size)
{
    char full[NAME_MAX_WIRE + 1];
    size_t len;

    span_to_text(name, full, sizeof full);
    len = strlen(full);
    if (len > DASHED_MAX)
        len = DASHED_MAX;
    for (size_t i = 0; i < len; i++)
        if (full[i] == '.')
            full[i] = '-';
    snprintf(text, size, "%.*s", (int)len, full);
}

unsigned mail_choose_provider(uint64_t hash, unsigned *mx_count)
{
    unsigned provider = hash_choose(hash, SALT_PROVIDER, provider_weights, COUNT(providers));

    *mx_count = 0;
    while (*mx_count < HOSTS_MAX && providers[provider].hosts[*mx_count] != NULL)
        ++*mx_count;
    return provider;
}

static unsigned small_provider(const struct domain *domain)
{
    return hash_pick(domain->hash, SALT_MX_VARIANT, MAIL_HOST_COUNT);
}

const char *mail_provider_spf(const struct domain *domain, char *text, size_t size)
{
    const char *spf;

    if (domain->receive == RECEIVE_GOOGLE)
        return "_spf.google.com";
    if (domain->receive == RECEIVE_MICROSOFT)
        return "spf.protection.outlook.com";
    if (domain->receive != RECEIVE_HOSTED)
        return NULL;
    spf = providers[domain->provider].spf;
    if (spf == NULL || strchr(spf, '%') == NULL)
        return spf;
    snprintf(text, size, "_spf.mailhost%02u.net", small_provider(domain));
    return text;
}

/* Fills a provider's host pattern and makes it a name. */
static bool hosted_target(const struct domain *domain, struct span owner, unsigned index,
                          struct name *target)
{
    const char *pattern = providers[domain->provider].hosts[index];
    const char *mark = strchr(pattern, '%');
    char dashed[DASHED_MAX + 1], text[2 * DASHED_MAX + 32];

    if (mark == NULL)
        return name_set(target, pattern);
    if (mark[1] == 's') {
        mail_dashed(owner, dashed, sizeof dashed);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(mark - pattern), pattern, dashed, mark + 2);
    } else {
        snprintf(text, sizeof text, "%.*s%02u%s", (int)(mark - pattern), pattern,
                 small_provider(domain), mark + 4);
    }
    return name_set(target, text);
}

/* Slips of real zones among those who run their own mail, drawn by share. */
enum slip { SLIP_NONE, SLIP_NULL_BESIDE, SLIP_FIRST_DEAD, SLIP_EQUAL, SLIP_COUNT };

static enum slip choose_slip(const struct domain *domain)
{
    static const uint16_t weights[] = {850, 40, 70, 40};

    return domain->receive == RECEIVE_SELF
               ? (enum slip)hash_choose(domain->hash, SALT_MX_VARIANT, weights, SLIP_COUNT)
               : SLIP_NONE;
}

static bool own_target(const struct domain *domain, struct span owner, unsigned index,
                       struct name *target)
{
    enum slip slip = choose_slip(domain);
    bool dead = domain->receive == RECEIVE_BROKEN_NXDOMAIN ||
                (slip == SLIP_FIRST_DEAD && index == 0 && domain->mx_count > 1);
    char text[64];

    if (slip == SLIP_NULL_BESIDE && index == domain->mx_count)
        return name_set(target, "");

    if (domain->receive == RECEIVE_BROKEN_NXDOMAIN && hash_share(domain->hash, SALT_ALIAS, 150))
        return name_set(target, index == 0 ? "23.94.17.5" : "23.94.17.6");
    if (domain->receive == RECEIVE_BROKEN_NXDOMAIN && hash_share(domain->hash, SALT_ALIAS, 550)) {
        snprintf(text, sizeof text, "mx%u.t%08x.gone-mail.com", index + 1,
                 (unsigned)hash_mix(domain->hash, SALT_TOKEN));
        return name_set(target, text);
    }
    model_mail_host(domain, dead ? index + MAIL_HOST_DEAD : index + 1, text, sizeof text);
    return name_join(target, text, owner);
}

bool mail_exchange(const struct domain *domain, struct span owner, unsigned index,
                   unsigned *preference, struct name *target)
{
    char dashed[DASHED_MAX + 1], text[2 * DASHED_MAX];
    enum slip slip = choose_slip(domain);

    *preference = slip == SLIP_EQUAL ? 10 : 10 * (index + 1);
    if (index >= domain->mx_count + (slip == SLIP_NULL_BESIDE ? 1 : 0))
        return false;
    switch (domain->receive) {
    case RECEIVE_NULL:
        *preference = hash_share(domain->hash, SALT_MX_VARIANT, 60) ? 10 : 0;
        return name_set(target, "");
    case RECEIVE_GOOGLE:
        *preference = google_preferences[index];
        return name_set(target, google_hosts[index]);
    case RECEIVE_MICROSOFT:
        *preference = 0;
        mail_dashed(owner, dashed, sizeof dashed);
        snprintf(text, sizeof text, "%s.mail.protection.outlook.com", dashed);
        return name_set(target, text);
    case RECEIVE_HOSTED:
        return hosted_target(domain, owner, index, target);
    case RECEIVE_SELF:
    case RECEIVE_BROKEN_NXDOMAIN:
    case RECEIVE_BROKEN_NO_ADDRESS:
    case RECEIVE_BROKEN_ALIAS:
    case RECEIVE_BROKEN_SPECIAL:
    case RECEIVE_ALIASED_TARGET:
        return own_target(domain, owner, index, target);
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
    return false;
}

bool mail_address_v4(const struct node *node, unsigned index, uint32_t *address)
{
    unsigned count = 1 + (hash_share(node->hash, SALT_ADDRESS_COUNT, 250) ? 1 : 0);
    uint64_t bits;

    if (node->kind == NODE_SERVER || node->host == HOST_FIXED) {
        *address = node->address;
        return index == 0;
    }
    if (index >= count)
        return false;
    bits = hash_mix(node->hash, SALT_ADDRESS + 1000 * (index + 1u));
    if (node->host == HOST_SPECIAL)
        /* the first one's draw, and then the next block: an RRset has no duplicates */
        *address = special_v4[(hash_mix(node->hash, SALT_ADDRESS) + index) % COUNT(special_v4)];
    else
        *address =
            (uint32_t)global_octets[bits % COUNT(global_octets)] << 24 | (uint32_t)(bits >> 40);
    return true;
}

bool mail_address_v6(const struct node *node, unsigned index, uint8_t address[16])
{
    uint64_t bits = hash_mix(node->hash, SALT_ADDRESS_V6);

    if (node->kind == NODE_SERVER || node->host == HOST_FIXED || index > 0 ||
        !hash_share(node->hash, SALT_ADDRESS_V6, 350))
        return false;
    memset(address, 0, 16);
    address[0] = node->host == HOST_SPECIAL ? 0xfd : 0x26;
    address[1] = (uint8_t)(node->host == HOST_SPECIAL ? bits : bits & 0x0f); /* 2600::/12 */
    for (size_t i = 2; i < 8; i++)
        address[i] = (uint8_t)(bits >> (8 * i));
    address[15] = (uint8_t)(1 + (bits >> 8) % 200);
    return true;
}
