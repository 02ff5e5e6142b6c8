/**
 * What becomes of a question before it is answered: the faults, applied and told to the referee.
 */
#ifndef SIMNET_FATE_H
#define SIMNET_FATE_H

#include "referee.h"
#include "zone.h"

struct fate {
    bool drop;     /**< No answer. */
    bool truncate; /**< An answer without content, with TC. */
    bool fails;    /**< `rcode` is the answer. */
    bool bogus;    /**< Signatures of the answer do not validate. */
    enum rcode rcode;
    unsigned delay_ms; /**< How late an answer over UDP is. */
};

/** What the server at `address` and the way to it do to a question. `has_edns`: the request came
 * with EDNS. `is_udp`: packets can get lost, come late, be too large. */
struct asked {
    uint32_t address;
    bool has_edns;
    bool is_udp;
    const struct question *question;
};

void fate_decide(const struct world *world, struct referee *referee, const struct asked *asked,
                 struct fate *fate);

#endif
