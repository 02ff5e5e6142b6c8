/*
 * One run of an evaluation, and what every area does in it: ask, note what it rests on, and find.
 * Internal to src/posture.
 */
#ifndef SRC_POSTURE_EVALUATION_H
#define SRC_POSTURE_EVALUATION_H

#include <mxsweep/posture.h>

/* A bogus answer that was needed, once. */
struct mxs_bogus {
    const struct mxs_answer *answer;
    bool decides; /* an area needed it that counts for mail itself (rules section 14) */
    struct mxs_bogus *next;
};

struct mxs_evaluation {
    struct mxs_arena *arena;
    struct mxs_answers *answers;
    const struct mxs_posture_options *options;
    struct mxs_posture *posture;
    struct mxs_bogus *bogus;
};

const struct mxs_answer *mxs_evaluation_ask(struct mxs_evaluation *evaluation, struct mxs_name name,
                                            uint16_t type);

/*
 * Notes that `area` rests on `answer`. True when the answer is definite; else the area is unknown
 * unless something is proven already (rules section 1.1, I1 to I5).
 */
bool mxs_evaluation_need(struct mxs_evaluation *evaluation, enum mxs_area area,
                         const struct mxs_answer *answer);

/* A finding with the catalogue's severity; NULL when memory is out. */
struct mxs_finding *mxs_evaluation_find(struct mxs_evaluation *evaluation, enum mxs_finding_id id,
                                        struct mxs_name name);
/* The same with the catalogue's other severity where `alternative` holds. */
void mxs_evaluation_find_either(struct mxs_evaluation *evaluation, enum mxs_finding_id id,
                                struct mxs_name name, bool alternative);

/* The generic grade of rules section 16.4: fail, unknown, warn or pass by findings and failures. */
enum mxs_grade mxs_evaluation_grade(const struct mxs_evaluation *evaluation, enum mxs_area area);

/* The areas, in the order of the rules. Each fills its part of the posture. */
void mxs_evaluate_mx(struct mxs_evaluation *evaluation);
void mxs_evaluate_spf(struct mxs_evaluation *evaluation);
void mxs_evaluate_dmarc(struct mxs_evaluation *evaluation);
void mxs_evaluate_dnssec(struct mxs_evaluation *evaluation);

/*
 * Asks for TXT at `name` and keeps the records that `is_record` accepts; the state is found, none,
 * multiple or unknown. A zeroed `name` is one too long to exist, which is absent without a
 * question.
 */
void mxs_evaluate_selection(struct mxs_evaluation *evaluation, enum mxs_area area,
                            struct mxs_name name, bool (*is_record)(mxs_slice text),
                            struct mxs_selection *selection);

#endif
