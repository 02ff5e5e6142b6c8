#include "posture/evaluation.h"

const struct mxs_answer *mxs_evaluation_ask(struct mxs_evaluation *evaluation, struct mxs_name name,
                                            uint16_t type)
{
    return mxs_answers_ask(evaluation->answers, name, type);
}

/* Areas whose bogus answers are an error; for the others it is a warning (rules section 14). */
static bool area_decides(enum mxs_area area)
{
    return area == MXS_AREA_MX || area == MXS_AREA_SPF || area == MXS_AREA_DMARC ||
           area == MXS_AREA_NULL_MAIL;
}

static void note_bogus(struct mxs_evaluation *evaluation, enum mxs_area area,
                       const struct mxs_answer *answer)
{
    struct mxs_bogus *bogus = evaluation->bogus;

    while (bogus != NULL && bogus->answer != answer)
        bogus = bogus->next;
    if (bogus == NULL) {
        bogus = mxs_arena_alloc(evaluation->arena, sizeof *bogus);
        if (bogus == NULL)
            return;
        *bogus = (struct mxs_bogus){.answer = answer, .next = evaluation->bogus};
        evaluation->bogus = bogus;
    }
    bogus->decides = bogus->decides || area_decides(area);
}

bool mxs_evaluation_need(struct mxs_evaluation *evaluation, enum mxs_area area,
                         const struct mxs_answer *answer)
{
    struct mxs_area_failure *failure = &evaluation->posture->failures[area];

    if (mxs_lookup_is_definite(answer->lookup))
        return true;
    if (!failure->failed)
        *failure = (struct mxs_area_failure){true, answer->lookup, answer->error};
    if (answer->lookup == MXS_LOOKUP_BOGUS)
        note_bogus(evaluation, area, answer);
    return false;
}

struct mxs_finding *mxs_evaluation_find(struct mxs_evaluation *evaluation, enum mxs_finding_id id,
                                        struct mxs_name name)
{
    return mxs_findings_add(&evaluation->posture->findings, id, name);
}

void mxs_evaluation_find_either(struct mxs_evaluation *evaluation, enum mxs_finding_id id,
                                struct mxs_name name, bool alternative)
{
    if (alternative)
        mxs_findings_add_alternative(&evaluation->posture->findings, id, name);
    else
        mxs_findings_add(&evaluation->posture->findings, id, name);
}

enum mxs_grade mxs_evaluation_grade(const struct mxs_evaluation *evaluation, enum mxs_area area)
{
    const struct mxs_findings *findings = &evaluation->posture->findings;
    enum mxs_severity worst = MXS_SEVERITY_INFO;

    for (size_t i = 0; i < findings->count; i++)
        if (mxs_finding_kinds[findings->items[i].id].area == area &&
            findings->items[i].severity > worst)
            worst = findings->items[i].severity;
    if (worst == MXS_SEVERITY_ERROR)
        return MXS_GRADE_FAIL;
    if (evaluation->posture->failures[area].failed)
        return MXS_GRADE_UNKNOWN;
    return worst == MXS_SEVERITY_WARNING ? MXS_GRADE_WARN : MXS_GRADE_PASS;
}
