/* Base64, RFC 4648 section 4: no blanks, padded. */
#ifndef SCANNER_LINT_BASE64_H
#define SCANNER_LINT_BASE64_H

#include <mxsweep/arena.h>

/* The bytes of `text`, in the arena. False when it is no base64, or memory is out. */
bool base64_read(struct mxs_arena *arena, mxs_slice text, mxs_slice *bytes);

#endif
