#include "posture/spf_records.h"

static const struct mxs_answer over_budget = {.lookup = MXS_LOOKUP_LIMIT};

struct mxs_spf_asker mxs_spf_asker_of(struct mxs_answers *answers, unsigned max)
{
    return (struct mxs_spf_asker){.answers = answers,
                                  .max = max < MXS_QUESTIONS_MAX ? max : MXS_QUESTIONS_MAX};
}

static bool was_asked(const struct mxs_spf_asker *asker, const struct mxs_answer *answer)
{
    for (unsigned i = 0; i < asker->count; i++)
        if (asker->asked[i] == answer)
            return true;
    return false;
}

static const struct mxs_answer *find(const struct mxs_spf_asker *asker, struct mxs_name name,
                                     uint16_t type)
{
    for (unsigned i = 0; i < asker->count; i++)
        if (asker->asked[i]->type == type && mxs_name_equal(asker->asked[i]->name, name))
            return asker->asked[i];
    return NULL;
}

const struct mxs_answer *mxs_spf_ask(struct mxs_spf_asker *asker, struct mxs_name name,
                                     uint16_t type)
{
    const struct mxs_answer *answer = find(asker, name, type);

    if (answer != NULL)
        return answer;
    if (asker->count == asker->max)
        return &over_budget;
    answer = mxs_answers_ask(asker->answers, name, type);
    if (answer->lookup == MXS_LOOKUP_PENDING)
        asker->pending = true;
    if (answer->name.wire != NULL && !was_asked(asker, answer)) /* not one that stands for none */
        asker->asked[asker->count++] = answer;
    return answer;
}

/* Where character-strings meet in the joined text; their number is at most that of the octets. */
static unsigned find_boundaries(mxs_slice rdata, size_t *boundaries, unsigned max)
{
    size_t at = 0, joined = 0;
    unsigned count = 0;

    while (at < rdata.len && count < max) {
        size_t len = (uint8_t)rdata.ptr[at];
        if (len >= rdata.len - at)
            break;
        at += 1 + len;
        joined += len;
        if (at < rdata.len)
            boundaries[count++] = joined;
    }
    return count;
}

static const struct mxs_spf_record *parse(struct mxs_arena *arena, const struct mxs_record *txt)
{
    /* every string but the last has its octet of length */
    unsigned max =
        (unsigned)(txt->rdata.len - (txt->rdata.len < txt->text.len ? 0 : txt->text.len));
    size_t *boundaries = mxs_arena_array(arena, max, sizeof *boundaries);

    if (boundaries == NULL)
        return NULL;
    return mxs_spf_parse(arena, txt->text, boundaries,
                         find_boundaries(txt->rdata, boundaries, max));
}

/* Section 4.5. */
static void select_record(struct mxs_arena *arena, struct mxs_spf_source *source)
{
    const struct mxs_answer *answer = source->answer;
    const struct mxs_record *selected = NULL;

    for (unsigned i = 0; i < answer->count && answer->name.labels >= 2; i++) {
        if (!mxs_spf_is_record(answer->records[i].text))
            continue;
        source->record_count++;
        selected = &answer->records[i];
    }
    source->state = source->record_count == 0 ? MXS_STATE_NONE : MXS_STATE_MULTIPLE;
    if (source->record_count != 1 || selected == NULL)
        return;
    source->record = parse(arena, selected);
    if (source->record == NULL || source->record->over_limit)
        source->state = MXS_STATE_UNKNOWN;
    else
        source->state = source->record->defect_count > 0 ? MXS_STATE_INVALID : MXS_STATE_FOUND;
}

const struct mxs_spf_source *mxs_spf_read(struct mxs_spf_records *records,
                                          const struct mxs_answer *answer)
{
    static const struct mxs_spf_source nothing = {.answer = &over_budget};
    struct mxs_spf_source *source;

    for (const struct mxs_spf_source *it = records->first; it != NULL; it = it->next)
        if (it->answer == answer)
            return it;
    source = mxs_arena_alloc(records->arena, sizeof *source);
    if (source == NULL)
        return &nothing;
    source->answer = answer;
    source->next = records->first;
    records->first = source;
    if (mxs_lookup_is_definite(answer->lookup))
        select_record(records->arena, source);
    return source;
}

const char *mxs_spf_failure_text(const struct mxs_answer *answer)
{
    if (answer->lookup == MXS_LOOKUP_TEMP)
        return mxs_error_text(answer->error);
    return mxs_lookup_text(answer->lookup);
}

const char *mxs_spf_source_reason(const struct mxs_spf_source *source)
{
    if (source->state == MXS_STATE_MULTIPLE)
        return "multiple_records";
    if (source->state == MXS_STATE_INVALID)
        return mxs_spf_reason_text(source->record->defects[0].reason);
    if (source->record != NULL) /* its terms are more than are kept */
        return mxs_lookup_text(MXS_LOOKUP_LIMIT);
    return mxs_spf_failure_text(source->answer);
}
