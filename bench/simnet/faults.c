#include "faults.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { WHOLE = 100000, WORD_SIZE = 32, NEAR_MS = 36 };

/* The share a class has when it is switched on without one. Of zones, servers or packets; lost,
 * servfail and silent as in performance.md, the rest estimates. */
static const struct {
    const char *name;
    uint32_t share;
} classes[] = {
    [FAULT_SERVFAIL] = {"servfail", 300}, [FAULT_SILENT] = {"silent", 200},
    [FAULT_REFUSED] = {"refused", 200},   [FAULT_LAME] = {"lame", 500},
    [FAULT_FORMERR] = {"formerr", 300},   [FAULT_TRUNCATE] = {"truncate", 2000},
    [FAULT_SLOW] = {"slow", 500},         [FAULT_RATELIMIT] = {"ratelimit", 1000},
    [FAULT_LOSS] = {"loss", 500},         [FAULT_BOGUS] = {"bogus", 2000},
    [FAULT_TYPE] = {"type", 0},
};
_Static_assert(sizeof classes / sizeof classes[0] == FAULT_COUNT, "a row per class");

static const struct {
    const char *name;
    unsigned type;
} types[] = {
    {"A", 1},     {"NS", 2},      {"CNAME", 5}, {"SOA", 6},    {"PTR", 12},
    {"MX", 15},   {"TXT", 16},    {"AAAA", 28}, {"SRV", 33},   {"DS", 43},
    {"NSEC", 47}, {"DNSKEY", 48}, {"TLSA", 52}, {"HTTPS", 65}, {"CAA", 257},
};

const char *faults_name(enum fault fault)
{
    return classes[fault].name;
}

static bool read_share(const char *text, uint32_t *share)
{
    char *end;
    double value = strtod(text, &end);

    if (end == text || *end != '\0' || !(value >= 0 && value <= 1))
        return false;
    *share = (uint32_t)(value * WHOLE + 0.5);
    return true;
}

static bool apply_item(struct faults *faults, char *item)
{
    char *share = strchr(item, '=');

    if (share != NULL)
        *share++ = '\0';
    for (size_t i = 0; i < FAULT_TYPE; i++) {
        bool all = strcmp(item, "all") == 0 && share == NULL;
        if (!all && strcmp(item, classes[i].name) != 0)
            continue;
        faults->shares[i] = classes[i].share;
        if (share != NULL && !read_share(share, &faults->shares[i]))
            return false;
        if (!all)
            return true;
    }
    if (strcmp(item, "off") == 0 && share == NULL)
        memset(faults->shares, 0, sizeof faults->shares);
    else if (strcmp(item, "all") != 0)
        return false;
    return true;
}

bool faults_parse(struct faults *faults, const char *text)
{
    char item[WORD_SIZE];

    while (*text != '\0') {
        size_t len = strcspn(text, ",");
        if (len >= sizeof item)
            return false;
        memcpy(item, text, len);
        item[len] = '\0';
        if (!apply_item(faults, item))
            return false;
        text += len + (text[len] == ',');
    }
    faults->any = faults->any_type;
    for (size_t i = 0; i < FAULT_COUNT; i++)
        faults->any = faults->any || faults->shares[i] > 0;
    return true;
}

bool faults_parse_type(struct faults *faults, const char *text)
{
    size_t len = strcspn(text, "=");
    enum fail_type how = strcmp(text + len, "=servfail") == 0 ? FAIL_SERVFAIL
                         : strcmp(text + len, "=drop") == 0   ? FAIL_DROP
                                                              : FAIL_NOT;

    for (size_t i = 0; how != FAIL_NOT && i < sizeof types / sizeof types[0]; i++)
        if (strlen(types[i].name) == len && strncasecmp(types[i].name, text, len) == 0) {
            faults->fail_types[types[i].type] = (uint8_t)how;
            faults->any = faults->any_type = true;
            return true;
        }
    return false;
}

/* Zones that the whole world leans on are spared: one of them down would take a tenth along. */
static bool is_spared(const struct world *world, struct span apex)
{
    const struct fixture *fixture = fixtures_find(world->fixtures, apex);

    return fixture != NULL && !(fixture->kind == FIXTURE_DOMAIN && fixture->value > 20);
}

enum fault faults_of_zone(const struct world *world, struct zone zone, const struct name *name)
{
    struct span apex = name_suffix(name, zone.labels);
    uint32_t ticket;

    if (!world->faults->any || (zone.kind != ZONE_DOMAIN && zone.kind != ZONE_SLASH_24) ||
        is_spared(world, apex))
        return FAULT_NONE;
    ticket = hash_pick(hash_bytes(world->seed, apex.ptr, apex.len), SALT_FAULT, WHOLE);
    for (unsigned i = FAULT_SERVFAIL; i <= FAULT_SLOW; i++) {
        if (ticket < world->faults->shares[i])
            return (enum fault)i;
        ticket -= world->faults->shares[i];
    }
    return FAULT_NONE;
}

enum bogus faults_bogus(const struct world *world, struct span apex)
{
    uint64_t hash;

    if (world->faults->shares[FAULT_BOGUS] == 0 || is_spared(world, apex))
        return BOGUS_COUNT;
    hash = hash_bytes(world->seed, apex.ptr, apex.len);
    return hash_pick(hash, SALT_BOGUS, WHOLE) < world->faults->shares[FAULT_BOGUS]
               ? (enum bogus)hash_pick(hash, SALT_BOGUS_KIND, BOGUS_COUNT)
               : BOGUS_COUNT;
}

bool faults_limits_rate(const struct world *world, uint32_t address)
{
    uint32_t share = world->faults->shares[FAULT_RATELIMIT];
    enum zone_kind kind = delegation_server_kind(address);

    return share > 0 && (kind == ZONE_DOMAIN || kind == ZONE_SLASH_24) &&
           hash_pick(hash_mix(world->seed, address), SALT_RATELIMIT, WHOLE) < share;
}

bool faults_lose(struct faults *faults)
{
    faults->dice++;
    return hash_pick(faults->dice, SALT_LOSS, WHOLE) < faults->shares[FAULT_LOSS];
}

/* auth_latency_ms of synthetic-profile.json: straight lines between the quantiles. The root and the
 * TLDs are served from everywhere, so they are near. */
unsigned faults_latency_ms(const struct world *world, uint32_t address)
{
    static const struct {
        unsigned share, ms;
    } quantiles[] = {{0, 4}, {500, 25}, {900, 120}, {990, 600}, {1000, 900}};
    unsigned ticket = hash_pick(hash_mix(world->seed, address), SALT_LATENCY, 1000), i = 1;
    enum zone_kind kind = delegation_server_kind(address);

    if (kind == ZONE_ROOT || kind == ZONE_TLD)
        return quantiles[0].ms + ticket * NEAR_MS / 1000;

    while (ticket >= quantiles[i].share)
        i++;
    return quantiles[i - 1].ms + (quantiles[i].ms - quantiles[i - 1].ms) *
                                     (ticket - quantiles[i - 1].share) /
                                     (quantiles[i].share - quantiles[i - 1].share);
}

enum fail_type faults_of_type(const struct world *world, struct zone zone, const struct name *name,
                              unsigned type)
{
    const struct faults *faults = world->faults;
    struct node node;

    if (!faults->any_type || type >= FAULTS_TYPES || faults->fail_types[type] == FAIL_NOT ||
        (zone.kind != ZONE_DOMAIN && zone.kind != ZONE_SLASH_24))
        return FAIL_NOT;
    if (zone.kind == ZONE_DOMAIN && (type == 1 || type == 28)) {
        model_find(world, name, zone.labels, &node);
        if (node.kind == NODE_SERVER)
            return FAIL_NOT;
    }
    return (enum fail_type)faults->fail_types[type];
}
