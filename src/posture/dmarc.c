/*
 * DMARC, RFC 9989: which record stands at `_dmarc.` + domain (sections 4.7 and 4.10). Rules
 * section 8. The tree walk to the parents is not taken yet, so absence here says nothing of a
 * policy inherited.
 */
#include "posture/evaluation.h"

static mxs_slice skip_blanks(mxs_slice text)
{
    while (text.len > 0 && mxs_is_blank(text.ptr[0]))
        text = mxs_slice_from(text, 1);
    return text;
}

/* dmarc-version = "v" equals %s"DMARC1", then a separator or the end. Tag names know no case. */
static bool is_dmarc_record(mxs_slice text)
{
    const mxs_slice version = MXS_SLICE("DMARC1");

    if (!mxs_slice_starts_with_nocase(text, MXS_SLICE("v")))
        return false;
    text = skip_blanks(mxs_slice_from(text, 1));
    if (!mxs_slice_starts_with(text, MXS_SLICE("=")))
        return false;
    text = skip_blanks(mxs_slice_from(text, 1));
    if (!mxs_slice_starts_with(text, version))
        return false;
    text = skip_blanks(mxs_slice_from(text, version.len));
    return text.len == 0 || text.ptr[0] == ';';
}

static void find_what_stands(struct mxs_evaluation *evaluation, const struct mxs_answer *answer)
{
    struct mxs_posture *posture = evaluation->posture;
    const struct mxs_selection *dmarc = &posture->dmarc;

    if (dmarc->state == MXS_STATE_UNKNOWN)
        mxs_evaluation_find(evaluation, MXS_FINDING_DMARC_TEMPERROR, dmarc->name);
    if (dmarc->state == MXS_STATE_MULTIPLE) {
        mxs_evaluation_find(evaluation, MXS_FINDING_DMARC_MULTIPLE_RECORDS, dmarc->name);
        mxs_findings_add_number(&posture->findings, "count", dmarc->record_count);
    }
    if (answer->lookup == MXS_LOOKUP_NXDOMAIN_TARGET)
        mxs_evaluation_find(evaluation, MXS_FINDING_DMARC_CNAME_DANGLING, dmarc->name);
    if (answer->lookup == MXS_LOOKUP_OK && dmarc->record_count < answer->count)
        mxs_evaluation_find(evaluation, MXS_FINDING_DMARC_UNRELATED_TXT, dmarc->name);
}

/* A grade that rests on the policy, own or inherited, is left out. */
static enum mxs_grade grade(const struct mxs_evaluation *evaluation)
{
    enum mxs_grade generic = mxs_evaluation_grade(evaluation, MXS_AREA_DMARC);

    if (evaluation->posture->receives == MXS_RECEIVES_NONEXISTENT)
        return MXS_GRADE_NOT_APPLICABLE;
    return generic == MXS_GRADE_FAIL || generic == MXS_GRADE_UNKNOWN ? generic : MXS_GRADE_LEFT_OUT;
}

void mxs_evaluate_dmarc(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    struct mxs_name name;

    /* too long: zeroed, and no record can be there */
    (void)mxs_name_prepend(evaluation->arena, MXS_SLICE("_dmarc"), posture->domain, &name);
    mxs_evaluate_selection(evaluation, MXS_AREA_DMARC, name, is_dmarc_record, &posture->dmarc);
    if (name.wire != NULL)
        find_what_stands(evaluation, mxs_evaluation_ask(evaluation, name, MXS_TYPE_TXT));
    posture->grades[MXS_AREA_DMARC] = grade(evaluation);
}
