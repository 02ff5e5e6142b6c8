/**
 * Sets of IP addresses of one family, as sorted disjoint intervals.
 *
 * For SPF's static analysis (rules section 18.1): which addresses a record passes, fails,
 * soft-fails. Memory is the arena's; a set is immutable once made, so sets may share their
 * intervals. Bounded: a set of more than MXS_ADDRESS_SET_MAX intervals is not made, the result says
 * so.
 */
#ifndef MXSWEEP_ADDRESS_SET_H
#define MXSWEEP_ADDRESS_SET_H

#include <mxsweep/address.h>
#include <mxsweep/arena.h>

enum { MXS_ADDRESS_SET_MAX = 20000 };

/** An address as a number: IPv4 in the low 32 bits. */
struct mxs_u128 {
    uint64_t high, low;
};

struct mxs_interval {
    struct mxs_u128 first, last; /**< Both inclusive. */
};

struct mxs_address_set {
    uint8_t family; /**< 4 or 6. */
    const struct mxs_interval *intervals;
    size_t count;
    bool over_limit; /**< Too many intervals: the set is not known. */
};

/** Nothing, and everything, of a family (4 or 6). */
MXS_API struct mxs_address_set mxs_address_set_empty(uint8_t family);
MXS_API struct mxs_address_set mxs_address_set_all(struct mxs_arena *arena, uint8_t family);
/** The block of `address` with `prefix_len` bits; host bits are ignored. */
MXS_API struct mxs_address_set mxs_address_set_block(struct mxs_arena *arena,
                                                     const struct mxs_address *address,
                                                     unsigned prefix_len);

MXS_API struct mxs_address_set mxs_address_set_union(struct mxs_arena *arena,
                                                     const struct mxs_address_set *a,
                                                     const struct mxs_address_set *b);
MXS_API struct mxs_address_set mxs_address_set_intersect(struct mxs_arena *arena,
                                                         const struct mxs_address_set *a,
                                                         const struct mxs_address_set *b);
/** What is in `a` and not in `b`. */
MXS_API struct mxs_address_set mxs_address_set_subtract(struct mxs_arena *arena,
                                                        const struct mxs_address_set *a,
                                                        const struct mxs_address_set *b);

MXS_API bool mxs_address_set_is_empty(const struct mxs_address_set *set);
MXS_API bool mxs_address_set_contains(const struct mxs_address_set *set,
                                      const struct mxs_address *address);
/** Number of addresses of an IPv4 set, at most 2^32. */
MXS_API uint64_t mxs_address_set_count_ipv4(const struct mxs_address_set *set);
/** Number of distinct /64 that hold at least one address of an IPv6 set, UINT64_MAX when more. */
MXS_API uint64_t mxs_address_set_count_64s(const struct mxs_address_set *set);

#endif
