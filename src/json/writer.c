#include <mxsweep/json.h>

void mxs_json_init(struct mxs_json *json, struct mxs_buffer *out)
{
    *json = (struct mxs_json){.out = out};
}

/* The one place that decides about commas: before a member's name, or before an element. */
static void begin_value(struct mxs_json *json)
{
    if (json->comma)
        mxs_buffer_append_char(json->out, ',');
    json->comma = true;
}

static void open(struct mxs_json *json, char bracket)
{
    begin_value(json);
    mxs_buffer_append_char(json->out, bracket);
    json->comma = false;
}

static void close(struct mxs_json *json, char bracket)
{
    mxs_buffer_append_char(json->out, bracket);
    json->comma = true;
}

void mxs_json_open_object(struct mxs_json *json)
{
    open(json, '{');
}

void mxs_json_close_object(struct mxs_json *json)
{
    close(json, '}');
}

void mxs_json_open_array(struct mxs_json *json)
{
    open(json, '[');
}

void mxs_json_close_array(struct mxs_json *json)
{
    close(json, ']');
}

void mxs_json_key(struct mxs_json *json, const char *key)
{
    begin_value(json);
    mxs_buffer_append_char(json->out, '"');
    mxs_buffer_append(json->out, mxs_slice_of(key));
    mxs_buffer_append(json->out, MXS_SLICE("\":"));
    json->comma = false;
}

static void write_escape(struct mxs_buffer *out, unsigned code)
{
    static const char digits[] = "0123456789abcdef";
    char escape[6] = {'\\',
                      'u',
                      digits[code >> 12 & 15],
                      digits[code >> 8 & 15],
                      digits[code >> 4 & 15],
                      digits[code & 15]};

    mxs_buffer_append(out, (mxs_slice){escape, sizeof escape});
}

/* The control characters that have a short form, RFC 8259 section 7. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\':
        return (char)c;
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return '\0';
    }
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void write_ascii(struct mxs_buffer *out, unsigned char c)
{
    char escape = short_escape(c);

    if (escape != '\0') {
        mxs_buffer_append_char(out, '\\');
        mxs_buffer_append_char(out, escape);
    } else {
        write_escape(out, c);
    }
}

/* Writes the sequence of valid UTF-8 that `text` begins with; returns its length. */
static size_t write_sequence(struct mxs_buffer *out, mxs_slice text)
{
    const unsigned char *c = (const unsigned char *)text.ptr;
    size_t len = c[0] < 0xE0 ? 2 : c[0] < 0xF0 ? 3 : 4;

    if (c[0] == 0xC2 && c[1] < 0xA0) /* C1 */
        write_escape(out, c[1]);
    else if (c[0] == 0xE2 && c[1] == 0x80 && (c[2] == 0xA8 || c[2] == 0xA9)) /* line separators */
        write_escape(out, 0x2000U + (c[2] & 0x3FU));
    else
        mxs_buffer_append(out, (mxs_slice){text.ptr, len});
    return len;
}

static size_t plain_run(mxs_slice text)
{
    size_t len = 0;

    while (len < text.len && is_plain((unsigned char)text.ptr[len]))
        len++;
    return len;
}

bool mxs_json_text(struct mxs_json *json, mxs_slice text)
{
    bool utf8 = mxs_slice_is_utf8(text);

    begin_value(json);
    mxs_buffer_append_char(json->out, '"');
    while (text.len > 0) {
        size_t len = plain_run(text);
        mxs_buffer_append(json->out, (mxs_slice){text.ptr, len});
        text = mxs_slice_from(text, len);
        if (text.len == 0)
            break;
        unsigned char c = (unsigned char)text.ptr[0];
        len = 1;
        if (c >= 0x80 && utf8)
            len = write_sequence(json->out, text);
        else if (c >= 0x80)
            write_escape(json->out, c);
        else
            write_ascii(json->out, c);
        text = mxs_slice_from(text, len);
    }
    mxs_buffer_append_char(json->out, '"');
    return utf8;
}

void mxs_json_raw(struct mxs_json *json, mxs_slice value)
{
    begin_value(json);
    mxs_buffer_append(json->out, value);
}

void mxs_json_string(struct mxs_json *json, const char *text)
{
    if (text == NULL)
        mxs_json_null(json);
    else
        (void)mxs_json_text(json, mxs_slice_of(text));
}

void mxs_json_number(struct mxs_json *json, uint64_t number)
{
    begin_value(json);
    mxs_buffer_append_number(json->out, number);
}

void mxs_json_bool(struct mxs_json *json, bool value)
{
    mxs_json_raw(json, value ? MXS_SLICE("true") : MXS_SLICE("false"));
}

void mxs_json_null(struct mxs_json *json)
{
    mxs_json_raw(json, MXS_SLICE("null"));
}
