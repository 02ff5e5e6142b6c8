/*
 * What is said of a single SPF term by itself: rules section 6.c rows 18 to 22 and 25 to 28.
 * Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_TERM_RULES_H
#define SRC_POSTURE_SPF_TERM_RULES_H

#include <mxsweep/spf_shape.h>

struct mxs_spf_term_rule {
    bool (*holds)(const struct mxs_spf_term *term);
    enum mxs_finding_id id;
    unsigned most; /* findings of this kind in one record */
};

extern const struct mxs_spf_term_rule mxs_spf_term_rules[];
extern const size_t mxs_spf_term_rule_count;

#endif
