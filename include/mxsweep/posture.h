/**
 * The posture of a domain: a pure function of DNS answers.
 *
 * mxs_posture_evaluate() asks its questions through `answers`. While one of them is pending the
 * result does not count: the caller waits until they are settled and evaluates again. Everything in
 * a posture lives in the evaluation's arena or in the answers, and as long as both.
 *
 * Words: posture-rules; a fact that could not be had is *unknown*, never *none*.
 */
#ifndef MXSWEEP_POSTURE_H
#define MXSWEEP_POSTURE_H

#include <mxsweep/answers.h>
#include <mxsweep/finding.h>
#include <mxsweep/input.h>
#include <mxsweep/spf_facts.h>

/** Version of the rules that these functions apply. */
#define MXS_RULES_VERSION "2026.11"

/** How a domain receives mail; rules section 4.b. */
enum mxs_receives {
    MXS_RECEIVES_UNKNOWN,
    MXS_RECEIVES_NONEXISTENT, /**< The domain does not exist. */
    MXS_RECEIVES_NULL,        /**< A null MX, RFC 7505. */
    MXS_RECEIVES_MX,          /**< At least one MX target has a global unicast address. */
    MXS_RECEIVES_BROKEN,      /**< MX records, every target definitely unusable. */
    MXS_RECEIVES_IMPLICIT,    /**< No MX, but an address of its own: RFC 5321 section 5.1. */
    MXS_RECEIVES_NONE,        /**< Provably neither MX nor address. */
};

/** In the order from good to bad; `not_applicable` outside it. */
enum mxs_grade {
    MXS_GRADE_NOT_APPLICABLE,
    MXS_GRADE_PASS,
    MXS_GRADE_WARN,
    MXS_GRADE_UNKNOWN,
    MXS_GRADE_FAIL,
    MXS_GRADE_LEFT_OUT, /**< It rests on what this version does not judge yet. */
};

/** Tri-state facts. */
enum mxs_tristate { MXS_UNKNOWN, MXS_YES, MXS_NO };

/** A mail host: an MX target, or the domain itself where it has no MX. */
struct mxs_host {
    struct mxs_name name;
    const struct mxs_answer *a, *aaaa;
    enum mxs_tristate usable; /**< Has a global unicast address. */
};

struct mxs_mx {
    const struct mxs_answer *answer; /**< To MX; its records are sorted by preference, then name. */
    struct mxs_host *hosts;          /**< Those whose addresses were asked for. */
    unsigned host_count;
};

/** Which record applies at a name, chosen among its TXT records. */
struct mxs_selection {
    enum mxs_lookup lookup; /**< How the TXT question ended. */
    enum mxs_error error;
    enum mxs_dnssec dnssec;
    enum mxs_state state;
    mxs_slice record;      /**< The one that applies; `ptr` NULL without. */
    unsigned record_count; /**< Records that passed the filter. */
    struct mxs_name name;  /**< Where the question was asked; zeroed: it could not be asked. */
};

/** Why an area could not be judged: the first question it needs that failed. */
struct mxs_area_failure {
    bool failed;
    enum mxs_lookup lookup; /**< temp, bogus or limit. */
    enum mxs_error error;
};

struct mxs_posture {
    struct mxs_name domain;
    enum mxs_existence exists;
    bool exists_by_dnssec;
    enum mxs_receives receives;
    struct mxs_mx mx;
    struct mxs_selection spf;
    struct mxs_spf spf_facts;
    struct mxs_selection dmarc; /**< At `_dmarc.` + domain only: no parent is asked yet. */
    enum mxs_grade grades[MXS_AREA_COUNT];
    struct mxs_area_failure failures[MXS_AREA_COUNT];
    struct mxs_findings findings; /**< Sorted. */
    unsigned questions;           /**< Distinct questions this verdict used. */
    bool judged;                  /**< False: no question was asked, `findings` says why. */
};

struct mxs_posture_options {
    bool special_use; /**< Names that the public DNS does not serve are asked about like others. */
};

/**
 * Judges one domain.
 *
 * `input` is what mxs_input_read() made of the list's entry; its findings become the first ones. An
 * entry that is not scannable gets its posture without a question. Returns NULL when memory is out.
 * When `answers->pending` is set afterwards the posture is to be thrown away.
 */
MXS_API const struct mxs_posture *mxs_posture_evaluate(struct mxs_arena *arena,
                                                       const struct mxs_input *input,
                                                       const struct mxs_posture_options *options,
                                                       struct mxs_answers *answers);

/** `unknown nonexistent null mx broken implicit none`. */
MXS_API const char *mxs_receives_text(enum mxs_receives receives);
/** `pass warn fail unknown not_applicable`; NULL for one that is left out. */
MXS_API const char *mxs_grade_text(enum mxs_grade grade);

#endif
