#include "input/labels.h"

size_t mxs_labels_full_stop(mxs_slice text)
{
    static const char *const stops[] = {".", "\xE3\x80\x82", "\xEF\xBC\x8E", "\xEF\xBD\xA1"};

    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) {
        mxs_slice stop = mxs_slice_of(stops[i]);
        if (mxs_slice_starts_with(text, stop))
            return stop.len;
    }
    return 0;
}

bool mxs_labels_have_empty(mxs_slice text)
{
    mxs_slice label;

    if (text.len == 0)
        return true;
    while (mxs_slice_split(&text, '.', &label))
        if (label.len == 0)
            return true;
    return false;
}

bool mxs_labels_are_ascii(mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

bool mxs_labels_end_in_digits(mxs_slice text)
{
    size_t at = text.len;

    while (at > 0 && mxs_is_digit(text.ptr[at - 1]))
        at--;
    return at == 0 || text.ptr[at - 1] == '.';
}

/* Not empty. */
static bool is_ldh(mxs_slice label)
{
    if (label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++)
        if (!mxs_is_alphanumeric(label.ptr[i]) && label.ptr[i] != '-')
            return false;
    return true;
}

bool mxs_labels_are_ldh(mxs_slice text)
{
    mxs_slice label;

    while (mxs_slice_split(&text, '.', &label))
        if (!is_ldh(label))
            return false;
    return true;
}
