#include "posture/spf_expand.h"

#include <string.h>

#include "records/spf_macro.h"

enum {
    VALUE_MAX = 800,        /* octets of a value that are looked at, from its end */
    DOMAIN_TEXT_MAX = 253,  /* section 7.3 */
    WINDOW = 2048,          /* of a domain only the end counts */
    EXPLANATION_MAX = 2048, /* a longer explanation is none: an SMTP reply line has 512 octets */
};

/* Text being made. One that slides forgets its beginning when it is full. */
struct output {
    char bytes[WINDOW > EXPLANATION_MAX ? WINDOW : EXPLANATION_MAX];
    size_t len;
    bool slides, overflow;
};

static void put(struct output *output, char c)
{
    if (output->len == sizeof output->bytes) {
        if (!output->slides) {
            output->overflow = true;
            return;
        }
        output->len = DOMAIN_TEXT_MAX + 2; /* its dot, and one that ends it */
        memmove(output->bytes, output->bytes + sizeof output->bytes - output->len, output->len);
    }
    output->bytes[output->len++] = c;
}

/* Section 7.3, from RFC 3986: unreserved = ALPHA / DIGIT / "-" / "." / "_" / "~" */
static void put_escaped(struct output *output, char c)
{
    static const char hex[] = "0123456789ABCDEF";

    if (mxs_is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
        put(output, c);
        return;
    }
    put(output, '%');
    put(output, hex[(uint8_t)c >> 4]);
    put(output, hex[(uint8_t)c & 15]);
}

static bool is_delimiter(mxs_slice delimiters, char c)
{
    return memchr(delimiters.ptr, c, delimiters.len) != NULL;
}

static void put_part(struct output *output, mxs_slice part, bool escape)
{
    for (size_t i = 0; i < part.len; i++) {
        if (escape)
            put_escaped(output, part.ptr[i]);
        else
            put(output, part.ptr[i]);
    }
}

/* Splits, reverses, keeps the right-hand parts and joins with dots. */
static void put_value(struct output *output, const struct mxs_spf_piece *piece, mxs_slice value)
{
    mxs_slice delimiters = piece->delimiters.len > 0 ? piece->delimiters : MXS_SLICE(".");
    mxs_slice parts[VALUE_MAX + 1];
    size_t count = 0, start = 0, first;

    if (value.len > VALUE_MAX)
        value = mxs_slice_from(value, value.len - VALUE_MAX);
    for (size_t i = 0; i <= value.len; i++) {
        if (i < value.len && !is_delimiter(delimiters, value.ptr[i]))
            continue;
        parts[count++] = (mxs_slice){value.ptr + start, i - start};
        start = i + 1;
    }
    first = piece->parts == 0 || piece->parts >= count ? 0 : count - piece->parts;
    for (size_t i = first; i < count; i++) {
        if (i > first)
            put(output, '.');
        put_part(output, parts[piece->reversed ? count - 1 - i : i], piece->url_escaped);
    }
}

static void put_escape(struct output *output, char c)
{
    switch (c) {
    case '_':
        put(output, ' ');
        break;
    case '-':
        put_part(output, MXS_SLICE("%20"), false);
        break;
    default:
        put(output, '%');
    }
}

/* Only what section 7.1 (and for explanations 6.2) lets stand for itself. */
static bool put_literal(struct output *output, mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    put_part(output, text, false);
    return true;
}

static bool put_piece(struct output *output, const struct mxs_spf_scope *scope,
                      const struct mxs_spf_piece *piece)
{
    mxs_slice value;

    switch (piece->kind) {
    case MXS_SPF_LITERAL:
        return put_literal(output, piece->text);
    case MXS_SPF_ESCAPE:
        put_escape(output, piece->text.ptr[1]);
        return true;
    case MXS_SPF_EXPAND:
        value = scope->values[piece->letter - 'a'];
        if (value.ptr != NULL)
            put_value(output, piece, value);
        return value.ptr != NULL;
    case MXS_SPF_BROKEN:
        break;
    }
    return false;
}

static bool expand(const struct mxs_spf_scope *scope, mxs_slice text, struct output *output)
{
    struct mxs_spf_piece piece;

    while (mxs_spf_next_piece(&text, &piece))
        if (!put_piece(output, scope, &piece))
            return false;
    return !output->overflow;
}

/* Drops labels from the left until the text fits; empty when it cannot. */
static mxs_slice shorten(mxs_slice text)
{
    size_t from = text.len <= DOMAIN_TEXT_MAX ? 0 : text.len - DOMAIN_TEXT_MAX;

    if (from == 0)
        return text;
    while (from < text.len && text.ptr[from - 1] != '.')
        from++;
    return mxs_slice_from(text, from);
}

bool mxs_spf_expand_domain(struct mxs_arena *arena, const struct mxs_spf_scope *scope,
                           mxs_slice spec, struct mxs_name *name, mxs_slice *text)
{
    struct output output;
    mxs_slice whole;

    *name = (struct mxs_name){0};
    *text = (mxs_slice){NULL, 0};
    output.len = 0;
    output.slides = true;
    output.overflow = false;
    if (!expand(scope, spec, &output))
        return false;
    whole = (mxs_slice){output.bytes, output.len};
    if (whole.len > 0 && whole.ptr[whole.len - 1] == '.')
        whole.len--;
    whole = shorten(whole);
    if (mxs_name_parse_plain(arena, whole, name) != MXS_NAME_OK || mxs_name_is_root(*name)) {
        *name = (struct mxs_name){0};
        return false;
    }
    *text = mxs_arena_copy(arena, whole);
    return text->ptr != NULL;
}

mxs_slice mxs_spf_expand_explanation(struct mxs_arena *arena, const struct mxs_spf_scope *scope,
                                     mxs_slice text)
{
    struct output output;

    output.len = 0;
    output.slides = false;
    output.overflow = false;
    if (!expand(scope, text, &output))
        return (mxs_slice){NULL, 0};
    return mxs_arena_copy(arena, (mxs_slice){output.bytes, output.len});
}

bool mxs_spf_uses_p(mxs_slice text)
{
    struct mxs_spf_piece piece;

    while (mxs_spf_next_piece(&text, &piece))
        if (piece.kind == MXS_SPF_EXPAND && piece.letter == 'p')
            return true;
    return false;
}

void mxs_spf_scope_set(struct mxs_spf_scope *scope, char letter, mxs_slice value)
{
    scope->values[letter - 'a'] = value.ptr != NULL ? value : MXS_SLICE("");
}

/* Section 7.3: dotted octets for IPv4, dotted nibbles, in capitals, for IPv6. */
static mxs_slice dotted(struct mxs_arena *arena, const struct mxs_address *address)
{
    static const char hex[] = "0123456789ABCDEF";
    struct mxs_buffer buffer;
    mxs_slice text = {NULL, 0};

    mxs_buffer_init(&buffer);
    if (address->len == 4)
        mxs_address_write(address, &buffer);
    for (unsigned i = 0; address->len == 16 && i < 32; i++) {
        if (i > 0)
            mxs_buffer_append_char(&buffer, '.');
        mxs_buffer_append_char(&buffer, hex[address->octets[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15]);
    }
    if (buffer.failed)
        arena->failed = true;
    else
        text = mxs_arena_copy(arena, mxs_buffer_slice(&buffer));
    mxs_buffer_clear(&buffer);
    return text;
}

void mxs_spf_scope_address(struct mxs_arena *arena, struct mxs_spf_scope *scope,
                           const struct mxs_address *address)
{
    struct mxs_buffer buffer;

    mxs_spf_scope_set(scope, 'i', dotted(arena, address));
    mxs_spf_scope_set(scope, 'v', address->len == 4 ? MXS_SLICE("in-addr") : MXS_SLICE("ip6"));
    mxs_buffer_init(&buffer);
    mxs_address_write(address, &buffer);
    if (buffer.failed)
        arena->failed = true;
    mxs_spf_scope_set(scope, 'c', mxs_arena_copy(arena, mxs_buffer_slice(&buffer)));
    mxs_buffer_clear(&buffer);
}
