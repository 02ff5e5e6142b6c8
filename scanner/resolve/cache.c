#include "resolve/cache.h"

#include <stdlib.h>

enum {
    BUCKETS = 1 << 15,
    TTL_MIN_S = 60, /* a run asks no question twice within a minute */
    TTL_MAX_S = 24 * 3600,
    TTL_FAILED_S = 30, /* RFC 2308 section 7 allows five minutes; a failure may pass sooner */
};

struct cache {
    struct entry *buckets[BUCKETS];
    struct entry *least_recent, *most_recent; /* those that nobody holds */
    size_t bytes_max;
    uint64_t seed;
    struct cache_counts counts;
};

struct cache *cache_new(size_t bytes_max, uint64_t seed)
{
    struct cache *cache = calloc(1, sizeof *cache);

    if (cache != NULL) {
        cache->bytes_max = bytes_max;
        cache->seed = seed;
    }
    return cache;
}

static void entry_free(struct entry *entry)
{
    while (entry->waiters != NULL) { /* only when the cache goes as a whole */
        struct waiter *waiter = entry->waiters;
        entry->waiters = waiter->next;
        free(waiter);
    }
    mxs_arena_clear(&entry->arena);
    free(entry);
}

void cache_free(struct cache *cache)
{
    if (cache == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        while (cache->buckets[i] != NULL) {
            struct entry *entry = cache->buckets[i];
            cache->buckets[i] = entry->next_in_bucket;
            entry_free(entry);
        }
    free(cache);
}

static struct entry **bucket_of(struct cache *cache, uint64_t hash)
{
    return &cache->buckets[hash & (BUCKETS - 1)];
}

static void idle_append(struct cache *cache, struct entry *entry)
{
    entry->more_recent = NULL;
    entry->less_recent = cache->most_recent;
    if (cache->most_recent != NULL)
        cache->most_recent->more_recent = entry;
    else
        cache->least_recent = entry;
    cache->most_recent = entry;
}

static void idle_remove(struct cache *cache, struct entry *entry)
{
    if (entry->less_recent != NULL)
        entry->less_recent->more_recent = entry->more_recent;
    else
        cache->least_recent = entry->more_recent;
    if (entry->more_recent != NULL)
        entry->more_recent->less_recent = entry->less_recent;
    else
        cache->most_recent = entry->less_recent;
}

static void unlink_entry(struct cache *cache, struct entry *entry)
{
    struct entry **link = bucket_of(cache, entry->hash);

    while (*link != entry)
        link = &(*link)->next_in_bucket;
    *link = entry->next_in_bucket;
    entry->cached = false;
    cache->counts.entries--;
}

static void count_bytes(struct cache *cache, struct entry *entry)
{
    cache->counts.bytes -= entry->bytes;
    entry->bytes = sizeof *entry + entry->arena.bytes;
    cache->counts.bytes += entry->bytes;
    if (cache->counts.bytes > cache->counts.bytes_peak)
        cache->counts.bytes_peak = cache->counts.bytes;
}

static void drop(struct cache *cache, struct entry *entry)
{
    cache->counts.bytes -= entry->bytes;
    entry_free(entry);
}

static void drop_surplus(struct cache *cache)
{
    while (cache->counts.bytes > cache->bytes_max && cache->least_recent != NULL) {
        struct entry *entry = cache->least_recent;
        idle_remove(cache, entry);
        unlink_entry(cache, entry);
        drop(cache, entry);
        cache->counts.dropped++;
    }
}

static struct entry *find(struct cache *cache, uint64_t hash, struct mxs_name name, uint16_t type)
{
    struct entry *entry = *bucket_of(cache, hash);

    while (entry != NULL && (entry->hash != hash || entry->answer.type != type ||
                             !mxs_name_equal(entry->answer.name, name)))
        entry = entry->next_in_bucket;
    return entry;
}

static bool is_expired(const struct entry *entry, double now)
{
    return entry->answer.lookup != MXS_LOOKUP_PENDING && entry->expires_at <= now;
}

/* Those who hold an expired entry keep it; nobody else finds it. */
static void retire(struct cache *cache, struct entry *entry)
{
    unlink_entry(cache, entry);
    if (entry->holders == 0) {
        idle_remove(cache, entry);
        drop(cache, entry);
    }
}

static struct entry *entry_new(struct mxs_name name, uint16_t type)
{
    struct entry *entry = calloc(1, sizeof *entry);

    if (entry == NULL)
        return NULL;
    mxs_arena_init(&entry->arena);
    entry->answer.name = mxs_name_copy(&entry->arena, name);
    entry->answer.type = type;
    entry->question = (struct question){.answer = &entry->answer, .arena = &entry->arena};
    if (entry->answer.name.wire == NULL) {
        entry_free(entry);
        return NULL;
    }
    return entry;
}

static struct entry *add(struct cache *cache, uint64_t hash, struct mxs_name name, uint16_t type)
{
    struct entry *entry = entry_new(name, type);
    struct entry **bucket = bucket_of(cache, hash);

    if (entry == NULL)
        return NULL;
    entry->hash = hash;
    entry->holders = 1;
    entry->cached = true;
    entry->next_in_bucket = *bucket;
    *bucket = entry;
    cache->counts.entries++;
    count_bytes(cache, entry);
    drop_surplus(cache);
    return entry;
}

struct entry *cache_hold(struct cache *cache, struct mxs_name name, uint16_t type, double now,
                         bool *created)
{
    uint64_t hash = mxs_name_hash(name, cache->seed + type);
    struct entry *entry = find(cache, hash, name, type);

    *created = false;
    if (entry != NULL && is_expired(entry, now)) {
        retire(cache, entry);
        entry = NULL;
    }
    if (entry == NULL) {
        cache->counts.misses++;
        *created = true;
        return add(cache, hash, name, type);
    }
    cache->counts.hits++;
    if (entry->holders++ == 0)
        idle_remove(cache, entry);
    return entry;
}

void cache_release(struct cache *cache, struct entry *entry)
{
    if (--entry->holders > 0)
        return;
    if (!entry->cached) {
        drop(cache, entry);
        return;
    }
    idle_append(cache, entry);
    drop_surplus(cache);
}

void cache_settle(struct cache *cache, struct entry *entry, double now)
{
    uint32_t ttl_s = entry->answer.ttl_s;

    if (!mxs_lookup_is_definite(entry->answer.lookup))
        ttl_s = TTL_FAILED_S;
    else if (ttl_s < TTL_MIN_S)
        ttl_s = TTL_MIN_S;
    else if (ttl_s > TTL_MAX_S)
        ttl_s = TTL_MAX_S;
    entry->expires_at = now + ttl_s;
    count_bytes(cache, entry);
    drop_surplus(cache);
}

const struct cache_counts *cache_counts(const struct cache *cache)
{
    return &cache->counts;
}
