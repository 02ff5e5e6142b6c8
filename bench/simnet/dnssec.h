/**
 * Signed zones: which keys a zone has, its DNSKEY and DS records, and signatures over RRsets (RFC
 * 4034), made when an answer needs them and kept for the next one.
 */
#ifndef SIMNET_DNSSEC_H
#define SIMNET_DNSSEC_H

#include <stdio.h>

#include "delegation.h"
#include "keys.h"
#include "writer.h"

enum {
    SIGNATURES_KEPT = 1 << 16,
    DNSSEC_LABELS_ALL = 255, /**< The owner is no expanded wildcard. */
};

/** How a zone says that something does not exist. */
enum denial {
    DENIAL_NSEC,    /**< NSEC records just around the name (RFC 4470). */
    DENIAL_NSEC3,   /**< The same with hashes (RFC 5155), no salt, no extra iterations. */
    DENIAL_COMPACT, /**< One NSEC record at the name (RFC 9824). */
    DENIAL_COUNT,
};

struct kept_signature {
    uint64_t key; /**< Of what was signed; 0: a free place. */
    size_t len;
    uint8_t bytes[KEY_SIGNATURE_MAX];
};

/** What signing needs beside the world. */
struct signer {
    struct keys *keys;
    uint64_t made, reused;
    struct kept_signature kept[SIGNATURES_KEPT];
};

/** One zone's way of signing. */
struct signing {
    const struct world *world;
    struct zone zone;
    struct span apex; /**< Of `zone`. Points into the name that was asked for. */
    bool is_signed;   /**< The zone is signed; what follows is set only then. */
    bool active;      /**< ... and the client wants to see it. */
    bool opt_out;     /**< NSEC3 passes over unsigned delegations. */
    bool broken;      /**< The zone does not validate, in the way `bogus`. */
    unsigned bogus;   /**< enum bogus */
    enum denial denial;
    unsigned key_signing, zone_signing; /**< Numbers of keys, the same where one does both. */
};

/** NULL when memory or libcrypto fails. */
struct signer *signer_new(uint64_t seed);
void signer_free(struct signer *signer);

/** How `zone`, which holds `name`, is signed. `wanted`: the client asked for signatures. */
void dnssec_zone(const struct world *world, struct zone zone, const struct name *name, bool wanted,
                 struct signing *signing);

/** Where an RRset begins in a packet, and the section it is in. */
struct mark {
    size_t start;
    enum section section;
};

/**
 * Signs the RRset that `writer` holds from `mark` on, and writes the RRSIG record.
 *
 * `owner` is its name. `labels`: of how many labels the parent of the wildcard is that the owner
 * was expanded from, or DNSSEC_LABELS_ALL. Does nothing where signing is not active.
 */
void dnssec_sign(const struct signing *signing, struct writer *writer, struct mark mark,
                 struct span owner, unsigned labels);

/** Writes the zone's DNSKEY records to the answer section, not yet signed. */
void dnssec_write_keys(const struct signing *signing, struct writer *writer);

/** Writes the DS record of `child`, a signed zone, at its apex. */
void dnssec_write_ds(const struct signing *child, struct writer *writer, enum section section);

/** Writes the root's DNSKEY and DS records as text: what validators trust. */
bool dnssec_write_anchor(const struct world *world, FILE *file);

#endif
