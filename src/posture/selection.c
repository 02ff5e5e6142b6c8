#include "posture/evaluation.h"

static void pick_records(const struct mxs_answer *answer, bool (*is_record)(mxs_slice text),
                         struct mxs_selection *selection)
{
    for (unsigned i = 0; i < answer->count; i++) {
        if (!is_record(answer->records[i].text))
            continue;
        if (selection->record_count++ == 0)
            selection->record = answer->records[i].text;
    }
    if (selection->record_count > 1) {
        selection->state = MXS_STATE_MULTIPLE;
        selection->record = (mxs_slice){NULL, 0};
    } else {
        selection->state = selection->record_count == 1 ? MXS_STATE_FOUND : MXS_STATE_NONE;
    }
}

void mxs_evaluate_selection(struct mxs_evaluation *evaluation, enum mxs_area area,
                            struct mxs_name name, bool (*is_record)(mxs_slice text),
                            struct mxs_selection *selection)
{
    const struct mxs_answer *answer;

    *selection = (struct mxs_selection){
        .name = name, .lookup = MXS_LOOKUP_NXDOMAIN, .state = MXS_STATE_NONE};
    if (name.wire == NULL)
        return;
    answer = mxs_evaluation_ask(evaluation, name, MXS_TYPE_TXT);
    selection->lookup = answer->lookup;
    selection->error = answer->error;
    selection->dnssec = answer->dnssec;
    if (mxs_evaluation_need(evaluation, area, answer))
        pick_records(answer, is_record, selection);
    else
        selection->state = MXS_STATE_UNKNOWN;
}
