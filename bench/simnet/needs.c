#include "needs.h"

#include "faults.h"

static struct span whole(const struct name *name)
{
    return name_suffix(name, name->labels);
}

/* Adds a name once. False: it is there already, or there is no room. */
static bool add(struct needs *needs, const struct name *name, struct zone zone)
{
    for (size_t i = 0; i < needs->count; i++)
        if (span_equal(whole(&needs->items[i].name), whole(name)))
            return false;
    if (needs->count == NEEDS_MAX)
        return false;
    needs->items[needs->count].name = *name;
    needs->items[needs->count++].zone = zone;
    return true;
}

/* Adds a name and its zone's apex; true when both it and the zone are new. */
static bool add_with_zone(const struct world *world, const struct name *name, struct needs *needs)
{
    struct name apex;
    struct zone zone;

    if (!delegation_zone(world, ZONE_DOMAIN, name, &zone))
        return false;
    add(needs, name, zone);
    return name_join(&apex, "", name_suffix(name, zone.labels)) &&
           (add(needs, &apex, zone) || apex.labels == name->labels);
}

void needs_add(const struct world *world, const struct name *name, struct needs *needs)
{
    struct servers servers;
    struct zone zone;

    if (!add_with_zone(world, name, needs) || !delegation_zone(world, ZONE_DOMAIN, name, &zone))
        return;
    delegation_servers(world, zone, name, &servers);
    for (unsigned i = 0; i < servers.count; i++)
        add_with_zone(world, &servers.names[i], needs);
}

static void write_text(struct span wire, FILE *file)
{
    char text[NAME_MAX_WIRE + 1];

    span_to_text(wire, text, sizeof text);
    fprintf(file, "\"%s\"", text);
}

/* A correct scanner overcomes these, by another server, another transport, DNS without EDNS; only
 * what is signed cannot be had without EDNS. */
static bool is_harmless(enum fault fault, bool is_signed)
{
    return fault == FAULT_LAME || fault == FAULT_TRUNCATE || (fault == FAULT_FORMERR && !is_signed);
}

/* Writes the faults of one zone; returns whether a question there may stay unanswered. */
static bool write_faults(const struct world *world, const struct need *need, unsigned *written,
                         FILE *file)
{
    struct span apex = name_suffix(&need->name, need->zone.labels);
    enum fault faults[4];
    size_t count = 0;
    bool allowed = false,
         is_signed = world->signer != NULL && delegation_is_signed(world, need->zone, &need->name);
    struct servers servers;

    faults[count] = faults_of_zone(world, need->zone, &need->name);
    count += faults[count] != FAULT_NONE;
    delegation_servers(world, need->zone, &need->name, &servers);
    if (faults_limits_rate(world, servers.addresses[0]) ||
        faults_limits_rate(world, servers.addresses[1]))
        faults[count++] = FAULT_RATELIMIT;
    if (is_signed && faults_bogus(world, apex) != BOGUS_COUNT)
        faults[count++] = FAULT_BOGUS;
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%s{\"zone\":", (*written)++ > 0 ? "," : "");
        write_text(apex, file);
        fprintf(file, ",\"fault\":\"%s\"}", faults_name(faults[i]));
        allowed = allowed || !is_harmless(faults[i], is_signed);
    }
    return allowed;
}

/* The addresses of the zones' servers. */
static void write_servers(const struct world *world, const struct needs *needs, FILE *file)
{
    struct servers servers;
    unsigned written = 0;

    for (size_t i = 0; i < needs->count; i++) {
        const struct need *need = &needs->items[i];
        if (need->zone.labels != need->name.labels)
            continue;
        delegation_servers(world, need->zone, &need->name, &servers);
        for (unsigned j = 0; j < servers.count; j++)
            fprintf(file, "%s\"%u.%u.%u.%u\"", written++ > 0 ? "," : "", servers.addresses[j] >> 24,
                    servers.addresses[j] >> 16 & 255, servers.addresses[j] >> 8 & 255,
                    servers.addresses[j] & 255);
    }
}

void needs_write(const struct world *world, const struct needs *needs, FILE *file)
{
    bool allowed = world->faults->any_type || world->faults->shares[FAULT_LOSS] > 0;
    unsigned written = 0;

    fputs(",\"needs\":[", file);
    for (size_t i = 0; i < needs->count; i++) {
        fputs(i > 0 ? "," : "", file);
        write_text(whole(&needs->items[i].name), file);
    }
    fputs("],\"servers\":[", file);
    write_servers(world, needs, file);
    fputs("],\"faults\":[", file);
    for (size_t i = 0; i < needs->count; i++)
        if (needs->items[i].zone.labels == needs->items[i].name.labels &&
            write_faults(world, &needs->items[i], &written, file))
            allowed = true;
    fprintf(file, "],\"unknown_allowed\":%s", allowed ? "true" : "false");
}
