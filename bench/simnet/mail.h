/**
 * Where a domain's mail goes: its MX records, the providers, and the addresses of hosts.
 */
#ifndef SIMNET_MAIL_H
#define SIMNET_MAIL_H

#include "model.h"

enum { MAIL_HOST_DEAD = 7 }; /**< Own hosts from this number on never exist. */

/** MX record `index` of a domain; false when it has no such record. */
bool mail_exchange(const struct domain *domain, struct span owner, unsigned index,
                   unsigned *preference, struct name *target);

/** Chooses a provider of RECEIVE_HOSTED and how many of its hosts the domain names. */
unsigned mail_choose_provider(uint64_t hash, unsigned *mx_count);

/** The SPF include of the domain's provider, or NULL when its mail is its own. `text` may be used
 * to build it. */
const char *mail_provider_spf(const struct domain *domain, char *text, size_t size);

/** Address `index` of a host, host byte order; false past the last. */
bool mail_address_v4(const struct node *node, unsigned index, uint32_t *address);

/** IPv6 address `index` of a host; false past the last. */
bool mail_address_v6(const struct node *node, unsigned index, uint8_t address[16]);

/** Writes a name with hyphens for dots, as one label of at most 50 bytes. */
void mail_dashed(struct span name, char *text, size_t size);

#endif
