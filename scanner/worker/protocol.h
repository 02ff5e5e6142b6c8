/*
 * What supervisor and worker say to each other. Both are forks of one process, so bodies are plain
 * structs of this machine.
 */
#ifndef SCANNER_WORKER_PROTOCOL_H
#define SCANNER_WORKER_PROTOCOL_H

#include "dataset/frame.h"

/* From the supervisor. */
enum message_to_worker {
    MESSAGE_NAMES = 1, /* struct dealt_name and its bytes, again and again */
    MESSAGE_CREDIT,    /* uint64_t: so many more questions may be sent */
    MESSAGE_FLUSH,     /* send the lines there are as soon as nothing is left to do */
    MESSAGE_FINISH,    /* no more names will come: finish and leave */
    MESSAGE_STOP,      /* forget names not begun, finish the others soon and leave */
    MESSAGE_PAUSE,     /* an outage: send nothing */
    MESSAGE_RESUME,    /* it is over */
};

/* From the worker. */
enum message_to_supervisor {
    MESSAGE_WANT = 64, /* struct worker_want, whenever it changes */
    MESSAGE_FRAME,     /* struct frame_head, its indexes, its bytes */
    MESSAGE_AGAIN,     /* struct again_head and a line: try the name again, or write this */
    MESSAGE_STATUS,    /* struct worker_status, once a second and last of all */
    MESSAGE_FAILED,    /* one line for a person: the worker cannot go on */
    MESSAGE_LOG,       /* lines for the log of questions, see question_log.h */
};

/* How a name is to be treated. */
enum dealt_flags {
    DEALT_POISON = 1, /* workers die of it: no question, the line says `internal` */
};

/* One entry of the list on its way to a worker. `text_len` and `meta_len` bytes follow. */
struct dealt_name {
    uint64_t index, rank;
    uint32_t text_len, meta_len;
    uint32_t flags, unused;
};

/*
 * What the worker could use now. The sums of what it was given before tell the supervisor which of
 * its messages the worker had not seen yet when it wrote this.
 */
struct worker_want {
    uint64_t names, questions;
    uint64_t names_taken, credit_taken;
};

struct frame_head {
    struct line_counts counts;
    uint64_t raw_len; /* of its lines; `counts.lines` indexes of 8 bytes come next */
};

/* A line that rests on a failed question; its bytes follow. */
struct again_head {
    struct line_counts counts;
    uint64_t index;
};

struct worker_status {
    uint64_t questions;  /* handed to libunbound */
    uint64_t settled[8]; /* by enum mxs_lookup */
    uint64_t cache_hits, cache_misses, cache_dropped;
    uint64_t cache_entries, cache_bytes, cache_bytes_peak;
    uint64_t in_flight, in_flight_peak;
    uint64_t domains; /* begun and not finished */
};

#endif
