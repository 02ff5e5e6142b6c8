/*
 * What SPF asks and reads: questions within a budget, and each record parsed once per evaluation.
 * RFC 7208 section 4.5. Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_RECORDS_H
#define SRC_POSTURE_SPF_RECORDS_H

#include <mxsweep/answers.h>
#include <mxsweep/spf.h>
#include <mxsweep/state.h>

/* Asks at most `max` distinct questions; beyond, the answer is `limit`. */
struct mxs_spf_asker {
    struct mxs_answers *answers;
    const struct mxs_answer *asked[MXS_QUESTIONS_MAX];
    unsigned count, max;
    bool pending; /* one of its answers is pending: what is concluded does not count */
};

struct mxs_spf_asker mxs_spf_asker_of(struct mxs_answers *answers, unsigned max);
const struct mxs_answer *mxs_spf_ask(struct mxs_spf_asker *asker, struct mxs_name name,
                                     uint16_t type);

/* The record that an answer to TXT holds. */
struct mxs_spf_source {
    const struct mxs_answer *answer;
    /* found, none, multiple, invalid (a defect), unknown (failed, pending or over a bound) */
    enum mxs_state state;
    unsigned record_count;
    const struct mxs_spf_record *record; /* found and invalid; NULL when memory is out, too */
    const struct mxs_spf_source *next;
};

/* Records read so far, by their answers. */
struct mxs_spf_records {
    struct mxs_arena *arena;
    const struct mxs_spf_source *first;
};

/* Reads an answer; a name of a single label has no record (section 4.3). Never NULL. */
const struct mxs_spf_source *mxs_spf_read(struct mxs_spf_records *records,
                                          const struct mxs_answer *answer);

/* Why a source gives no result: its first defect, multiple_records, or how its question failed. */
const char *mxs_spf_source_reason(const struct mxs_spf_source *source);
/* How a question failed: `timeout`, ..., `bogus`, `limit`. */
const char *mxs_spf_failure_text(const struct mxs_answer *answer);

#endif
