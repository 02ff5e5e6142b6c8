/**
 * The names that are the same in every simulated Internet: second-level suffixes, the root's and
 * the TLDs' servers, DNS providers, mail providers with their hosts and SPF records.
 *
 * Built once at start and constant after that. Providers bear the names of real ones, so that
 * what recognises a provider by its host names has something to recognise; nothing else about
 * them is real.
 */
#ifndef SIMNET_FIXTURES_H
#define SIMNET_FIXTURES_H

#include "name.h"

enum fixture_kind {
    FIXTURE_SUFFIX, /**< Registrations are one label below, as at co.uk. */
    FIXTURE_DOMAIN, /**< A registered domain that surely exists and has mail hosts of its own. */
    FIXTURE_GONE,   /**< A registrable domain that surely does not exist. */
    FIXTURE_RELAYS, /**< A domain whose host names stand for addresses: see reverse.h. */
    FIXTURE_EMPTY,  /**< An empty non-terminal. */
    FIXTURE_HOST,   /**< A mail or web host with public addresses. */
    FIXTURE_SERVER, /**< A name server; `value` is its address on loopback. */
    FIXTURE_TEXT,   /**< One TXT record: `text`. */
    FIXTURE_MAIL,   /**< A name that takes mail at a provider. */
};

struct fixture {
    enum fixture_kind kind;
    const char *text; /**< The SPF record of a domain or the record of a TEXT, else NULL. */
    uint32_t value;   /**< SERVER: address. DOMAIN: its number as DNS provider + 1, or 0. */
};

/** A row of the table in fixture_rows.c; a name that begins with "*." is a wildcard. */
struct fixture_row {
    const char *name;
    const char *text;
    enum fixture_kind kind;
};

extern const struct fixture_row fixture_rows[];
extern const size_t fixture_row_count;

enum {
    DNS_PROVIDER_COUNT = 2000,
    MAIL_HOST_COUNT = 40, /**< Small mail providers, mailhost00.net and on. */
    RELAY_ZONE_COUNT = 32,
    TLD_SERVER_COUNT = 250,
};

struct fixtures;

/** Builds the table; NULL without memory. The caller frees it. */
struct fixtures *fixtures_new(void);
void fixtures_free(struct fixtures *fixtures);

/** The fixture of a name in wire form, lower case, or NULL. */
const struct fixture *fixtures_find(const struct fixtures *fixtures, struct span name);

/** The fixture at `*.name`, or NULL. */
const struct fixture *fixtures_find_wildcard(const struct fixtures *fixtures, struct span name);

/** Writes the domain of a DNS provider, 0 to DNS_PROVIDER_COUNT - 1, as text. */
void dns_provider_domain(unsigned number, char *text, size_t size);

/** The address of one of the two servers (0 or 1) of a DNS provider. */
uint32_t dns_provider_address(unsigned number, unsigned server);

/** How many of the last labels of `name` are its registrable domain: 2, or 3 below a suffix; 0
 * when it has none (the root, a TLD, a suffix). */
unsigned fixtures_registrable(const struct fixtures *fixtures, const struct name *name);

#endif
