/**
 * From the bytes of a request to the bytes of a response.
 *
 * Any bytes are fine: what is no query gets no answer, what is malformed FORMERR.
 */
#ifndef SIMNET_RESPONDER_H
#define SIMNET_RESPONDER_H

#include "counts.h"
#include "referee.h"
#include "zone.h"

enum {
    RESPONSE_MAX = 16384,    /**< More than any answer of ours needs. */
    UDP_RESPONSE_MAX = 1232, /**< The largest answer over UDP, whatever the client says. */
};

enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

struct responder {
    struct world world;
    struct counts counts;
    struct referee referee; /**< Its `now_ms` is set by the server before each batch. */
    FILE *log;              /**< Where questions are written, or NULL. */
};

/** A request as a server gets it. */
struct request {
    enum transport transport;
    uint32_t address; /**< The server's, in host byte order. */
    struct span bytes;
};

/** Room for an answer, and the answer. */
struct answer {
    uint8_t *bytes;
    size_t capacity;   /**< At least 512. */
    size_t len;        /**< 0: the request deserves no answer, or a fault swallowed it. */
    unsigned delay_ms; /**< How late it is to be sent, over UDP. */
};

/**
 * Answers `request` in `answer`, whose `bytes` and `capacity` are set by the caller.
 *
 * Over UDP an answer that exceeds what the client takes, or UDP_RESPONSE_MAX, is truncated (TC).
 */
void responder_answer(struct responder *responder, const struct request *request,
                      struct answer *answer);

#endif
