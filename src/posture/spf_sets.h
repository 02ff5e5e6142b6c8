/*
 * What a record makes of all addresses at once: rules section 18.1. Internal to src/posture.
 *
 * A record is evaluated over sets of addresses, from left to right. Clients that a record treats
 * alike but that have cost unlike numbers of look-ups on the way are kept apart, because the limits
 * of RFC 7208 section 4.6.4 are over the whole evaluation. A record's summary counts from zero, so
 * it holds for whoever includes it: limits are applied again where summaries are joined.
 */
#ifndef SRC_POSTURE_SPF_SETS_H
#define SRC_POSTURE_SPF_SETS_H

#include <mxsweep/address_set.h>
#include <mxsweep/spf_check.h>

/* How sure a class is, as bits. */
enum mxs_spf_doubt {
    /* Only if a term matches whose match depends on the message; the others say: it does not. */
    MXS_SPF_MAYBE = 1 << 0,
    /* Behind a question that failed: everything may be otherwise. */
    MXS_SPF_UNSURE = 1 << 1,
};

/* Clients with one fate so far. */
struct mxs_spf_part {
    struct mxs_address_set set;
    uint8_t lookups, voids;
    uint8_t doubt; /* set of enum mxs_spf_doubt */
};

/* Clients with one result. NONE: no record; TEMPERROR: not known. */
struct mxs_spf_class {
    struct mxs_spf_part part;
    enum mxs_spf_code result;
    bool direct; /* by a term of the record itself, not of one it leads to */
};

/* One family's side of a summary. */
struct mxs_spf_side {
    const struct mxs_spf_class *classes; /* all clients; those of MAYBE once more */
    unsigned class_count;
    struct mxs_spf_class unlisted; /* who no term but "all" matches; its set is not used */
    unsigned voids, void_queries;  /* of all terms, counted in both ways of rules section 6.e */
};

struct mxs_spf_summary {
    struct mxs_spf_side sides[2];
    unsigned lookups; /* of all terms, rules section 6.e; ends at MXS_SPF_EXPANDED_MAX */
};

struct mxs_spf_tree;
struct mxs_spf_node;

/* Summarises the record of `node` and all it leads to; at once if that was done before. */
void mxs_spf_summarise(struct mxs_spf_tree *tree, struct mxs_spf_node *node);

/* The union of the classes with `result`, and with none of the doubts in `doubts`. */
struct mxs_address_set mxs_spf_side_set(struct mxs_spf_tree *tree, const struct mxs_spf_side *side,
                                        enum mxs_spf_code result, unsigned doubts,
                                        bool direct_only);

#endif
