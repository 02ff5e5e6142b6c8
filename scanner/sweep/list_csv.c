#include "sweep/list_csv.h"

#include <stdio.h>
#include <string.h>

#include <mxsweep/json.h>

enum { NO_COLUMN = LIST_WINDOW_SIZE }; /* a row cannot have so many */

/* A row being taken apart. */
struct row {
    struct list_csv *csv;
    mxs_slice rest;
    size_t column; /* of the next field */
};

void list_csv_init(struct list_csv *csv)
{
    csv->begun = false;
    mxs_buffer_init(&csv->keys);
    mxs_buffer_init(&csv->meta);
}

void list_csv_clear(struct list_csv *csv)
{
    mxs_buffer_clear(&csv->keys);
    mxs_buffer_clear(&csv->meta);
}

/* Where the quote is that closes the one at 0; the text's length when none does. */
static size_t find_closing_quote(mxs_slice text)
{
    size_t at = 1;

    while (at < text.len) {
        if (text.ptr[at] != '"')
            at++;
        else if (at + 1 < text.len && text.ptr[at + 1] == '"')
            at += 2;
        else
            break;
    }
    return at < text.len ? at : text.len;
}

/* The length of the field at the start of `text`, quotes included. */
static size_t field_len(mxs_slice text, bool *quoted)
{
    size_t from = text.len > 0 && text.ptr[0] == '"' ? find_closing_quote(text) : 0;
    const char *comma = from < text.len ? memchr(text.ptr + from, ',', text.len - from) : NULL;
    size_t len = comma != NULL ? (size_t)(comma - text.ptr) : text.len;

    *quoted = from > 0 && from < text.len && len == from + 1;
    return len;
}

bool list_csv_has_columns(mxs_slice line)
{
    bool quoted;

    return field_len(line, &quoted) < line.len;
}

/* The text inside the quotes, each pair of quotes in it made one. */
static mxs_slice unquote(struct list_csv *csv, mxs_slice field)
{
    mxs_slice inner = {field.ptr + 1, field.len - 2};
    char *start = csv->unquoted + csv->unquoted_len;
    size_t len = 0;

    if (inner.len == 0 || memchr(inner.ptr, '"', inner.len) == NULL)
        return inner;
    for (size_t i = 0; i < inner.len; i++) {
        if (inner.ptr[i] == '"')
            i++; /* the first of two */
        start[len++] = inner.ptr[i];
    }
    csv->unquoted_len += len;
    return (mxs_slice){start, len};
}

static struct row begin_row(struct list_csv *csv, mxs_slice line)
{
    csv->unquoted_len = 0;
    return (struct row){.csv = csv, .rest = line};
}

/* The next field and its column; false after the last. */
static bool next_field(struct row *row, size_t *column, mxs_slice *field)
{
    bool quoted;

    if (row->rest.ptr == NULL)
        return false;
    *field = (mxs_slice){row->rest.ptr, field_len(row->rest, &quoted)};
    if (field->len == row->rest.len)
        row->rest = (mxs_slice){NULL, 0};
    else
        row->rest = mxs_slice_from(row->rest, field->len + 1);
    if (quoted)
        *field = unquote(row->csv, *field);
    *column = row->column++;
    return true;
}

/* The first column with this name; NO_COLUMN without. */
static size_t find_column(struct list_csv *csv, mxs_slice line, mxs_slice name)
{
    struct row row = begin_row(csv, line);
    mxs_slice field;
    size_t column;

    while (next_field(&row, &column, &field))
        if (mxs_slice_equal_nocase(mxs_slice_trim(field), name))
            return column;
    return NO_COLUMN;
}

static bool read_header(struct list_csv *csv, mxs_slice line)
{
    static const char *const names[] = {"domain", "origin", "name"};

    csv->domain = NO_COLUMN;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && csv->domain == NO_COLUMN; i++)
        csv->domain = find_column(csv, line, mxs_slice_of(names[i]));
    if (csv->domain == NO_COLUMN)
        return false;
    csv->rank = find_column(csv, line, MXS_SLICE("rank"));
    return true;
}

static mxs_slice key_of(const struct list_csv *csv, size_t column)
{
    size_t start = column == 0 ? 0 : csv->key_ends[column - 1];

    return (mxs_slice){csv->keys.ptr + start, csv->key_ends[column] - start};
}

static bool is_taken(const struct list_csv *csv, size_t column)
{
    for (size_t i = 0; i < column; i++)
        if (mxs_slice_equal(key_of(csv, i), key_of(csv, column)))
            return true;
    return false;
}

static void write_key(struct list_csv *csv, size_t column, mxs_slice name)
{
    struct mxs_json json;

    csv->keys.len = column == 0 ? 0 : csv->key_ends[column - 1];
    mxs_json_init(&json, &csv->keys);
    (void)mxs_json_text(&json, name);
    csv->key_ends[column] = csv->keys.len;
}

/* The key of a column: its name, or else its number, set apart from the keys before it. */
static void add_key(struct list_csv *csv, size_t column, mxs_slice name)
{
    char numbered[sizeof "column" + 20 + LIST_CSV_NAMED];
    int len;

    write_key(csv, column, name);
    if (name.len > 0 && !is_taken(csv, column))
        return;
    len = snprintf(numbered, sizeof numbered, "column%zu", column + 1);
    do { /* one turn for each key before it, at most */
        write_key(csv, column, (mxs_slice){numbered, (size_t)len});
        numbered[len++] = '_';
    } while (is_taken(csv, column) && (size_t)len < sizeof numbered);
}

static void name_columns(struct list_csv *csv, mxs_slice header)
{
    struct row row = begin_row(csv, header);

    for (size_t i = 0; i < LIST_CSV_NAMED; i++) {
        mxs_slice name = {NULL, 0};
        size_t column;
        (void)next_field(&row, &column, &name);
        add_key(csv, i, mxs_slice_trim(name));
    }
}

/* True when the first row is a header. */
static bool begin(struct list_csv *csv, mxs_slice line)
{
    bool is_header = read_header(csv, line);

    csv->begun = true;
    if (!is_header) {
        csv->rank = 0;
        csv->domain = 1;
    }
    name_columns(csv, is_header ? line : (mxs_slice){NULL, 0});
    return is_header;
}

/* Adds a column to `meta`; false, and nothing added, when it has no room. */
static bool add_extra(struct list_csv *csv, size_t column, mxs_slice value)
{
    size_t before = csv->meta.len;
    struct mxs_json json;

    mxs_buffer_append_char(&csv->meta, before == 0 ? '{' : ',');
    mxs_buffer_append(&csv->meta, key_of(csv, column));
    mxs_buffer_append_char(&csv->meta, ':');
    mxs_json_init(&json, &csv->meta);
    (void)mxs_json_text(&json, value);
    if (csv->meta.len < LIST_CSV_META_MAX)
        return true;
    csv->meta.len = before;
    return false;
}

/* A field to where it belongs; true when it is the domain. */
static bool place_field(struct list_csv *csv, size_t column, mxs_slice field,
                        struct list_entry *entry)
{
    if (column == csv->domain)
        entry->text = field;
    else if (column == csv->rank)
        (void)mxs_slice_to_number(mxs_slice_trim(field), UINT64_MAX, &entry->rank);
    else if (csv->extras_left > 0)
        csv->extras_left = add_extra(csv, column, field) ? csv->extras_left - 1 : 0;
    return column == csv->domain;
}

static void read_row(struct list_csv *csv, const struct list_line *line, struct list_entry *entry)
{
    struct row row = begin_row(csv, line->text);
    bool is_whole = !line->is_cut;
    mxs_slice field;
    size_t column;

    csv->extras_left = LIST_CSV_EXTRA_MAX;
    mxs_buffer_reset(&csv->meta);
    while (next_field(&row, &column, &field)) {
        if (column == 0 && row.rest.ptr == NULL) {
            entry->text = field;
            return;
        }
        if (place_field(csv, column, field, entry) && row.rest.ptr != NULL)
            is_whole = true;
    }
    if (!is_whole)
        entry->text = line->text;
    if (csv->meta.len > 0)
        mxs_buffer_append_char(&csv->meta, '}');
    entry->meta = mxs_buffer_slice(&csv->meta);
}

bool list_csv_read(struct list_csv *csv, const struct list_line *line, struct list_entry *entry,
                   bool *is_entry)
{
    *entry = (struct list_entry){0};
    *is_entry = csv->begun || !begin(csv, line->text);
    if (*is_entry)
        read_row(csv, line, entry);
    return !csv->keys.failed && !csv->meta.failed;
}
