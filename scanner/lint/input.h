/*
 * The input of `mxsweep lint --json`: a line is a JSON string, the record's text, or an object
 * {"id":..., "record":"..."} or {"id":..., "record_base64":"..."}; other members are not looked at.
 */
#ifndef SCANNER_LINT_INPUT_H
#define SCANNER_LINT_INPUT_H

#include <mxsweep/arena.h>

struct lint_input {
    mxs_slice record;  /* its bytes; `ptr` NULL where there is an error */
    mxs_slice id;      /* as JSON, to be copied; `ptr` NULL: there is none */
    const char *error; /* why there is no record, or NULL */
};

/*
 * Reads one line without its end. Wrong data is a result: `error` says what is wrong, and the id is
 * there if it could be read. All is in the arena. False when memory is out.
 *
 * An id is text, a number (whole ones up to 2^53), true, false or null.
 */
bool lint_input_read(struct mxs_arena *arena, mxs_slice line, struct lint_input *input);

#endif
