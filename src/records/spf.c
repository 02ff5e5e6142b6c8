#include <mxsweep/spf.h>

#include <assert.h>
#include <string.h>

#include "records/spf_term.h"

enum {
    VERSION_LEN = 6,  /* "v=spf1" */
    SINGLE_SPLITS = 4 /* boundaries tried one by one in a broken term: keeps time linear */
};

static const char *const reason_texts[] = {
    [MXS_SPF_UNKNOWN_MECHANISM] = "unknown_mechanism",
    [MXS_SPF_BAD_IP4] = "bad_ip4",
    [MXS_SPF_BAD_IP6] = "bad_ip6",
    [MXS_SPF_BAD_CIDR] = "bad_cidr",
    [MXS_SPF_MISSING_ARG] = "missing_arg",
    [MXS_SPF_EMPTY_ARG] = "empty_arg",
    [MXS_SPF_ARG_NOT_ALLOWED] = "arg_not_allowed",
    [MXS_SPF_BAD_DOMAIN_SPEC] = "bad_domain_spec",
    [MXS_SPF_SINGLE_LABEL] = "single_label",
    [MXS_SPF_IP_IN_DOMAIN_SPEC] = "ip_in_domain_spec",
    [MXS_SPF_BAD_MACRO] = "bad_macro",
    [MXS_SPF_BAD_MODIFIER_NAME] = "bad_modifier_name",
    [MXS_SPF_DUPLICATE_MODIFIER] = "duplicate_modifier",
    [MXS_SPF_STRAY_QUALIFIER] = "stray_qualifier",
    [MXS_SPF_NON_ASCII] = "non_ascii",
    [MXS_SPF_CONTROL_CHAR] = "control_char",
    [MXS_SPF_GLUED_AT_STRING_BOUNDARY] = "glued_at_string_boundary",
};
_Static_assert(sizeof reason_texts / sizeof reason_texts[0] == MXS_SPF_REASONS,
               "a text per reason");

const char *mxs_spf_reason_text(enum mxs_spf_reason reason)
{
    return reason_texts[reason];
}

/* Section 4.5. */
bool mxs_spf_is_record(mxs_slice text)
{
    return mxs_slice_starts_with_nocase(text, MXS_SLICE("v=spf1")) &&
           (text.len == VERSION_LEN || text.ptr[VERSION_LEN] == ' ');
}

struct parser {
    struct mxs_spf_record *record;
    struct mxs_spf_term *terms;
    unsigned term_room;
    bool redirect_seen, exp_seen;
    const size_t *boundaries; /* those not passed yet */
    size_t boundary_count;
    struct mxs_spf_defect defects[MXS_SPF_DEFECTS_MAX];
};

static void add_defect(struct parser *parser, enum mxs_spf_reason reason, mxs_slice term,
                       size_t offset)
{
    struct mxs_spf_record *record = parser->record;

    if (record->defect_count < MXS_SPF_DEFECTS_MAX)
        parser->defects[record->defect_count++] = (struct mxs_spf_defect){reason, term, offset};
}

/* Section 6: redirect and exp stand at most once. True when `term` is not the first of its kind. */
static bool is_duplicate(struct parser *parser, const struct mxs_spf_term *term)
{
    bool *seen = term->kind == MXS_SPF_REDIRECT ? &parser->redirect_seen
                 : term->kind == MXS_SPF_EXP    ? &parser->exp_seen
                                                : NULL;
    bool duplicate = seen != NULL && *seen;

    if (seen != NULL)
        *seen = true;
    return duplicate;
}

static void add_term(struct parser *parser, const struct mxs_spf_term *term)
{
    struct mxs_spf_record *record = parser->record;

    if (is_duplicate(parser, term))
        add_defect(parser, MXS_SPF_DUPLICATE_MODIFIER, term->text, term->offset);
    else if (record->term_count < parser->term_room)
        parser->terms[record->term_count++] = *term;
    else
        record->over_limit = true;
}

static bool is_term(mxs_slice text)
{
    struct mxs_spf_term term;
    struct mxs_spf_fault fault;

    return text.len > 0 && mxs_spf_read_term(text, &term, &fault);
}

/* Boundaries strictly inside of [start, end), each once; they begin at parser->boundaries[0]. */
static size_t skip_boundaries(struct parser *parser, size_t start)
{
    while (parser->boundary_count > 0 && parser->boundaries[0] <= start) {
        parser->boundaries++;
        parser->boundary_count--;
    }
    return parser->boundary_count;
}

/* True when each piece between the boundaries inside `term` is a term. */
static bool is_fine_split_everywhere(const struct parser *parser, mxs_slice term, size_t start)
{
    size_t piece_at = 0;

    for (size_t i = 0; i < parser->boundary_count; i++) {
        size_t at = parser->boundaries[i] - start;
        if (at >= term.len)
            break;
        if (at == piece_at)
            continue; /* an empty character-string */
        if (!is_term((mxs_slice){term.ptr + piece_at, at - piece_at}))
            return false;
        piece_at = at;
    }
    return is_term(mxs_slice_from(term, piece_at));
}

/* The offset in `term` of one boundary that it would be fine split at, or 0. */
static size_t find_split(const struct parser *parser, mxs_slice term, size_t start)
{
    size_t last = 0, tried = 0;

    for (size_t i = 0; i < parser->boundary_count && tried < SINGLE_SPLITS; i++) {
        size_t at = parser->boundaries[i] - start;
        if (at >= term.len)
            break;
        if (at == last)
            continue;
        if (is_term((mxs_slice){term.ptr, at}) && is_term(mxs_slice_from(term, at)))
            return at;
        last = at;
        tried++;
    }
    return 0;
}

/*
 * A broken term that spans two character-strings and would be fine with a space between them:
 * someone split the record there and lost it. Two ways of being fine are tried, so that time stays
 * linear: split at every boundary, and at one of the first few.
 */
static bool is_glued(struct parser *parser, mxs_slice term, size_t start, size_t *offset)
{
    size_t split;

    if (skip_boundaries(parser, start) == 0 || parser->boundaries[0] >= start + term.len)
        return false;
    split = is_fine_split_everywhere(parser, term, start) ? parser->boundaries[0] - start
                                                          : find_split(parser, term, start);
    *offset = start + split;
    return split > 0;
}

static void read_term(struct parser *parser, mxs_slice text, size_t start)
{
    struct mxs_spf_term term;
    struct mxs_spf_fault fault;
    size_t offset;

    if (mxs_spf_read_term(text, &term, &fault)) {
        term.offset = start;
        add_term(parser, &term);
    } else if (is_glued(parser, text, start, &offset)) {
        add_defect(parser, MXS_SPF_GLUED_AT_STRING_BOUNDARY, text, offset);
    } else {
        add_defect(parser, fault.reason, text, start + fault.at);
    }
}

/* The next run of bytes that are no space, from `*at` on; moves `*at` behind it. */
static mxs_slice next_term(mxs_slice text, size_t *at)
{
    size_t start;

    while (*at < text.len && text.ptr[*at] == ' ')
        (*at)++;
    start = *at;
    while (*at < text.len && text.ptr[*at] != ' ')
        (*at)++;
    return (mxs_slice){text.ptr + start, *at - start};
}

static unsigned count_terms(mxs_slice text)
{
    unsigned count = 0;
    size_t at = VERSION_LEN;

    while (count < MXS_SPF_TERMS_MAX && next_term(text, &at).len > 0)
        count++;
    return count;
}

/* record = version *( 1*SP term ) *SP; section 4.6: an error anywhere spoils all of it. */
const struct mxs_spf_record *mxs_spf_parse(struct mxs_arena *arena, mxs_slice text,
                                           const size_t *boundaries, size_t boundary_count)
{
    struct mxs_spf_record *record = mxs_arena_alloc(arena, sizeof *record);
    struct parser parser = {
        .record = record, .boundaries = boundaries, .boundary_count = boundary_count};
    struct mxs_spf_defect *defects;
    size_t at = VERSION_LEN;
    mxs_slice term;

    assert(mxs_spf_is_record(text));
    parser.term_room = count_terms(text);
    parser.terms = mxs_arena_array(arena, parser.term_room, sizeof *parser.terms);
    if (record == NULL || parser.terms == NULL)
        return NULL;
    record->text = text;
    record->terms = parser.terms;
    while ((term = next_term(text, &at)).len > 0)
        read_term(&parser, term, at - term.len);
    defects = mxs_arena_array(arena, record->defect_count, sizeof *defects);
    if (defects == NULL)
        return NULL;
    if (record->defect_count > 0)
        memcpy(defects, parser.defects, record->defect_count * sizeof *defects);
    record->defects = defects;
    return record;
}
