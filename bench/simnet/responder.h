/**
 * From the bytes of a request to the bytes of a response.
 *
 * Any bytes are fine: what is no query gets no answer, what is malformed FORMERR.
 */
#ifndef SIMNET_RESPONDER_H
#define SIMNET_RESPONDER_H

#include "counts.h"
#include "zone.h"

enum {
    RESPONSE_MAX = 16384,    /**< More than any answer of ours needs. */
    UDP_RESPONSE_MAX = 1232, /**< The largest answer over UDP, whatever the client says. */
};

enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

struct responder {
    struct world world;
    struct counts counts;
    FILE *log; /**< Where questions are written, or NULL. */
};

/** A request as a server gets it. */
struct request {
    enum transport transport;
    uint32_t address; /**< The server's, in host byte order. */
    struct span bytes;
};

/**
 * Answers `request` in `response`, which has room for `capacity` bytes, at least 512.
 *
 * Returns the length of the response; 0: the request deserves none. Over UDP an answer that
 * exceeds what the client takes, or UDP_RESPONSE_MAX, is truncated (TC).
 */
size_t responder_answer(struct responder *responder, const struct request *request,
                        uint8_t *response, size_t capacity);

#endif
