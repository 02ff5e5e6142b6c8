/*
 * The answer cache: every question is asked once, however many domains wait for it.
 *
 * An entry is pending until its question is settled, then it is an answer that lives for its TTL.
 * Who uses an entry holds it; only entries that nobody holds are dropped, the least recently used
 * first, when the cache is over its bound.
 */
#ifndef SCANNER_RESOLVE_CACHE_H
#define SCANNER_RESOLVE_CACHE_H

#include "resolve/resolver.h"

struct cache;

/* Somebody who waits for a pending entry; the worker gives it meaning. On the heap. */
struct waiter {
    void *who;
    struct waiter *next;
};

struct entry {
    struct mxs_answer answer; /* first: an answer handed out is its entry */
    struct question question;
    struct mxs_arena arena;
    struct waiter *waiters; /* while pending */
    struct entry *queued;   /* the next of those that wait to be sent */
    /* ---- the cache's own */
    uint64_t hash;
    struct entry *next_in_bucket;
    struct entry *less_recent, *more_recent; /* of those that nobody holds */
    size_t bytes;                            /* counted for it */
    double expires_at;
    unsigned holders;
    bool cached; /* found by its question; false for one that was replaced */
};

struct cache_counts {
    uint64_t hits, misses, dropped;
    size_t entries, bytes, bytes_peak;
};

/* `seed` makes the hash unpredictable. NULL when memory is out. */
struct cache *cache_new(size_t bytes_max, uint64_t seed);
/* Frees all entries that are found by their question, held or not, with their waiters. */
void cache_free(struct cache *cache);

/*
 * The entry of a question, held once more: a live one, pending or settled, or a new pending one,
 * for which `*created` is true and which the caller must have asked. NULL when memory is out.
 */
struct entry *cache_hold(struct cache *cache, struct mxs_name name, uint16_t type, double now,
                         bool *created);

/* Gives one hold back. */
void cache_release(struct cache *cache, struct entry *entry);

/* The entry's question is settled: sets how long the answer lives, and counts its memory. */
void cache_settle(struct cache *cache, struct entry *entry, double now);

const struct cache_counts *cache_counts(const struct cache *cache);

#endif
