#include "posture/spf_runs.h"

#include "posture/spf_tree.h"

typedef struct mxs_address_set operation(struct mxs_arena *arena, const struct mxs_address_set *a,
                                         const struct mxs_address_set *b);

static struct mxs_address_set work(struct mxs_spf_tree *tree, operation *set_operation,
                                   const struct mxs_address_set *a, const struct mxs_address_set *b)
{
    size_t cost = a->count + b->count;

    if (cost > tree->work_left) {
        tree->work_left = 0;
        return (struct mxs_address_set){.family = a->family, .over_limit = true};
    }
    tree->work_left -= cost;
    return set_operation(tree->arena, a, b);
}

struct mxs_address_set mxs_spf_join(struct mxs_spf_tree *tree, const struct mxs_address_set *a,
                                    const struct mxs_address_set *b)
{
    return work(tree, mxs_address_set_union, a, b);
}

struct mxs_address_set mxs_spf_common(struct mxs_spf_tree *tree, const struct mxs_address_set *a,
                                      const struct mxs_address_set *b)
{
    return work(tree, mxs_address_set_intersect, a, b);
}

struct mxs_address_set mxs_spf_without(struct mxs_spf_tree *tree, const struct mxs_address_set *a,
                                       const struct mxs_address_set *b)
{
    return work(tree, mxs_address_set_subtract, a, b);
}

static bool is_of_family(const struct mxs_spf_term *term, uint8_t family)
{
    return term->kind == (family == 4 ? MXS_SPF_IP4 : MXS_SPF_IP6);
}

/* What `first` matches goes before what `second` does. */
static void append(struct mxs_spf_tree *tree, struct mxs_spf_matches *first,
                   const struct mxs_spf_matches *second)
{
    struct mxs_spf_matches before = *first;

    for (unsigned q = 0; q < MXS_SPF_QUALIFIERS; q++) {
        struct mxs_address_set rest = second->sets[q];
        for (unsigned other = 0; other < MXS_SPF_QUALIFIERS; other++)
            if (other != q && !mxs_address_set_is_empty(&rest))
                rest = mxs_spf_without(tree, &rest, &before.sets[other]);
        first->sets[q] = mxs_spf_join(tree, &first->sets[q], &rest);
    }
}

/* Halves first: each interval is then looked at as often as the number of terms can be halved. */
struct mxs_spf_matches mxs_spf_match_run(struct mxs_spf_tree *tree, uint8_t family,
                                         const struct mxs_spf_term *terms, size_t count)
{
    struct mxs_spf_matches matches, second;

    for (unsigned q = 0; q < MXS_SPF_QUALIFIERS; q++)
        matches.sets[q] = mxs_address_set_empty(family);
    while (count > 0 && !is_of_family(terms, family)) {
        terms++;
        count--;
    }
    if (count == 0)
        return matches;
    if (count == 1) {
        matches.sets[terms->qualifier] = mxs_address_set_block(
            tree->arena, &terms->address, family == 4 ? terms->prefix4 : terms->prefix6);
        return matches;
    }
    matches = mxs_spf_match_run(tree, family, terms, count / 2);
    second = mxs_spf_match_run(tree, family, terms + count / 2, count - count / 2);
    append(tree, &matches, &second);
    return matches;
}
