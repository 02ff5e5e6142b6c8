/*
 * The macro-string of RFC 7208 section 7.1, one piece at a time. Internal to src/: the parser
 * checks with it, the evaluator expands with it.
 */
#ifndef SRC_RECORDS_SPF_MACRO_H
#define SRC_RECORDS_SPF_MACRO_H

#include <mxsweep/spf.h>

enum mxs_spf_piece_kind {
    MXS_SPF_LITERAL, /* a run of bytes that stand for themselves */
    MXS_SPF_ESCAPE,  /* %% %_ %-: a percent sign, a space, "%20" */
    MXS_SPF_EXPAND,  /* %{...} */
    MXS_SPF_BROKEN,  /* a percent sign that begins none of these */
};

struct mxs_spf_piece {
    enum mxs_spf_piece_kind kind;
    mxs_slice text;       /* as written */
    char letter;          /* of EXPAND, in lower case: one of s l o d i p h c r t v */
    bool url_escaped;     /* the letter is upper case: what it becomes is URL-escaped */
    bool reversed;        /* transformer "r" */
    uint32_t parts;       /* right-hand parts to keep; 0: all. UINT32_MAX stands for any more */
    mxs_slice delimiters; /* empty: a dot */
};

/*
 * Takes the next piece of `*rest`; false when nothing is left. c, r and t are read too: where they
 * may stand (in exp text alone) is for the caller to say.
 */
bool mxs_spf_next_piece(mxs_slice *rest, struct mxs_spf_piece *piece);

/* The bit of a letter, 0 for c, r and t: enum mxs_spf_macro. */
unsigned mxs_spf_macro_bit(char letter);

#endif
