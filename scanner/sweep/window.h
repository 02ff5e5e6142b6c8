/*
 * The window: entries read ahead and given out scattered, so that neighbours in a sorted list do
 * not meet the same server at once, and paced for each TLD.
 */
#ifndef SCANNER_SWEEP_WINDOW_H
#define SCANNER_SWEEP_WINDOW_H

#include "sweep/names.h"

enum { WINDOW_NAMES = 1 << 16 };

struct window;

/* Where entries come from: a list, or the operands of a command. Slices live until the next call.
 */
struct name_source {
    enum list_status (*next)(void *context, struct list_entry *entry, struct error *error);
    int (*wait_fd)(void *context); /* what to wait for after LIST_WAIT */
    void *context;
};

/* `tld_rate`: names a second and TLD; 0: no limit. NULL when memory is out. */
struct window *window_new(const struct name_source *source, double tld_rate);
void window_free(struct window *window);

/*
 * Reads on until the window is full, the source is at its end, or has nothing now. LIST_ENTRY:
 * full; otherwise as the source says.
 */
enum list_status window_fill(struct window *window, struct error *error);

/*
 * A name whose TLD may be asked now, chosen at random; NULL when there is none at this time. `now`
 * in seconds.
 */
struct name *window_take(struct window *window, double now);

/* Takes the turn of a name that is not in the window (it was tried before) in its TLD's pace. */
bool window_may_ask(struct window *window, const struct name *name, double now);

bool window_is_empty(const struct window *window);
/* True when it holds so little that scattering and pace suffer. */
bool window_is_low(const struct window *window);
/* Entries read so far. */
uint64_t window_read(const struct window *window);

#endif
