/**
 * From an entry of a list to the domain that is scanned: normalisation and IDN, rules section 3.
 *
 * Nothing is altered silently: a name is lower-cased, an IDN becomes A-labels by UTS 46
 * non-transitional processing, and whatever else differs from what was written has its finding.
 * Pure functions; libidn2 and libpsl are used for what they alone know.
 */
#ifndef MXSWEEP_INPUT_H
#define MXSWEEP_INPUT_H

#include <libpsl.h>

#include <mxsweep/finding.h>

enum {
    MXS_INPUT_MAX = 4096 /**< Bytes of an entry; more is `input.too_long`. */
};

struct mxs_input_options {
    bool lenient;         /**< Take the domain out of a URL or a mail address. */
    bool special_use;     /**< Ask the DNS about reserved names (laboratories). */
    const psl_ctx_t *psl; /**< For `input.public_suffix` and `input.subdomain`; NULL: neither. */
};

/** What became of an entry. */
struct mxs_input {
    mxs_slice text;         /**< The entry as given, at most MXS_INPUT_MAX bytes of it. */
    struct mxs_name domain; /**< Zeroed when the entry is no domain. */
    mxs_slice unicode;      /**< The domain with U-labels where it has any, else `ptr` NULL. */
    bool scannable;         /**< False: no question is asked, the findings say why. */
    struct mxs_findings findings;
};

/**
 * Reads one entry: the domain field alone, without the list format around it.
 *
 * Every entry gives a `struct mxs_input`; an unusable one has an error among its findings. All
 * memory is the arena's, and `input->text` is a copy. Returns false when memory is out.
 */
MXS_API bool mxs_input_read(struct mxs_arena *arena, mxs_slice entry,
                            const struct mxs_input_options *options, struct mxs_input *input);

#endif
