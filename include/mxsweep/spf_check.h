/**
 * check_host(): what a receiver makes of one sender. RFC 7208 section 4; rules sections 6 and 18.2.
 *
 * The real algorithm, from left to right, with its limits, macros and explanation. Pure: questions
 * go through `answers`, and while one of them is pending the result does not count: run again when
 * it is settled. What a result points to lives in the arena, the request or the answers.
 */
#ifndef MXSWEEP_SPF_CHECK_H
#define MXSWEEP_SPF_CHECK_H

#include <mxsweep/answers.h>

enum {
    MXS_SPF_LOOKUPS_MAX = 10,     /**< Section 4.6.4; one more is permerror. */
    MXS_SPF_VOIDS_MAX = 2,        /**< Same place. */
    MXS_SPF_EXCHANGES_MAX = 10,   /**< MX records of one `mx` term, section 5.4. */
    MXS_SPF_PTR_NAMES_MAX = 10,   /**< Names of one reverse look-up, section 5.5. */
    MXS_SPF_LOCAL_PART_MAX = 512, /**< Octets of a local part that macros see; SMTP allows 64. */
};

/** Section 2.6. */
enum mxs_spf_code {
    MXS_SPF_RESULT_NONE,
    MXS_SPF_RESULT_NEUTRAL,
    MXS_SPF_RESULT_PASS,
    MXS_SPF_RESULT_FAIL,
    MXS_SPF_RESULT_SOFTFAIL,
    MXS_SPF_RESULT_TEMPERROR,
    MXS_SPF_RESULT_PERMERROR,
};

struct mxs_spf_request {
    struct mxs_address address; /**< The client's; an IPv4-mapped IPv6 address counts as IPv4. */
    mxs_slice sender_local;     /**< Empty: "postmaster". */
    mxs_slice sender_domain;    /**< As in the message; for the macros s and o. */
    mxs_slice helo;             /**< For the macro h. */
    mxs_slice domain;           /**< Whose record is evaluated. */
    mxs_slice receiver;         /**< For %{r} in explanations; empty: "unknown". */
    uint64_t time_s;            /**< For %{t} in explanations: seconds since 1970. */
};

struct mxs_spf_result {
    enum mxs_spf_code result;
    mxs_slice domain;      /**< The request's, as given. */
    mxs_slice mechanism;   /**< The term that decided, as written; `ptr` NULL: none did. */
    unsigned lookups;      /**< Terms counted by section 4.6.4; 11 or 12 when they were too many. */
    unsigned void_lookups; /**< Terms whose look-up found nothing. */
    /**
     * Why permerror or temperror, else NULL: a reason of mxs_spf_reason_text(), multiple_records,
     * too_many_lookups, too_many_voids, mx_too_many_names, include_none, redirect_none; timeout,
     * failed, ... of mxs_error_text(), bogus, or limit: a bound of ours was reached and nothing is
     * known.
     */
    const char *reason;
    mxs_slice explanation; /**< Of a fail, section 6.2; `ptr` NULL: there is none. */
};

/**
 * A request for what SMTP gives: `sender` is the MAIL FROM address without brackets, empty for the
 * null reverse-path, which counts as postmaster at the HELO name (section 2.4).
 */
MXS_API struct mxs_spf_request mxs_spf_request_of(const struct mxs_address *address,
                                                  mxs_slice sender, mxs_slice helo);

/**
 * Evaluates one request. At most MXS_QUESTIONS_MAX questions; time is bounded by the limits above
 * times the size of a record. Failure of memory is remembered in the arena.
 */
MXS_API void mxs_spf_check_host(struct mxs_arena *arena, struct mxs_answers *answers,
                                const struct mxs_spf_request *request,
                                struct mxs_spf_result *result);

/** `none neutral pass fail softfail temperror permerror`. */
MXS_API const char *mxs_spf_code_text(enum mxs_spf_code code);

#endif
