/*
 * domain-spec = macro-string domain-end, RFC 7208 section 7.1.
 *
 * Macros may hold dots and slashes, so the text is walked piece by piece and the places that the
 * grammar of its end depends on are noted.
 */
#include <string.h>

#include "records/spf_macro.h"
#include "records/spf_term.h"

/* Places are the offset behind the byte they are about; 0: there is none. */
struct layout {
    unsigned macros;
    size_t expand_end; /* behind the last macro-expand, %% %_ %- too */
    size_t last_dot;   /* behind the last dot that is no part of one */
    size_t dot_before_that;
    size_t slash; /* behind the first slash that follows all of these */
};

static void note_literal(mxs_slice literal, size_t at, struct layout *layout)
{
    for (size_t i = 0; i < literal.len; i++) {
        if (literal.ptr[i] == '.') {
            layout->dot_before_that = layout->last_dot;
            layout->last_dot = at + i + 1;
            layout->slash = 0;
        } else if (literal.ptr[i] == '/' && layout->slash == 0) {
            layout->slash = at + i + 1;
        }
    }
}

/* False when a percent sign begins nothing, or a letter is one of exp text (section 7.2). */
static bool lay_out(mxs_slice text, struct layout *layout, struct mxs_spf_fault *fault)
{
    mxs_slice rest = text;
    struct mxs_spf_piece piece;

    *layout = (struct layout){0};
    while (mxs_spf_next_piece(&rest, &piece)) {
        size_t end = text.len - rest.len, start = end - piece.text.len;
        unsigned bit = mxs_spf_macro_bit(piece.letter);
        if (piece.kind == MXS_SPF_LITERAL) {
            note_literal(piece.text, start, layout);
            continue;
        }
        if (piece.kind == MXS_SPF_BROKEN || (piece.kind == MXS_SPF_EXPAND && bit == 0)) {
            *fault = (struct mxs_spf_fault){MXS_SPF_BAD_MACRO, start};
            return false;
        }
        layout->macros |= bit;
        layout->expand_end = end;
        layout->slash = 0;
    }
    return true;
}

/* ( *alphanum ALPHA *alphanum ) / ( 1*alphanum "-" *( alphanum / "-" ) alphanum ) */
static bool is_top_label(mxs_slice label)
{
    bool letter_or_hyphen = false;

    if (label.len == 0 || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        if (!mxs_is_alphanumeric(label.ptr[i]) && label.ptr[i] != '-')
            return false;
        letter_or_hyphen |= !mxs_is_digit(label.ptr[i]);
    }
    return letter_or_hyphen;
}

/* An address, or what was meant to be one: four numbers, whatever their size. */
static bool is_like_address(mxs_slice text)
{
    struct mxs_address address;
    mxs_slice number;
    unsigned count = 0;

    if (mxs_address_parse(text, &address))
        return true;
    for (; mxs_slice_split(&text, '.', &number); count++) {
        if (number.len == 0 || count == 4)
            return false;
        for (size_t i = 0; i < number.len; i++)
            if (!mxs_is_digit(number.ptr[i]))
                return false;
    }
    return count == 4;
}

/* A name without a dot: of letters, digits, hyphens and underscores. */
static bool is_single_label(mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!mxs_is_alphanumeric(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != '_')
            return false;
    return text.len > 0;
}

/* Names what is wrong with a text whose end is no domain-end; `name` is it without its last dot. */
static struct mxs_spf_fault name_fault(mxs_slice name, size_t top_label)
{
    if (is_like_address(name))
        return (struct mxs_spf_fault){MXS_SPF_IP_IN_DOMAIN_SPEC, 0};
    if (is_single_label(name))
        return (struct mxs_spf_fault){MXS_SPF_SINGLE_LABEL, 0};
    return (struct mxs_spf_fault){MXS_SPF_BAD_DOMAIN_SPEC, top_label};
}

bool mxs_spf_read_macro_string(mxs_slice text, unsigned *macros, struct mxs_spf_fault *fault)
{
    struct layout layout;
    bool is_one = lay_out(text, &layout, fault);

    *macros = is_one ? layout.macros : 0;
    return is_one;
}

/* domain-end = ( "." toplabel [ "." ] ) / macro-expand */
bool mxs_spf_read_domain_spec(mxs_slice text, unsigned *macros, struct mxs_spf_fault *fault)
{
    struct layout layout;
    mxs_slice name = text;
    size_t top_label;

    *macros = 0;
    if (!lay_out(text, &layout, fault))
        return false;
    top_label = layout.last_dot;
    if (top_label == text.len) {
        name.len--;
        top_label = layout.dot_before_that;
    }
    if (layout.expand_end != text.len &&
        (top_label <= layout.expand_end || !is_top_label(mxs_slice_from(name, top_label)))) {
        *fault = name_fault(name, top_label);
        return false;
    }
    *macros = layout.macros;
    return true;
}

size_t mxs_spf_domain_spec_len(mxs_slice text)
{
    struct layout layout;
    struct mxs_spf_fault fault;

    return lay_out(text, &layout, &fault) && layout.slash > 0 ? layout.slash - 1 : text.len;
}
