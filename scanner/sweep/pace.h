/*
 * A pace: so many a second, and never more in a stretch of time than that allows.
 *
 * A bucket that fills with time and holds little. It fills a little slower than it might, because
 * what is granted evenly may leave the machine less evenly.
 */
#ifndef SCANNER_SWEEP_PACE_H
#define SCANNER_SWEEP_PACE_H

#include <stdint.h>

struct pace {
    double rate;   /* per second; 0: no limit */
    double tokens; /* what may be granted now */
    double filled_at;
};

/* How often the supervisor deals out; a bucket holds what two such intervals give. */
#define PACE_INTERVAL_S 0.02

void pace_init(struct pace *pace, double rate, double now);

/* Grants up to `wanted`. */
uint64_t pace_take(struct pace *pace, double now, uint64_t wanted);

#endif
