/**
 * The zone layer: a question and the server it was sent to become the sections of an answer.
 *
 * Each server answers from its own zone only, as RFC 1034 section 4.3.2 has it: a referral below a
 * zone cut, aliases followed inside the zone, SOA with what does not exist. It knows nothing of
 * transports and headers.
 */
#ifndef SIMNET_ZONE_H
#define SIMNET_ZONE_H

#include "delegation.h"
#include "writer.h"

enum rcode {
    RCODE_NOERROR = 0,
    RCODE_FORMERR = 1,
    RCODE_SERVFAIL = 2,
    RCODE_NXDOMAIN = 3,
    RCODE_NOTIMP = 4,
    RCODE_REFUSED = 5,
    RCODE_BADVERS = 16,
};

struct question {
    struct name name;
    unsigned type;     /**< Any 16-bit value. */
    bool wants_dnssec; /**< Signatures and proofs are to come along (RFC 3225). */
};

struct reply {
    enum rcode rcode;
    bool authoritative;
};

/** Answers `question` as the server at `address`; the records go to `writer`, whose `question` is
 * the name asked for. */
void zone_answer(const struct world *world, uint32_t address, const struct question *question,
                 struct writer *writer, struct reply *reply);

#endif
