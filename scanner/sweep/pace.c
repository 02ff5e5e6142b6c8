#include "sweep/pace.h"

static const double share_of_rate = 0.98;

void pace_init(struct pace *pace, double rate, double now)
{
    *pace = (struct pace){.rate = rate, .filled_at = now};
}

static void fill(struct pace *pace, double now)
{
    double most = pace->rate * PACE_INTERVAL_S * 2;

    pace->tokens += (now - pace->filled_at) * pace->rate * share_of_rate;
    pace->filled_at = now;
    if (most < 1)
        most = 1;
    if (pace->tokens > most)
        pace->tokens = most;
}

uint64_t pace_take(struct pace *pace, double now, uint64_t wanted)
{
    uint64_t granted;

    if (pace->rate <= 0)
        return wanted;
    fill(pace, now);
    granted = (uint64_t)pace->tokens;
    if (granted > wanted)
        granted = wanted;
    pace->tokens -= (double)granted;
    return granted;
}
