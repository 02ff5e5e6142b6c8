#include "report/page.h"

enum { VALUE_COLUMN = 12, VALUE_WIDTH = 68 };

static const char *const receives_words[] = {
    [MXS_RECEIVES_UNKNOWN] = "unknown: a question failed",
    [MXS_RECEIVES_NONEXISTENT] = "the domain does not exist",
    [MXS_RECEIVES_NULL] = "no mail wanted (null MX)",
    [MXS_RECEIVES_MX] = "by its MX hosts",
    [MXS_RECEIVES_BROKEN] = "broken: no MX host can be reached",
    [MXS_RECEIVES_IMPLICIT] = "at the domain's own address (no MX)",
    [MXS_RECEIVES_NONE] = "not at all (neither MX nor address)",
};

static void put(struct mxs_buffer *out, const char *text)
{
    mxs_buffer_append(out, mxs_slice_of(text));
}

/* A label, filled up to the column where values begin. */
static void put_label(struct mxs_buffer *out, const char *label)
{
    size_t before = out->len;

    put(out, "  ");
    put(out, label);
    do
        mxs_buffer_append_char(out, ' ');
    while (!out->failed && out->len - before < VALUE_COLUMN);
}

/* Words of ours, wrapped below the column where values begin. */
static void put_words(struct mxs_buffer *out, mxs_slice text)
{
    mxs_slice word;
    size_t column = 0;

    put(out, "            ");
    while (mxs_slice_split(&text, ' ', &word)) {
        if (column > 0 && column + 1 + word.len > VALUE_WIDTH) {
            put(out, "\n            ");
            column = 0;
        }
        if (column > 0)
            mxs_buffer_append_char(out, ' ');
        mxs_buffer_append(out, word);
        column += word.len + 1;
    }
    mxs_buffer_append_char(out, '\n');
}

/* Text of others: ASCII that prints, and the rest as \xNN. Long text goes on below its column. */
static void put_foreign(struct mxs_buffer *out, mxs_slice text)
{
    static const char digits[] = "0123456789abcdef";
    size_t column = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (column >= VALUE_WIDTH) {
            put(out, "\n            ");
            column = 0;
        }
        if (c >= 0x20 && c < 0x7F) {
            mxs_buffer_append_char(out, (char)c);
            column++;
            continue;
        }
        const char escape[4] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
        mxs_buffer_append(out, (mxs_slice){escape, sizeof escape});
        column += sizeof escape;
    }
}

static void put_failure(struct mxs_buffer *out, enum mxs_lookup lookup, enum mxs_error error)
{
    put(out, mxs_lookup_text(lookup));
    if (error != MXS_ERROR_NONE) {
        put(out, ", ");
        put(out, mxs_error_text(error));
    }
}

static void put_addresses(struct mxs_buffer *out, const struct mxs_answer *answer)
{
    if (!mxs_lookup_is_definite(answer->lookup)) {
        put(out, " (");
        put(out, mxs_type_text(answer->type) == NULL ? "addresses" : mxs_type_text(answer->type));
        put(out, " unknown: ");
        put_failure(out, answer->lookup, answer->error);
        put(out, ")");
    }
    for (unsigned i = 0; i < answer->count; i++) {
        mxs_buffer_append_char(out, ' ');
        mxs_address_write(&answer->records[i].address, out);
    }
}

static void put_host(struct mxs_buffer *out, const struct mxs_host *host)
{
    put(out, "            ");
    mxs_name_write(host->name, out);
    if (host->a->alias.wire != NULL) {
        put(out, " -> ");
        mxs_name_write(host->a->alias, out);
    }
    put_addresses(out, host->a);
    put_addresses(out, host->aaaa);
    if (host->usable == MXS_NO && host->a->count + host->aaaa->count == 0)
        put(out, " no address");
    mxs_buffer_append_char(out, '\n');
}

static void put_mx(struct mxs_buffer *out, const struct mxs_mx *mx)
{
    put_label(out, "MX");
    if (mx->answer->lookup != MXS_LOOKUP_OK) {
        put_failure(out, mx->answer->lookup, mx->answer->error);
        mxs_buffer_append_char(out, '\n');
    }
    for (unsigned i = 0; i < mx->answer->count; i++) {
        if (i > 0)
            put(out, "            ");
        mxs_buffer_append_number(out, mx->answer->records[i].preference);
        mxs_buffer_append_char(out, ' ');
        mxs_name_write(mx->answer->records[i].name, out);
        mxs_buffer_append_char(out, '\n');
    }
    for (unsigned i = 0; i < mx->host_count; i++) {
        if (i == 0)
            put(out, "  Hosts\n");
        put_host(out, &mx->hosts[i]);
    }
}

static void put_selection(struct mxs_buffer *out, const char *label,
                          const struct mxs_selection *selection)
{
    put_label(out, label);
    switch (selection->state) {
    case MXS_STATE_FOUND:
        put_foreign(out, selection->record);
        break;
    case MXS_STATE_NONE:
        put(out, "no record");
        break;
    case MXS_STATE_MULTIPLE:
        mxs_buffer_append_number(out, selection->record_count);
        put(out, " records, so receivers use none");
        break;
    case MXS_STATE_INVALID:
        put(out, "receivers cannot use this record:\n            ");
        put_foreign(out, selection->record);
        break;
    case MXS_STATE_UNKNOWN:
        put(out, "unknown: ");
        put_failure(out, selection->lookup, selection->error);
        break;
    }
    mxs_buffer_append_char(out, '\n');
}

/* What the record comes to with all that it includes. */
static void put_spf_facts(struct mxs_buffer *out, const struct mxs_spf *spf)
{
    if (spf->tree_count == 0)
        return;
    put(out, "            ");
    mxs_buffer_append_number(out, spf->lookups);
    put(out, spf->partial ? " look-ups or more of 10" : " look-ups of 10");
    if (spf->unlisted_known) {
        put(out, "; others get ");
        put(out, mxs_spf_code_text(spf->unlisted));
    }
    put(out, "; ");
    mxs_buffer_append_number(out, spf->ipv4_addresses);
    put(out, " IPv4 addresses pass\n");
}

static void put_text_line(struct mxs_buffer *out, const char *label, const char *text)
{
    put_label(out, label);
    put(out, text);
    mxs_buffer_append_char(out, '\n');
}

/* What is wrong first; facts that need no action are left to --json. */
static void put_findings(struct mxs_buffer *out, const struct mxs_findings *findings,
                         enum mxs_severity severity)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct mxs_finding *finding = &findings->items[i];
        const struct mxs_finding_kind *kind = &mxs_finding_kinds[finding->id];
        if (finding->severity != severity)
            continue;
        put_label(out, mxs_severity_text(severity));
        put(out, kind->id);
        if (finding->name.wire != NULL) {
            put(out, " at ");
            mxs_name_write(finding->name, out);
        }
        mxs_buffer_append_char(out, '\n');
        put_words(out, mxs_slice_of(kind->summary));
        put_words(out, mxs_slice_of(kind->remedy));
    }
}

static void put_title(struct mxs_buffer *out, const struct mxs_line *line)
{
    if (line->posture->domain.wire != NULL)
        mxs_name_write(line->posture->domain, out);
    else
        put_foreign(out, line->input->text);
    if (line->input->unicode.ptr != NULL) {
        put(out, " (");
        put_foreign(out, line->input->text);
        put(out, ")");
    }
    mxs_buffer_append_char(out, '\n');
}

void page_write(const struct mxs_line *line, struct mxs_buffer *out)
{
    const struct mxs_posture *posture = line->posture;

    put_title(out, line);
    if (posture->judged) {
        put_text_line(out, "Mail", receives_words[posture->receives]);
        put_text_line(out, "DNSSEC", mxs_dnssec_text(posture->mx.answer->dnssec));
        if (posture->receives != MXS_RECEIVES_NONEXISTENT) {
            put_mx(out, &posture->mx);
            put_selection(out, "SPF", &posture->spf);
            if (posture->spf.state == MXS_STATE_FOUND)
                put_spf_facts(out, &posture->spf_facts);
            put_selection(out, "DMARC", &posture->dmarc);
        }
    }
    put_findings(out, &posture->findings, MXS_SEVERITY_ERROR);
    put_findings(out, &posture->findings, MXS_SEVERITY_WARNING);
    if (!posture->judged)
        put_findings(out, &posture->findings, MXS_SEVERITY_INFO);
}
