/*
 * The pace of a run: questions a second, all workers together.
 *
 * A bucket that fills with time and holds little, so that within any stretch of time no more is
 * granted than the rate allows.
 */
#ifndef SCANNER_SWEEP_PACE_H
#define SCANNER_SWEEP_PACE_H

#include <stdint.h>

struct pace {
    double rate;   /* per second; 0: no limit */
    double tokens; /* what may be granted now */
    double filled_at;
};

/* How often the supervisor deals out credit; the bucket holds what one interval gives. */
#define PACE_INTERVAL_S 0.02

void pace_init(struct pace *pace, double rate, double now);

/* Grants up to `wanted`. */
uint64_t pace_take(struct pace *pace, double now, uint64_t wanted);

#endif
