/*
 * A mail host and its addresses: RFC 5321 section 5.1, rules section 4. Internal to src/posture.
 */
#ifndef SRC_POSTURE_HOSTS_H
#define SRC_POSTURE_HOSTS_H

#include "posture/evaluation.h"

/* How an MX target is written, before any question. */
enum mxs_target_form {
    MXS_TARGET_HOST,        /* a name to be asked about */
    MXS_TARGET_ROOT,        /* the null MX, RFC 7505 */
    MXS_TARGET_IP_LITERAL,  /* an address where a name belongs: not asked, unusable */
    MXS_TARGET_SPECIAL_USE, /* a reserved name: not asked, unusable */
};

enum mxs_target_form mxs_target_form(const struct mxs_evaluation *evaluation,
                                     struct mxs_name target);

/* Asks for A and AAAA of `name` and concludes whether a stranger's server can reach it. */
void mxs_evaluate_host(struct mxs_evaluation *evaluation, struct mxs_name name,
                       struct mxs_host *host);

/* Judges an MX target that was asked about: the findings about one host. */
void mxs_judge_target(struct mxs_evaluation *evaluation, const struct mxs_host *host);

/* Judges the domain's own addresses where it has no MX. */
void mxs_judge_implicit_host(struct mxs_evaluation *evaluation, const struct mxs_host *host);

/* Global addresses in one answer. */
unsigned mxs_count_global(const struct mxs_answer *answer);

#endif
