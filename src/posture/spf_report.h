/*
 * What is found on the way through the tree of SPF records: rules section 6.c rows 29 to 44.
 * Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_REPORT_H
#define SRC_POSTURE_SPF_REPORT_H

#include "posture/evaluation.h"
#include "posture/spf_tree.h"

/*
 * Walks the records in the order of evaluation and adds findings about look-ups, terms that find
 * nothing and dead targets; lists the visits in the posture. True when a question failed on the
 * way. The tree is summarised.
 */
bool mxs_spf_report(struct mxs_evaluation *evaluation, struct mxs_spf_tree *tree);

#endif
