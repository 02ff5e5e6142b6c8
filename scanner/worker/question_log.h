/*
 * The log of questions, for the bench: lines for the supervisor, which holds the file.
 *
 * One line for each question that is settled, in the order of the outcomes, fields parted by
 * blanks: the worker (its process), the question's number (the worker's own, from 1, in the order
 * of sending), the number of the question whose outcome made the domain ask this one (0: none, the
 * domain had just begun), the microseconds since 1970 when it was sent and when its outcome was
 * taken, how it ended, its type as a number, its name.
 */
#ifndef SCANNER_WORKER_QUESTION_LOG_H
#define SCANNER_WORKER_QUESTION_LOG_H

#include "resolve/resolver.h"
#include "worker/channel.h"

struct question_log {
    struct channel *channel; /* NULL: nothing is logged */
    struct mxs_buffer lines;
    uint64_t worker;
};

void question_log_init(struct question_log *log, struct channel *channel);
void question_log_clear(struct question_log *log);

/* Notes the question, settled at `now` (seconds of the loop). */
void question_log_note(struct question_log *log, const struct question *question, double now);

/* Sends the lines there are, if any. Without memory some are lost: the log has fewer questions. */
void question_log_send(struct question_log *log);

#endif
