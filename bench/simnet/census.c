#include "census.h"

#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { FIRST_CAPACITY = 4096 };

void census_clear(struct census *census)
{
    free(census->zones);
    free(census->names);
    *census = (struct census){0};
}

static struct zone_count *find_place(struct zone_count *zones, size_t capacity, uint64_t key)
{
    size_t at = (size_t)key & (capacity - 1);

    while (zones[at].count > 0 && zones[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &zones[at];
}

static bool grow(struct census *census)
{
    size_t capacity = census->capacity > 0 ? census->capacity * 2 : FIRST_CAPACITY;
    struct zone_count *zones = calloc(capacity, sizeof *zones);

    if (zones == NULL)
        return false;
    for (size_t i = 0; i < census->capacity; i++)
        if (census->zones[i].count > 0)
            *find_place(zones, capacity, census->zones[i].key) = census->zones[i];
    free(census->zones);
    census->zones = zones;
    census->capacity = capacity;
    return true;
}

static bool keep_name(struct census *census, struct span apex)
{
    if (census->names_capacity - census->names_len < apex.len) {
        size_t capacity = 2 * census->names_capacity + 16 * (size_t)FIRST_CAPACITY;
        uint8_t *names = realloc(census->names, capacity);
        if (names == NULL)
            return false;
        census->names = names;
        census->names_capacity = capacity;
    }
    memcpy(census->names + census->names_len, apex.ptr, apex.len);
    census->names_len += apex.len;
    return true;
}

void census_count(struct census *census, struct span apex, uint64_t now_ms)
{
    uint64_t key = hash_bytes(0, apex.ptr, apex.len);
    uint32_t second = (uint32_t)(now_ms / 1000);
    struct zone_count *zone;

    if (census->failed || (2 * (census->used + 1) > census->capacity && !grow(census))) {
        census->failed = true;
        return;
    }
    zone = find_place(census->zones, census->capacity, key);
    if (zone->count == 0) {
        *zone = (struct zone_count){.key = key, .name_at = census->names_len};
        if (!keep_name(census, apex)) {
            census->failed = true;
            return;
        }
        census->used++;
    }
    zone->count++;
    zone->in_second = zone->second == second ? zone->in_second + 1 : 1;
    zone->second = second;
    if (zone->in_second > zone->peak)
        zone->peak = zone->in_second;
}

bool census_write(const struct census *census, FILE *file)
{
    char text[NAME_MAX_WIRE + 1];

    for (size_t i = 0; i < census->capacity; i++) {
        const struct zone_count *zone = &census->zones[i];
        if (zone->count == 0)
            continue;
        span_to_text((struct span){census->names + zone->name_at, NAME_MAX_WIRE}, text,
                     sizeof text);
        fprintf(file, "{\"zone\":\"%s\",\"queries\":%u,\"peak_per_second\":%u}\n",
                text[0] == '\0' ? "." : text, zone->count, zone->peak);
    }
    return fflush(file) == 0 && !ferror(file) && !census->failed;
}
