/*
 * The outbox: lines of finished domains on their way to the supervisor, frame by frame.
 */
#ifndef SCANNER_WORKER_OUTBOX_H
#define SCANNER_WORKER_OUTBOX_H

#include "worker/channel.h"
#include "worker/domain.h"

struct outbox {
    struct channel *channel;
    struct frame frame;
    size_t frame_size;       /* bytes of lines that fill a frame */
    struct mxs_buffer again; /* a line that may not be the last word */
    void (*write)(const struct mxs_line *line, struct mxs_buffer *out);
    bool failed; /* memory is out */
};

/* `level` is zstd's; 0: plain lines. False with the error set. */
bool outbox_init(struct outbox *outbox, int level, struct error *error);
void outbox_clear(struct outbox *outbox);

/* The domain's line, for the dataset; a full frame is sent. `now` in seconds of the loop. */
void outbox_keep(struct outbox *outbox, const struct domain *domain,
                 const struct mxs_posture *posture, double now);

/* The domain's line, for the supervisor to keep until the name was tried again. */
void outbox_give_back(struct outbox *outbox, const struct domain *domain,
                      const struct mxs_posture *posture, double now);

/* Sends the lines there are, if any. */
void outbox_send(struct outbox *outbox);

#endif
