/*
 * The questions and answers of a list of names, kept, so that everything but the network can be run
 * over them again: for micro-benchmarks.
 *
 * All names go through their waves in step. A reply belongs to the wave that asked for it, and
 * counts as pending for a run of that wave or an earlier one.
 */
#ifndef BENCH_WAVE_H
#define BENCH_WAVE_H

#include <mxsweep/packet.h>
#include <mxsweep/posture.h>

#include "resolve/cache.h"
#include "worker/worker.h"

struct subject {
    struct mxs_arena arena;
    struct mxs_input input;
    mxs_slice text;
    bool judged;
    const struct mxs_posture *posture; /* for whoever keeps it */
};

/* The reply to one question. */
struct reply {
    struct entry *entry;
    struct mxs_packet packet; /* `bytes` NULL: there was none, the question failed */
    unsigned wave;
    enum mxs_lookup lookup; /* how it ended */
};

struct waves {
    const struct worker_options *options;
    struct cache *cache;
    struct subject *subjects;
    size_t subject_count, subject_room;
    struct reply *replies; /* an entry's is at its question's number */
    size_t reply_count, reply_room;
    size_t asked, in_flight;
    unsigned wave;
    struct reply *hidden[MXS_QUESTIONS_MAX]; /* made pending for the present run */
    size_t hidden_count;
    bool failed;         /* memory is out */
    size_t packed_bytes; /* for whoever compresses */
    struct ev_loop *loop;
    struct ub_ctx *context;
};

/* `options` must stay. False with the error set. */
bool waves_init(struct waves *waves, const struct worker_options *options, struct error *error);
void waves_clear(struct waves *waves);

/* One more name. False when memory is out. */
bool waves_add(struct waves *waves, mxs_slice text);

/* Asks everything for all names. False with the error set. */
bool waves_ask(struct waves *waves, struct error *error);

/* Judges one name as its waves made it, from the first to the last; returns how many runs. */
unsigned waves_judge(struct waves *waves, const struct subject *subject, struct mxs_arena *arena);

/* Judges one name once, with all answers there. NULL when memory is out. */
const struct mxs_posture *waves_judge_settled(struct waves *waves, const struct subject *subject,
                                              struct mxs_arena *arena);

#endif
