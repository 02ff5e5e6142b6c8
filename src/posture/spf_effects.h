/*
 * What a term with a look-up does to whoever reaches it, over sets of addresses: RFC 7208 section
 * 5. Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_EFFECTS_H
#define SRC_POSTURE_SPF_EFFECTS_H

#include "posture/spf_tree.h"

struct mxs_spf_effect {
    enum {
        MXS_SPF_EFFECT_NOTHING,
        MXS_SPF_EFFECT_MATCH,     /* of `set` */
        MXS_SPF_EFFECT_DYNAMIC,   /* whom it matches depends on the message */
        MXS_SPF_EFFECT_PERMERROR, /* for everybody */
        MXS_SPF_EFFECT_RECORD,    /* what `record` does */
    } kind;
    struct mxs_address_set set;
    const struct mxs_spf_side *record;
    bool found_nothing;  /* a void look-up */
    unsigned void_hosts; /* exchanges without an address: void, too, where questions are counted */
    bool failed;         /* a question failed: what is matched is not sure */
};

/* The effect of a link on the clients of one family; its records are summarised. */
struct mxs_spf_effect mxs_spf_effect_of(struct mxs_spf_tree *tree, enum mxs_spf_family family,
                                        const struct mxs_spf_link *link);

#endif
