/*
 * check_host() over zone texts, for run_spf.py. Standard input is lines:
 *
 *     zone                       begins a zone text (tests/unit/zone.h), which ends at the first
 *                                line that begins with "check "
 *     check IP SENDER HELO       a check in the last zone
 *
 * Each check gives a line: result, look-ups, void look-ups, reason, explanation. Fields are parted
 * by one blank and %XX-encoded; "-" is an empty or missing one.
 */
#include "../unit/unit.h"

#include <mxsweep/spf_check.h>

#include "../unit/zone.h"

enum { INPUT_MAX = 4 << 20, RUNS_MAX = 40 };

static struct mxs_arena arena;

static int hex_of(char c)
{
    if (mxs_is_digit(c))
        return c - '0';
    return mxs_lower(c) - 'a' + 10;
}

static mxs_slice take_field(mxs_slice *rest)
{
    mxs_slice word;
    char *text;
    size_t len = 0;

    if (!mxs_slice_split(rest, ' ', &word) || mxs_slice_equal(word, MXS_SLICE("-")))
        return (mxs_slice){NULL, 0};
    text = mxs_arena_alloc(&arena, word.len);
    if (text == NULL)
        abort();
    for (size_t i = 0; i < word.len; i++) {
        bool escape = word.ptr[i] == '%' && i + 2 < word.len;
        text[len++] =
            escape ? (char)(hex_of(word.ptr[i + 1]) * 16 + hex_of(word.ptr[i + 2])) : word.ptr[i];
        i += escape ? 2 : 0;
    }
    return (mxs_slice){text, len};
}

static void print_field(mxs_slice text, char end)
{
    if (text.len == 0)
        (void)putchar('-');
    for (size_t i = 0; i < text.len; i++) {
        if (mxs_is_alphanumeric(text.ptr[i]))
            (void)putchar(text.ptr[i]);
        else
            (void)printf("%%%02X", (unsigned char)text.ptr[i]);
    }
    (void)putchar(end);
}

/* Evaluates in waves, as the scanner does. */
static void check(struct zone *zone, mxs_slice fields)
{
    struct mxs_answers answers;
    struct mxs_spf_request request;
    struct mxs_spf_result result;
    struct mxs_address address;
    mxs_slice ip, sender;

    mxs_arena_reset(&arena);
    ip = take_field(&fields);
    sender = take_field(&fields);
    if (!mxs_address_parse(ip, &address))
        abort();
    request = mxs_spf_request_of(&address, sender, take_field(&fields));
    zone_restart(zone, ZONE_PENDING_FIRST);
    mxs_answers_init(&answers, zone_source(zone));
    for (int runs = 0;; runs++) {
        if (runs == RUNS_MAX)
            abort();
        mxs_answers_begin(&answers);
        mxs_spf_check_host(&arena, &answers, &request, &result);
        if (!answers.pending)
            break;
        (void)zone_settle(zone);
    }
    (void)printf("%s %u %u ", mxs_spf_code_text(result.result), result.lookups,
                 result.void_lookups);
    print_field(mxs_slice_of(result.reason != NULL ? result.reason : ""), ' ');
    print_field(result.explanation, '\n');
}

/* Reads a zone text off `*rest`: up to the line that begins the checks. */
static struct zone *read_zone(mxs_slice *rest)
{
    const char *start = rest->ptr;
    mxs_slice line;
    struct zone *zone;
    char *text;
    size_t len = 0;

    while (rest->ptr != NULL && !mxs_slice_starts_with(*rest, MXS_SLICE("check ")) &&
           mxs_slice_split(rest, '\n', &line))
        len = (size_t)(line.ptr + line.len - start);
    text = malloc(len + 2);
    if (text == NULL)
        abort();
    memcpy(text, start, len);
    memcpy(text + len, "\n", 2);
    zone = zone_new(text);
    free(text);
    return zone;
}

int main(void)
{
    char *input = malloc(INPUT_MAX);
    struct zone *zone = NULL;
    mxs_slice rest = {input, 0}, line;

    if (input == NULL)
        return 1;
    rest.len = fread(input, 1, INPUT_MAX, stdin);
    mxs_arena_init(&arena);
    while (rest.ptr != NULL && mxs_slice_split(&rest, '\n', &line)) {
        if (mxs_slice_equal(line, MXS_SLICE("zone"))) {
            zone_free(zone);
            zone = read_zone(&rest);
        } else if (zone != NULL && mxs_slice_starts_with(line, MXS_SLICE("check "))) {
            check(zone, mxs_slice_from(line, sizeof "check " - 1));
        }
    }
    zone_free(zone);
    mxs_arena_clear(&arena);
    free(input);
    return 0;
}
