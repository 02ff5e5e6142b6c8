/*
 * One client against one term: RFC 7208 section 5. Internal to src/posture.
 */
#ifndef SRC_POSTURE_SPF_TERMS_H
#define SRC_POSTURE_SPF_TERMS_H

#include <mxsweep/spf_check.h>
#include <mxsweep/spf_shape.h>

#include "posture/spf_expand.h"
#include "posture/spf_records.h"

/* One check_host() with all it has counted. */
struct mxs_spf_check {
    struct mxs_arena *arena;
    struct mxs_spf_asker *asker;
    struct mxs_spf_records *records;
    struct mxs_address address; /* IPv4-mapped ones as IPv4 */
    struct mxs_spf_scope scope; /* d is set for each domain, p where it is used */
    unsigned lookups, voids;
    const char *reason; /* why permerror or temperror */
};

enum mxs_spf_match { MXS_SPF_MATCH, MXS_SPF_NO_MATCH, MXS_SPF_TEMP, MXS_SPF_PERM };

/* Sets the reason and returns what it is the reason of. */
enum mxs_spf_match mxs_spf_fail(struct mxs_spf_check *check, enum mxs_spf_match how,
                                const char *reason);
/* A failed (or pending) question: temperror. */
enum mxs_spf_match mxs_spf_fail_lookup(struct mxs_spf_check *check,
                                       const struct mxs_answer *answer);
/* Counts the look-ups that evaluating the term costs: permerror, or no match yet. */
enum mxs_spf_match mxs_spf_spend(struct mxs_spf_check *check, const struct mxs_spf_term *term);
/* Counts a look-up that found nothing: permerror, or no match. */
enum mxs_spf_match mxs_spf_note_void(struct mxs_spf_check *check);

/* What a term's domain-spec stands for, the current domain where it has none. */
bool mxs_spf_target(struct mxs_spf_check *check, const struct mxs_spf_term *term,
                    struct mxs_name *name, mxs_slice *text);

/* Sets the macro p for the current domain, if `text` uses it. */
void mxs_spf_prepare_p(struct mxs_spf_check *check, mxs_slice text);

/* Every mechanism but include; its look-ups are spent by the caller. */
enum mxs_spf_match mxs_spf_match_term(struct mxs_spf_check *check, const struct mxs_spf_term *term);

/* mxs_spf_check_host() with questions and records that others share. */
void mxs_spf_check_shared(struct mxs_arena *arena, struct mxs_spf_asker *asker,
                          struct mxs_spf_records *records, const struct mxs_spf_request *request,
                          struct mxs_spf_result *result);

#endif
