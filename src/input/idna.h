/**
 * IDNA for one label (RFC 5890 to 5892, UTS 46 non-transitional), by libidn2.
 *
 * libidn2 is never given a whole name and never its STD3 flag: with it, version 2.3.3 deletes
 * characters silently. Nor is it asked about labels that need no conversion: it refuses some that
 * the DNS has. Pure functions; memory is the buffers'.
 */
#ifndef MXS_INPUT_IDNA_H
#define MXS_INPUT_IDNA_H

#include <mxsweep/buffer.h>

enum mxs_idna {
    MXS_IDNA_OK,
    MXS_IDNA_TOO_LONG,   /**< Over 63 octets once converted. */
    MXS_IDNA_DISALLOWED, /**< A character that IDNA2008 disallows or does not know. */
    MXS_IDNA_INVALID,    /**< Any other failure. */
    MXS_IDNA_NO_MEMORY,
};

/**
 * Appends the A-label of `label`, or what mapping leaves of it: perhaps nothing, perhaps ASCII.
 *
 * `label` is UTF-8 of at most MXS_INPUT_MAX bytes without a dot. Unless the result is MXS_IDNA_OK
 * nothing is appended, and `*reason` is libidn2's name for the failure, a constant; else it is
 * empty.
 */
enum mxs_idna mxs_idna_to_ascii(mxs_slice label, struct mxs_buffer *ascii, mxs_slice *reason);

/**
 * Appends the U-label of the A-label `label`, which is in lower case.
 *
 * MXS_IDNA_OK only when conversion leaves `label` as it is and gives it back for the U-label (RFC
 * 5891 section 5.3): libidn2 2.3.3 passes A-labels of characters that UTS 46 maps to others.
 * Unless the result is MXS_IDNA_OK nothing is appended; `*reason` as above, but empty when a
 * conversion succeeded and gave another label: that is MXS_IDNA_INVALID.
 */
enum mxs_idna mxs_idna_to_unicode(mxs_slice label, struct mxs_buffer *unicode, mxs_slice *reason);

#endif
