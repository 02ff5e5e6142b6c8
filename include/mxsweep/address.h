/**
 * IP addresses and the special-purpose table.
 *
 * One table (IANA special-purpose address registries, RFC 6890 and its updates) serves the
 * judgement "can the Internet reach this address?" and the list of addresses the resolver must not
 * send to.
 */
#ifndef MXSWEEP_ADDRESS_H
#define MXSWEEP_ADDRESS_H

#include <mxsweep/buffer.h>

struct mxs_address {
    uint8_t octets[16]; /**< Network order; IPv4 uses the first four, the rest is zero. */
    uint8_t len;        /**< 4 or 16. */
};

/** A block of the registry. */
struct mxs_address_block {
    struct mxs_address base;
    uint8_t prefix_len;
    bool global;      /**< "Globally Reachable" in the registry. */
    bool never_query; /**< No name server lives there: part of do-not-query-address. */
    const char *text; /**< The block in presentation form. */
    const char *source;
};

/** The blocks, in no order that matters: the most specific one counts. */
MXS_API extern const struct mxs_address_block mxs_address_blocks[];
MXS_API extern const size_t mxs_address_block_count;
/** Date of the registries the table was made from, YYYY-MM-DD. */
MXS_API extern const char mxs_address_registry_date[];

/** Reads the presentation form (RFC 4291 section 2.2, dotted quad); false for anything else. */
MXS_API bool mxs_address_parse(mxs_slice text, struct mxs_address *address);
/** `len` is 4 or 16. */
MXS_API struct mxs_address mxs_address_from_octets(const uint8_t *octets, uint8_t len);
MXS_API void mxs_address_write(const struct mxs_address *address, struct mxs_buffer *buffer);
/** IPv4 before IPv6, then by value. */
MXS_API int mxs_address_compare(const struct mxs_address *a, const struct mxs_address *b);
/** True for a global unicast address: one that a stranger's mail server can connect to. */
MXS_API bool mxs_address_is_global(const struct mxs_address *address);
MXS_API bool mxs_address_in_block(const struct mxs_address *address,
                                  const struct mxs_address_block *block);

#endif
