/* The text of a zone, taken apart. Internal to the fixture; zone.h says what it looks like. */
#ifndef TESTS_ZONE_TEXT_H
#define TESTS_ZONE_TEXT_H

#include <mxsweep/answer.h>

/* A record, a zone cut, a failure or a mark, by `kind`. */
enum zone_line_kind { ZONE_LINE_RECORD, ZONE_LINE_CUT, ZONE_LINE_FAIL, ZONE_LINE_UNCERTAIN };

struct zone_line {
    struct zone_line *next;
    enum zone_line_kind kind;
    struct mxs_name name;
    uint16_t type;
    uint32_t ttl_s;
    struct mxs_record record;
    enum mxs_dnssec dnssec;
    enum mxs_lookup lookup;
    enum mxs_error error;
};

/* The lines of `text` in their order, in `arena`; a line that cannot be read fails the test. */
struct zone_line *zone_text_read(struct mxs_arena *arena, const char *text);

#endif
