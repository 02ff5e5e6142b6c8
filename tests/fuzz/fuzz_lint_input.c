/*
 * A line of `mxsweep lint --json`, any bytes.
 *
 * Held: either a record or a word on why there is none; an id is JSON that reads back as itself;
 * twice gives the same; a record written as JSON reads back, where it is UTF-8.
 */
#include <stdlib.h>
#include <string.h>

#include <mxsweep/json.h>

#include "lint/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct lint_input read_line(struct mxs_arena *arena, mxs_slice line)
{
    struct lint_input input;

    require(lint_input_read(arena, line, &input));
    require((input.record.ptr == NULL) == (input.error != NULL));
    return input;
}

static void check_reads_back(struct mxs_arena *arena, const struct lint_input *input)
{
    struct mxs_buffer line;
    struct mxs_json json;
    struct lint_input again;
    bool utf8;

    mxs_buffer_init(&line);
    mxs_json_init(&json, &line);
    mxs_json_open_object(&json);
    if (input->id.ptr != NULL) {
        mxs_json_key(&json, "id");
        mxs_json_raw(&json, input->id);
    }
    mxs_json_key(&json, "record");
    utf8 = mxs_json_text(&json, input->record);
    mxs_json_close_object(&json);
    again = read_line(arena, mxs_buffer_slice(&line));
    require(again.error == NULL);
    require(mxs_slice_equal(again.id, input->id));
    require(!utf8 || mxs_slice_equal(again.record, input->record));
    mxs_buffer_clear(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const mxs_slice line = {(const char *)data, size};
    struct mxs_arena arena;
    struct lint_input first, second;

    mxs_arena_init(&arena);
    first = read_line(&arena, line);
    second = read_line(&arena, line);
    require(mxs_slice_equal(first.record, second.record) && mxs_slice_equal(first.id, second.id));
    require(first.error == second.error);
    if (first.error == NULL)
        check_reads_back(&arena, &first);
    mxs_arena_clear(&arena);
    return 0;
}
