/**
 * Reverse names: in-addr.arpa, its zones, and the host names that stand for addresses.
 *
 * There is no memory of which host got which address, so a PTR leads to a name made from the
 * address, `mta-XXXXXXXX.relayNN.net`, whose A record is made back from the name: confirmed. A few
 * lead elsewhere (not confirmed) or do not exist (missing).
 */
#ifndef SIMNET_REVERSE_H
#define SIMNET_REVERSE_H

#include "model.h"

/** How many octets of an address follow in-addr.arpa, 0 to 3; the fourth is not counted. */
unsigned reverse_octets(const struct name *name);

/** Which zone of the reverse tree a name falls in, as labels of its apex counted from the root;
 * 2 (in-addr.arpa), 3 (a /8) or 5 (a /24). 0: `name` is not in in-addr.arpa. */
unsigned reverse_zone(const struct name *name);

/** The address a reverse name stands for; false when it is not four octets and in-addr.arpa. */
bool reverse_address(const struct name *name, uint32_t *address);

/** PTR record `index` of an address; false past the last (none: the name does not exist). */
bool reverse_pointer(const struct world *world, uint32_t address, unsigned index,
                     struct name *target);

/** The address that the host label `label` of a relay zone stands for. */
bool reverse_relay_address(struct span label, uint32_t *address);

#endif
