/*
 * Text that was meant to be an SPF record and is none: rules section 6.c row 4.
 *
 * A record must begin exactly with "v=spf1" and a space. What people write instead: a blank, a byte
 * order mark or quotes before it, something else behind it, blanks within it, "spf1" alone.
 */
#include <mxsweep/spf.h>

/* What is found before the version where it should begin the text. */
static const char *const leads[] = {
    " ",
    "\t",
    "\r",
    "\n",
    "\"",
    "'",
    "\\",           /* \" of a zone file, quoted once too often */
    "\xEF\xBB\xBF", /* U+FEFF byte order mark */
    "\xC2\xA0",     /* U+00A0 no-break space */
    "\xE2\x80\x8B", /* U+200B zero width space */
    "\xE2\x80\x98", /* U+2018, U+2019, U+201C, U+201D, U+201E: typographic quotes */
    "\xE2\x80\x99",
    "\xE2\x80\x9C",
    "\xE2\x80\x9D",
    "\xE2\x80\x9E",
};

/* The length of the lead that `text` begins with, or 0. */
static size_t lead_len(mxs_slice text)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        mxs_slice lead = mxs_slice_of(leads[i]);
        if (mxs_slice_starts_with(text, lead))
            return lead.len;
    }
    return 0;
}

static mxs_slice skip_blanks(mxs_slice text)
{
    while (text.len > 0 && mxs_is_blank(text.ptr[0]))
        text = mxs_slice_from(text, 1);
    return text;
}

static bool take(mxs_slice *text, mxs_slice word)
{
    if (!mxs_slice_starts_with_nocase(*text, word))
        return false;
    *text = mxs_slice_from(*text, word.len);
    return true;
}

/* "v=spf1" with blanks allowed around the equals sign and before the 1, whatever follows. */
static bool has_loose_version(mxs_slice text)
{
    if (!take(&text, MXS_SLICE("v")))
        return false;
    text = skip_blanks(text);
    if (!take(&text, MXS_SLICE("=")))
        return false;
    text = skip_blanks(text);
    if (!take(&text, MXS_SLICE("spf")))
        return false;
    text = skip_blanks(text);
    return take(&text, MXS_SLICE("1"));
}

/* "spf1" as a word of its own. */
static bool has_bare_version(mxs_slice text)
{
    return take(&text, MXS_SLICE("spf1")) && (text.len == 0 || mxs_is_blank(text.ptr[0]));
}

bool mxs_spf_is_near_miss(mxs_slice text)
{
    mxs_slice rest = text;

    if (mxs_spf_is_record(text))
        return false;
    for (size_t len; (len = lead_len(rest)) > 0;)
        rest = mxs_slice_from(rest, len);
    return has_loose_version(rest) || has_bare_version(rest);
}
