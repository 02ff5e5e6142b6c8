/* Hostile SPF records end in bounded time and memory: rules section 17.4. The times are printed. */
#include "unit.h"

#include <time.h>

#include "scene.h"

static void add_text(struct mxs_buffer *text, const char *string)
{
    mxs_buffer_append(text, mxs_slice_of(string));
}

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Writes a TXT record of up to 64 KiB as character-strings of 250 octets. */
static void add_txt(struct mxs_buffer *text, const char *owner, mxs_slice record)
{
    add_text(text, owner);
    add_text(text, " TXT");
    for (size_t at = 0; at < record.len; at += 250) {
        mxs_slice part = mxs_slice_from(record, at);
        part.len = part.len < 250 ? part.len : 250;
        add_text(text, " \"");
        mxs_buffer_append(text, part);
        add_text(text, "\"");
    }
    add_text(text, "\n");
}

enum { RECORD_MAX = 65000 };

typedef void writer(struct mxs_buffer *record, unsigned index);

static void write_alternating(struct mxs_buffer *record, unsigned index)
{
    char term[64];

    (void)snprintf(term, sizeof term, " %cip4:%u.%u.%u.0/24", "+-~?"[index % 4],
                   1 + index * 7919 % 223, index * 31 % 256, index * 17 % 256);
    add_text(record, term);
}

static void write_every_second(struct mxs_buffer *record, unsigned index)
{
    char term[64];

    (void)snprintf(term, sizeof term, " %cip4:10.%u.%u.%u", "+-"[index % 2], index >> 15 & 255,
                   index >> 7 & 255, index << 1 & 255);
    add_text(record, term);
}

static void write_everything(struct mxs_buffer *record, unsigned index)
{
    static const char *const terms[] = {" -ip4:0.0.0.0/0", " +ip6:::/0", " ~ip4:128.0.0.0/1",
                                        " ip4:0.0.0.0/1"};

    add_text(record, terms[index % 4]);
}

static void write_includes(struct mxs_buffer *record, unsigned index)
{
    char term[64];

    (void)snprintf(term, sizeof term, " include:i%u.ex.test", index % 70);
    add_text(record, term);
}

static void write_bomb(struct mxs_buffer *record, unsigned index)
{
    char term[64];

    (void)snprintf(term, sizeof term, " ?include:b%u.ex.test -ip4:%u.%u.0.0/17", index % 12,
                   1 + index * 37 % 223, index * 11 % 256);
    add_text(record, term);
}

static void write_macros(struct mxs_buffer *record, unsigned index)
{
    add_text(record, index == 0 ? " exists:" : "%{d}");
}

static void write_slashes(struct mxs_buffer *record, unsigned index)
{
    char term[64];

    (void)snprintf(term, sizeof term, " a:h%u.ex.test/%u//%u", index % 60, index % 33, index % 129);
    add_text(record, term);
}

static void write_broken(struct mxs_buffer *record, unsigned index)
{
    (void)index;
    add_text(record, " %{");
}

static void write_ptrs(struct mxs_buffer *record, unsigned index)
{
    char term[64];

    (void)snprintf(term, sizeof term, " exists:%%{p}.%%{l}%u.ex.test", index);
    add_text(record, term);
}

/* Every record leads to ten others, after terms that divide the clients. */
static void write_mesh(struct mxs_buffer *record, unsigned index)
{
    static unsigned salt;
    char term[64];

    salt = salt * 31 + 7;
    (void)snprintf(term, sizeof term, " -ip4:%u.0.0.0/%u include:i%u.ex.test", 1 + salt % 223,
                   6 + index % 9, salt / 7 % 63);
    add_text(record, term);
}

/* Clients that fail early have cost less than those that go on: many classes. */
static void write_classes(struct mxs_buffer *record, unsigned index)
{
    char term[80];

    (void)snprintf(term, sizeof term, " -ip4:%u.0.0.0/9 a:n%u.ex.test ip6:2001:db8:%x::/49",
                   1 + index * 29 % 223, index % 2, index);
    add_text(record, term);
}

/* Records filled with terms by a writer, at ex.test and at names that it leads to. */
static struct hostile {
    const char *label;
    writer *write;
    unsigned terms;
    const char *other; /* first letter of the other owners, "i0.ex.test" */
    unsigned others;
    writer *write_other;
    unsigned other_terms;
} hostiles[] = {
    {"ten thousand networks", write_alternating, UINT32_MAX, "i", 0, NULL, 0},
    {"networks with qualifiers in turn", write_alternating, 1999, "i", 0, NULL, 0},
    {"every second address", write_every_second, 1999, "i", 0, NULL, 0},
    {"everything in many ways", write_everything, 1999, "i", 0, NULL, 0},
    {"includes of large records", write_includes, 70, "i", 70, write_alternating, 1900},
    {"ten includes of large records", write_includes, 10, "i", 70, write_alternating, 1900},
    {"ten includes that divide", write_includes, 10, "i", 70, write_every_second, 1900},
    {"an include bomb", write_bomb, 990, "b", 12, write_bomb, 990},
    {"an include bomb of ten terms", write_bomb, 10, "b", 12, write_bomb, 10},
    {"a mesh of includes", write_mesh, 10, "i", 63, write_mesh, 10},
    {"a mesh of two includes each", write_mesh, 2, "i", 63, write_mesh, 2},
    {"clients of many costs", write_includes, 10, "i", 70, write_classes, 8},
    {"macros that grow", write_macros, UINT32_MAX, "i", 0, NULL, 0},
    {"addresses with every prefix", write_slashes, 1999, "h", 60, write_slashes, 1999},
    {"a syntax error in every term", write_broken, UINT32_MAX, "i", 0, NULL, 0},
    {"names of the client in every term", write_ptrs, 1999, "i", 0, NULL, 0},
};

static void write_record(struct mxs_buffer *record, writer *write, unsigned terms_max)
{
    mxs_buffer_reset(record);
    add_text(record, "v=spf1");
    for (unsigned i = 0; i < terms_max && record->len < RECORD_MAX; i++)
        write(record, i);
    add_text(record, " -all");
}

static void build_hostile(const struct hostile *hostile, struct mxs_buffer *text)
{
    struct mxs_buffer record;
    char owner[32];

    mxs_buffer_init(&record);
    add_text(text, "ex.test MX 10 m.ex.test\nm.ex.test A 9.1.1.1\nm.ex.test A 9.1.1.2\n"
                   "m.ex.test A 9.1.1.3\nm.ex.test A 9.1.1.4\nm.ex.test AAAA 2620::1\n"
                   "m.ex.test AAAA 2620::2\nm.ex.test AAAA 2620::3\nm.ex.test AAAA 2620::4\n");
    write_record(&record, hostile->write, hostile->terms);
    add_txt(text, "ex.test", mxs_buffer_slice(&record));
    for (unsigned i = 0; i < hostile->others; i++) {
        (void)snprintf(owner, sizeof owner, "%s%u.ex.test", hostile->other, i);
        write_record(&record, hostile->write_other, hostile->other_terms);
        add_txt(text, owner, mxs_buffer_slice(&record));
    }
    mxs_buffer_append_char(text, '\0');
    mxs_buffer_clear(&record);
    assert_false(text->failed);
}

static void ends_in_bounded_time(void **state)
{
    const struct hostile *hostile = *state;
    struct mxs_buffer text, line, other;
    struct scene scene;
    double start, at_once;
    size_t bytes;

    mxs_buffer_init(&text);
    mxs_buffer_init(&line);
    mxs_buffer_init(&other);
    build_hostile(hostile, &text);
    scene_open(&scene, text.ptr, "ex.test");
    (void)scene_evaluate(&scene, ZONE_AT_ONCE);
    start = seconds(); /* the answers are there: the evaluation alone */
    mxs_arena_reset(&scene.arena);
    scene.posture =
        mxs_posture_evaluate(&scene.arena, &scene.input, &scene.options, &scene.answers);
    at_once = seconds() - start;
    bytes = scene.arena.bytes;
    assert_non_null(scene.posture);
    scene_line(&scene, &line);
    assert_true(line.len <= 1 << 20);
    assert_non_null(scene_evaluate(&scene, ZONE_PENDING_FIRST));
    scene_line(&scene, &other);
    assert_true(mxs_slice_equal(mxs_buffer_slice(&line), mxs_buffer_slice(&other)));
    print_message("%s: %.1f ms, %zu KiB, %u runs, %u questions, %s\n", hostile->label,
                  at_once * 1e3, bytes >> 10, scene.runs, scene.posture->questions,
                  mxs_spf_validity_text(scene.posture->spf_facts.validity));
    assert_true(bytes <= 96U << 20);
    scene_close(&scene);
    mxs_buffer_clear(&text);
    mxs_buffer_clear(&line);
    mxs_buffer_clear(&other);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(hostiles)];

    for (size_t i = 0; i < COUNT(hostiles); i++)
        tests[i] =
            (struct CMUnitTest){hostiles[i].label, ends_in_bounded_time, NULL, NULL, &hostiles[i]};
    return cmocka_run_group_tests_name("spf_hostile", tests, NULL, NULL);
}
