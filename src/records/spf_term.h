/*
 * One term of an SPF record, and the domain-spec in it: RFC 7208 sections 4.6.1, 5, 6 and 7.
 * Internal to src/records.
 */
#ifndef SRC_RECORDS_SPF_TERM_H
#define SRC_RECORDS_SPF_TERM_H

#include <mxsweep/spf.h>

/* Why a text is not what it should be, and at which of its bytes that shows. */
struct mxs_spf_fault {
    enum mxs_spf_reason reason;
    size_t at;
};

/*
 * Reads one term, which holds no space and is not empty. False with `*fault` set and `*term` zeroed
 * when it is none. `offset` stays 0: the term does not know where it stands.
 */
bool mxs_spf_read_term(mxs_slice text, struct mxs_spf_term *term, struct mxs_spf_fault *fault);

/* macro-string; `*macros` is the set of its letters. The only fault is bad_macro. */
bool mxs_spf_read_macro_string(mxs_slice text, unsigned *macros, struct mxs_spf_fault *fault);

/* domain-spec, not empty: a macro-string that ends in a macro or in a dot and a top label. */
bool mxs_spf_read_domain_spec(mxs_slice text, unsigned *macros, struct mxs_spf_fault *fault);

/*
 * How much of `text` is the domain-spec where a prefix length may follow: up to the first slash
 * behind the last dot and the last macro, as no domain-spec goes on after one there.
 */
size_t mxs_spf_domain_spec_len(mxs_slice text);

#endif
