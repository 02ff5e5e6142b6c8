/*
 * What macros stand for: RFC 7208 section 7. Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_EXPAND_H
#define SRC_POSTURE_SPF_EXPAND_H

#include <mxsweep/address.h>
#include <mxsweep/name.h>

/* What the letters stand for, at `letter - 'a'`; `ptr` NULL: not to be used here. */
struct mxs_spf_scope {
    mxs_slice values['z' - 'a' + 1];
};

/* Sets i and v (and c, for explanations) from an address, their texts in the arena. */
void mxs_spf_scope_address(struct mxs_arena *arena, struct mxs_spf_scope *scope,
                           const struct mxs_address *address);
void mxs_spf_scope_set(struct mxs_spf_scope *scope, char letter, mxs_slice value);

/*
 * The name that a domain-spec stands for, and its text without a final dot: over 253 octets lose
 * labels from the left (section 7.3). False, `*name` zeroed: no name can be made of it
 * (section 4.8). Constant memory however much the macros grow.
 */
bool mxs_spf_expand_domain(struct mxs_arena *arena, const struct mxs_spf_scope *scope,
                           mxs_slice spec, struct mxs_name *name, mxs_slice *text);

/* An explain-string, section 6.2; `ptr` NULL when it is not one or gets too long. */
mxs_slice mxs_spf_expand_explanation(struct mxs_arena *arena, const struct mxs_spf_scope *scope,
                                     mxs_slice text);

/* True when the letter p, in either case, is used. */
bool mxs_spf_uses_p(mxs_slice text);

#endif
