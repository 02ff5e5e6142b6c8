/*
 * SPF, RFC 7208: which record applies (section 4.5). Rules section 6.
 */
#include "posture/evaluation.h"

/* Section 4.5: "v=spf1", in any case, followed by a space or the end. */
static bool is_spf_record(mxs_slice text)
{
    const mxs_slice version = MXS_SLICE("v=spf1");

    return mxs_slice_starts_with_nocase(text, version) &&
           (text.len == version.len || text.ptr[version.len] == ' ');
}

/* Section 4.3: a domain of a single label has no policy, whatever it publishes. */
static bool is_never_spf(mxs_slice text)
{
    (void)text;
    return false;
}

/* Absence is an error for a domain that receives mail; whether it sends is not judged yet. */
static void find_missing(struct mxs_evaluation *evaluation)
{
    bool mail = evaluation->posture->receives == MXS_RECEIVES_MX;

    mxs_evaluation_find_either(evaluation, MXS_FINDING_SPF_MISSING, evaluation->posture->domain,
                               !mail);
}

static enum mxs_grade grade(const struct mxs_evaluation *evaluation)
{
    const struct mxs_posture *posture = evaluation->posture;
    enum mxs_grade generic = mxs_evaluation_grade(evaluation, MXS_AREA_SPF);

    if (posture->receives == MXS_RECEIVES_NONEXISTENT)
        return MXS_GRADE_NOT_APPLICABLE;
    if (posture->spf.state == MXS_STATE_FOUND)
        return MXS_GRADE_LEFT_OUT; /* what the record says is not judged yet */
    if (posture->spf.state == MXS_STATE_NONE && posture->receives == MXS_RECEIVES_UNKNOWN)
        return MXS_GRADE_UNKNOWN; /* how bad absence is depends on what is not known */
    return generic;
}

void mxs_evaluate_spf(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    struct mxs_selection *spf = &posture->spf;

    mxs_evaluate_selection(evaluation, MXS_AREA_SPF, posture->domain,
                           posture->domain.labels < 2 ? is_never_spf : is_spf_record, spf);
    switch (spf->state) {
    case MXS_STATE_NONE:
        find_missing(evaluation);
        break;
    case MXS_STATE_MULTIPLE:
        mxs_evaluation_find(evaluation, MXS_FINDING_SPF_MULTIPLE_RECORDS, posture->domain);
        mxs_findings_add_number(&posture->findings, "count", spf->record_count);
        break;
    case MXS_STATE_UNKNOWN:
        mxs_evaluation_find(evaluation, MXS_FINDING_SPF_TEMPERROR, posture->domain);
        break;
    case MXS_STATE_FOUND:
    case MXS_STATE_INVALID:
        break;
    }
    posture->grades[MXS_AREA_SPF] = grade(evaluation);
}
