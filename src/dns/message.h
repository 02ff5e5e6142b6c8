/*
 * A reply packet under our hands: its header read, its sections found, its records walked one by
 * one. Internal to src/dns. Nothing is copied; every length is checked against the packet's end.
 */
#ifndef SRC_DNS_MESSAGE_H
#define SRC_DNS_MESSAGE_H

#include <mxsweep/answer.h>

struct mxs_section {
    size_t at; /* offset of the first record */
    unsigned count;
};

struct mxs_message {
    const uint8_t *bytes;
    size_t len;
    unsigned rcode;
    struct mxs_section answer, authority;
};

/* An uncompressed name on the stack, case as it came. */
struct mxs_wire_name {
    uint8_t octets[MXS_NAME_MAX];
    size_t len;
};

struct mxs_rr {
    struct mxs_wire_name owner;
    uint16_t type, class;
    uint32_t ttl_s;
    size_t rdata_at; /* offset in the message */
    size_t rdata_len;
};

/* Reads the header and finds the sections; false when the packet was cut: it ends early, or TC. */
bool mxs_message_open(const uint8_t *bytes, size_t len, struct mxs_message *message);

/* Unpacks the name at `*at`, which moves behind it; false when there is none. */
bool mxs_message_name(const struct mxs_message *message, size_t *at, struct mxs_wire_name *name);

/* Reads the record at `*at`, which moves behind it; false when it does not fit. */
bool mxs_message_rr(const struct mxs_message *message, size_t *at, struct mxs_rr *rr);

/* Equality of a name from the packet with one of ours, letters of either case alike. */
bool mxs_wire_name_equal(const struct mxs_wire_name *wire, struct mxs_name name);

/* What a signed denial says of the name it denies (rules section 1.4). */
enum mxs_denial {
    MXS_DENIAL_SILENT,      /* no NSEC or NSEC3 at this very name */
    MXS_DENIAL_NONEXISTENT, /* the NXNAME bit: RFC 9824 */
    MXS_DENIAL_UNCERTAIN,   /* RRSIG and NSEC alone: an empty non-terminal, or a black lie */
    MXS_DENIAL_EXISTS,
};

/* Looks for an NSEC or NSEC3 at `name` in the authority section of a secure message. */
enum mxs_denial mxs_message_denial(const struct mxs_message *message, struct mxs_name name);

#endif
