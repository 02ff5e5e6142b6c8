/**
 * What goes wrong, and where: a pure function of the seed and a zone or server, but for the loss of
 * single packets.
 *
 * A zone below the TLDs has at most one fault of its own. Nothing goes wrong at the root and the
 * TLDs, or in the zones of the table in fixture_rows.c. Names are lower case in every text.
 */
#ifndef SIMNET_FAULTS_H
#define SIMNET_FAULTS_H

#include "delegation.h"

enum fault {
    FAULT_SERVFAIL,  /**< Zone: its servers answer SERVFAIL to everything. */
    FAULT_SILENT,    /**< Zone: its servers never answer. */
    FAULT_REFUSED,   /**< Zone: its servers know nothing of it (REFUSED). */
    FAULT_LAME,      /**< Zone: the first of its servers knows nothing of it. */
    FAULT_FORMERR,   /**< Zone: its servers answer FORMERR to EDNS. */
    FAULT_TRUNCATE,  /**< Zone: each answer over UDP is truncated. */
    FAULT_SLOW,      /**< Zone: answers over UDP come FAULTS_SLOW_MS late. */
    FAULT_RATELIMIT, /**< Server: drops what exceeds FAULTS_RATE questions in a second. */
    FAULT_LOSS,      /**< Any packet to such a server, or its answer. */
    FAULT_BOGUS,     /**< Signed zone: its signatures do not validate. */
    FAULT_TYPE,      /**< --fail-type: questions of this type get SERVFAIL or no answer. */
    FAULT_COUNT,
    FAULT_NONE = FAULT_COUNT,
};

/** How a signed zone fails to validate. */
enum bogus { BOGUS_SIGNATURE, BOGUS_EXPIRED, BOGUS_UNSIGNED, BOGUS_DS, BOGUS_COUNT };

enum fail_type { FAIL_NOT, FAIL_SERVFAIL, FAIL_DROP };

enum {
    FAULTS_SLOW_MS = 1500,
    FAULTS_RATE = 20,
    FAULTS_TYPES = 258, /**< Types that can be made to fail: up to CAA. */
};

struct faults {
    uint32_t shares[FAULT_COUNT]; /**< Per 100,000. */
    uint8_t fail_types[FAULTS_TYPES];
    bool any;      /**< Some share is not 0, or some type fails. */
    bool any_type; /**< Some type fails. */
    bool latency;  /**< Each server has its distance. */
    uint64_t dice; /**< State of the loss of packets. */
};

const char *faults_name(enum fault fault);

/** Adds `CLASS[=SHARE]` items parted by commas, `all` or `off`; a share is a number from 0 to 1.
 * False when something is not understood. */
bool faults_parse(struct faults *faults, const char *text);

/** Adds `TYPE=servfail` or `TYPE=drop`. False when it is not understood. */
bool faults_parse_type(struct faults *faults, const char *text);

/** The fault of the zone that holds `name`: up to FAULT_SLOW, or FAULT_NONE. */
enum fault faults_of_zone(const struct world *world, struct zone zone, const struct name *name);

/** Whether a signed zone fails to validate, and how (BOGUS_COUNT: it validates). */
enum bogus faults_bogus(const struct world *world, struct span apex);

/** Whether the server at `address` drops what exceeds FAULTS_RATE. */
bool faults_limits_rate(const struct world *world, uint32_t address);

/** Throws the dice for one packet. */
bool faults_lose(struct faults *faults);

/** How far away the server at `address` is. */
unsigned faults_latency_ms(const struct world *world, uint32_t address);

/** How a question of `type` at `name` in `zone` fails by --fail-type. Addresses of name servers
 * never do, as nothing could be asked without them. */
enum fail_type faults_of_type(const struct world *world, struct zone zone, const struct name *name,
                              unsigned type);

#endif
