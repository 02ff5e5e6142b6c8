/*
 * DNSSEC: what the validator said of the domain's answers. RFC 4035 section 4.3; rules section 14.
 */
#include "posture/evaluation.h"

static const enum mxs_finding_id finding_of[] = {
    [MXS_DNSSEC_SECURE] = MXS_FINDING_DNSSEC_SECURE,
    [MXS_DNSSEC_INSECURE] = MXS_FINDING_DNSSEC_INSECURE,
    [MXS_DNSSEC_INDETERMINATE] = MXS_FINDING_DNSSEC_INDETERMINATE,
};

static void find_bogus(struct mxs_evaluation *evaluation, const struct mxs_bogus *bogus)
{
    struct mxs_findings *findings = &evaluation->posture->findings;
    const char *type = mxs_type_text(bogus->answer->type);

    mxs_evaluation_find_either(evaluation, MXS_FINDING_DNSSEC_BOGUS, bogus->answer->name,
                               !bogus->decides);
    if (type != NULL)
        mxs_findings_add_text(findings, "type", mxs_slice_of(type));
    mxs_findings_add_text(findings, "reason", bogus->answer->why_bogus);
}

static enum mxs_grade grade(const struct mxs_evaluation *evaluation)
{
    const struct mxs_answer *mx = evaluation->posture->mx.answer;

    if (evaluation->posture->receives == MXS_RECEIVES_NONEXISTENT)
        return MXS_GRADE_NOT_APPLICABLE;
    if (evaluation->bogus != NULL)
        return mxs_evaluation_grade(evaluation, MXS_AREA_DNSSEC);
    return mx->dnssec == MXS_DNSSEC_INDETERMINATE ? MXS_GRADE_UNKNOWN : MXS_GRADE_PASS;
}

void mxs_evaluate_dnssec(struct mxs_evaluation *evaluation)
{
    const struct mxs_answer *mx = evaluation->posture->mx.answer;

    if (mx->lookup != MXS_LOOKUP_BOGUS && mxs_lookup_is_definite(mx->lookup))
        mxs_evaluation_find(evaluation, finding_of[mx->dnssec], evaluation->posture->domain);
    for (const struct mxs_bogus *bogus = evaluation->bogus; bogus != NULL; bogus = bogus->next)
        find_bogus(evaluation, bogus);
    evaluation->posture->grades[MXS_AREA_DNSSEC] = grade(evaluation);
}
