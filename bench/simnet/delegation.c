#include "delegation.h"

#include <stdio.h>

#include "reverse.h"

#define LOOPBACK(b, c, d) (UINT32_C(127) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

enum zone_kind delegation_server_kind(uint32_t address)
{
    unsigned b = address >> 16 & 255, c = address >> 8 & 255, d = address & 255;

    if (address >> 24 != 127)
        return ZONE_KIND_COUNT;
    if (b >= 64)
        return b < 112 ? ZONE_DOMAIN : b < 128 ? ZONE_SLASH_24 : ZONE_KIND_COUNT;
    if (address == LOOPBACK(0, 1, 1))
        return ZONE_ROOT;
    if (b == 0 && c == 2 && d >= 1 && d <= TLD_SERVER_COUNT)
        return ZONE_TLD;
    if (address == LOOPBACK(0, 3, 1))
        return ZONE_IN_ADDR;
    return b == 0 && c == 5 ? ZONE_SLASH_8 : ZONE_KIND_COUNT;
}

bool delegation_zone(const struct world *world, enum zone_kind kind, const struct name *name,
                     struct zone *zone)
{
    unsigned reverse = reverse_zone(name);

    *zone = (struct zone){kind, 0};
    switch (kind) {
    case ZONE_ROOT:
        return true;
    case ZONE_TLD:
        zone->labels = 1;
        return name->labels >= 1;
    case ZONE_IN_ADDR:
        zone->labels = 2;
        return reverse >= 2;
    case ZONE_SLASH_8:
        zone->labels = 3;
        return reverse >= 3;
    case ZONE_SLASH_24:
        zone->labels = 5;
        return reverse == 5;
    case ZONE_DOMAIN:
        zone->labels = fixtures_registrable(world->fixtures, name);
        return zone->labels > 0 && delegation_exists(world, *zone, name);
    case ZONE_KIND_COUNT:
        break;
    }
    return false;
}

static bool is_arpa(const struct name *name)
{
    return name->labels > 0 && span_is(name_label(name, 1), "arpa");
}

bool delegation_cut(const struct world *world, struct zone zone, const struct name *name,
                    struct zone *cut)
{
    switch (zone.kind) {
    case ZONE_ROOT:
        return delegation_zone(world, ZONE_TLD, name, cut);
    case ZONE_TLD:
        if (is_arpa(name))
            return delegation_zone(world, ZONE_IN_ADDR, name, cut);
        *cut = (struct zone){ZONE_DOMAIN, fixtures_registrable(world->fixtures, name)};
        return cut->labels > 0 && model_is_host_label(name_label(name, cut->labels));
    case ZONE_IN_ADDR:
        return delegation_zone(world, ZONE_SLASH_8, name, cut);
    case ZONE_SLASH_8:
        return delegation_zone(world, ZONE_SLASH_24, name, cut);
    case ZONE_SLASH_24:
    case ZONE_DOMAIN:
    case ZONE_KIND_COUNT:
        break;
    }
    return false;
}

/* Any TLD of two letters or more exists, but for the names that must not (RFC 6761, 8375, 9476) */
static bool tld_exists(struct span tld)
{
    static const char *const absent[] = {"alt",     "example", "home",      "internal",
                                         "invalid", "lan",     "localhost", "local",
                                         "onion",   "test",    "corp"};

    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        if (span_is(tld, absent[i]))
            return false;
    return tld.len >= 2 && tld.ptr[0] >= 'a' && tld.ptr[0] <= 'z' && model_is_host_label(tld);
}

bool delegation_exists(const struct world *world, struct zone cut, const struct name *name)
{
    if (cut.kind == ZONE_TLD)
        return tld_exists(name_label(name, 1));
    if (cut.kind == ZONE_DOMAIN)
        return tld_exists(name_label(name, 1)) && !is_arpa(name) &&
               model_is_host_label(name_label(name, cut.labels)) &&
               model_is_registered(world, name_suffix(name, cut.labels));
    return true;
}

/* Provider numbers are skewed by the cube: the first serves many, the last few. */
static unsigned choose_dns_provider(uint64_t hash)
{
    uint64_t x = hash_pick(hash, SALT_SERVERS + 1000, 1024);

    return (unsigned)(x * x * x * DNS_PROVIDER_COUNT / (UINT64_C(1024) * 1024 * 1024));
}

/* The number of the DNS provider that serves a domain; DNS_PROVIDER_COUNT: it serves itself, or
 * the domain is a provider's own. */
static unsigned domain_provider(const struct world *world, struct span apex, struct domain *domain)
{
    *domain = (struct domain){.hash = hash_bytes(world->seed, apex.ptr, apex.len)};
    return model_has_own_servers(domain) ? DNS_PROVIDER_COUNT : choose_dns_provider(domain->hash);
}

static void domain_addresses(const struct world *world, struct span apex, uint32_t addresses[2],
                             unsigned *provider)
{
    const struct fixture *fixture = fixtures_find(world->fixtures, apex);
    bool is_provider = fixture != NULL && fixture->kind == FIXTURE_DOMAIN && fixture->value > 0;
    struct domain domain;

    *provider = is_provider ? DNS_PROVIDER_COUNT : domain_provider(world, apex, &domain);
    for (unsigned i = 0; i < 2; i++)
        addresses[i] = is_provider ? dns_provider_address(fixture->value - 1, i)
                       : *provider < DNS_PROVIDER_COUNT ? dns_provider_address(*provider, i)
                                                        : model_own_server(&domain, i);
}

static unsigned zone_addresses(const struct world *world, struct zone zone, const struct name *name,
                               uint32_t addresses[2])
{
    struct span apex = name_suffix(name, zone.labels);
    uint64_t hash = hash_bytes(world->seed, apex.ptr, apex.len);
    unsigned provider;

    switch (zone.kind) {
    case ZONE_ROOT:
        addresses[0] = LOOPBACK(0, 1, 1);
        return 1;
    case ZONE_TLD:
        addresses[0] = LOOPBACK(0, 2, 1 + hash_pick(hash, SALT_TLD, TLD_SERVER_COUNT));
        addresses[1] = addresses[0] % 256 < TLD_SERVER_COUNT ? addresses[0] + 1 : LOOPBACK(0, 2, 1);
        return 2;
    case ZONE_IN_ADDR:
        addresses[0] = LOOPBACK(0, 3, 1);
        return 1;
    case ZONE_SLASH_8:
        addresses[0] = LOOPBACK(0, 5, 0);
        for (unsigned i = 0; i < apex.ptr[0]; i++) /* the octet, in decimal */
            addresses[0] += (uint32_t)(apex.ptr[1 + i] - '0') * (i + 1 == apex.ptr[0]   ? 1u
                                                                 : i + 2 == apex.ptr[0] ? 10u
                                                                                        : 100u);
        return 1;
    case ZONE_SLASH_24:
        addresses[0] = LOOPBACK(112, 0, 0) + (uint32_t)(hash & 0xfffff);
        return 1;
    case ZONE_DOMAIN:
        domain_addresses(world, apex, addresses, &provider);
        return 2;
    case ZONE_KIND_COUNT:
        break;
    }
    return 0;
}

bool delegation_is_served_by(const struct world *world, struct zone zone, const struct name *name,
                             uint32_t address)
{
    uint32_t addresses[2];
    unsigned count = zone_addresses(world, zone, name, addresses);

    return (count > 0 && addresses[0] == address) || (count > 1 && addresses[1] == address);
}

bool delegation_is_first_server(const struct world *world, struct zone zone,
                                const struct name *name, uint32_t address)
{
    uint32_t addresses[2];

    return zone_addresses(world, zone, name, addresses) > 0 && addresses[0] == address;
}

bool delegation_is_signed(const struct world *world, struct zone zone, const struct name *name)
{
    if (zone.kind == ZONE_ROOT || zone.kind == ZONE_TLD)
        return true;
    return zone.kind == ZONE_DOMAIN && model_is_signed(world, name_suffix(name, zone.labels));
}

static void domain_servers(const struct world *world, struct span apex, const struct name *name,
                           struct servers *servers)
{
    char domain[64], text[80];
    unsigned provider;

    domain_addresses(world, apex, servers->addresses, &provider);
    servers->glue = true;
    if (provider == DNS_PROVIDER_COUNT) {
        if (!name_join(&servers->names[0], "ns1", apex) ||
            !name_join(&servers->names[1], "ns2", apex))
            servers->count = 0;
        return;
    }
    dns_provider_domain(provider, domain, sizeof domain);
    for (unsigned i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "ns%u.%s", i + 1, domain);
        name_set(&servers->names[i], text);
    }
    servers->glue = span_equal(name_label(&servers->names[0], 1), name_label(name, 1));
}

void delegation_servers(const struct world *world, struct zone zone, const struct name *name,
                        struct servers *servers)
{
    struct span apex = name_suffix(name, zone.labels);
    char text[32];

    servers->count = zone_addresses(world, zone, name, servers->addresses);
    servers->glue = true;
    if (zone.kind == ZONE_ROOT) {
        name_set(&servers->names[0], "a.root-servers.net");
    } else if (zone.kind == ZONE_TLD) {
        for (unsigned i = 0; i < 2; i++) {
            snprintf(text, sizeof text, "n%u.tld-servers.net", servers->addresses[i] & 255);
            name_set(&servers->names[i], text);
        }
    } else if (zone.kind == ZONE_DOMAIN) {
        domain_servers(world, apex, name, servers);
    } else if (!name_join(&servers->names[0], "ns", apex)) {
        servers->count = 0;
    }
}
