/**
 * The domain model: what exists at a name, as a pure function of (seed, name).
 *
 * A *domain* is any name with a posture of its own: a registered domain, or a host-like name below
 * one. Its posture is drawn from the hash of its name. `model_find` walks from the registered
 * domain down to the name asked for, so parents always exist, empty non-terminals are nodes, and
 * wildcards apply at the closest encloser only (RFC 4592). Nothing is stored and nothing allocated.
 */
#ifndef SIMNET_MODEL_H
#define SIMNET_MODEL_H

#include "fixtures.h"
#include "hash.h"

struct faults;
struct signer;

struct world {
    uint64_t seed;
    const struct fixtures *fixtures;
    struct faults *faults;
    struct signer *signer; /**< NULL: nothing is signed. */
};

/** How a domain receives mail. The weights are in model.c. */
enum receive {
    RECEIVE_NONEXISTENT,       /**< The domain does not exist. */
    RECEIVE_NULL,              /**< Null MX (RFC 7505). */
    RECEIVE_GOOGLE,            /**< Five shared hosts. */
    RECEIVE_MICROSOFT,         /**< One host named after the domain. */
    RECEIVE_SELF,              /**< One to three hosts of its own. */
    RECEIVE_HOSTED,            /**< One to five hosts of another provider. */
    RECEIVE_BROKEN_NXDOMAIN,   /**< MX targets that do not exist. */
    RECEIVE_BROKEN_NO_ADDRESS, /**< MX targets without address. */
    RECEIVE_BROKEN_ALIAS,      /**< MX targets that are aliases to nothing. */
    RECEIVE_BROKEN_SPECIAL,    /**< MX targets with special-purpose addresses only. */
    RECEIVE_ALIASED_TARGET,    /**< MX targets that are aliases, and work. */
    RECEIVE_IMPLICIT,          /**< No MX, but an address. */
    RECEIVE_NONE,              /**< Neither MX nor address. */
    RECEIVE_ALIAS_IN_ZONE,     /**< The domain is an alias inside its zone, with MX there. */
    RECEIVE_ALIAS_MAIL,        /**< ... an alias to a name elsewhere with MX. */
    RECEIVE_ALIAS_WEB,         /**< ... an alias to a name elsewhere with an address only. */
    RECEIVE_ALIAS_DANGLING,    /**< ... an alias to a name that does not exist. */
    RECEIVE_COUNT,
};

enum spf_class { SPF_NODATA, SPF_OTHER_TEXT, SPF_ONE, SPF_TWO, SPF_NEAR_MISS, SPF_COUNT };

enum dmarc_class {
    DMARC_NXDOMAIN,
    DMARC_NODATA,
    DMARC_WILDCARD, /**< A wildcard TXT of the domain answers instead. */
    DMARC_ONE,
    DMARC_TWO,
    DMARC_ALIAS, /**< An alias to a vendor's record. */
    DMARC_COUNT,
};

/** The DKIM selectors a domain may publish, as bits; their names are in model.c. */
enum selector {
    SELECTOR_GOOGLE,
    SELECTOR_MICROSOFT_1,
    SELECTOR_MICROSOFT_2,
    SELECTOR_DEFAULT,
    SELECTOR_MAIL,
    SELECTOR_K1,
    SELECTOR_S1,
    SELECTOR_S2,
    SELECTOR_DKIM,
    SELECTOR_ZOHO,
    SELECTOR_COUNT,
};

struct domain {
    uint64_t hash;
    enum receive receive;
    enum spf_class spf;
    enum dmarc_class dmarc;
    unsigned provider; /**< RECEIVE_HOSTED: row of the providers in mail.c. */
    unsigned mx_count;
    unsigned selectors;     /**< Set of 1 << enum selector. */
    unsigned verifications; /**< TXT records at the domain that are no SPF. */
    bool registered;        /**< The apex of a zone, not a name below one. */
    bool has_web;           /**< Has an address of its own. */
    bool large_text;        /**< Its TXT records exceed what fits over UDP. */
    bool is_signed;         /**< It is the apex of a signed zone (where zones are signed). */
    bool any_selector;      /**< A wildcard answers for every DKIM selector. */
    bool mta_sts, tls_rpt, bimi, tlsa;
    const char *fixed_spf; /**< A provider's SPF record, or NULL. */
};

enum node_kind {
    NODE_ABSENT,
    NODE_EMPTY,     /**< An empty non-terminal. */
    NODE_DOMAINKEY, /**< This and the next three: empty, with children of their own. */
    NODE_TLS,
    NODE_BIMI,
    NODE_TCP,
    NODE_DOMAIN,
    NODE_ALIAS,  /**< CNAME to `target`. */
    NODE_HOST,   /**< Addresses. */
    NODE_SERVER, /**< A name server: `address`. */
    NODE_TEXT,   /**< TXT records of kind `text`. */
    NODE_TLSA,
};

/** Which addresses a NODE_HOST has. */
enum host_kind { HOST_GLOBAL, HOST_SPECIAL, HOST_FIXED };

enum text_kind {
    TEXT_DOMAIN,
    TEXT_DMARC,
    TEXT_DKIM,
    TEXT_MTA_STS,
    TEXT_TLS_RPT,
    TEXT_BIMI,
    TEXT_NO_KEY, /**< An empty DKIM key, whatever the selector. */
    TEXT_SPF_PART,
    TEXT_WILDCARD,
    TEXT_HOST_NOTE,
    TEXT_FIXED,
};

struct node {
    enum node_kind kind;
    enum host_kind host;
    enum text_kind text;
    uint64_t hash;           /**< Of the name itself. */
    struct domain domain;    /**< The posture of `domain_name`, the nearest domain. */
    struct span domain_name; /**< Points into the name that was looked up. */
    uint32_t address;        /**< NODE_SERVER, HOST_FIXED. */
    const char *fixed_text;  /**< TEXT_FIXED. */
    bool is_wildcard;        /**< The name itself does not exist: a wildcard stands in for it. */
    unsigned encloser;       /**< NODE_ABSENT, `is_wildcard`: labels of the closest encloser. */
    struct name target;      /**< NODE_ALIAS. Set only then. */
};

/** The posture of the domain `name`. `registered`: it is the apex of a zone, whose fixture may bind
 * some of its properties. `receive`: how it receives mail, or RECEIVE_COUNT to draw that too. */
void model_domain(const struct world *world, struct span name, bool registered,
                  enum receive receive, struct domain *domain);

/** Whether a registered domain exists: what its TLD says. */
bool model_is_registered(const struct world *world, struct span name);

/** Whether the zone of a registered domain that exists is signed. One whose apex is an alias never
 * is: there is no such zone in the books, and no validator takes it. */
bool model_is_signed(const struct world *world, struct span name);

/** Whether a registered domain runs its own name servers, ns1 and ns2 below it. */
bool model_has_own_servers(const struct domain *domain);

/** The address of one of these, 0 or 1. */
uint32_t model_own_server(const struct domain *domain, unsigned server);

/** Whether the domain's own name is an alias. */
bool model_is_alias(const struct domain *domain);

/** Whether a label is letters, digits and inner hyphens: only such labels are domains. */
bool model_is_host_label(struct span label);

/**
 * Finds what exists at `name`, in the zone made of its last `registrable` labels.
 *
 * `node` points into `name` and is valid as long as that. NODE_ABSENT: the name does not exist.
 */
void model_find(const struct world *world, const struct name *name, unsigned registrable,
                struct node *node);

/** The same for a name in the root zone or a TLD's that is below no cut: the apex, a suffix such as
 * co.uk, or a DMARC record of one. */
void model_find_in_registry(const struct world *world, const struct name *name, struct node *node);

/** The text of a selector's label. */
const char *model_selector(enum selector selector);

/** The label of a domain's own mail host, 1 for the first, with its number (`mx1`). */
void model_mail_host(const struct domain *domain, unsigned number, char *text, size_t size);

#endif
