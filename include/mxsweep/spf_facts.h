/**
 * What a domain's SPF comes to, whoever the client is: RFC 7208; rules sections 6, 16.1 and 18.
 */
#ifndef MXSWEEP_SPF_FACTS_H
#define MXSWEEP_SPF_FACTS_H

#include <mxsweep/spf_check.h>
#include <mxsweep/state.h>

/** What the record says of the domain as a sender; rules section 16.1. */
enum mxs_spf_stance {
    MXS_SPF_STANCE_UNKNOWN,
    MXS_SPF_STANCE_ABSENT,     /**< There is no record. */
    MXS_SPF_STANCE_INVALID,    /**< Every client gets permerror. */
    MXS_SPF_STANCE_OPEN,       /**< Half of all addresses or more pass. */
    MXS_SPF_STANCE_AUTHORISES, /**< Somebody passes. */
    MXS_SPF_STANCE_EMPTY,      /**< Nobody passes, the unlisted fail or softfail. */
    MXS_SPF_STANCE_NEUTRAL,    /**< Nobody passes, the unlisted get neutral. */
};

/** What evaluating the record comes to, whoever the client is. */
enum mxs_spf_validity {
    MXS_SPF_VALIDITY_UNKNOWN, /**< A question failed: temperror for some or all. */
    MXS_SPF_VALIDITY_NONE,
    MXS_SPF_VALIDITY_VALID,
    MXS_SPF_VALIDITY_PERMERROR, /**< Every client gets it. */
};

/** check_host() of the domain's own MX hosts; rules section 18.2. */
enum mxs_own_mx {
    MXS_OWN_MX_NOT_APPLICABLE, /**< There is no address to check, or no record. */
    MXS_OWN_MX_UNKNOWN,
    MXS_OWN_MX_ALL,
    MXS_OWN_MX_SOME,
    MXS_OWN_MX_NONE,
    MXS_OWN_MX_ERROR,
};

/** A record on the way through a domain's SPF, in the order of evaluation. */
struct mxs_spf_visit {
    struct mxs_name name;
    mxs_slice via;    /**< The term that leads here, as written; `ptr` NULL at the domain. */
    unsigned depth;   /**< 0 at the domain. */
    mxs_slice record; /**< On the first visit, if there is one; else `ptr` NULL. */
    unsigned lookups; /**< Of the record and all it leads to. */
    enum mxs_state state;
};

/**
 * What the record comes to with all that it leads to; rules sections 6.e and 18.1. Without a record
 * to evaluate `tree_count` is 0 and the numbers say nothing.
 */
struct mxs_spf {
    enum mxs_spf_stance stance;
    enum mxs_spf_validity validity;
    bool unlisted_known;
    enum mxs_spf_code unlisted; /**< What a client gets that no term lists; the weaker family's. */
    unsigned lookups;           /**< On the way of no match; 50 stands for that and more. */
    unsigned voids[2];          /**< Terms that find nothing, IPv4 and IPv6. */
    uint64_t ipv4_addresses, ipv6_64s, direct_ipv4; /**< That pass; lower bounds when partial. */
    bool partial; /**< A question failed, or a bound was reached. */
    bool dynamic; /**< A term depends on the message; it is taken as not matching. */
    const struct mxs_spf_visit *tree;
    unsigned tree_count;
    enum mxs_own_mx own_mx;
};

/** `valid none permerror temperror`. */
MXS_API const char *mxs_spf_validity_text(enum mxs_spf_validity validity);
/** `all some none error unknown`; NULL where it does not apply. */
MXS_API const char *mxs_own_mx_text(enum mxs_own_mx own_mx);

#endif
