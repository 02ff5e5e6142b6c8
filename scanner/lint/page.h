/*
 * A linted record for a person: the record, what is wrong underlined, and what it says. 80 columns,
 * no colour; bytes that a terminal would act on are shown as \xNN.
 */
#ifndef SCANNER_LINT_PAGE_H
#define SCANNER_LINT_PAGE_H

#include "lint/type.h"

/* Appends the page. */
void lint_page_write(const struct lint_type *type, mxs_slice record,
                     const struct lint_verdict *verdict, struct mxs_buffer *out);

/* The pieces of a page, for the facts of a type: a label, text of others, words of ours. */
void lint_page_label(struct mxs_buffer *out, const char *label);
void lint_page_foreign(struct mxs_buffer *out, mxs_slice text);
void lint_page_words(struct mxs_buffer *out, const char *words);

#endif
