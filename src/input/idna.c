#include "input/idna.h"

#include <string.h>

#include <idn2.h>

#include <mxsweep/input.h>

/* What libidn2's codes mean here; all others are MXS_IDNA_INVALID. Rules section 3, steps 5 and 7.
 */
static const struct {
    int code;
    enum mxs_idna result;
} outcomes[] = {
    {IDN2_OK, MXS_IDNA_OK},
    {IDN2_MALLOC, MXS_IDNA_NO_MEMORY},
    {IDN2_TOO_BIG_LABEL, MXS_IDNA_TOO_LONG},
    {IDN2_TOO_BIG_DOMAIN, MXS_IDNA_TOO_LONG},
    {IDN2_PUNYCODE_BIG_OUTPUT, MXS_IDNA_TOO_LONG},
    {IDN2_DISALLOWED, MXS_IDNA_DISALLOWED},
    {IDN2_UNASSIGNED, MXS_IDNA_DISALLOWED},
};

/* libidn2 reads up to a NUL: false when the label holds one, or is longer than an entry can be. */
static bool terminate(mxs_slice label, char text[MXS_INPUT_MAX + 1])
{
    if (label.len == 0 || label.len > MXS_INPUT_MAX || memchr(label.ptr, '\0', label.len) != NULL)
        return false;
    memcpy(text, label.ptr, label.len);
    text[label.len] = '\0';
    return true;
}

static enum mxs_idna outcome(int code)
{
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (outcomes[i].code == code)
            return outcomes[i].result;
    return MXS_IDNA_INVALID;
}

enum mxs_idna mxs_idna_to_ascii(mxs_slice label, struct mxs_buffer *ascii, mxs_slice *reason)
{
    char text[MXS_INPUT_MAX + 1];
    uint8_t *converted = NULL;
    int code = IDN2_ENCODING_ERROR;

    *reason = (mxs_slice){NULL, 0};
    if (terminate(label, text))
        code = idn2_lookup_u8((const uint8_t *)text, &converted,
                              IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (code == IDN2_OK)
        mxs_buffer_append(ascii, mxs_slice_of((const char *)converted));
    else
        *reason = mxs_slice_of(idn2_strerror_name(code));
    idn2_free(converted);
    return ascii->failed ? MXS_IDNA_NO_MEMORY : outcome(code);
}

/* MXS_IDNA_OK when the conversion of `label` is `wanted`. */
static enum mxs_idna converts_to(mxs_slice label, mxs_slice wanted, mxs_slice *reason)
{
    struct mxs_buffer ascii;
    enum mxs_idna result;

    mxs_buffer_init(&ascii);
    result = mxs_idna_to_ascii(label, &ascii, reason);
    if (result == MXS_IDNA_OK && !mxs_slice_equal(mxs_buffer_slice(&ascii), wanted))
        result = MXS_IDNA_INVALID;
    mxs_buffer_clear(&ascii);
    return result;
}

/* Punycode alone, whatever it gives. */
static enum mxs_idna decode(mxs_slice label, struct mxs_buffer *unicode)
{
    char text[MXS_INPUT_MAX + 1];
    char *converted = NULL;
    int code = IDN2_ENCODING_ERROR;

    if (terminate(label, text))
        code = idn2_to_unicode_8z8z(text, &converted, 0);
    if (code == IDN2_OK)
        mxs_buffer_append(unicode, mxs_slice_of(converted));
    idn2_free(converted);
    return unicode->failed ? MXS_IDNA_NO_MEMORY : outcome(code);
}

enum mxs_idna mxs_idna_to_unicode(mxs_slice label, struct mxs_buffer *unicode, mxs_slice *reason)
{
    size_t start = unicode->len;
    enum mxs_idna result = converts_to(label, label, reason);

    if (result == MXS_IDNA_OK)
        result = decode(label, unicode);
    if (result == MXS_IDNA_OK)
        result = converts_to(mxs_slice_from(mxs_buffer_slice(unicode), start), label, reason);
    if (result != MXS_IDNA_OK)
        unicode->len = start;
    return result;
}
