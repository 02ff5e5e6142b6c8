/* An answer in one line, for tables of wants. */
#ifndef TESTS_ANSWER_TEXT_H
#define TESTS_ANSWER_TEXT_H

#include <mxsweep/answer.h>

/*
 * Appends "ok secure yes 300 {10 m.ex.com} {20 n.ex.com}": lookup, validation, existence, TTL and
 * records. "temp/malformed" has its error, "no!" is a word of DNSSEC, ">x.net" the last alias.
 */
void answer_text(const struct mxs_answer *answer, struct mxs_buffer *text);

#endif
