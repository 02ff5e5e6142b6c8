/**
 * What an SPF record says by itself, without the DNS: RFC 7208; rules section 6.c rows 10 to 28, 45
 * and 46.
 *
 * Pure functions. Findings are about `name`, which may be zeroed; their texts point into the
 * record, so its text must live as long as the findings' arena. Where memory is out, the arena
 * remembers.
 */
#ifndef MXSWEEP_SPF_SHAPE_H
#define MXSWEEP_SPF_SHAPE_H

#include <mxsweep/finding.h>
#include <mxsweep/spf.h>

enum {
    /** Findings of one kind about single terms; a record that repeats itself more is cut here. */
    MXS_SPF_SAME_FINDINGS_MAX = 20,
};

/** Row 10: a finding for each defect, with `term`, `offset` and `reason`. */
MXS_API void mxs_spf_judge_syntax(const struct mxs_spf_record *record, struct mxs_name name,
                                  struct mxs_findings *findings);

/**
 * Rows 11 to 22, 24 to 28, 45 and 46: shape, deprecated terms, breadth of single terms.
 *
 * The terms that parse are judged even where others do not; only what is missing is not concluded
 * from a record that is broken or over the limit (`spf.all_missing`). Findings have `term` and
 * `offset` of the term they are about, the first one where a fact is found once (rows 11, 12, 18 to
 * 21), `modifier` (row 22) and `prefix` (rows 45, 46). Breadth is judged of terms that pass and
 * stand before `all`.
 */
MXS_API void mxs_spf_judge_record(const struct mxs_spf_record *record, struct mxs_name name,
                                  struct mxs_findings *findings);

/** The first term of a kind, or NULL. */
MXS_API const struct mxs_spf_term *mxs_spf_first(const struct mxs_spf_record *record,
                                                 enum mxs_spf_kind kind);

/**
 * Look-ups of section 4.6.4 that a term costs by itself when it is evaluated: 1 for include, a, mx,
 * ptr, exists and redirect, and 1 for `%{p}` in any of them (rules section 6.b).
 */
MXS_API unsigned mxs_spf_lookup_cost(const struct mxs_spf_term *term);

#endif
