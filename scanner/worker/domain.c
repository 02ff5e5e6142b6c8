#include "worker/domain.h"

#include <stdlib.h>

struct domain *domain_new(const struct dealt_name *name, mxs_slice text,
                          const struct mxs_input_options *options, struct mxs_answers_source source)
{
    struct domain *domain = calloc(1, sizeof *domain);

    if (domain == NULL)
        return NULL;
    domain->index = name->index;
    domain->rank = name->rank;
    mxs_arena_init(&domain->arena);
    mxs_answers_init(&domain->answers, source);
    if (!mxs_input_read(&domain->arena, text, options, &domain->input)) {
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
