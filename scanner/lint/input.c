/*
 * cJSON reads the line. What it does not do is done around it: it takes bytes that are no UTF-8,
 * control characters inside strings and numbers of any size as they come, and it ends a string at
 * \u0000, which a TXT record may well hold. So the line is checked and copied first, each \u0000 as
 * the bytes C0 80: UTF-8 has no such sequence, so it can mean nothing else, and it is turned back
 * in what is read.
 */
#include "lint/input.h"

#include <stdio.h>
#include <string.h>

#include <cJSON.h>

#include <mxsweep/json.h>

#include "lint/base64.h"

enum { DEPTH_MAX = 32 };

static const double WHOLE_MAX = 9007199254740992.0; /* 2^53: whole numbers are exact up to it */

/* The line on its way into the form that cJSON is given. */
struct copying {
    char *out;
    size_t len;
    bool in_string;
    unsigned depth;
};

/* Takes an escape, a backslash and what follows it; returns how many bytes it was. */
static size_t copy_escape(struct copying *copying, mxs_slice rest)
{
    size_t len = rest.len < 2 ? rest.len : 2;

    if (mxs_slice_starts_with(rest, MXS_SLICE("\\u0000"))) {
        memcpy(copying->out + copying->len, "\xC0\x80", 2);
        copying->len += 2;
        return 6;
    }
    memcpy(copying->out + copying->len, rest.ptr, len);
    copying->len += len;
    return len;
}

/* What is wrong with a byte where it stands, or NULL. */
static const char *check_byte(struct copying *copying, unsigned char c)
{
    if (copying->in_string && c < 0x20)
        return "a control character in a string: write it as an escape";
    if (!copying->in_string && c < 0x20 && c != '\t' && c != '\r')
        return "no JSON";
    if (!copying->in_string && (c == '{' || c == '[') && ++copying->depth > DEPTH_MAX)
        return "nested too deeply";
    if (!copying->in_string && (c == '}' || c == ']') && copying->depth > 0)
        copying->depth--;
    return NULL;
}

/* Copies the line for cJSON, or says what is wrong with it. */
static const char *copy_line(mxs_slice line, struct copying *copying)
{
    if (!mxs_slice_is_utf8(line))
        return "not UTF-8: use record_base64";
    for (size_t i = 0; i < line.len;) {
        const char *error = check_byte(copying, (unsigned char)line.ptr[i]);
        if (error != NULL)
            return error;
        if (copying->in_string && line.ptr[i] == '\\') {
            i += copy_escape(copying, mxs_slice_from(line, i));
            continue;
        }
        if (line.ptr[i] == '"')
            copying->in_string = !copying->in_string;
        copying->out[copying->len++] = line.ptr[i++];
    }
    return NULL;
}

/* The value that fills the whole text; NULL when it is no JSON. */
static cJSON *parse(mxs_slice text)
{
    const char *end = NULL;
    cJSON *value = cJSON_ParseWithLengthOpts(text.ptr, text.len, &end, false);

    if (value == NULL)
        return NULL;
    for (; end < text.ptr + text.len; end++)
        if (!mxs_is_blank(*end) && *end != '\r') {
            cJSON_Delete(value);
            return NULL;
        }
    return value;
}

/* A string in the arena, with its U+0000 back. */
static mxs_slice text_of(struct mxs_arena *arena, const cJSON *value)
{
    mxs_slice from = mxs_slice_of(value->valuestring);
    char *to = mxs_arena_alloc(arena, from.len);
    size_t len = 0;

    if (to == NULL)
        return (mxs_slice){NULL, 0};
    for (size_t i = 0; i < from.len; i++) {
        if ((unsigned char)from.ptr[i] == 0xC0) {
            to[len++] = '\0';
            i++; /* its second byte */
        } else {
            to[len++] = from.ptr[i];
        }
    }
    return (mxs_slice){to, len};
}

static bool write_number(double number, struct mxs_json *json)
{
    char text[32];
    int len;

    if (!(number >= -WHOLE_MAX && number <= WHOLE_MAX)) /* nor what is no number */
        return false;
    len = snprintf(text, sizeof text, (double)(int64_t)number == number ? "%.0f" : "%.17g", number);
    mxs_json_raw(json, (mxs_slice){text, (size_t)len});
    return true;
}

static bool write_id(struct mxs_arena *arena, const cJSON *value, struct mxs_json *json)
{
    if (cJSON_IsNumber(value))
        return write_number(value->valuedouble, json);
    if (cJSON_IsString(value))
        (void)mxs_json_text(json, text_of(arena, value));
    else if (cJSON_IsNull(value))
        mxs_json_null(json);
    else if (cJSON_IsBool(value))
        mxs_json_bool(json, cJSON_IsTrue(value));
    else
        return false;
    return true;
}

static void read_id(struct mxs_arena *arena, const cJSON *value, struct lint_input *input)
{
    struct mxs_buffer text;
    struct mxs_json json;

    mxs_buffer_init(&text);
    mxs_json_init(&json, &text);
    if (write_id(arena, value, &json))
        input->id = mxs_arena_copy(arena, mxs_buffer_slice(&text));
    else
        input->error = "id is neither text nor a number up to 2^53";
    if (text.failed)
        arena->failed = true;
    mxs_buffer_clear(&text);
}

static void read_record(struct mxs_arena *arena, const cJSON *value, struct lint_input *input)
{
    if (cJSON_IsString(value))
        input->record = text_of(arena, value);
    else
        input->error = "record is not a string";
}

static void read_record_base64(struct mxs_arena *arena, const cJSON *value,
                               struct lint_input *input)
{
    if (!cJSON_IsString(value) || !base64_read(arena, text_of(arena, value), &input->record))
        input->error = "record_base64 is not base64";
}

static const struct {
    const char *name;
    void (*read)(struct mxs_arena *arena, const cJSON *value, struct lint_input *input);
} members[] = {
    {"id", read_id},
    {"record", read_record},
    {"record_base64", read_record_base64},
};

enum { MEMBERS = sizeof members / sizeof members[0] };

/* Each member at most once; one of the two records. The first complaint is kept. */
static void read_object(struct mxs_arena *arena, const cJSON *object, struct lint_input *input)
{
    const cJSON *found[MEMBERS] = {NULL};
    const cJSON *member;
    const char *error = NULL;

    cJSON_ArrayForEach(member, object)
    {
        for (size_t i = 0; i < MEMBERS; i++) {
            if (strcmp(member->string, members[i].name) != 0)
                continue;
            if (found[i] != NULL)
                error = "a member is given twice";
            found[i] = member;
        }
    }
    if (error == NULL && (found[1] == NULL) == (found[2] == NULL))
        error = found[1] == NULL ? "no record" : "both record and record_base64";
    for (size_t i = 0; i < MEMBERS; i++) {
        input->error = NULL;
        if (found[i] != NULL)
            members[i].read(arena, found[i], input);
        if (error == NULL)
            error = input->error;
    }
    input->error = error;
}

static void read_value(struct mxs_arena *arena, const cJSON *value, struct lint_input *input)
{
    if (cJSON_IsString(value))
        read_record(arena, value, input);
    else if (cJSON_IsObject(value))
        read_object(arena, value, input);
    else
        input->error = "neither a string nor an object";
}

bool lint_input_read(struct mxs_arena *arena, mxs_slice line, struct lint_input *input)
{
    struct copying copying = {.out = mxs_arena_alloc(arena, line.len)};
    cJSON *value;

    *input = (struct lint_input){0};
    if (copying.out == NULL)
        return false;
    input->error = copy_line(line, &copying);
    if (input->error != NULL)
        return true;
    value = parse((mxs_slice){copying.out, copying.len});
    if (value == NULL) {
        input->error = "no JSON";
        return true;
    }
    read_value(arena, value, input);
    cJSON_Delete(value);
    if (input->error != NULL)
        input->record = (mxs_slice){NULL, 0};
    return !arena->failed;
}
