/*
 * A posture as a page for a person: what `mxsweep check` prints.
 */
#ifndef SCANNER_REPORT_PAGE_H
#define SCANNER_REPORT_PAGE_H

#include <mxsweep/line.h>

/* Appends the page. 80 columns, no colour; bytes that a terminal would act on are shown as \xNN. */
void page_write(const struct mxs_line *line, struct mxs_buffer *out);

#endif
