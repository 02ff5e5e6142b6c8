#include "sweep/pace.h"

void pace_init(struct pace *pace, double rate, double now)
{
    *pace = (struct pace){.rate = rate, .filled_at = now};
}

uint64_t pace_take(struct pace *pace, double now, uint64_t wanted)
{
    double most = pace->rate * PACE_INTERVAL_S;
    uint64_t granted;

    if (pace->rate <= 0)
        return wanted;
    pace->tokens += (now - pace->filled_at) * pace->rate;
    pace->filled_at = now;
    if (most < 1)
        most = 1;
    if (pace->tokens > most)
        pace->tokens = most;
    granted = (uint64_t)pace->tokens;
    if (granted > wanted)
        granted = wanted;
    pace->tokens -= (double)granted;
    return granted;
}
