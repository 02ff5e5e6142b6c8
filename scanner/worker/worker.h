/*
 * The worker process: names in, domains in flight, frames out.
 *
 * It parses what comes from the DNS and may be taken over by it; so it holds one socket to the
 * supervisor, its sockets to the DNS, and nothing else.
 */
#ifndef SCANNER_WORKER_WORKER_H
#define SCANNER_WORKER_WORKER_H

#include <mxsweep/line.h>

#include "resolve/context.h"
#include "resolve/exclude.h"

struct worker_options {
    struct resolve_options resolve; /* with this worker's slice of the ports */
    const struct exclude *exclude;  /* NULL: nothing is excluded */
    unsigned in_flight;             /* questions at most */
    unsigned timeout_ms;            /* of a question; a domain has three times that */
    bool unlimited;                 /* no credit is needed to ask (--rate 0) */
    int level;                      /* of zstd; 0: plain lines */
    size_t frame_size;              /* bytes of lines before they are sent */
    bool send_soon;                 /* a line must not wait for its frame to fill */
    bool log_questions;             /* tell the supervisor of each question */
    struct mxs_input_options input;
    /* How a domain is written: mxs_line_write, or a page for a person. */
    void (*write)(const struct mxs_line *line, struct mxs_buffer *out);
};

/* Runs until all is done or the supervisor is gone; `fd` is its end of the socket pair. The exit
 * status of the process is returned: 0, or 1 when the worker failed and said so. */
int worker_run(const struct worker_options *options, int fd);

#endif
