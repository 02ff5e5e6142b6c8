/*
 * Do the domain's own mail hosts pass its SPF? Rules section 18.2. Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_OWN_MX_H
#define SRC_POSTURE_SPF_OWN_MX_H

#include "posture/evaluation.h"
#include "posture/spf_tree.h"

/* check_host() for up to eight addresses of the MX hosts, and row 50. The tree is whole. */
void mxs_spf_evaluate_own_mx(struct mxs_evaluation *evaluation, struct mxs_spf_tree *tree);

#endif
