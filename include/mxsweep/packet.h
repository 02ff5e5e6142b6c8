/**
 * Reading a reply packet into an answer. RFC 1035 section 4, RFC 2308, RFC 9824.
 *
 * The packet is hostile until read: every length is checked, names are bounded, and what cannot be
 * read makes the answer `temp` / `malformed`, never absent.
 */
#ifndef MXSWEEP_PACKET_H
#define MXSWEEP_PACKET_H

#include <mxsweep/answer.h>

enum {
    MXS_ALIAS_MAX = 16,        /**< Aliases followed, rules section 1.1. */
    MXS_RECORDS_MAX = 1000,    /**< Records of one answer that are kept; more is `limit`. */
    MXS_TXT_RECORDS_MAX = 100, /**< TXT records at one name, rules section 17.4; more is `limit`. */
    MXS_TXT_BYTES_MAX = 64 << 10 /**< Their octets together, same place. */
};

/** A reply as the resolver hands it over. */
struct mxs_packet {
    const uint8_t *bytes;
    size_t len;
    enum mxs_dnssec dnssec; /**< The validator's word on it; bogus packets are not looked into. */
    mxs_slice why_bogus;    /**< Reason in words when bogus. */
};

/**
 * Fills `answer`, whose `name` and `type` hold the question, from the reply to that question.
 *
 * All that the answer points to is copied into `arena`. The question section is not compared: the
 * resolver did so. Returns false when memory ran out; the answer is then `temp` / `internal`.
 */
MXS_API bool mxs_packet_read(const struct mxs_packet *packet, struct mxs_arena *arena,
                             struct mxs_answer *answer);

#endif
