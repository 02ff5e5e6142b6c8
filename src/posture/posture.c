#include "posture/evaluation.h"

static const char *const receives_texts[] = {
    [MXS_RECEIVES_UNKNOWN] = "unknown", [MXS_RECEIVES_NONEXISTENT] = "nonexistent",
    [MXS_RECEIVES_NULL] = "null",       [MXS_RECEIVES_MX] = "mx",
    [MXS_RECEIVES_BROKEN] = "broken",   [MXS_RECEIVES_IMPLICIT] = "implicit",
    [MXS_RECEIVES_NONE] = "none",
};

static const char *const state_texts[] = {
    [MXS_STATE_UNKNOWN] = "unknown",   [MXS_STATE_FOUND] = "found",     [MXS_STATE_NONE] = "none",
    [MXS_STATE_MULTIPLE] = "multiple", [MXS_STATE_INVALID] = "invalid",
};

static const char *const grade_texts[] = {
    [MXS_GRADE_NOT_APPLICABLE] = "not_applicable",
    [MXS_GRADE_PASS] = "pass",
    [MXS_GRADE_WARN] = "warn",
    [MXS_GRADE_UNKNOWN] = "unknown",
    [MXS_GRADE_FAIL] = "fail",
    [MXS_GRADE_LEFT_OUT] = NULL,
};

const char *mxs_receives_text(enum mxs_receives receives)
{
    return receives_texts[receives];
}

const char *mxs_state_text(enum mxs_state state)
{
    return state_texts[state];
}

const char *mxs_grade_text(enum mxs_grade grade)
{
    return grade_texts[grade];
}

static void copy_input_findings(struct mxs_posture *posture, const struct mxs_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        struct mxs_finding *copy =
            mxs_findings_add(&posture->findings, findings->items[i].id, findings->items[i].name);
        if (copy != NULL)
            *copy = findings->items[i];
    }
}

/* Existence by all that was asked at the very name; rules section 1.4. */
static void conclude_existence(struct mxs_posture *posture, const struct mxs_answers *answers)
{
    /* what outweighs what, when two questions at one name disagree */
    static const int weight[] = {
        [MXS_EXISTS_UNKNOWN] = 0,
        [MXS_EXISTS_UNCERTAIN] = 1,
        [MXS_EXISTS_NO] = 2,
        [MXS_EXISTS_YES] = 3,
    };

    for (unsigned i = 0; i < answers->held_count; i++) {
        const struct mxs_answer *answer = answers->held[i];
        if (!answers->used[i] || weight[answer->exists] <= weight[posture->exists] ||
            !mxs_name_equal(answer->name, posture->domain))
            continue;
        posture->exists = answer->exists;
        posture->exists_by_dnssec = answer->exists_by_dnssec;
    }
}

/* RFC 8020: the name does not exist, so nothing at or below it does, and nothing more is asked. */
static void conclude_nonexistent(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    const struct mxs_selection absent = {.lookup = MXS_LOOKUP_NXDOMAIN,
                                         .dnssec = posture->mx.answer->dnssec,
                                         .state = MXS_STATE_NONE};

    posture->spf = absent;
    posture->spf_facts =
        (struct mxs_spf){.stance = MXS_SPF_STANCE_ABSENT, .validity = MXS_SPF_VALIDITY_NONE};
    posture->dmarc = absent;
    mxs_evaluate_dnssec(evaluation);
}

/*
 * The MX question is the gate: until it is answered nothing else is asked, because a name that does
 * not exist needs no other question (rules section 17.1), and the delegation is known by then.
 */
static void evaluate_areas(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;

    mxs_evaluate_mx(evaluation);
    if (posture->mx.answer->lookup == MXS_LOOKUP_PENDING)
        return;
    if (posture->receives == MXS_RECEIVES_NONEXISTENT) {
        conclude_nonexistent(evaluation);
    } else {
        mxs_evaluate_spf(evaluation);
        mxs_evaluate_dmarc(evaluation);
        mxs_evaluate_dnssec(evaluation);
    }
    conclude_existence(posture, evaluation->answers);
}

const struct mxs_posture *mxs_posture_evaluate(struct mxs_arena *arena,
                                               const struct mxs_input *input,
                                               const struct mxs_posture_options *options,
                                               struct mxs_answers *answers)
{
    struct mxs_posture *posture = mxs_arena_alloc(arena, sizeof *posture);
    struct mxs_evaluation evaluation = {
        .arena = arena, .answers = answers, .options = options, .posture = posture};

    if (posture == NULL)
        return NULL;
    mxs_answers_begin(answers);
    mxs_findings_init(&posture->findings, arena);
    copy_input_findings(posture, &input->findings);
    posture->domain = input->domain;
    posture->judged = input->scannable;
    if (posture->judged)
        evaluate_areas(&evaluation);
    mxs_findings_sort(&posture->findings);
    posture->questions = answers->questions;
    return arena->failed || answers->failed ? NULL : posture;
}
