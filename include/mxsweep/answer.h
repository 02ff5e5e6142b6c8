/**
 * Answers: how one question to the DNS ended.
 *
 * Every question ends in exactly one class (rules section 1.1). Absence is only ever read through
 * mxs_lookup_is_absent(), so that a failed question cannot become a missing record.
 */
#ifndef MXSWEEP_ANSWER_H
#define MXSWEEP_ANSWER_H

#include <mxsweep/address.h>
#include <mxsweep/name.h>

/** RR types that mxsweep reads; the values are IANA's. */
enum mxs_type {
    MXS_TYPE_A = 1,
    MXS_TYPE_NS = 2,
    MXS_TYPE_CNAME = 5,
    MXS_TYPE_SOA = 6,
    MXS_TYPE_PTR = 12,
    MXS_TYPE_MX = 15,
    MXS_TYPE_TXT = 16,
    MXS_TYPE_AAAA = 28,
    MXS_TYPE_DNAME = 39,
    MXS_TYPE_RRSIG = 46,
    MXS_TYPE_NSEC = 47,
    MXS_TYPE_NSEC3 = 50,
    MXS_TYPE_TLSA = 52,
    MXS_TYPE_NXNAME = 128, /**< Only in a type bitmap, RFC 9824 section 3.4. */
};

/** The mnemonic of a type, "TYPE65280" style left to the caller: NULL for one not listed above. */
MXS_API const char *mxs_type_text(uint16_t type);

/** How a question ended. */
enum mxs_lookup {
    MXS_LOOKUP_PENDING,         /**< Not answered yet; the evaluation will run again. */
    MXS_LOOKUP_OK,              /**< At least one record of the type, aliases followed. */
    MXS_LOOKUP_NODATA,          /**< The name exists, no record of the type. */
    MXS_LOOKUP_NXDOMAIN,        /**< The name does not exist, nor does anything below it. */
    MXS_LOOKUP_NXDOMAIN_TARGET, /**< The name is an alias whose target does not exist. */
    MXS_LOOKUP_TEMP,            /**< The question failed: nothing is known. */
    MXS_LOOKUP_BOGUS,           /**< Validation failed: nothing is known. */
    MXS_LOOKUP_LIMIT,           /**< Our own budget stopped it: nothing is known. */
};

/** Why a question ended `temp`. The library behind the resolver says no more than this. */
enum mxs_error {
    MXS_ERROR_NONE,
    MXS_ERROR_TIMEOUT,    /**< Our deadline passed. */
    MXS_ERROR_FAILED,     /**< The resolver gave up: SERVFAIL, REFUSED, lame, unreachable. */
    MXS_ERROR_MALFORMED,  /**< The reply could not be read. */
    MXS_ERROR_ALIAS_LOOP, /**< A chain of aliases longer than 16. */
    MXS_ERROR_INTERNAL,   /**< The worker died on it, or memory ran out. */
};

/** Validation of one answer, RFC 4035 section 4.3. */
enum mxs_dnssec {
    MXS_DNSSEC_INDETERMINATE, /**< No trust anchor, or no answer to validate. */
    MXS_DNSSEC_SECURE,
    MXS_DNSSEC_INSECURE,
    MXS_DNSSEC_BOGUS,
};

/** Does a name exist? Rules section 1.4. */
enum mxs_existence {
    MXS_EXISTS_UNKNOWN,
    MXS_EXISTS_YES,
    MXS_EXISTS_NO,
    MXS_EXISTS_UNCERTAIN, /**< An empty non-terminal, or a signer that hides non-existence. */
};

/** One record of an answer. Which members hold something depends on the type. */
struct mxs_record {
    mxs_slice rdata;            /**< As on the wire, embedded names not decompressed. */
    mxs_slice text;             /**< TXT: its character-strings joined with nothing between. */
    struct mxs_name name;       /**< MX exchange; PTR, CNAME, NS target. */
    struct mxs_address address; /**< A, AAAA. */
    uint16_t preference;        /**< MX. */
};

/**
 * The answer to one question.
 *
 * `records` is sorted so that two scans give the same order: MX by preference then name, addresses
 * by value, TXT bytewise. Everything pointed to lives as long as the answer.
 */
struct mxs_answer {
    struct mxs_name name; /**< The question. */
    uint16_t type;        /**< The question's type, enum mxs_type. */
    enum mxs_lookup lookup;
    enum mxs_error error;      /**< Set when `lookup` is temp. */
    enum mxs_dnssec dnssec;    /**< Of the whole answer, aliases included. */
    enum mxs_existence exists; /**< Whether `name` exists, as far as this answer tells. */
    bool exists_by_dnssec;     /**< A signed denial says so, not just the RCODE. */
    uint16_t count;            /**< Records of the type. */
    const struct mxs_record *records;
    struct mxs_name alias; /**< The last target when `name` is an alias, else zeroed. */
    uint32_t ttl_s;        /**< Smallest TTL of what was used; SOA's for a denial (RFC 2308). */
    uint32_t size;         /**< Octets of the reply. */
    mxs_slice why_bogus;   /**< The validator's words, empty if not bogus. */
};

/** `ok nodata nxdomain nxdomain_target temp bogus limit`, and `pending`. */
MXS_API const char *mxs_lookup_text(enum mxs_lookup lookup);
/** `timeout failed malformed alias_loop internal`; "" for none. */
MXS_API const char *mxs_error_text(enum mxs_error error);
/** `secure insecure bogus indeterminate`. */
MXS_API const char *mxs_dnssec_text(enum mxs_dnssec dnssec);
/** `yes no unknown uncertain`. */
MXS_API const char *mxs_existence_text(enum mxs_existence existence);

/** True only when the data is provably not there: nodata, nxdomain, nxdomain_target. */
MXS_API bool mxs_lookup_is_absent(enum mxs_lookup lookup);
/** True when the question was answered at all: ok or absent. */
MXS_API bool mxs_lookup_is_definite(enum mxs_lookup lookup);

/**
 * Makes `answer` say that its question failed. The question itself (`name`, `type`) stays.
 * `error` counts only for MXS_LOOKUP_TEMP.
 */
MXS_API void mxs_answer_fail(struct mxs_answer *answer, enum mxs_lookup lookup,
                             enum mxs_error error);

#endif
