/*
 * Owners of NS records out of a zone file, RFC 1035 section 5.1, fed in pieces of any size.
 *
 * Owners are made absolute and lose their final dot; nothing else about them changes, escapes and
 * case included. The apex (the last SOA's owner; before any, the first $ORIGIN) is no delegation,
 * and neither is an owner that equals the last one given. Names are relative to the root until
 * $ORIGIN says otherwise. Where we differ: a line that begins with `#` is a comment, a quote ends
 * with its line, `$INCLUDE` and `$GENERATE` are errors. RDATA is passed over, not checked.
 */
#ifndef SCANNER_SWEEP_LIST_ZONE_H
#define SCANNER_SWEEP_LIST_ZONE_H

#include <mxsweep/input.h>

/* Text that is kept to a length; it ends at MXS_INPUT_MAX + 1, which says that it was longer. */
struct list_zone_text {
    size_t len;
    char bytes[MXS_INPUT_MAX + 1];
};

/* What the next field of a record is. */
enum list_zone_field { LIST_ZONE_OWNER, LIST_ZONE_TYPE, LIST_ZONE_ORIGIN, LIST_ZONE_RDATA };

struct list_zone {
    uint64_t line;          /* from 1; where a failure is */
    const char *failure;    /* what is wrong with it */
    uint64_t depth, opened; /* parentheses, and the line of the outermost */
    bool in_record;         /* not at the beginning of one */
    bool in_comment, in_quote, escaped;
    bool in_field, has_fields; /* the record has */
    bool has_owner, has_apex, has_given;
    enum list_zone_field next;
    struct list_zone_text field, owner, origin, apex, given;
};

enum list_zone_event {
    LIST_ZONE_MORE,  /* all bytes are consumed */
    LIST_ZONE_GIVES, /* an owner */
    LIST_ZONE_BAD,   /* the file cannot be read on */
};

/* `zone` must be zeroed memory. */
void list_zone_init(struct list_zone *zone);

/* Consumes bytes of the file from the front of `*bytes`; `*owner` lives until the next call. */
enum list_zone_event list_zone_feed(struct list_zone *zone, mxs_slice *bytes, mxs_slice *owner);

/* Ends the file: as list_zone_feed, again until it gives no more. */
enum list_zone_event list_zone_finish(struct list_zone *zone, mxs_slice *owner);

/* True when a file whose first line of content this is can be taken for a zone file: a directive,
 * or an SOA or NS record. */
bool list_zone_begins(mxs_slice line);

#endif
