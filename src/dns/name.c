#include <mxsweep/name.h>

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static const uint8_t root_wire[1] = {0};
const struct mxs_name mxs_name_root = {root_wire, 1, 0};

/* A name being built on the stack; it becomes a view of an arena at the end. */
struct builder {
    uint8_t wire[MXS_NAME_MAX];
    size_t len;      /* octets written, open label included */
    size_t label_at; /* where the open label's length octet is */
    unsigned labels; /* closed ones */
};

static void open_label(struct builder *builder)
{
    builder->label_at = builder->len++;
}

/* One octet is kept free for the root label. */
static enum mxs_name_status add_octet(struct builder *builder, uint8_t octet)
{
    if (builder->len - builder->label_at > MXS_LABEL_MAX)
        return MXS_NAME_LABEL_TOO_LONG;
    if (builder->len >= MXS_NAME_MAX - 1)
        return MXS_NAME_TOO_LONG;
    builder->wire[builder->len++] = (uint8_t)mxs_lower((char)octet);
    return MXS_NAME_OK;
}

static enum mxs_name_status close_label(struct builder *builder)
{
    size_t len = builder->len - builder->label_at - 1;

    if (len == 0)
        return MXS_NAME_EMPTY_LABEL;
    builder->wire[builder->label_at] = (uint8_t)len;
    builder->labels++;
    if (builder->len >= MXS_NAME_MAX)
        return MXS_NAME_TOO_LONG;
    return MXS_NAME_OK;
}

static enum mxs_name_status finish(struct mxs_arena *arena, const uint8_t *wire, size_t len,
                                   unsigned labels, struct mxs_name *name)
{
    mxs_slice copy = mxs_arena_copy(arena, (mxs_slice){(const char *)wire, len});

    if (copy.ptr == NULL)
        return MXS_NAME_NO_MEMORY;
    *name = (struct mxs_name){(const uint8_t *)copy.ptr, (uint8_t)len, (uint8_t)labels};
    return MXS_NAME_OK;
}

/* RFC 1035 section 5.1: \X or \DDD. Consumes what follows the backslash. */
static bool read_escape(mxs_slice text, size_t *at, uint8_t *octet)
{
    uint64_t value;

    if (*at >= text.len)
        return false;
    if (!mxs_is_digit(text.ptr[*at])) {
        *octet = (uint8_t)text.ptr[(*at)++];
        return true;
    }
    if (text.len - *at < 3 ||
        !mxs_slice_to_number((mxs_slice){text.ptr + *at, 3}, UINT8_MAX, &value))
        return false;
    *at += 3;
    *octet = (uint8_t)value;
    return true;
}

/* Adds the labels of `text`, which has no final dot, each closed. */
static enum mxs_name_status add_labels(struct builder *builder, mxs_slice text, bool escapes)
{
    enum mxs_name_status status = MXS_NAME_OK;

    open_label(builder);
    for (size_t i = 0; i < text.len && status == MXS_NAME_OK;) {
        uint8_t octet = (uint8_t)text.ptr[i++];
        if (octet == '.') {
            status = close_label(builder);
            if (status == MXS_NAME_OK)
                open_label(builder);
            continue;
        }
        if (escapes && octet == '\\' && !read_escape(text, &i, &octet))
            return MXS_NAME_BAD_ESCAPE;
        status = add_octet(builder, octet);
    }
    return status == MXS_NAME_OK ? close_label(builder) : status;
}

/* True when the last dot of `text` is one that ends it, not an escaped one. */
static bool has_final_dot(mxs_slice text, bool escapes)
{
    size_t backslashes = 0;

    if (text.len == 0 || text.ptr[text.len - 1] != '.')
        return false;
    while (escapes && backslashes < text.len - 1 && text.ptr[text.len - 2 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 0;
}

static enum mxs_name_status parse(struct mxs_arena *arena, mxs_slice text, bool escapes,
                                  struct mxs_name *name)
{
    struct builder builder;
    enum mxs_name_status status;

    *name = (struct mxs_name){0};
    builder.len = 0;
    builder.labels = 0;
    if (mxs_slice_equal(text, MXS_SLICE("."))) {
        *name = mxs_name_root;
        return MXS_NAME_OK;
    }
    if (has_final_dot(text, escapes))
        text.len--;
    status = add_labels(&builder, text, escapes);
    if (status != MXS_NAME_OK)
        return status;
    builder.wire[builder.len++] = 0;
    return finish(arena, builder.wire, builder.len, builder.labels, name);
}

enum mxs_name_status mxs_name_parse(struct mxs_arena *arena, mxs_slice text, struct mxs_name *name)
{
    return parse(arena, text, true, name);
}

enum mxs_name_status mxs_name_parse_plain(struct mxs_arena *arena, mxs_slice text,
                                          struct mxs_name *name)
{
    return parse(arena, text, false, name);
}

enum mxs_name_status mxs_name_from_wire(struct mxs_arena *arena, const uint8_t *wire, size_t len,
                                        struct mxs_name *name)
{
    uint8_t lower[MXS_NAME_MAX];
    unsigned labels = 0;
    size_t at = 0;

    *name = (struct mxs_name){0};
    if (len == 0 || len > MXS_NAME_MAX)
        return MXS_NAME_TOO_LONG;
    while (wire[at] != 0) {
        size_t label_len = wire[at];
        if (label_len > MXS_LABEL_MAX || label_len + 1 >= len - at)
            return MXS_NAME_TOO_LONG;
        lower[at] = (uint8_t)label_len;
        for (size_t i = 1; i <= label_len; i++)
            lower[at + i] = (uint8_t)mxs_lower((char)wire[at + i]);
        at += label_len + 1;
        labels++;
    }
    if (at + 1 != len)
        return MXS_NAME_TOO_LONG;
    lower[at] = 0;
    return finish(arena, lower, len, labels, name);
}

enum mxs_name_status mxs_name_prepend(struct mxs_arena *arena, mxs_slice prefix,
                                      struct mxs_name name, struct mxs_name *result)
{
    struct builder builder;
    enum mxs_name_status status;

    *result = (struct mxs_name){0};
    builder.len = 0;
    builder.labels = 0;
    status = add_labels(&builder, prefix, true);
    if (status != MXS_NAME_OK)
        return status;
    if (name.len > MXS_NAME_MAX - builder.len)
        return MXS_NAME_TOO_LONG;
    memcpy(builder.wire + builder.len, name.wire, name.len);
    return finish(arena, builder.wire, builder.len + name.len, builder.labels + name.labels,
                  result);
}

struct mxs_name mxs_name_copy(struct mxs_arena *arena, struct mxs_name name)
{
    struct mxs_name copy = {0};

    if (name.wire != NULL)
        (void)finish(arena, name.wire, name.len, name.labels, &copy);
    return copy;
}

struct mxs_name mxs_name_ancestor(struct mxs_name name, unsigned labels)
{
    for (; labels > 0 && name.labels > 0; labels--) {
        uint8_t skip = (uint8_t)(name.wire[0] + 1);
        name.wire += skip;
        name.len = (uint8_t)(name.len - skip);
        name.labels--;
    }
    return name;
}

mxs_slice mxs_name_label(struct mxs_name name, unsigned index)
{
    name = mxs_name_ancestor(name, index);
    return (mxs_slice){(const char *)name.wire + 1, name.wire[0]};
}

bool mxs_name_is_root(struct mxs_name name)
{
    return name.len == 1;
}

bool mxs_name_equal(struct mxs_name a, struct mxs_name b)
{
    return a.len == b.len && memcmp(a.wire, b.wire, a.len) == 0;
}

bool mxs_name_is_at_or_below(struct mxs_name name, struct mxs_name ancestor)
{
    if (name.labels < ancestor.labels)
        return false;
    return mxs_name_equal(mxs_name_ancestor(name, (unsigned)(name.labels - ancestor.labels)),
                          ancestor);
}

int mxs_name_compare(struct mxs_name a, struct mxs_name b)
{
    for (unsigned i = 0; a.labels > 0 && b.labels > 0; i++) {
        int order = mxs_slice_compare(mxs_name_label(a, 0), mxs_name_label(b, 0));
        if (order != 0)
            return order;
        a = mxs_name_ancestor(a, 1);
        b = mxs_name_ancestor(b, 1);
    }
    return (a.labels > b.labels) - (a.labels < b.labels);
}

uint64_t mxs_name_hash(struct mxs_name name, uint64_t seed)
{
    return XXH3_64bits_withSeed(name.wire, name.len, seed);
}

static bool is_host_label(mxs_slice label)
{
    if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++)
        if (!mxs_is_alphanumeric(label.ptr[i]) && label.ptr[i] != '-')
            return false;
    return true;
}

static bool is_all_digits(mxs_slice label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!mxs_is_digit(label.ptr[i]))
            return false;
    return true;
}

bool mxs_name_is_hostname(struct mxs_name name)
{
    if (name.labels < 2 || is_all_digits(mxs_name_label(name, (unsigned)(name.labels - 1))))
        return false;
    for (; name.labels > 0; name = mxs_name_ancestor(name, 1))
        if (!is_host_label(mxs_name_label(name, 0)))
            return false;
    return true;
}

static bool is_plain(uint8_t octet)
{
    return octet > 0x20 && octet < 0x7F && octet != '.' && octet != '\\';
}

static void write_octet(uint8_t octet, struct mxs_buffer *buffer)
{
    if (octet == '.' || octet == '\\') {
        mxs_buffer_append_char(buffer, '\\');
        mxs_buffer_append_char(buffer, (char)octet);
    } else if (is_plain(octet)) {
        mxs_buffer_append_char(buffer, (char)octet);
    } else {
        mxs_buffer_append_char(buffer, '\\');
        mxs_buffer_append_char(buffer, (char)('0' + octet / 100));
        mxs_buffer_append_char(buffer, (char)('0' + octet / 10 % 10));
        mxs_buffer_append_char(buffer, (char)('0' + octet % 10));
    }
}

/* Nearly all labels need no escape and go in one piece. */
static void write_label(mxs_slice label, struct mxs_buffer *buffer)
{
    size_t plain = 0;

    while (plain < label.len && is_plain((uint8_t)label.ptr[plain]))
        plain++;
    mxs_buffer_append(buffer, (mxs_slice){label.ptr, plain});
    for (size_t i = plain; i < label.len; i++)
        write_octet((uint8_t)label.ptr[i], buffer);
}

void mxs_name_write(struct mxs_name name, struct mxs_buffer *buffer)
{
    if (mxs_name_is_root(name))
        mxs_buffer_append_char(buffer, '.');
    while (name.labels > 0) {
        write_label(mxs_name_label(name, 0), buffer);
        name = mxs_name_ancestor(name, 1);
        if (name.labels > 0)
            mxs_buffer_append_char(buffer, '.');
    }
}

mxs_slice mxs_name_text(struct mxs_arena *arena, struct mxs_name name)
{
    struct mxs_buffer buffer;
    mxs_slice text = {NULL, 0};

    mxs_buffer_init(&buffer);
    mxs_name_write(name, &buffer);
    if (buffer.failed)
        arena->failed = true;
    else
        text = mxs_arena_copy(arena, mxs_buffer_slice(&buffer));
    mxs_buffer_clear(&buffer);
    return text;
}
