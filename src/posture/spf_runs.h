/*
 * Sets of addresses within a budget of work, and what a run of ip4 and ip6 terms matches. Internal
 * to src/posture.
 */
#ifndef SRC_POSTURE_SPF_RUNS_H
#define SRC_POSTURE_SPF_RUNS_H

#include <mxsweep/address_set.h>
#include <mxsweep/spf.h>

struct mxs_spf_tree;

enum { MXS_SPF_QUALIFIERS = 4 };

/* Whom the first term that lists them gives each qualifier: disjoint sets. */
struct mxs_spf_matches {
    struct mxs_address_set sets[MXS_SPF_QUALIFIERS];
};

/* Union, intersection, difference; over the budget of `tree->work_left` the set is not known. */
struct mxs_address_set mxs_spf_join(struct mxs_spf_tree *tree, const struct mxs_address_set *a,
                                    const struct mxs_address_set *b);
struct mxs_address_set mxs_spf_common(struct mxs_spf_tree *tree, const struct mxs_address_set *a,
                                      const struct mxs_address_set *b);
struct mxs_address_set mxs_spf_without(struct mxs_spf_tree *tree, const struct mxs_address_set *a,
                                       const struct mxs_address_set *b);

/* The terms of that family among `count` terms; the others are skipped. O(n log n). */
struct mxs_spf_matches mxs_spf_match_run(struct mxs_spf_tree *tree, uint8_t family,
                                         const struct mxs_spf_term *terms, size_t count);

#endif
