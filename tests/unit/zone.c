#include "zone.h"

#include "unit.h"
#include "zone_text.h"

enum { QUESTIONS_MAX = 400, FAILS_MAX = 4, DENIAL_TTL_S = 900 };

struct question {
    struct mxs_answer answer;
    unsigned wave;
};

struct zone {
    struct mxs_arena texts;   /* what zone_new() read */
    struct mxs_arena replies; /* since the restart */
    struct zone_line *lines;
    enum zone_mode mode;
    unsigned wave, count, settled, fails;
    struct question *questions[QUESTIONS_MAX];
    struct zone_line failures[FAILS_MAX];
};

/* One question on its way through aliases. */
struct walk {
    const struct zone *zone;
    struct mxs_answer *answer;
    struct mxs_name name;
    unsigned aliases;
    enum mxs_dnssec dnssec;
    uint32_t ttl_s;
};

struct zone *zone_new(const char *text)
{
    struct zone *zone = calloc(1, sizeof *zone);

    assert_non_null(zone);
    mxs_arena_init(&zone->texts);
    mxs_arena_init(&zone->replies);
    zone->lines = zone_text_read(&zone->texts, text);
    assert_false(zone->texts.failed);
    return zone;
}

void zone_free(struct zone *zone)
{
    if (zone == NULL)
        return;
    mxs_arena_clear(&zone->texts);
    mxs_arena_clear(&zone->replies);
    free(zone);
}

void zone_restart(struct zone *zone, enum zone_mode mode)
{
    mxs_arena_clear(&zone->replies);
    zone->mode = mode;
    zone->wave = zone->count = zone->settled = 0;
}

/* A name exists when it or something below it has a record or is a zone's apex. RFC 4592, 8020. */
static bool name_exists(const struct zone *zone, struct mxs_name name)
{
    if (mxs_name_is_root(name))
        return true;
    for (const struct zone_line *line = zone->lines; line != NULL; line = line->next)
        if ((line->kind == ZONE_LINE_RECORD || line->kind == ZONE_LINE_CUT) &&
            mxs_name_is_at_or_below(line->name, name))
            return true;
    return false;
}

static const struct zone_line *find_record(const struct zone *zone, struct mxs_name name,
                                           uint16_t type)
{
    for (const struct zone_line *line = zone->lines; line != NULL; line = line->next)
        if (line->kind == ZONE_LINE_RECORD && line->type == type &&
            mxs_name_equal(line->name, name))
            return line;
    return NULL;
}

/* True when `owner` is "*." in front of `encloser`. */
static bool is_wildcard_of(struct mxs_name owner, struct mxs_name encloser)
{
    return owner.labels > 0 && owner.wire[0] == 1 && owner.wire[1] == '*' &&
           mxs_name_equal(mxs_name_ancestor(owner, 1), encloser);
}

/*
 * Whose records answer for `name`: its own, or those of the wildcard just below the closest
 * encloser (RFC 4592 section 3.3.1); zeroed when the name does not exist.
 */
static struct mxs_name find_source(const struct zone *zone, struct mxs_name name)
{
    struct mxs_name encloser = name;

    while (!name_exists(zone, encloser))
        encloser = mxs_name_ancestor(encloser, 1);
    if (encloser.labels == name.labels)
        return name;
    for (const struct zone_line *line = zone->lines; line != NULL; line = line->next)
        if (line->kind == ZONE_LINE_RECORD && is_wildcard_of(line->name, encloser))
            return line->name;
    return (struct mxs_name){0};
}

/* By the deepest zone that holds the name; all below a bogus zone cut is bogus, too. */
static enum mxs_dnssec find_status(const struct zone *zone, struct mxs_name name)
{
    const struct zone_line *deepest = NULL;

    for (const struct zone_line *line = zone->lines; line != NULL; line = line->next) {
        if (line->kind != ZONE_LINE_CUT || !mxs_name_is_at_or_below(name, line->name))
            continue;
        if (line->dnssec == MXS_DNSSEC_BOGUS)
            return MXS_DNSSEC_BOGUS;
        if (deepest == NULL || line->name.labels > deepest->name.labels)
            deepest = line;
    }
    return deepest == NULL ? MXS_DNSSEC_INSECURE : deepest->dnssec;
}

static const struct zone_line *find_failure(const struct zone *zone, struct mxs_name name,
                                            uint16_t type)
{
    for (unsigned i = 0; i < zone->fails; i++)
        if (zone->failures[i].type == type && mxs_name_equal(zone->failures[i].name, name))
            return &zone->failures[i];
    for (const struct zone_line *line = zone->lines; line != NULL; line = line->next)
        if (line->kind == ZONE_LINE_FAIL && line->type == type && mxs_name_equal(line->name, name))
            return line;
    return NULL;
}

static bool is_uncertain(const struct zone *zone, struct mxs_name name)
{
    for (const struct zone_line *line = zone->lines; line != NULL; line = line->next)
        if (line->kind == ZONE_LINE_UNCERTAIN && mxs_name_equal(line->name, name))
            return true;
    return false;
}

static void note_ttl(struct walk *walk, uint32_t ttl_s)
{
    if (ttl_s < walk->ttl_s)
        walk->ttl_s = ttl_s;
}

/* A chain is as good as its weakest link: secure, insecure, indeterminate. */
static void weaken(struct walk *walk, enum mxs_dnssec dnssec)
{
    if (dnssec == MXS_DNSSEC_INDETERMINATE || walk->dnssec == MXS_DNSSEC_SECURE)
        walk->dnssec = dnssec;
}

static void refuse(struct mxs_answer *answer, enum mxs_lookup lookup, enum mxs_error error)
{
    mxs_answer_fail(answer, lookup, error);
    if (lookup == MXS_LOOKUP_BOGUS)
        answer->why_bogus = MXS_SLICE("signature expired");
}

/* The order that answer.h promises. */
static int compare_records(const void *left, const void *right)
{
    const struct mxs_record *a = left, *b = right;

    if (a->preference != b->preference)
        return a->preference < b->preference ? -1 : 1;
    if (a->name.wire != NULL)
        return mxs_name_compare(a->name, b->name);
    if (a->address.len != 0)
        return mxs_address_compare(&a->address, &b->address);
    return mxs_slice_compare(a->rdata, b->rdata);
}

static bool conclude(struct walk *walk)
{
    struct mxs_answer *answer = walk->answer;

    answer->error = MXS_ERROR_NONE;
    answer->dnssec = walk->dnssec;
    answer->ttl_s = walk->ttl_s;
    answer->size = 512;
    if (walk->aliases > 0) {
        answer->exists = MXS_EXISTS_YES;
        answer->alias = walk->name;
    }
    return true;
}

/* Gives the records of `source`; false when memory is out. */
static bool give_records(struct walk *walk, struct mxs_name source, struct mxs_arena *arena)
{
    struct mxs_answer *answer = walk->answer;
    struct mxs_record *records;
    unsigned count = 0;

    for (const struct zone_line *line = walk->zone->lines; line != NULL; line = line->next)
        count += line->kind == ZONE_LINE_RECORD && line->type == answer->type &&
                 mxs_name_equal(line->name, source);
    records = mxs_arena_array(arena, count, sizeof *records);
    if (records == NULL)
        return false;
    for (const struct zone_line *line = walk->zone->lines; line != NULL; line = line->next) {
        if (line->kind != ZONE_LINE_RECORD || line->type != answer->type ||
            !mxs_name_equal(line->name, source))
            continue;
        records[answer->count++] = line->record;
        note_ttl(walk, line->ttl_s);
    }
    qsort(records, answer->count, sizeof *records, compare_records);
    answer->records = records;
    answer->lookup = MXS_LOOKUP_OK;
    answer->exists = MXS_EXISTS_YES;
    return conclude(walk);
}

/* Absence, rules sections 1.1 and 1.4. */
static bool deny(struct walk *walk, bool exists)
{
    struct mxs_answer *answer = walk->answer;
    bool uncertain = is_uncertain(walk->zone, walk->name);

    note_ttl(walk, DENIAL_TTL_S);
    if (exists || uncertain)
        answer->lookup = MXS_LOOKUP_NODATA;
    else
        answer->lookup = walk->aliases > 0 ? MXS_LOOKUP_NXDOMAIN_TARGET : MXS_LOOKUP_NXDOMAIN;
    if (uncertain)
        answer->exists = MXS_EXISTS_UNCERTAIN;
    else
        answer->exists = exists ? MXS_EXISTS_YES : MXS_EXISTS_NO;
    answer->exists_by_dnssec = walk->dnssec == MXS_DNSSEC_SECURE && walk->aliases == 0;
    return conclude(walk);
}

/* The name with the owner of a DNAME above it replaced, RFC 6672 section 2.2; zeroed: too long. */
static bool replace_suffix(const struct zone_line *dname, struct mxs_arena *arena,
                           struct mxs_name *name)
{
    uint8_t wire[2 * MXS_NAME_MAX];
    size_t prefix = (size_t)name->len - dname->name.len;
    struct mxs_name target = dname->record.name;

    memcpy(wire, name->wire, prefix);
    memcpy(wire + prefix, target.wire, target.len);
    return mxs_name_from_wire(arena, wire, prefix + target.len, name) != MXS_NAME_NO_MEMORY;
}

static const struct zone_line *find_dname(const struct zone *zone, struct mxs_name name)
{
    while (name.labels > 0) {
        name = mxs_name_ancestor(name, 1);
        const struct zone_line *dname = find_record(zone, name, MXS_TYPE_DNAME);
        if (dname != NULL)
            return dname;
    }
    return NULL;
}

/* What stands at the walk's name: true with the next name in it when that is an alias. */
static bool step(struct walk *walk, struct mxs_arena *arena, bool *memory)
{
    const struct zone_line *alias = find_dname(walk->zone, walk->name);
    struct mxs_name source;

    if (alias != NULL) {
        note_ttl(walk, alias->ttl_s);
        *memory = replace_suffix(alias, arena, &walk->name);
        return *memory;
    }
    source = find_source(walk->zone, walk->name);
    if (source.wire == NULL) {
        *memory = deny(walk, false);
        return false;
    }
    if (find_record(walk->zone, source, walk->answer->type) != NULL) {
        *memory = give_records(walk, source, arena);
        return false;
    }
    alias = find_record(walk->zone, source, MXS_TYPE_CNAME);
    if (alias == NULL) {
        *memory = deny(walk, true);
        return false;
    }
    note_ttl(walk, alias->ttl_s);
    walk->name = alias->record.name;
    return true;
}

/* Answers as a validating resolver would; false when memory is out. */
static bool resolve(struct zone *zone, struct mxs_answer *answer)
{
    struct walk walk = {zone, answer, answer->name, 0, MXS_DNSSEC_SECURE, UINT32_MAX};
    bool memory = true;

    for (; walk.aliases <= 16; walk.aliases++) {
        const struct zone_line *failure = find_failure(zone, walk.name, answer->type);
        enum mxs_dnssec status = find_status(zone, walk.name);
        if (failure != NULL) {
            refuse(answer, failure->lookup, failure->error);
            return true;
        }
        if (status == MXS_DNSSEC_BOGUS) {
            refuse(answer, MXS_LOOKUP_BOGUS, MXS_ERROR_NONE);
            return true;
        }
        weaken(&walk, status);
        if (!step(&walk, &zone->replies, &memory))
            return memory;
        if (walk.name.wire == NULL) { /* YXDOMAIN, RFC 6672 section 2.2 */
            refuse(answer, MXS_LOOKUP_TEMP, MXS_ERROR_FAILED);
            return true;
        }
    }
    refuse(answer, MXS_LOOKUP_TEMP, MXS_ERROR_ALIAS_LOOP);
    return true;
}

static const struct mxs_answer *fetch(void *context, struct mxs_name name, uint16_t type)
{
    struct zone *zone = context;
    struct question *question = mxs_arena_alloc(&zone->replies, sizeof *question);

    if (question == NULL)
        return NULL;
    assert_true(zone->count < QUESTIONS_MAX);
    question->wave = zone->wave;
    question->answer.name = mxs_name_copy(&zone->replies, name);
    question->answer.type = type;
    if (question->answer.name.wire == NULL)
        return NULL;
    if (zone->mode == ZONE_AT_ONCE && !resolve(zone, &question->answer))
        return NULL;
    zone->questions[zone->count++] = question;
    return &question->answer;
}

struct mxs_answers_source zone_source(struct zone *zone)
{
    return (struct mxs_answers_source){fetch, zone};
}

unsigned zone_settle(struct zone *zone)
{
    unsigned settled = 0;

    for (; zone->settled < zone->count; zone->settled++) {
        struct mxs_answer *answer = &zone->questions[zone->settled]->answer;
        if (answer->lookup != MXS_LOOKUP_PENDING)
            continue;
        if (!resolve(zone, answer))
            refuse(answer, MXS_LOOKUP_TEMP, MXS_ERROR_INTERNAL);
        settled++;
    }
    zone->wave++;
    return settled;
}

unsigned zone_question_count(const struct zone *zone)
{
    return zone->count;
}

const struct mxs_answer *zone_question(const struct zone *zone, unsigned index)
{
    assert_true(index < zone->count);
    return &zone->questions[index]->answer;
}

unsigned zone_wave(const struct zone *zone, unsigned index)
{
    assert_true(index < zone->count);
    return zone->questions[index]->wave;
}

void zone_fail(struct zone *zone, struct mxs_name name, uint16_t type, enum mxs_lookup lookup)
{
    assert_true(zone->fails < FAILS_MAX);
    zone->failures[zone->fails++] = (struct zone_line){
        .name = name,
        .type = type,
        .lookup = lookup,
        .error = lookup == MXS_LOOKUP_TEMP ? MXS_ERROR_FAILED : MXS_ERROR_NONE,
    };
}

void zone_heal(struct zone *zone)
{
    zone->fails = 0;
}
