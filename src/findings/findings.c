#include <mxsweep/finding.h>

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 16 };

static const char *const area_texts[MXS_AREA_COUNT] = {
    [MXS_AREA_INPUT] = "input",
    [MXS_AREA_DOMAIN] = "domain",
    [MXS_AREA_MX] = "mx",
    [MXS_AREA_PTR] = "ptr",
    [MXS_AREA_SPF] = "spf",
    [MXS_AREA_DKIM] = "dkim",
    [MXS_AREA_DMARC] = "dmarc",
    [MXS_AREA_DMARC_REPORTS] = "dmarc_reports",
    [MXS_AREA_NULL_MAIL] = "null_mail",
    [MXS_AREA_MTA_STS] = "mta_sts",
    [MXS_AREA_TLS_RPT] = "tls_rpt",
    [MXS_AREA_DANE] = "dane",
    [MXS_AREA_DNSSEC] = "dnssec",
    [MXS_AREA_BIMI] = "bimi",
};

static const char *const severity_texts[] = {
    [MXS_SEVERITY_INFO] = "info",
    [MXS_SEVERITY_WARNING] = "warning",
    [MXS_SEVERITY_ERROR] = "error",
};

const char *mxs_area_text(enum mxs_area area)
{
    return area_texts[area];
}

const char *mxs_severity_text(enum mxs_severity severity)
{
    return severity_texts[severity];
}

void mxs_findings_init(struct mxs_findings *findings, struct mxs_arena *arena)
{
    *findings = (struct mxs_findings){.arena = arena};
}

static bool grow(struct mxs_findings *findings)
{
    size_t capacity = findings->capacity == 0 ? FIRST_CAPACITY : findings->capacity * 2;
    struct mxs_finding *items = mxs_arena_array(findings->arena, capacity, sizeof *items);

    if (items == NULL)
        return false;
    if (findings->count > 0)
        memcpy(items, findings->items, findings->count * sizeof *items);
    findings->items = items;
    findings->capacity = capacity;
    return true;
}

struct mxs_finding *mxs_findings_add(struct mxs_findings *findings, enum mxs_finding_id id,
                                     struct mxs_name name)
{
    struct mxs_finding *finding;

    if (findings->count == findings->capacity && !grow(findings))
        return NULL;
    finding = &findings->items[findings->count++];
    *finding =
        (struct mxs_finding){.id = id, .severity = mxs_finding_kinds[id].severity, .name = name};
    return finding;
}

void mxs_findings_add_alternative(struct mxs_findings *findings, enum mxs_finding_id id,
                                  struct mxs_name name)
{
    struct mxs_finding *finding = mxs_findings_add(findings, id, name);

    if (finding != NULL)
        finding->severity = mxs_finding_kinds[id].alternative;
}

/* Arguments are few: the list is copied with each one added. */
static void add_arg(struct mxs_findings *findings, struct mxs_finding_arg arg)
{
    struct mxs_finding *finding;
    struct mxs_finding_arg *args;

    if (findings->count == 0 || findings->arena->failed)
        return;
    finding = &findings->items[findings->count - 1];
    args = mxs_arena_array(findings->arena, finding->arg_count + 1, sizeof *args);
    if (args == NULL)
        return;
    if (finding->arg_count > 0)
        memcpy(args, finding->args, finding->arg_count * sizeof *args);
    args[finding->arg_count] = arg;
    finding->args = args;
    finding->arg_count++;
}

void mxs_findings_add_text(struct mxs_findings *findings, const char *key, mxs_slice text)
{
    if (text.ptr != NULL)
        add_arg(findings, (struct mxs_finding_arg){.key = key, .text = text});
}

void mxs_findings_add_number(struct mxs_findings *findings, const char *key, uint64_t number)
{
    add_arg(findings, (struct mxs_finding_arg){.key = key, .number = number});
}

static int compare_names(struct mxs_name a, struct mxs_name b)
{
    if (a.wire == NULL || b.wire == NULL)
        return (a.wire != NULL) - (b.wire != NULL);
    return mxs_name_compare(a, b);
}

static int compare(const struct mxs_finding *a, const struct mxs_finding *b)
{
    const struct mxs_finding_kind *x = &mxs_finding_kinds[a->id], *y = &mxs_finding_kinds[b->id];

    if (x->area != y->area)
        return x->area < y->area ? -1 : 1;
    if (a->id != b->id)
        return strcmp(x->id, y->id);
    return compare_names(a->name, b->name);
}

/* Insertion sort: stable, and a domain has a handful of findings. */
void mxs_findings_sort(struct mxs_findings *findings)
{
    for (size_t i = 1; i < findings->count; i++) {
        struct mxs_finding moved = findings->items[i];
        size_t at = i;
        while (at > 0 && compare(&findings->items[at - 1], &moved) > 0) {
            findings->items[at] = findings->items[at - 1];
            at--;
        }
        findings->items[at] = moved;
    }
}

bool mxs_findings_has(const struct mxs_findings *findings, enum mxs_finding_id id)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].id == id)
            return true;
    return false;
}
