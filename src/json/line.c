#include <mxsweep/line.h>

enum { CUT_LIST = 20 /* entries kept of each list of a truncated line */ };

/* A line being written; `list_max` is what a list may hold. */
struct writing {
    struct mxs_json json;
    const struct mxs_line *line;
    size_t list_max;
    struct mxs_buffer scratch; /* for a name or an address in presentation form */
};

static void write_scratch(struct writing *writing)
{
    (void)mxs_json_text(&writing->json, mxs_buffer_slice(&writing->scratch));
    if (writing->scratch.failed)
        writing->json.out->failed = true;
}

static void write_name(struct writing *writing, struct mxs_name name)
{
    if (name.wire == NULL) {
        mxs_json_null(&writing->json);
        return;
    }
    mxs_buffer_reset(&writing->scratch);
    mxs_name_write(name, &writing->scratch);
    write_scratch(writing);
}

static void write_name_member(struct writing *writing, const char *key, struct mxs_name name)
{
    mxs_json_key(&writing->json, key);
    write_name(writing, name);
}

static void write_string_member(struct mxs_json *json, const char *key, const char *text)
{
    mxs_json_key(json, key);
    mxs_json_string(json, text);
}

static void write_number_member(struct mxs_json *json, const char *key, uint64_t number)
{
    mxs_json_key(json, key);
    mxs_json_number(json, number);
}

/* How a question ended, and the sub-reason beside it where it failed. */
static void write_lookup(struct mxs_json *json, const char *key, const char *error_key,
                         enum mxs_lookup lookup, enum mxs_error error)
{
    write_string_member(json, key, mxs_lookup_text(lookup));
    if (error != MXS_ERROR_NONE)
        write_string_member(json, error_key, mxs_error_text(error));
}

/* A text that may be null; bytes that are no UTF-8 are flagged in the same object. */
static void write_text_member(struct mxs_json *json, const char *key, mxs_slice text)
{
    mxs_json_key(json, key);
    if (text.ptr == NULL) {
        mxs_json_null(json);
    } else if (!mxs_json_text(json, text)) {
        mxs_json_key(json, "txt_binary");
        mxs_json_bool(json, true);
    }
}

static void write_mx(struct writing *writing, const struct mxs_mx *mx)
{
    struct mxs_json *json = &writing->json;
    const struct mxs_answer *answer = mx->answer;

    mxs_json_key(json, "mx");
    mxs_json_open_object(json);
    write_lookup(json, "lookup", "error", answer->lookup, answer->error);
    write_string_member(json, "dnssec", mxs_dnssec_text(answer->dnssec));
    write_number_member(json, "ttl", answer->ttl_s);
    mxs_json_key(json, "records");
    mxs_json_open_array(json);
    for (size_t i = 0; i < answer->count && i < writing->list_max; i++) {
        mxs_json_open_object(json);
        write_number_member(json, "preference", answer->records[i].preference);
        write_name_member(writing, "host", answer->records[i].name);
        mxs_json_close_object(json);
    }
    mxs_json_close_array(json);
    mxs_json_close_object(json);
}

static void write_addresses(struct writing *writing, const struct mxs_answer *answer)
{
    for (size_t i = 0; i < answer->count && i < writing->list_max; i++) {
        mxs_json_open_object(&writing->json);
        mxs_json_key(&writing->json, "ip");
        mxs_buffer_reset(&writing->scratch);
        mxs_address_write(&answer->records[i].address, &writing->scratch);
        write_scratch(writing);
        mxs_json_close_object(&writing->json);
    }
}

/* Of the two address answers, the weaker word on validation; a failed one has none. */
static enum mxs_dnssec host_dnssec(const struct mxs_host *host)
{
    static const int strength[] = {
        [MXS_DNSSEC_BOGUS] = 0,
        [MXS_DNSSEC_INDETERMINATE] = 1,
        [MXS_DNSSEC_INSECURE] = 2,
        [MXS_DNSSEC_SECURE] = 3,
    };

    if (host->a->lookup == MXS_LOOKUP_TEMP || host->a->lookup == MXS_LOOKUP_LIMIT)
        return host->aaaa->dnssec;
    if (host->aaaa->lookup == MXS_LOOKUP_TEMP || host->aaaa->lookup == MXS_LOOKUP_LIMIT)
        return host->a->dnssec;
    return strength[host->a->dnssec] < strength[host->aaaa->dnssec] ? host->a->dnssec
                                                                    : host->aaaa->dnssec;
}

static void write_host(struct writing *writing, const struct mxs_host *host)
{
    struct mxs_json *json = &writing->json;
    struct mxs_name alias = host->a->alias.wire != NULL ? host->a->alias : host->aaaa->alias;

    mxs_json_open_object(json);
    write_name_member(writing, "name", host->name);
    write_name_member(writing, "alias", alias);
    write_lookup(json, "lookup_a", "error_a", host->a->lookup, host->a->error);
    write_lookup(json, "lookup_aaaa", "error_aaaa", host->aaaa->lookup, host->aaaa->error);
    write_string_member(json, "dnssec", mxs_dnssec_text(host_dnssec(host)));
    mxs_json_key(json, "addresses");
    mxs_json_open_array(json);
    write_addresses(writing, host->a);
    write_addresses(writing, host->aaaa);
    mxs_json_close_array(json);
    mxs_json_close_object(json);
}

static void write_hosts(struct writing *writing, const struct mxs_mx *mx)
{
    mxs_json_key(&writing->json, "hosts");
    mxs_json_open_array(&writing->json);
    for (size_t i = 0; i < mx->host_count; i++)
        write_host(writing, &mx->hosts[i]);
    mxs_json_close_array(&writing->json);
}

static void open_selection(struct mxs_json *json, const char *key,
                           const struct mxs_selection *selection)
{
    mxs_json_key(json, key);
    mxs_json_open_object(json);
    write_lookup(json, "lookup", "error", selection->lookup, selection->error);
    write_string_member(json, "dnssec", mxs_dnssec_text(selection->dnssec));
    write_string_member(json, "state", mxs_state_text(selection->state));
    write_text_member(json, "record", selection->record);
}

static void write_spf_visit(struct writing *writing, const struct mxs_spf_visit *visit)
{
    struct mxs_json *json = &writing->json;

    mxs_json_open_object(json);
    write_name_member(writing, "name", visit->name);
    write_text_member(json, "via", visit->via);
    write_number_member(json, "depth", visit->depth);
    if (visit->record.ptr != NULL && writing->list_max == SIZE_MAX)
        write_text_member(json, "record", visit->record);
    write_number_member(json, "lookups", visit->lookups);
    write_string_member(json, "state", mxs_state_text(visit->state));
    mxs_json_close_object(json);
}

/* Numbers of the record and all it leads to; null where there was none to evaluate. */
static void write_spf_counts(struct mxs_json *json, const struct mxs_spf *facts)
{
    if (facts->tree_count == 0) {
        write_string_member(json, "lookups", NULL);
        write_string_member(json, "void_lookups", NULL);
        write_string_member(json, "authorised", NULL);
        return;
    }
    write_number_member(json, "lookups", facts->lookups);
    mxs_json_key(json, "void_lookups");
    mxs_json_open_object(json);
    write_number_member(json, "ipv4", facts->voids[0]);
    write_number_member(json, "ipv6", facts->voids[1]);
    mxs_json_close_object(json);
    mxs_json_key(json, "authorised");
    mxs_json_open_object(json);
    write_number_member(json, "ipv4_addresses", facts->ipv4_addresses);
    write_number_member(json, "ipv6_64s", facts->ipv6_64s);
    write_number_member(json, "direct_ipv4", facts->direct_ipv4);
    mxs_json_close_object(json);
}

static void write_spf(struct writing *writing, const struct mxs_posture *posture)
{
    struct mxs_json *json = &writing->json;
    const struct mxs_spf *facts = &posture->spf_facts;

    open_selection(json, "spf", &posture->spf);
    write_string_member(json, "result", mxs_spf_validity_text(facts->validity));
    write_string_member(json, "all",
                        facts->unlisted_known ? mxs_spf_code_text(facts->unlisted) : NULL);
    write_spf_counts(json, facts);
    mxs_json_key(json, "tree");
    mxs_json_open_array(json);
    for (size_t i = 0; i < facts->tree_count && i < writing->list_max; i++)
        write_spf_visit(writing, &facts->tree[i]);
    mxs_json_close_array(json);
    write_string_member(json, "own_mx", mxs_own_mx_text(facts->own_mx));
    if (facts->partial) {
        mxs_json_key(json, "partial");
        mxs_json_bool(json, true);
    }
    if (facts->dynamic) {
        mxs_json_key(json, "dynamic");
        mxs_json_bool(json, true);
    }
    mxs_json_close_object(json);
}

static void write_dmarc(struct writing *writing, const struct mxs_posture *posture)
{
    struct mxs_json *json = &writing->json;
    const struct mxs_selection *dmarc = &posture->dmarc;
    bool found = dmarc->state == MXS_STATE_FOUND;

    open_selection(json, "dmarc", dmarc);
    write_name_member(writing, "found_at", found ? posture->domain : (struct mxs_name){0});
    mxs_json_key(json, "walk");
    mxs_json_open_array(json);
    if (dmarc->name.wire != NULL)
        write_name(writing, dmarc->name);
    mxs_json_close_array(json);
    mxs_json_close_object(json);
}

static void write_finding(struct writing *writing, const struct mxs_finding *finding)
{
    struct mxs_json *json = &writing->json;

    mxs_json_open_object(json);
    write_string_member(json, "id", mxs_finding_kinds[finding->id].id);
    write_string_member(json, "severity", mxs_severity_text(finding->severity));
    write_name_member(writing, "name", finding->name);
    mxs_json_key(json, "args");
    mxs_json_open_object(json);
    for (unsigned i = 0; i < finding->arg_count; i++) {
        const struct mxs_finding_arg *arg = &finding->args[i];
        mxs_json_key(json, arg->key);
        if (arg->text.ptr != NULL)
            (void)mxs_json_text(json, arg->text);
        else
            mxs_json_number(json, arg->number);
    }
    mxs_json_close_object(json);
    mxs_json_close_object(json);
}

static void write_findings(struct writing *writing, const struct mxs_findings *findings)
{
    mxs_json_key(&writing->json, "findings");
    mxs_json_open_array(&writing->json);
    for (size_t i = 0; i < findings->count && i < writing->list_max; i++)
        write_finding(writing, &findings->items[i]);
    mxs_json_close_array(&writing->json);
}

static void write_grades(struct mxs_json *json, const struct mxs_posture *posture)
{
    static const enum mxs_area judged[] = {MXS_AREA_MX, MXS_AREA_SPF, MXS_AREA_DMARC,
                                           MXS_AREA_DNSSEC};

    mxs_json_key(json, "grades");
    mxs_json_open_object(json);
    for (size_t i = 0; i < sizeof judged / sizeof judged[0]; i++) {
        const char *text = mxs_grade_text(posture->grades[judged[i]]);
        if (text != NULL)
            write_string_member(json, mxs_area_text(judged[i]), text);
    }
    mxs_json_close_object(json);
}

static void write_head(struct writing *writing)
{
    const struct mxs_line *line = writing->line;
    struct mxs_json *json = &writing->json;

    write_string_member(json, "schema", MXS_SCHEMA);
    write_string_member(json, "rules", MXS_RULES_VERSION);
    write_number_member(json, "index", line->index);
    mxs_json_key(json, "input");
    if (!mxs_json_text(json, line->input->text)) {
        mxs_json_key(json, "txt_binary");
        mxs_json_bool(json, true);
    }
    mxs_json_key(json, "rank");
    if (line->rank == 0)
        mxs_json_null(json);
    else
        mxs_json_number(json, line->rank);
    write_name_member(writing, "domain", line->posture->domain);
    write_text_member(json, "unicode", line->input->unicode);
    write_string_member(json, "exists", mxs_existence_text(line->posture->exists));
    write_string_member(json, "exists_basis", line->posture->exists_by_dnssec ? "dnssec" : "rcode");
    mxs_json_key(json, "scanned_at");
    (void)mxs_json_text(json, line->scanned_at);
    write_number_member(json, "elapsed_ms", line->elapsed_ms);
    write_number_member(json, "questions", line->posture->questions);
    write_string_member(json, "receives", mxs_receives_text(line->posture->receives));
}

static void write_line(const struct mxs_line *line, struct mxs_buffer *out, size_t list_max)
{
    struct writing writing = {.line = line, .list_max = list_max};
    const struct mxs_posture *posture = line->posture;

    mxs_json_init(&writing.json, out);
    mxs_buffer_init(&writing.scratch);
    mxs_json_open_object(&writing.json);
    write_head(&writing);
    write_grades(&writing.json, posture);
    if (posture->judged) {
        write_mx(&writing, &posture->mx);
        write_hosts(&writing, &posture->mx);
        write_spf(&writing, posture);
        write_dmarc(&writing, posture);
    }
    write_findings(&writing, &posture->findings);
    if (line->meta.len > 0) {
        mxs_json_key(&writing.json, "meta");
        mxs_json_raw(&writing.json, line->meta);
    }
    if (list_max != SIZE_MAX) {
        mxs_json_key(&writing.json, "truncated");
        mxs_json_bool(&writing.json, true);
    }
    mxs_json_close_object(&writing.json);
    mxs_buffer_append_char(out, '\n');
    mxs_buffer_clear(&writing.scratch);
}

void mxs_line_write(const struct mxs_line *line, struct mxs_buffer *out)
{
    size_t before = out->len;

    write_line(line, out, SIZE_MAX);
    if (out->failed || out->len - before <= MXS_LINE_MAX)
        return;
    out->len = before;
    write_line(line, out, CUT_LIST);
}
