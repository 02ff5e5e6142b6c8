#include "worker/domain.h"

#include <stdlib.h>

struct domain *domain_new(const struct dealt_name *name, const char *bytes,
                          const struct mxs_input_options *options, struct mxs_answers_source source)
{
    struct domain *domain = calloc(1, sizeof *domain);

    if (domain == NULL)
        return NULL;
    domain->name = *name;
    mxs_arena_init(&domain->arena);
    mxs_answers_init(&domain->answers, source);
    if ((name->flags & DEALT_POISON) != 0)
        domain->answers.closed = MXS_ERROR_INTERNAL;
    if (name->meta_len > 0)
        domain->meta =
            mxs_arena_copy(&domain->arena, (mxs_slice){bytes + name->text_len, name->meta_len});
    if (!mxs_input_read(&domain->arena, (mxs_slice){bytes, name->text_len}, options,
                        &domain->input) ||
        domain->arena.failed) {
        domain_free(domain);
        return NULL;
    }
    return domain;
}

void domain_free(struct domain *domain)
{
    mxs_arena_clear(&domain->arena);
    free(domain);
}

void domain_exclude(struct domain *domain)
{
    (void)mxs_findings_add(&domain->input.findings, MXS_FINDING_INPUT_EXCLUDED,
                           (struct mxs_name){0});
    domain->input.scannable = false;
}

bool domain_failed(const struct mxs_posture *posture)
{
    for (unsigned area = 0; area < MXS_AREA_COUNT; area++)
        if (posture->failures[area].failed && posture->failures[area].lookup == MXS_LOOKUP_TEMP)
            return true;
    return false;
}
