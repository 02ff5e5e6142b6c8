#include <mxsweep/input.h>

#include <string.h>

#include "input/field.h"
#include "input/idna.h"
#include "input/labels.h"

enum { NAME_TEXT_MAX = MXS_NAME_MAX - 2 /* characters without the final dot */ };

/*
 * What is in front of a domain in the names that are asked, shortest first: a domain too long for
 * one is too long for those after it. Rules section 3 step 8; the names of records that depend on
 * more than the domain (DKIM, report authorisation) are checked where they are made.
 */
static const struct derived {
    const char *prefix;
    const char *too_long; /* the prefixes that do not fit when this is the shortest such one */
} derived[] = {
    {"_dmarc.", "_dmarc _mta-sts _smtp._tls default._bimi"},
    {"_mta-sts.", "_mta-sts _smtp._tls default._bimi"},
    {"_smtp._tls.", "_smtp._tls default._bimi"},
    {"default._bimi.", "default._bimi"},
};

/* An entry on its way. Each step below returns false when it was the last one. */
struct reader {
    struct mxs_arena *arena; /* its `failed` tells of all memory, the buffers' included */
    const struct mxs_input_options *options;
    struct mxs_input *input;
    struct mxs_buffer dotted;  /* the entry's labels with full stops between */
    struct mxs_buffer ascii;   /* the domain in A-labels */
    struct mxs_buffer unicode; /* the domain in U-labels */
    bool has_u_label, has_other_a_label;
};

static void note(struct reader *reader, enum mxs_finding_id id)
{
    (void)mxs_findings_add(&reader->input->findings, id, (struct mxs_name){0});
}

static bool refuse(struct reader *reader, enum mxs_finding_id id)
{
    note(reader, id);
    return false;
}

/* Says which label the finding added last is about, and the library's reason if it gave one. */
static void explain(struct reader *reader, mxs_slice label, mxs_slice reason)
{
    struct mxs_findings *findings = &reader->input->findings;

    mxs_findings_add_text(findings, "label", mxs_arena_copy(reader->arena, label));
    mxs_findings_add_text(findings, "reason", reason);
}

static bool out_of_memory(struct reader *reader)
{
    reader->arena->failed = true;
    return false;
}

/* Step 3. Addresses first: IPv6 text has colons. An address in a URL is left to step 6. */
static bool take_domain(struct reader *reader, mxs_slice *text)
{
    if (mxs_field_is_address(*text))
        return refuse(reader, MXS_FINDING_INPUT_IP_LITERAL);
    if (!mxs_field_is_compound(*text))
        return true;
    if (!reader->options->lenient)
        return refuse(reader, MXS_FINDING_INPUT_NOT_DOMAIN);
    *text = mxs_field_host(*text);
    if (text->len == 0 || (!mxs_field_is_address(*text) && mxs_field_is_compound(*text)))
        return refuse(reader, MXS_FINDING_INPUT_NOT_DOMAIN);
    note(reader, MXS_FINDING_INPUT_REWRITTEN);
    return true;
}

/* Step 4. */
static bool map_full_stops(struct reader *reader, mxs_slice text)
{
    struct mxs_buffer *dotted = &reader->dotted;

    while (text.len > 0) {
        size_t stop = mxs_labels_full_stop(text);
        size_t taken = stop > 0 ? stop : 1;
        mxs_buffer_append(dotted, stop > 0 ? MXS_SLICE(".") : (mxs_slice){text.ptr, taken});
        text = mxs_slice_from(text, taken);
    }
    if (dotted->failed)
        return out_of_memory(reader);
    if (dotted->len > 0 && dotted->ptr[dotted->len - 1] == '.')
        dotted->len--;
    if (mxs_labels_have_empty(mxs_buffer_slice(dotted)))
        return refuse(reader, MXS_FINDING_INPUT_EMPTY_LABEL);
    return true;
}

static bool convert_label(struct reader *reader, mxs_slice label)
{
    mxs_slice reason;

    switch (mxs_idna_to_ascii(label, &reader->ascii, &reason)) {
    case MXS_IDNA_OK:
        return true;
    case MXS_IDNA_NO_MEMORY:
        return out_of_memory(reader);
    case MXS_IDNA_TOO_LONG:
        note(reader, MXS_FINDING_INPUT_LABEL_TOO_LONG);
        break;
    case MXS_IDNA_DISALLOWED:
    case MXS_IDNA_INVALID:
        note(reader, MXS_FINDING_INPUT_IDNA_ERROR);
        break;
    }
    explain(reader, label, reason);
    return false;
}

/* Step 5. A label in ASCII is lower-cased and nothing else: libidn2 refuses some that exist. */
static bool convert_labels(struct reader *reader)
{
    mxs_slice rest = mxs_buffer_slice(&reader->dotted), label;
    struct mxs_buffer *ascii = &reader->ascii;

    for (bool first = true; mxs_slice_split(&rest, '.', &label); first = false) {
        if (!first)
            mxs_buffer_append_char(ascii, '.');
        if (mxs_labels_are_ascii(label))
            for (size_t i = 0; i < label.len; i++)
                mxs_buffer_append_char(ascii, mxs_lower(label.ptr[i]));
        else if (!convert_label(reader, label))
            return false;
    }
    return ascii->failed ? out_of_memory(reader) : true;
}

/*
 * Step 6. Conversion can bring forth empty labels (soft hyphens), digits and dots of an address,
 * and what step 3 refuses: a full-width `@` becomes a plain one, a no-break space a blank.
 */
static bool check_again(struct reader *reader, mxs_slice text)
{
    if (mxs_labels_have_empty(text))
        return refuse(reader, MXS_FINDING_INPUT_EMPTY_LABEL);
    if (mxs_field_is_address(text))
        return refuse(reader, MXS_FINDING_INPUT_IP_LITERAL);
    if (mxs_field_is_compound(text))
        return refuse(reader, MXS_FINDING_INPUT_NOT_DOMAIN);
    if (mxs_labels_end_in_digits(text))
        return refuse(reader, MXS_FINDING_INPUT_NUMERIC_TLD);
    return true;
}

static void note_a_label(struct reader *reader, enum mxs_finding_id id, mxs_slice label,
                         mxs_slice reason)
{
    reader->has_other_a_label = true;
    if (mxs_findings_has(&reader->input->findings, id))
        return; /* one finding of a kind: the first label stands for all */
    note(reader, id);
    explain(reader, label, reason);
}

/* Step 7 for one label; a longer one than the DNS has is left to step 8. */
static bool check_a_label(struct reader *reader, mxs_slice label)
{
    mxs_slice reason;

    switch (mxs_idna_to_unicode(label, &reader->unicode, &reason)) {
    case MXS_IDNA_OK:
        reader->has_u_label = true;
        break;
    case MXS_IDNA_NO_MEMORY:
        return out_of_memory(reader);
    case MXS_IDNA_DISALLOWED:
        note_a_label(reader, MXS_FINDING_INPUT_IDNA2008_DISALLOWED, label, reason);
        break;
    case MXS_IDNA_TOO_LONG:
    case MXS_IDNA_INVALID:
        note_a_label(reader, MXS_FINDING_INPUT_INVALID_ALABEL, label, reason);
        break;
    }
    return true;
}

/* Step 7, and the name in U-labels on the way. */
static bool check_a_labels(struct reader *reader, mxs_slice text)
{
    mxs_slice label;

    for (bool first = true; mxs_slice_split(&text, '.', &label); first = false) {
        if (!first)
            mxs_buffer_append_char(&reader->unicode, '.');
        if (!mxs_slice_starts_with(label, MXS_SLICE("xn--")) || label.len > MXS_LABEL_MAX)
            mxs_buffer_append(&reader->unicode, label);
        else if (!check_a_label(reader, label))
            return false;
    }
    return reader->unicode.failed ? out_of_memory(reader) : true;
}

/* Step 8, the name itself. */
static bool check_lengths(struct reader *reader, mxs_slice text)
{
    mxs_slice rest = text, label;

    while (mxs_slice_split(&rest, '.', &label)) {
        if (label.len > MXS_LABEL_MAX) {
            note(reader, MXS_FINDING_INPUT_LABEL_TOO_LONG);
            explain(reader, label, (mxs_slice){NULL, 0});
            return false;
        }
    }
    return text.len <= NAME_TEXT_MAX || refuse(reader, MXS_FINDING_INPUT_NAME_TOO_LONG);
}

/* Step 8, the names below it. */
static void check_derived_lengths(struct reader *reader, mxs_slice text)
{
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        if (mxs_slice_of(derived[i].prefix).len + text.len <= NAME_TEXT_MAX)
            continue;
        note(reader, MXS_FINDING_INPUT_DERIVED_NAME_TOO_LONG);
        mxs_findings_add_text(&reader->input->findings, "prefixes",
                              mxs_slice_of(derived[i].too_long));
        return;
    }
}

/* Step 12. */
static void look_up_suffix(struct reader *reader)
{
    mxs_slice text = mxs_name_text(reader->arena, reader->input->domain);
    char *domain = mxs_arena_alloc(reader->arena, text.len + 1);
    const char *registrable;

    if (text.ptr == NULL || domain == NULL)
        return;
    memcpy(domain, text.ptr, text.len); /* ends in NUL now, and has none inside: it is escaped */
    registrable = psl_registrable_domain(reader->options->psl, domain);
    if (psl_is_public_suffix(reader->options->psl, domain))
        note(reader, MXS_FINDING_INPUT_PUBLIC_SUFFIX);
    else if (registrable != NULL && registrable != domain)
        note(reader, MXS_FINDING_INPUT_SUBDOMAIN);
}

/* Steps 9 to 12: facts about a name that is one. */
static void describe(struct reader *reader, mxs_slice text)
{
    struct mxs_input *input = reader->input;

    input->scannable = true;
    check_derived_lengths(reader, text);
    if (!mxs_labels_are_ldh(text))
        note(reader, MXS_FINDING_INPUT_NOT_HOSTNAME);
    if (input->domain.labels == 1)
        note(reader, MXS_FINDING_INPUT_SINGLE_LABEL);
    if (mxs_name_is_special_use(input->domain)) {
        note(reader, MXS_FINDING_INPUT_SPECIAL_USE);
        input->scannable = reader->options->special_use;
    }
    if (reader->options->psl != NULL)
        look_up_suffix(reader);
    if (reader->has_u_label && !reader->has_other_a_label)
        input->unicode = mxs_arena_copy(reader->arena, mxs_buffer_slice(&reader->unicode));
}

/* Steps 1 to 12; 13, duplicates, is the list's. */
static void read_domain(struct reader *reader, mxs_slice entry)
{
    mxs_slice text = mxs_field_trim(entry), name;

    if (entry.len > MXS_INPUT_MAX) {
        note(reader, MXS_FINDING_INPUT_TOO_LONG);
        return;
    }
    if (!mxs_slice_is_utf8(text)) {
        note(reader, MXS_FINDING_INPUT_BAD_ENCODING);
        return;
    }
    if (!take_domain(reader, &text) || !map_full_stops(reader, text) || !convert_labels(reader))
        return;
    name = mxs_buffer_slice(&reader->ascii);
    if (check_again(reader, name) && check_a_labels(reader, name) && check_lengths(reader, name) &&
        mxs_name_parse_plain(reader->arena, name, &reader->input->domain) == MXS_NAME_OK)
        describe(reader, name);
}

bool mxs_input_read(struct mxs_arena *arena, mxs_slice entry,
                    const struct mxs_input_options *options, struct mxs_input *input)
{
    struct reader reader = {.arena = arena, .options = options, .input = input};

    *input = (struct mxs_input){0};
    mxs_findings_init(&input->findings, arena);
    input->text = mxs_arena_copy(
        arena, (mxs_slice){entry.ptr, entry.len < MXS_INPUT_MAX ? entry.len : MXS_INPUT_MAX});
    mxs_buffer_init(&reader.dotted);
    mxs_buffer_init(&reader.ascii);
    mxs_buffer_init(&reader.unicode);
    read_domain(&reader, entry);
    mxs_buffer_clear(&reader.dotted);
    mxs_buffer_clear(&reader.ascii);
    mxs_buffer_clear(&reader.unicode);
    if (arena->failed)
        *input = (struct mxs_input){0};
    return !arena->failed;
}
