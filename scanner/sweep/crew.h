/*
 * The crew: the worker processes of a run, each in a numbered slot with its slice of the ports.
 *
 * A slot may be filled again after its worker is gone. The crew knows processes and messages; what
 * they mean is the sweep's business, through two callbacks.
 */
#ifndef SCANNER_SWEEP_CREW_H
#define SCANNER_SWEEP_CREW_H

#include <sys/types.h>

#include "limits.h"
#include "sweep/names.h"
#include "worker/channel.h"
#include "worker/worker.h"

struct crew;

struct slot {
    struct crew *crew;
    unsigned number;
    pid_t pid;
    struct channel channel;
    struct worker_want want; /* as the worker said last */
    uint64_t names_dealt;    /* to this worker */
    uint64_t credit_given;   /* likewise */
    uint64_t names_held;     /* dealt, and no line or refusal came back yet */
    enum company company;    /* what kind of names it is dealt */
    struct worker_status status;
    double heard_at;
    bool heard;     /* it said something since it began */
    bool finishing; /* told that no more names will come */
};

struct crew {
    struct ev_loop *loop;
    const struct worker_options *worker; /* `first_port` is the first slot's */
    unsigned size;
    struct slot slots[WORKERS_MAX];
    unsigned present;             /* workers that are there */
    struct worker_status retired; /* sums of the workers that are gone */
    uint64_t memory_peak;         /* bytes, of the largest worker that is gone */
    void *owner;
    void (*on_message)(void *owner, struct slot *slot, uint32_t kind, mxs_slice body);
    /* The worker is gone; `status` is that of waitpid(). Its slot is free. */
    void (*on_gone)(void *owner, struct slot *slot, int status);
};

/* Forks a worker into a free slot. False with the error set. */
bool crew_fill(struct crew *crew, unsigned number, struct error *error);

bool slot_is_filled(const struct slot *slot);
/* Sends a message; false when memory is out. */
bool slot_tell(struct slot *slot, uint32_t kind, const void *body, size_t len);
/* How many more names, or questions, the worker could take beyond what is on its way to it. */
uint64_t slot_names_wanted(const struct slot *slot);
uint64_t slot_questions_wanted(const struct slot *slot);

void crew_kill(struct crew *crew);
/* Ends and collects everybody, without a callback. */
void crew_clear(struct crew *crew);
/* What all workers, gone and there, amount to. */
void crew_sum(const struct crew *crew, struct worker_status *sum);

#endif
