/**
 * The states of a record: what its look-up means for the protocol.
 */
#ifndef MXSWEEP_STATE_H
#define MXSWEEP_STATE_H

#include <mxsweep/api.h>

/** What a record's look-up means for the protocol. Only `none` says absent. */
enum mxs_state {
    MXS_STATE_UNKNOWN,
    MXS_STATE_FOUND,
    MXS_STATE_NONE,
    MXS_STATE_MULTIPLE,
    MXS_STATE_INVALID,
};

/** `found none multiple invalid unknown`. */
MXS_API const char *mxs_state_text(enum mxs_state state);

#endif
