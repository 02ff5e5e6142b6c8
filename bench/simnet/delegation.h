/**
 * Zones and who serves them.
 *
 * 127.0.1.1 serves the root, 127.0.2.1 to .250 the TLDs, two each, 127.0.3.1 in-addr.arpa,
 * 127.0.5.x the /8 zone x, 127.112.0.0/12 the /24 zones. Registered domains are served by a DNS
 * provider (127.64.0.0/12, two servers each) or by two servers of their own (127.80.0.0 on).
 */
#ifndef SIMNET_DELEGATION_H
#define SIMNET_DELEGATION_H

#include "model.h"

enum zone_kind {
    ZONE_ROOT,
    ZONE_TLD,
    ZONE_IN_ADDR,
    ZONE_SLASH_8,
    ZONE_SLASH_24,
    ZONE_DOMAIN,
    ZONE_KIND_COUNT,
};

/** A zone, seen from a name in it: the apex is the name's last `labels` labels. */
struct zone {
    enum zone_kind kind;
    unsigned labels;
};

/** The name servers of a zone. */
struct servers {
    unsigned count;
    struct name names[2];
    uint32_t addresses[2];
    bool glue; /**< The parent gives their addresses: they lie in its bailiwick. */
};

/** The kind of zone the server at `address` has, ZONE_KIND_COUNT when there is no server. */
enum zone_kind delegation_server_kind(uint32_t address);

/** The zone of `kind` that holds `name`; false when there is none. */
bool delegation_zone(const struct world *world, enum zone_kind kind, const struct name *name,
                     struct zone *zone);

/** The zone cut next below `zone` on the way to `name`; false when `name` is in the zone itself.
 * Tells nothing on whether that zone exists. */
bool delegation_cut(const struct world *world, struct zone zone, const struct name *name,
                    struct zone *cut);

/** Whether a zone found by `delegation_cut` exists. */
bool delegation_exists(const struct world *world, struct zone cut, const struct name *name);

/** The name servers of an existing zone that holds `name`. */
void delegation_servers(const struct world *world, struct zone zone, const struct name *name,
                        struct servers *servers);

/** Whether the server at `address` is one of the zone's. */
bool delegation_is_served_by(const struct world *world, struct zone zone, const struct name *name,
                             uint32_t address);

/** Whether it is the first of them. */
bool delegation_is_first_server(const struct world *world, struct zone zone,
                                const struct name *name, uint32_t address);

/** Whether the zone is one of those that are signed where anything is: the root, the TLDs, a share
 * of the domains. */
bool delegation_is_signed(const struct world *world, struct zone zone, const struct name *name);

#endif
