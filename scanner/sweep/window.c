#include "sweep/window.h"

#include <stdlib.h>
#include <sys/random.h>

#include "sweep/pace.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
    TLDS = 4096, /* buckets; two TLDs that meet in one share its pace */
    TRIES = 64,  /* random picks before it is "none now" */
    LABEL_MAX = 63,
};

struct window {
    struct name_source source;
    struct name *names[WINDOW_NAMES];
    size_t count;
    uint64_t read;
    uint64_t random;
    double tld_rate;
    struct pace tlds[TLDS];
    bool ended;
};

struct window *window_new(const struct name_source *source, double tld_rate)
{
    struct window *window = calloc(1, sizeof *window);

    if (window == NULL)
        return NULL;
    window->source = *source;
    window->tld_rate = tld_rate;
    if (getrandom(&window->random, sizeof window->random, GRND_NONBLOCK) != sizeof window->random ||
        window->random == 0)
        window->random = 1;
    for (size_t i = 0; i < TLDS; i++)
        pace_init(&window->tlds[i], tld_rate, 0);
    return window;
}

void window_free(struct window *window)
{
    if (window == NULL)
        return;
    for (size_t i = 0; i < window->count; i++)
        name_free(window->names[i]);
    free(window);
}

static enum list_status read_one(struct window *window, struct error *error)
{
    struct list_entry entry;
    enum list_status status = window->source.next(window->source.context, &entry, error);
    struct name *name;

    if (status != LIST_ENTRY)
        return status;
    name = name_new(&entry);
    if (name == NULL) {
        (void)error_set(error, "out of memory");
        return LIST_FAILED;
    }
    window->names[window->count++] = name;
    window->read++;
    return LIST_ENTRY;
}

enum list_status window_fill(struct window *window, struct error *error)
{
    enum list_status status = LIST_ENTRY;

    if (window->ended)
        return LIST_END;
    while (window->count < WINDOW_NAMES && status == LIST_ENTRY)
        status = read_one(window, error);
    window->ended = status == LIST_END;
    return status;
}

/* xorshift64 (Marsaglia 2003): order needs scattering, not secrecy. */
static uint64_t next_random(struct window *window)
{
    window->random ^= window->random << 13;
    window->random ^= window->random >> 7;
    window->random ^= window->random << 17;
    return window->random;
}

/* The last label as it is written, whatever else stands on the line: good enough for a pace. */
static struct pace *pace_of(struct window *window, const struct name *name)
{
    char label[LABEL_MAX];
    size_t end = name->text_len, len = 0;

    while (end > 0 && (name->bytes[end - 1] == '.' || mxs_is_blank(name->bytes[end - 1])))
        end--;
    while (len < end && len < sizeof label && name->bytes[end - 1 - len] != '.') {
        label[len] = mxs_lower(name->bytes[end - 1 - len]);
        len++;
    }
    return &window->tlds[XXH3_64bits(label, len) % TLDS];
}

bool window_may_ask(struct window *window, const struct name *name, double now)
{
    return window->tld_rate <= 0 || pace_take(pace_of(window, name), now, 1) == 1;
}

static struct name *take_at(struct window *window, size_t at)
{
    struct name *name = window->names[at];

    window->names[at] = window->names[--window->count];
    return name;
}

struct name *window_take(struct window *window, double now)
{
    for (unsigned i = 0; i < TRIES && window->count > 0; i++) {
        size_t at = next_random(window) % window->count;
        if (window_may_ask(window, window->names[at], now))
            return take_at(window, at);
    }
    return NULL;
}

bool window_is_empty(const struct window *window)
{
    return window->count == 0;
}

bool window_is_low(const struct window *window)
{
    return window->count < WINDOW_NAMES / 2;
}

uint64_t window_read(const struct window *window)
{
    return window->read;
}
