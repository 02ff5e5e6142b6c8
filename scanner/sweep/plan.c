#include "sweep/plan.h"

#include <stdlib.h>
#include <string.h>

enum { TLD_MAX = 64, FIRST_TLDS = 64, TLDS_SHOWN = 15 };

/*
 * Measured with 20,000 names over the simulated Internet (98,819 questions, 268,739 packets, 32.0
 * MB with IP headers): questions beyond what the cache had, exchanges that the resolver made for
 * each, and octets of an exchange, both directions. Signed answers are longer.
 */
static const double questions_per_name = 4.9;
static const double exchanges_per_question = 1.4;
static const double octets_per_exchange = 240;

struct tld {
    char name[TLD_MAX]; /* lower case, cut */
    uint64_t names;
};

struct plan {
    struct tld *tlds; /* sorted by name while it is read */
    size_t count, capacity;
    uint64_t names;
};

/* The last label as it is written, without final dots and blanks. */
static void read_tld(mxs_slice text, char tld[TLD_MAX])
{
    size_t begin, len = 0;

    text = mxs_slice_trim(text);
    while (text.len > 0 && text.ptr[text.len - 1] == '.')
        text.len--;
    for (begin = text.len; begin > 0 && text.ptr[begin - 1] != '.'; begin--)
        continue;
    for (; begin < text.len && len < TLD_MAX - 1; begin++)
        tld[len++] = mxs_lower(text.ptr[begin]);
    tld[len] = '\0';
}

/* Where the TLD is, or belongs. */
static size_t find_tld(const struct plan *plan, const char *tld)
{
    size_t low = 0, high = plan->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(plan->tlds[middle].name, tld) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool insert_tld(struct plan *plan, size_t at, const char *tld)
{
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity == 0 ? FIRST_TLDS : plan->capacity * 2;
        struct tld *tlds = realloc(plan->tlds, capacity * sizeof *tlds);
        if (tlds == NULL)
            return false;
        plan->tlds = tlds;
        plan->capacity = capacity;
    }
    memmove(plan->tlds + at + 1, plan->tlds + at, (plan->count - at) * sizeof *plan->tlds);
    memset(&plan->tlds[at], 0, sizeof plan->tlds[at]);
    memcpy(plan->tlds[at].name, tld, strlen(tld));
    plan->count++;
    return true;
}

static bool note_name(struct plan *plan, mxs_slice text)
{
    char tld[TLD_MAX];
    size_t at;

    read_tld(text, tld);
    at = find_tld(plan, tld);
    if ((at == plan->count || strcmp(plan->tlds[at].name, tld) != 0) && !insert_tld(plan, at, tld))
        return false;
    plan->tlds[at].names++;
    plan->names++;
    return true;
}

static bool read_list(struct plan *plan, struct list *list, struct error *error)
{
    struct list_entry entry;

    for (;;) {
        switch (list_next(list, &entry, error)) {
        case LIST_ENTRY:
            if (!note_name(plan, entry.text))
                return error_set(error, "out of memory");
            break;
        case LIST_BUSY:
        case LIST_WAIT: /* a pipe that is slow: a plan has nothing else to do */
            break;
        case LIST_END:
            return true;
        case LIST_FAILED:
            return false;
        }
    }
}

static int compare_tlds(const void *left, const void *right)
{
    const struct tld *a = left, *b = right;

    if (a->names != b->names)
        return a->names > b->names ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* A TLD's name is of the list's making: anything but letters, digits and hyphens is not shown. */
static void print_tld(const struct tld *tld, FILE *out)
{
    (void)fprintf(out, "  %12llu  .", (unsigned long long)tld->names);
    for (const char *c = tld->name; *c != '\0'; c++)
        (void)fputc(mxs_is_alphanumeric(*c) || *c == '-' ? *c : '?', out);
    (void)fputc('\n', out);
}

static void print_time(const struct plan *plan, const struct plan_options *options, FILE *out)
{
    double questions = (double)plan->names * questions_per_name;
    double seconds = options->rate > 0 ? questions / options->rate : 0;
    double tld_s = options->tld_rate > 0 && plan->count > 0
                       ? (double)plan->tlds[0].names / options->tld_rate
                       : 0;

    if (tld_s > seconds)
        seconds = tld_s;
    if (seconds <= 0)
        (void)fprintf(out, "time: as fast as it goes (no --rate)\n");
    else
        (void)fprintf(out, "time: at least %.1f hours, bound by %s\n", seconds / 3600,
                      tld_s >= seconds ? "--tld-rate" : "--rate");
}

bool plan_print(struct list *list, const struct plan_options *options, FILE *out,
                struct error *error)
{
    struct plan plan = {0};
    double questions;

    if (!read_list(&plan, list, error)) {
        free(plan.tlds);
        return false;
    }
    if (plan.count > 0)
        qsort(plan.tlds, plan.count, sizeof *plan.tlds, compare_tlds);
    questions = (double)plan.names * questions_per_name;
    (void)fprintf(out, "names: %llu below %zu TLDs\n", (unsigned long long)plan.names, plan.count);
    for (size_t i = 0; i < plan.count && i < TLDS_SHOWN; i++)
        print_tld(&plan.tlds[i], out);
    (void)fprintf(out, "questions: about %.0f (%.1f a name)\n", questions, questions_per_name);
    (void)fprintf(out, "packets: about %.0f out and as many in, %.1f MB and more\n",
                  questions * exchanges_per_question,
                  questions * exchanges_per_question * octets_per_exchange / 1e6);
    print_time(&plan, options, out);
    (void)fprintf(out, "nothing was asked: this is a plan\n");
    free(plan.tlds);
    return true;
}
