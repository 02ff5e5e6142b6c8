/* An SPF record parsed from a block of its exact size. */
#ifndef TESTS_SPF_PARSED_H
#define TESTS_SPF_PARSED_H

#include "unit.h"

#include <mxsweep/spf.h>

/* A parsed record, and the exact block of memory it points into. */
struct parsed {
    struct mxs_arena arena;
    mxs_slice text;
    const struct mxs_spf_record *record;
};

static inline void parse(struct parsed *parsed, const char *text, size_t len,
                         const size_t *boundaries, size_t count)
{
    mxs_arena_init(&parsed->arena);
    parsed->text = exact_copy(text, len);
    parsed->record = mxs_spf_parse(&parsed->arena, parsed->text, boundaries, count);
    assert_non_null(parsed->record);
}

static inline void release(struct parsed *parsed)
{
    mxs_arena_clear(&parsed->arena);
    free((char *)parsed->text.ptr);
}

#endif
