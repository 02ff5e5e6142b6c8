/**
 * Findings: what is said of a domain, and the catalogue of all that can be said.
 *
 * The catalogue is one table; ids are stable and part of the output. Areas are in the order of the
 * output, and so are the findings of one area in the catalogue's source, but a line sorts them by
 * (area, id, name).
 */
#ifndef MXSWEEP_FINDING_H
#define MXSWEEP_FINDING_H

#include <mxsweep/arena.h>
#include <mxsweep/finding_ids.h>
#include <mxsweep/name.h>

enum mxs_severity { MXS_SEVERITY_INFO, MXS_SEVERITY_WARNING, MXS_SEVERITY_ERROR };

enum mxs_area {
    MXS_AREA_INPUT,
    MXS_AREA_DOMAIN,
    MXS_AREA_MX,
    MXS_AREA_PTR,
    MXS_AREA_SPF,
    MXS_AREA_DKIM,
    MXS_AREA_DMARC,
    MXS_AREA_DMARC_REPORTS,
    MXS_AREA_NULL_MAIL,
    MXS_AREA_MTA_STS,
    MXS_AREA_TLS_RPT,
    MXS_AREA_DANE,
    MXS_AREA_DNSSEC,
    MXS_AREA_BIMI,
    MXS_AREA_COUNT
};

/** A row of the catalogue. */
struct mxs_finding_kind {
    const char *id; /**< Stable, lower snake case, the area before the dot. */
    enum mxs_area area;
    enum mxs_severity severity;    /**< As a rule; the judge may say `alternative` instead. */
    enum mxs_severity alternative; /**< Equal to `severity` where there is only one. */
    enum mxs_severity operational; /**< `severity` under --strictness operational. */
    const char *source;            /**< RFC and section, or another document. */
    const char *summary;           /**< What it means, one sentence. */
    const char *remedy;            /**< What to do about it, one sentence. */
};

/** The catalogue, indexed by enum mxs_finding_id. */
MXS_API extern const struct mxs_finding_kind mxs_finding_kinds[MXS_FINDING_COUNT];

/** A detail of a finding: a number, or a text when `text.ptr` is not NULL. */
struct mxs_finding_arg {
    const char *key;
    mxs_slice text;
    uint64_t number;
};

struct mxs_finding {
    enum mxs_finding_id id;
    enum mxs_severity severity;
    struct mxs_name name; /**< The name it is about; zeroed when there is none. */
    const struct mxs_finding_arg *args;
    unsigned arg_count;
};

/** A growing list; its memory is the arena's. */
struct mxs_findings {
    struct mxs_arena *arena;
    struct mxs_finding *items;
    size_t count, capacity;
};

MXS_API void mxs_findings_init(struct mxs_findings *findings, struct mxs_arena *arena);

/**
 * Adds a finding with the catalogue's severity and returns it, so that severity and arguments can
 * be set; NULL when memory is out (the arena remembers). Valid until the next addition.
 */
MXS_API struct mxs_finding *mxs_findings_add(struct mxs_findings *findings, enum mxs_finding_id id,
                                             struct mxs_name name);
/** Adds a text argument to the finding added last; the text must live as long as the arena. */
MXS_API void mxs_findings_add_text(struct mxs_findings *findings, const char *key, mxs_slice text);
/** Adds a number to the finding added last. */
MXS_API void mxs_findings_add_number(struct mxs_findings *findings, const char *key,
                                     uint64_t number);
/** Adds a finding like mxs_findings_add, but with the catalogue's alternative severity. */
MXS_API void mxs_findings_add_alternative(struct mxs_findings *findings, enum mxs_finding_id id,
                                          struct mxs_name name);
/** Sorts by (area, id, name). */
MXS_API void mxs_findings_sort(struct mxs_findings *findings);
/** True when a finding of this kind is in the list. */
MXS_API bool mxs_findings_has(const struct mxs_findings *findings, enum mxs_finding_id id);

/** `input domain mx ptr spf dkim dmarc dmarc_reports null_mail mta_sts tls_rpt dane dnssec bimi`.
 */
MXS_API const char *mxs_area_text(enum mxs_area area);
/** `error warning info`. */
MXS_API const char *mxs_severity_text(enum mxs_severity severity);

#endif
