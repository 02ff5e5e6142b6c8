/*
 * What `mxsweep lint` knows of a type of record. The command reads records and writes verdicts; the
 * type judges.
 */
#ifndef SCANNER_LINT_TYPE_H
#define SCANNER_LINT_TYPE_H

#include <mxsweep/finding.h>
#include <mxsweep/json.h>

/* A place in a record that is wrong: it is underlined. */
struct lint_mark {
    size_t start, end; /* where it shows, and where the part it is in ends */
    mxs_slice part;    /* the whole of that part */
    const char *reason;
    const char *words;
};

struct lint_verdict {
    bool valid;          /* receivers that follow the RFC use the record */
    const char *summary; /* what they do with it, for a person */
    struct mxs_findings findings;
    const struct lint_mark *marks; /* what `marked` finds, with places */
    unsigned mark_count;
    enum mxs_finding_id marked; /* said by the marks, so not again as a finding on the page */
    const void *parsed;         /* the type's own; NULL: the text is no record of this type */
};

struct lint_type {
    const char *name; /* as on the command line and in the output */
    /* Fills the verdict, whose parts live in the arena; false when memory is out. */
    bool (*judge)(struct mxs_arena *arena, mxs_slice text, struct lint_verdict *verdict);
    /* The value of "parsed"; only called where `parsed` is not NULL. */
    void (*write_parsed)(const struct lint_verdict *verdict, struct mxs_json *json);
    /* What the record says, in lines for a person; as above. */
    void (*write_facts)(const struct lint_verdict *verdict, struct mxs_buffer *out);
};

extern const struct lint_type lint_spf;

#endif
