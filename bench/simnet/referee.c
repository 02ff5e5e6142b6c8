#include "referee.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { PROBES_MAX = 16, FIRST_CAPACITY = 1024 };

void referee_clear(struct referee *referee)
{
    census_clear(&referee->census);
    free(referee->hits);
    free(referee->names);
    free(referee->silent);
    referee->silent = NULL;
    referee->silent_used = referee->silent_capacity = 0;
    referee->hits = NULL;
    referee->names = NULL;
    referee->used = referee->capacity = referee->names_len = referee->names_capacity = 0;
}

static void note_peak(struct peak *peak, const struct load *load)
{
    if (load->count > peak->count)
        *peak = (struct peak){load->server, load->count};
}

static struct silence *find_silence(struct silence *silent, size_t capacity, uint32_t server)
{
    size_t at = (size_t)hash_mix(server, SALT_SERVER_ADDRESS) & (capacity - 1);

    while (silent[at].server != 0 && silent[at].server != server)
        at = (at + 1) & (capacity - 1);
    return &silent[at];
}

static bool grow_silent(struct referee *referee)
{
    size_t capacity = referee->silent_capacity > 0 ? referee->silent_capacity * 2 : FIRST_CAPACITY;
    struct silence *silent = calloc(capacity, sizeof *silent);

    if (silent == NULL)
        return false;
    for (size_t i = 0; i < referee->silent_capacity; i++)
        if (referee->silent[i].server != 0)
            *find_silence(silent, capacity, referee->silent[i].server) = referee->silent[i];
    free(referee->silent);
    referee->silent = silent;
    referee->silent_capacity = capacity;
    return true;
}

void referee_silent(struct referee *referee, uint32_t server)
{
    struct silence *silence;

    if (!referee->keeps_hits || referee->failed)
        return;
    if (2 * (referee->silent_used + 1) > referee->silent_capacity && !grow_silent(referee)) {
        referee->failed = true;
        return;
    }
    silence = find_silence(referee->silent, referee->silent_capacity, server);
    if (silence->server == 0) {
        *silence = (struct silence){server, 1, 0};
        referee->silent_used++;
    }
    silence->unanswered++;
}

uint32_t referee_count(struct referee *referee, uint32_t server, enum zone_kind kind)
{
    uint32_t second = (uint32_t)(referee->now_ms / 1000);
    size_t at = (size_t)hash_mix(server, SALT_SERVER_ADDRESS) % REFEREE_SERVERS;
    struct load *place = &referee->loads[at];

    /* its own place, or the first one nobody has used in this second */
    for (size_t i = 0; i < PROBES_MAX; i++) {
        struct load *load = &referee->loads[(at + i) % REFEREE_SERVERS];
        if (load->second == second && load->server != server)
            continue;
        place = load;
        break;
    }
    if (place->second != second || place->server != server)
        *place = (struct load){server, second, 0};
    place->count++;
    if (referee->silent_used > 0) {
        struct silence *silence = find_silence(referee->silent, referee->silent_capacity, server);
        silence->queries += silence->server != 0;
    }
    note_peak(&referee->peaks[kind], place);
    return place->count;
}

static size_t find_place(const struct hit *hits, size_t capacity, uint64_t key)
{
    size_t at = (size_t)key & (capacity - 1);

    while (hits[at].count > 0 && hits[at].key != key)
        at = (at + 1) & (capacity - 1);
    return at;
}

static bool grow(struct referee *referee)
{
    size_t capacity = referee->capacity > 0 ? referee->capacity * 2 : FIRST_CAPACITY;
    struct hit *hits = calloc(capacity, sizeof *hits);

    if (hits == NULL)
        return false;
    for (size_t i = 0; i < referee->capacity; i++)
        if (referee->hits[i].count > 0)
            hits[find_place(hits, capacity, referee->hits[i].key)] = referee->hits[i];
    free(referee->hits);
    referee->hits = hits;
    referee->capacity = capacity;
    return true;
}

static bool keep_name(struct referee *referee, const struct name *name)
{
    if (referee->names_capacity - referee->names_len < name->len) {
        size_t capacity = 2 * referee->names_capacity + 64 * (size_t)FIRST_CAPACITY;
        uint8_t *names = realloc(referee->names, capacity);
        if (names == NULL)
            return false;
        referee->names = names;
        referee->names_capacity = capacity;
    }
    memcpy(referee->names + referee->names_len, name->wire, name->len);
    referee->names_len += name->len;
    return true;
}

void referee_hit(struct referee *referee, const struct hit *what, const struct name *name)
{
    uint64_t key = hash_bytes((uint64_t)what->type << 8 | what->fault, name->wire, name->len);
    size_t name_at = referee->names_len, at;

    referee->by_fault[what->fault]++;
    if (!referee->keeps_hits || referee->failed)
        return;
    if (2 * (referee->used + 1) > referee->capacity && !grow(referee)) {
        referee->failed = true;
        return;
    }
    at = find_place(referee->hits, referee->capacity, key);
    if (referee->hits[at].count++ > 0)
        return;
    if (!keep_name(referee, name)) {
        referee->hits[at].count = 0;
        referee->failed = true;
        return;
    }
    referee->hits[at] = *what;
    referee->hits[at].key = key;
    referee->hits[at].count = 1;
    referee->hits[at].name_at = name_at;
    referee->used++;
}

/* The name as JSON text: simnet is asked for names of any bytes, and those are printed as '?'. */
static void write_name(FILE *file, const uint8_t *wire, unsigned last_labels)
{
    char text[NAME_MAX_WIRE + 1];
    unsigned labels = 0;
    size_t len = 1;

    for (const uint8_t *at = wire; *at != 0; at += 1u + *at)
        labels++;
    for (; last_labels < labels; labels--)
        wire += 1u + *wire;
    while (wire[len - 1] != 0)
        len += wire[len - 1] + 1u;
    span_to_text((struct span){wire, len}, text, sizeof text);
    for (char *at = text; *at != '\0'; at++)
        if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
            *at = '?';
    fprintf(file, "\"%s\"", text);
}

bool referee_write_hits(const struct referee *referee, FILE *file)
{
    for (size_t i = 0; i < referee->capacity; i++) {
        const struct hit *hit = &referee->hits[i];
        if (hit->count == 0)
            continue;
        fputs("{\"name\":", file);
        write_name(file, referee->names + hit->name_at, NAME_MAX_LABELS);
        fprintf(file, ",\"type\":%u,\"fault\":\"%s\",\"zone\":", hit->type,
                faults_name((enum fault)hit->fault));
        write_name(file, referee->names + hit->name_at, hit->zone_labels);
        fprintf(file, ",\"server\":\"%u.%u.%u.%u\",\"count\":%" PRIu64 "}\n", hit->server >> 24,
                hit->server >> 16 & 255, hit->server >> 8 & 255, hit->server & 255, hit->count);
    }
    for (size_t i = 0; i < referee->silent_capacity; i++) {
        const struct silence *silence = &referee->silent[i];
        if (silence->server != 0)
            fprintf(file, "{\"server\":\"%u.%u.%u.%u\",\"queries\":%u,\"unanswered\":%u}\n",
                    silence->server >> 24, silence->server >> 16 & 255, silence->server >> 8 & 255,
                    silence->server & 255, silence->queries, silence->unanswered);
    }
    return fflush(file) == 0 && !ferror(file) && !referee->failed;
}
