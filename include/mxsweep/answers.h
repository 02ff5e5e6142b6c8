/**
 * The answers of one domain: where an evaluation asks its questions.
 *
 * mxs_answers_ask() gives the answer at once or a pending one. What is pending has been noted by
 * the source behind it; when it is settled, the evaluation runs again. The set remembers every
 * answer it was given, so that all runs of one evaluation see the same data, and it is what bounds
 * them: a domain may ask MXS_QUESTIONS_MAX distinct questions.
 */
#ifndef MXSWEEP_ANSWERS_H
#define MXSWEEP_ANSWERS_H

#include <mxsweep/answer.h>

enum { MXS_QUESTIONS_MAX = 150 /**< Rules section 17.4. */ };

/** Who answers: the cache in front of the resolver, or a zone text in a test. */
struct mxs_answers_source {
    /**
     * The answer to (`name`, `type`), pending or settled. The object stays at its address, and is
     * settled in place, until the set that asked is done with it. NULL only when memory is out.
     */
    const struct mxs_answer *(*fetch)(void *context, struct mxs_name name, uint16_t type);
    void *context;
};

struct mxs_answers {
    struct mxs_answers_source source;
    const struct mxs_answer *held[MXS_QUESTIONS_MAX]; /**< Every distinct question ever asked. */
    bool used[MXS_QUESTIONS_MAX];                     /**< Asked in this run. */
    uint16_t held_count;
    uint16_t questions; /**< Distinct questions of this run. */
    bool pending;       /**< This run met a pending answer. */
    bool failed;        /**< The source was out of memory. */
    /**
     * Set by the caller: nothing that is not settled is waited for, it is `temp` with this error;
     * MXS_ERROR_TIMEOUT when the domain's deadline has passed.
     */
    enum mxs_error closed;
    bool out_of_budget; /**< This run wanted more than MXS_QUESTIONS_MAX questions. */
};

MXS_API void mxs_answers_init(struct mxs_answers *answers, struct mxs_answers_source source);

/** Begins a run: what earlier runs were given is kept, what they used is forgotten. */
MXS_API void mxs_answers_begin(struct mxs_answers *answers);

/**
 * The answer to one question; never NULL.
 *
 * A pending answer sets `answers->pending`; the caller may treat it as it likes, for the run will
 * not count. Past the budget the answer is `limit`; once the set is closed what is not settled is
 * `temp`; without memory it is `temp` / `internal`.
 */
MXS_API const struct mxs_answer *mxs_answers_ask(struct mxs_answers *answers, struct mxs_name name,
                                                 uint16_t type);

#endif
