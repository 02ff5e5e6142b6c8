/**
 * An append-only JSON writer (RFC 8259).
 *
 * Whatever bytes go in, valid UTF-8 JSON comes out, as long as the calls nest as JSON does. A
 * failure of memory is remembered in the buffer. Commas are decided in one place, so callers write
 * members in a row.
 */
#ifndef MXSWEEP_JSON_H
#define MXSWEEP_JSON_H

#include <mxsweep/buffer.h>

struct mxs_json {
    struct mxs_buffer *out; /**< The caller's. */
    bool comma;             /**< The next member or element needs one before it. */
};

MXS_API void mxs_json_init(struct mxs_json *json, struct mxs_buffer *out);

MXS_API void mxs_json_open_object(struct mxs_json *json);
MXS_API void mxs_json_close_object(struct mxs_json *json);
MXS_API void mxs_json_open_array(struct mxs_json *json);
MXS_API void mxs_json_close_array(struct mxs_json *json);

/** A member's name; one value follows. `key` is ours and needs no escape. */
MXS_API void mxs_json_key(struct mxs_json *json, const char *key);

/**
 * A string. Control characters, DEL, C1, U+2028 and U+2029 are escaped. When `text` is not UTF-8 as
 * a whole, each byte from 0x80 on is written as U+0080 to U+00FF and the result is false.
 */
MXS_API bool mxs_json_text(struct mxs_json *json, mxs_slice text);
/** A value that is JSON already. */
MXS_API void mxs_json_raw(struct mxs_json *json, mxs_slice value);
/** A string of ours, or null for NULL. */
MXS_API void mxs_json_string(struct mxs_json *json, const char *text);
MXS_API void mxs_json_number(struct mxs_json *json, uint64_t number);
MXS_API void mxs_json_bool(struct mxs_json *json, bool value);
MXS_API void mxs_json_null(struct mxs_json *json);

#endif
