#include <mxsweep/answers.h>

static const struct mxs_answer over_budget = {.lookup = MXS_LOOKUP_LIMIT};
static const struct mxs_answer failed[] = {
    [MXS_ERROR_TIMEOUT] = {.lookup = MXS_LOOKUP_TEMP, .error = MXS_ERROR_TIMEOUT},
    [MXS_ERROR_FAILED] = {.lookup = MXS_LOOKUP_TEMP, .error = MXS_ERROR_FAILED},
    [MXS_ERROR_MALFORMED] = {.lookup = MXS_LOOKUP_TEMP, .error = MXS_ERROR_MALFORMED},
    [MXS_ERROR_ALIAS_LOOP] = {.lookup = MXS_LOOKUP_TEMP, .error = MXS_ERROR_ALIAS_LOOP},
    [MXS_ERROR_INTERNAL] = {.lookup = MXS_LOOKUP_TEMP, .error = MXS_ERROR_INTERNAL},
};

void mxs_answers_init(struct mxs_answers *answers, struct mxs_answers_source source)
{
    *answers = (struct mxs_answers){.source = source};
}

void mxs_answers_begin(struct mxs_answers *answers)
{
    for (unsigned i = 0; i < answers->held_count; i++)
        answers->used[i] = false;
    answers->questions = 0;
    answers->pending = false;
    answers->out_of_budget = false;
}

/* The place of the answer in the set, or held_count. */
static unsigned find(const struct mxs_answers *answers, struct mxs_name name, uint16_t type)
{
    unsigned i = 0;

    while (i < answers->held_count &&
           (answers->held[i]->type != type || !mxs_name_equal(answers->held[i]->name, name)))
        i++;
    return i;
}

/* Adds an answer from the source; NULL when there is none to be had. */
static const struct mxs_answer *fetch(struct mxs_answers *answers, struct mxs_name name,
                                      uint16_t type)
{
    const struct mxs_answer *answer = answers->source.fetch(answers->source.context, name, type);

    if (answer == NULL)
        answers->failed = true;
    else
        answers->held[answers->held_count++] = answer;
    return answer;
}

const struct mxs_answer *mxs_answers_ask(struct mxs_answers *answers, struct mxs_name name,
                                         uint16_t type)
{
    unsigned at = find(answers, name, type);

    if (at == answers->held_count) {
        if (at == MXS_QUESTIONS_MAX) {
            answers->out_of_budget = true;
            return &over_budget;
        }
        if (answers->closed != MXS_ERROR_NONE)
            return &failed[answers->closed];
        if (fetch(answers, name, type) == NULL)
            return &failed[MXS_ERROR_INTERNAL];
    }
    if (!answers->used[at]) {
        answers->used[at] = true;
        answers->questions++;
    }
    if (answers->held[at]->lookup == MXS_LOOKUP_PENDING) {
        if (answers->closed != MXS_ERROR_NONE)
            return &failed[answers->closed];
        answers->pending = true;
    }
    return answers->held[at];
}
