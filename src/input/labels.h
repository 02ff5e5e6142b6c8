/**
 * Tests on a name in text form, its labels with full stops between and no final one: rules section
 * 3, steps 4 to 9. Pure functions.
 */
#ifndef MXS_INPUT_LABELS_H
#define MXS_INPUT_LABELS_H

#include <mxsweep/slice.h>

/**
 * Octets of the full stop that `text` begins with, 0 for none: U+002E, and the stops of East Asian
 * scripts that UTS 46 section 4 takes for it, U+3002, U+FF0E and U+FF61.
 */
size_t mxs_labels_full_stop(mxs_slice text);

/** True when a label is empty, or the whole text is. */
bool mxs_labels_have_empty(mxs_slice text);

bool mxs_labels_are_ascii(mxs_slice text);

/**
 * True when the last label, which is not empty, is all digits. No top-level domain is: RFC 1123
 * section 2.1.
 */
bool mxs_labels_end_in_digits(mxs_slice text);

/** True when all are letters, digits and inner hyphens (RFC 1123 section 2.1); none is empty. */
bool mxs_labels_are_ldh(mxs_slice text);

#endif
