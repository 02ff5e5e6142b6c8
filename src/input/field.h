/**
 * From the text of an entry to the text of a domain, before IDNA: rules section 3, steps 1 and 3.
 *
 * Pure functions; results point into the text.
 */
#ifndef MXS_INPUT_FIELD_H
#define MXS_INPUT_FIELD_H

#include <mxsweep/slice.h>

/** `text` without a byte order mark in front and ASCII white space at both ends. */
mxs_slice mxs_field_trim(mxs_slice text);

/** True for an IPv4 or IPv6 address in text form and for anything in square brackets. */
bool mxs_field_is_address(mxs_slice text);

/** True when `text` holds what no bare domain has: `@`, `/`, `:`, `,` or ASCII white space. */
bool mxs_field_is_compound(mxs_slice text);

/**
 * The host of a URL, whose scheme may be missing, or what follows the last `@` of a mail address;
 * without a port. It may be empty or compound still: then `text` was neither.
 */
mxs_slice mxs_field_host(mxs_slice text);

#endif
