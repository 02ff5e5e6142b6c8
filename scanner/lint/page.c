#include "lint/page.h"

enum { INDENT = 2, VALUE_COLUMN = 12, LINE_WIDTH = 80, FOREIGN_MAX = 200 /* bytes quoted */ };

static void put(struct mxs_buffer *out, const char *text)
{
    mxs_buffer_append(out, mxs_slice_of(text));
}

static void put_spaces(struct mxs_buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mxs_buffer_append_char(out, ' ');
}

static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7F;
}

/* Columns that a byte takes. */
static size_t width_of(char c)
{
    return is_plain(c) ? 1 : 4;
}

static void put_byte(struct mxs_buffer *out, char c)
{
    static const char digits[] = "0123456789abcdef";
    const char escape[] = {'\\', 'x', digits[(unsigned char)c >> 4], digits[c & 15]};

    if (is_plain(c))
        mxs_buffer_append_char(out, c);
    else
        mxs_buffer_append(out, (mxs_slice){escape, sizeof escape});
}

/* Where the row that begins at `start` ends: behind its last space that fits, or full. */
static size_t row_end(mxs_slice record, size_t start)
{
    size_t column = INDENT, after_space = start, at = start;

    while (at < record.len && column + width_of(record.ptr[at]) < LINE_WIDTH) {
        column += width_of(record.ptr[at++]);
        if (record.ptr[at - 1] == ' ')
            after_space = at;
    }
    return at == record.len || after_space == start ? at : after_space;
}

/* '^' where a defect shows, '~' to the end of its part, ' ' elsewhere. */
static char mark_at(const struct lint_verdict *verdict, size_t at)
{
    for (unsigned i = 0; i < verdict->mark_count; i++) {
        const struct lint_mark *mark = &verdict->marks[i];
        if (at >= mark->start && at < mark->end)
            return at == mark->start ? '^' : '~';
    }
    return ' ';
}

static void put_marks(struct mxs_buffer *out, mxs_slice record, size_t start, size_t end,
                      const struct lint_verdict *verdict)
{
    while (end > start && mark_at(verdict, end - 1) == ' ')
        end--;
    if (end == start)
        return;
    put_spaces(out, INDENT);
    for (size_t at = start; at < end; at++) {
        char mark = mark_at(verdict, at);
        mxs_buffer_append_char(out, mark);
        if (mark == '^')
            mark = '~';
        for (size_t i = 1; i < width_of(record.ptr[at]); i++)
            mxs_buffer_append_char(out, mark);
    }
    mxs_buffer_append_char(out, '\n');
}

static void put_record(struct mxs_buffer *out, mxs_slice record, const struct lint_verdict *verdict)
{
    size_t start = 0;

    if (record.len == 0)
        put(out, "  (empty)\n");
    while (start < record.len) {
        size_t end = row_end(record, start);
        put_spaces(out, INDENT);
        for (size_t at = start; at < end; at++)
            put_byte(out, record.ptr[at]);
        mxs_buffer_append_char(out, '\n');
        put_marks(out, record, start, end, verdict);
        start = end;
    }
}

void lint_page_label(struct mxs_buffer *out, const char *label)
{
    size_t before = out->len;

    put_spaces(out, INDENT);
    put(out, label);
    do
        mxs_buffer_append_char(out, ' ');
    while (!out->failed && out->len - before < VALUE_COLUMN);
}

void lint_page_foreign(struct mxs_buffer *out, mxs_slice text)
{
    for (size_t i = 0; i < text.len && i < FOREIGN_MAX; i++)
        put_byte(out, text.ptr[i]);
    if (text.len > FOREIGN_MAX)
        put(out, "...");
}

void lint_page_words(struct mxs_buffer *out, const char *words)
{
    mxs_slice text = mxs_slice_of(words), word;
    size_t column = VALUE_COLUMN;

    put_spaces(out, VALUE_COLUMN);
    while (mxs_slice_split(&text, ' ', &word)) {
        if (column > VALUE_COLUMN && column + 1 + word.len >= LINE_WIDTH) {
            mxs_buffer_append_char(out, '\n');
            put_spaces(out, VALUE_COLUMN);
            column = VALUE_COLUMN;
        }
        if (column > VALUE_COLUMN)
            mxs_buffer_append_char(out, ' ');
        mxs_buffer_append(out, word);
        column += word.len + 1;
    }
    mxs_buffer_append_char(out, '\n');
}

static void put_mark_words(struct mxs_buffer *out, const struct lint_verdict *verdict)
{
    for (unsigned i = 0; i < verdict->mark_count; i++) {
        const struct lint_mark *mark = &verdict->marks[i];
        lint_page_label(out, mxs_severity_text(mxs_finding_kinds[verdict->marked].severity));
        put(out, mark->reason);
        put(out, ": ");
        lint_page_foreign(out, mark->part);
        mxs_buffer_append_char(out, '\n');
        lint_page_words(out, mark->words);
    }
}

static mxs_slice term_of(const struct mxs_finding *finding)
{
    for (unsigned i = 0; i < finding->arg_count; i++)
        if (finding->args[i].text.ptr != NULL &&
            mxs_slice_equal(mxs_slice_of(finding->args[i].key), MXS_SLICE("term")))
            return finding->args[i].text;
    return (mxs_slice){NULL, 0};
}

static void put_findings(struct mxs_buffer *out, const struct lint_verdict *verdict,
                         enum mxs_severity severity)
{
    for (size_t i = 0; i < verdict->findings.count; i++) {
        const struct mxs_finding *finding = &verdict->findings.items[i];
        const struct mxs_finding_kind *kind = &mxs_finding_kinds[finding->id];
        mxs_slice term = term_of(finding);
        if (finding->severity != severity ||
            (verdict->mark_count > 0 && finding->id == verdict->marked))
            continue;
        lint_page_label(out, mxs_severity_text(severity));
        put(out, kind->id);
        if (term.ptr != NULL) {
            put(out, ": ");
            lint_page_foreign(out, term);
        }
        mxs_buffer_append_char(out, '\n');
        lint_page_words(out, kind->summary);
        if (severity != MXS_SEVERITY_INFO)
            lint_page_words(out, kind->remedy);
    }
}

void lint_page_write(const struct lint_type *type, mxs_slice record,
                     const struct lint_verdict *verdict, struct mxs_buffer *out)
{
    put_record(out, record, verdict);
    lint_page_label(out, verdict->valid ? "valid" : "not valid");
    put(out, verdict->summary);
    mxs_buffer_append_char(out, '\n');
    if (verdict->parsed != NULL)
        type->write_facts(verdict, out);
    put_mark_words(out, verdict);
    put_findings(out, verdict, MXS_SEVERITY_ERROR);
    put_findings(out, verdict, MXS_SEVERITY_WARNING);
    put_findings(out, verdict, MXS_SEVERITY_INFO);
}
