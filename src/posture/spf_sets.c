#include "posture/spf_sets.h"

#include <limits.h>
#include <string.h>

#include "posture/spf_effects.h"
#include "posture/spf_runs.h"
#include "posture/spf_tree.h"

enum { FIRST_CAPACITY = 8 };

/* A list of parts or classes of one family, no two of them alike but for their sets. */
struct list {
    struct mxs_spf_class *items;
    unsigned count, capacity;
};

/* One record being evaluated for one family. */
struct evaluation {
    struct mxs_spf_tree *tree;
    enum mxs_spf_family family;
    struct list left; /* clients that nothing has matched yet; `result` and `direct` not used */
    struct list decided;
    struct mxs_spf_class unlisted;
    bool unlisted_decided;
    unsigned voids;        /* of terms */
    unsigned void_queries; /* those that are counted beside them when questions count */
};

static uint8_t family_number(const struct evaluation *evaluation)
{
    return evaluation->family == MXS_SPF_IPV4 ? 4 : 6;
}

static enum mxs_spf_code code_of(enum mxs_spf_qualifier qualifier)
{
    static const enum mxs_spf_code codes[] = {
        [MXS_SPF_PASS] = MXS_SPF_RESULT_PASS,
        [MXS_SPF_FAIL] = MXS_SPF_RESULT_FAIL,
        [MXS_SPF_SOFTFAIL] = MXS_SPF_RESULT_SOFTFAIL,
        [MXS_SPF_NEUTRAL] = MXS_SPF_RESULT_NEUTRAL,
    };

    return codes[qualifier];
}

/* ---- lists */

static bool is_alike(const struct mxs_spf_class *a, const struct mxs_spf_class *b)
{
    return a->result == b->result && a->direct == b->direct && a->part.lookups == b->part.lookups &&
           a->part.voids == b->part.voids && a->part.doubt == b->part.doubt;
}

static bool grow(struct mxs_arena *arena, struct list *list)
{
    unsigned capacity = list->capacity == 0 ? FIRST_CAPACITY : list->capacity * 2;
    struct mxs_spf_class *items = mxs_arena_array(arena, capacity, sizeof *items);

    if (items == NULL)
        return false;
    if (list->count > 0)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->capacity = capacity;
    return true;
}

static void add(struct evaluation *evaluation, struct list *list, const struct mxs_spf_class *item)
{
    if (mxs_address_set_is_empty(&item->part.set))
        return;
    for (unsigned i = 0; i < list->count; i++)
        if (is_alike(&list->items[i], item)) {
            list->items[i].part.set =
                mxs_spf_join(evaluation->tree, &list->items[i].part.set, &item->part.set);
            return;
        }
    if (list->count < list->capacity || grow(evaluation->tree->arena, list))
        list->items[list->count++] = *item;
}

static void keep(struct evaluation *evaluation, const struct mxs_spf_part *part)
{
    add(evaluation, &evaluation->left, &(struct mxs_spf_class){.part = *part});
}

static void decide(struct evaluation *evaluation, const struct mxs_spf_part *part,
                   enum mxs_spf_code result, bool direct)
{
    const struct mxs_spf_class item = {*part, result, direct};

    add(evaluation, &evaluation->decided, &item);
}

static void decide_doubtful(struct evaluation *evaluation, struct mxs_spf_part part,
                            enum mxs_spf_code result)
{
    part.doubt |= MXS_SPF_MAYBE;
    decide(evaluation, &part, result, false);
}

static uint8_t sum(unsigned a, unsigned b, unsigned limit)
{
    return (uint8_t)(a + b > limit ? limit + 1 : a + b);
}

/* False when that takes the clients over a limit of section 4.6.4. */
static bool spend(struct mxs_spf_part *part, unsigned lookups, unsigned voids)
{
    part->lookups = sum(part->lookups, lookups, MXS_SPF_LOOKUPS_MAX);
    part->voids = sum(part->voids, voids, MXS_SPF_VOIDS_MAX);
    return part->lookups <= MXS_SPF_LOOKUPS_MAX && part->voids <= MXS_SPF_VOIDS_MAX;
}

/* ---- terms without a look-up */

static void match_run(struct evaluation *evaluation, const struct mxs_spf_matches *matches)
{
    struct list before = evaluation->left;

    evaluation->left = (struct list){0};
    for (unsigned i = 0; i < before.count; i++) {
        struct mxs_spf_part rest = before.items[i].part, hit = rest;
        for (unsigned q = 0; q < MXS_SPF_QUALIFIERS; q++) {
            hit.set = mxs_spf_common(evaluation->tree, &rest.set, &matches->sets[q]);
            decide(evaluation, &hit, code_of((enum mxs_spf_qualifier)q), true);
            rest.set = mxs_spf_without(evaluation->tree, &rest.set, &matches->sets[q]);
        }
        keep(evaluation, &rest);
    }
}

static void match_all(struct evaluation *evaluation, enum mxs_spf_code result, bool direct)
{
    for (unsigned i = 0; i < evaluation->left.count; i++)
        decide(evaluation, &evaluation->left.items[i].part, result, direct);
    evaluation->left.count = 0;
    if (!evaluation->unlisted_decided)
        evaluation->unlisted.result = result;
    evaluation->unlisted_decided = true;
}

/* ---- terms with a look-up */

static bool is_redirect(const struct mxs_spf_link *link)
{
    return link->term->kind == MXS_SPF_REDIRECT;
}

/* Sections 5.2 and 6.1: a class of the other record's clients. */
static void meet_class(struct evaluation *evaluation, const struct mxs_spf_link *link,
                       struct mxs_spf_part part, const struct mxs_spf_class *class)
{
    enum mxs_spf_code result = class->result;

    part.set = mxs_spf_common(evaluation->tree, &part.set, &class->part.set);
    part.doubt |= class->part.doubt;
    if (!spend(&part, class->part.lookups, class->part.voids) || result == MXS_SPF_RESULT_NONE)
        result = MXS_SPF_RESULT_PERMERROR;
    if (result == MXS_SPF_RESULT_PERMERROR || is_redirect(link))
        decide(evaluation, &part, result, false);
    else if (result == MXS_SPF_RESULT_PASS)
        decide(evaluation, &part, code_of(link->term->qualifier), false);
    else
        keep(evaluation, &part);
}

static void apply_to_part(struct evaluation *evaluation, const struct mxs_spf_link *link,
                          const struct mxs_spf_effect *effect, struct mxs_spf_part part)
{
    struct mxs_spf_part hit;

    switch (effect->kind) {
    case MXS_SPF_EFFECT_PERMERROR:
        decide(evaluation, &part, MXS_SPF_RESULT_PERMERROR, true);
        return;
    case MXS_SPF_EFFECT_DYNAMIC:
        decide_doubtful(evaluation, part,
                        is_redirect(link) ? MXS_SPF_RESULT_PASS : code_of(link->term->qualifier));
        if (is_redirect(link))
            decide(evaluation, &part, MXS_SPF_RESULT_TEMPERROR, true);
        else
            keep(evaluation, &part);
        return;
    case MXS_SPF_EFFECT_RECORD:
        for (unsigned i = 0; effect->record != NULL && i < effect->record->class_count; i++)
            meet_class(evaluation, link, part, &effect->record->classes[i]);
        return;
    case MXS_SPF_EFFECT_NOTHING:
    case MXS_SPF_EFFECT_MATCH:
        break;
    }
    if (effect->failed)
        part.doubt |= MXS_SPF_UNSURE;
    hit = part;
    hit.set = mxs_spf_common(evaluation->tree, &part.set, &effect->set);
    decide(evaluation, &hit, code_of(link->term->qualifier), true);
    part.set = mxs_spf_without(evaluation->tree, &part.set, &effect->set);
    keep(evaluation, &part);
}

static void end_unlisted(struct evaluation *evaluation, enum mxs_spf_code result)
{
    evaluation->unlisted.result = result;
    evaluation->unlisted_decided = true;
}

/* The client that no term lists, in the other record neither. */
static void unlisted_meets_record(struct evaluation *evaluation, const struct mxs_spf_link *link,
                                  const struct mxs_spf_class *inner)
{
    struct mxs_spf_part *part = &evaluation->unlisted.part;

    part->doubt |= inner->part.doubt;
    if (!spend(part, inner->part.lookups, inner->part.voids) ||
        inner->result == MXS_SPF_RESULT_NONE || inner->result == MXS_SPF_RESULT_PERMERROR)
        end_unlisted(evaluation, MXS_SPF_RESULT_PERMERROR);
    else if (is_redirect(link))
        end_unlisted(evaluation, inner->result);
    else if (inner->result == MXS_SPF_RESULT_PASS)
        end_unlisted(evaluation, code_of(link->term->qualifier));
}

static void apply_to_unlisted(struct evaluation *evaluation, const struct mxs_spf_link *link,
                              const struct mxs_spf_effect *effect)
{
    struct mxs_spf_part *part = &evaluation->unlisted.part;

    if (evaluation->unlisted_decided)
        return;
    if (!spend(part, mxs_spf_lookup_cost(link->term),
               effect->found_nothing && effect->kind != MXS_SPF_EFFECT_RECORD) ||
        effect->kind == MXS_SPF_EFFECT_PERMERROR) {
        end_unlisted(evaluation, MXS_SPF_RESULT_PERMERROR);
        return;
    }
    if (effect->failed)
        part->doubt |= MXS_SPF_UNSURE;
    if (effect->record != NULL)
        unlisted_meets_record(evaluation, link, &effect->record->unlisted);
    else if (effect->kind == MXS_SPF_EFFECT_DYNAMIC && is_redirect(link))
        end_unlisted(evaluation, MXS_SPF_RESULT_TEMPERROR);
    else if (link->term->kind == MXS_SPF_EXISTS && effect->set.count > 0)
        end_unlisted(evaluation, code_of(link->term->qualifier));
}

static void apply_link(struct evaluation *evaluation, const struct mxs_spf_link *link)
{
    struct mxs_spf_effect effect = mxs_spf_effect_of(evaluation->tree, evaluation->family, link);
    struct list before = evaluation->left;
    unsigned cost = mxs_spf_lookup_cost(link->term);
    bool empty = effect.found_nothing && effect.kind != MXS_SPF_EFFECT_RECORD;

    evaluation->voids += effect.found_nothing;
    evaluation->void_queries += effect.void_hosts;
    if (effect.record != NULL) {
        evaluation->voids += effect.record->voids;
        evaluation->void_queries += effect.record->void_queries - effect.record->voids;
    }
    evaluation->left = (struct list){0};
    for (unsigned i = 0; i < before.count; i++) {
        struct mxs_spf_part part = before.items[i].part;
        if (spend(&part, cost, empty))
            apply_to_part(evaluation, link, &effect, part);
        else
            decide(evaluation, &part, MXS_SPF_RESULT_PERMERROR, true);
    }
    apply_to_unlisted(evaluation, link, &effect);
}

/* ---- records */

/* The links are the terms with a look-up, in order: what is between them is a run. */
static void evaluate_record(struct evaluation *evaluation, const struct mxs_spf_node *node)
{
    const struct mxs_spf_record *record = node->source->record;
    const struct mxs_spf_term *all = mxs_spf_first(record, MXS_SPF_ALL);
    const struct mxs_spf_term *end = all != NULL ? all : record->terms + record->term_count;
    const struct mxs_spf_term *start = record->terms;

    for (unsigned i = 0; i <= node->link_count; i++) {
        const struct mxs_spf_link *link = i < node->link_count ? &node->links[i] : NULL;
        const struct mxs_spf_term *stop = link == NULL || is_redirect(link) ? end : link->term;
        struct mxs_spf_matches matches = mxs_spf_match_run(
            evaluation->tree, family_number(evaluation), start, (size_t)(stop - start));
        match_run(evaluation, &matches);
        if (link != NULL)
            apply_link(evaluation, link);
        start = stop;
    }
    if (all != NULL)
        match_all(evaluation, code_of(all->qualifier), true);
    else
        match_all(evaluation, MXS_SPF_RESULT_NEUTRAL, true);
}

/* Why there are no terms to evaluate, and what that gives everybody. */
static void evaluate_no_record(struct evaluation *evaluation, const struct mxs_spf_node *node)
{
    enum mxs_spf_code result = MXS_SPF_RESULT_PERMERROR;

    if (node->source->state == MXS_STATE_NONE)
        result = MXS_SPF_RESULT_NONE;
    if (node->source->state == MXS_STATE_UNKNOWN) {
        result = MXS_SPF_RESULT_TEMPERROR;
        evaluation->left.items[0].part.doubt = MXS_SPF_UNSURE;
        evaluation->unlisted.part.doubt = MXS_SPF_UNSURE;
    }
    match_all(evaluation, result, true);
}

static void summarise_side(struct mxs_spf_tree *tree, const struct mxs_spf_node *node,
                           enum mxs_spf_family family, struct mxs_spf_side *side)
{
    struct evaluation evaluation = {.tree = tree, .family = family};
    struct mxs_spf_part everybody = {
        .set = mxs_address_set_all(tree->arena, family_number(&evaluation))};
    bool refused = tree->summaries_left == 0;

    if (refused)
        everybody.doubt = MXS_SPF_UNSURE;
    evaluation.unlisted.part.doubt = everybody.doubt;
    keep(&evaluation, &everybody);
    if (evaluation.left.count == 0) /* memory is out */
        return;
    if (refused)
        match_all(&evaluation, MXS_SPF_RESULT_TEMPERROR, true);
    else if (node->source->state == MXS_STATE_FOUND)
        evaluate_record(&evaluation, node);
    else
        evaluate_no_record(&evaluation, node);
    *side = (struct mxs_spf_side){
        .classes = evaluation.decided.items,
        .class_count = evaluation.decided.count,
        .unlisted = evaluation.unlisted,
        .voids = evaluation.voids,
        .void_queries = evaluation.voids + evaluation.void_queries,
    };
}

static unsigned count_lookups(const struct mxs_spf_node *node)
{
    unsigned count = 0;

    for (unsigned i = 0; i < node->link_count; i++) {
        const struct mxs_spf_link *link = &node->links[i];
        unsigned inner = 0;
        for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++)
            if (link->summaries[family] != NULL && link->summaries[family]->lookups > inner)
                inner = link->summaries[family]->lookups;
        count += mxs_spf_lookup_cost(link->term) + inner;
        if (count > MXS_SPF_EXPANDED_MAX)
            count = MXS_SPF_EXPANDED_MAX;
    }
    return count;
}

static unsigned summarise(struct mxs_spf_tree *tree, struct mxs_spf_node *node);

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Summarises what a link leads to; the result is summarise()'s. */
static unsigned summarise_link(struct mxs_spf_tree *tree, struct mxs_spf_link *link)
{
    unsigned loop_to = UINT_MAX;

    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        struct mxs_spf_node *child = link->children[family];
        link->summaries[family] = NULL;
        if (child == NULL)
            continue;
        if (family > 0 && child == link->children[0]) {
            link->summaries[family] = link->summaries[0];
        } else if (child->depth > 0) {
            loop_to = least(loop_to, child->depth);
        } else {
            loop_to = least(loop_to, summarise(tree, child));
            link->summaries[family] = child->summary;
        }
    }
    return loop_to;
}

/*
 * Gives the depth of the outermost record that a loop leads back to. A summary with a loop that
 * leaves the record holds only for clients that came by this way: from elsewhere it is made again.
 * Depth is that of the tree: at most MXS_SPF_NODES_MAX.
 */
static unsigned summarise(struct mxs_spf_tree *tree, struct mxs_spf_node *node)
{
    struct mxs_spf_summary *summary;
    unsigned loop_to = UINT_MAX;

    if (node->summarised)
        return UINT_MAX;
    summary = mxs_arena_alloc(tree->arena, sizeof *summary);
    node->depth = ++tree->depth;
    for (unsigned i = 0; i < node->link_count && tree->summaries_left > 0; i++)
        loop_to = least(loop_to, summarise_link(tree, &node->links[i]));
    if (summary != NULL) {
        summary->lookups = count_lookups(node);
        summarise_side(tree, node, MXS_SPF_IPV4, &summary->sides[MXS_SPF_IPV4]);
        summarise_side(tree, node, MXS_SPF_IPV6, &summary->sides[MXS_SPF_IPV6]);
    }
    if (tree->summaries_left > 0)
        tree->summaries_left--;
    node->summary = summary;
    node->summarised = loop_to >= node->depth;
    node->depth = 0;
    tree->depth--;
    return node->summarised ? UINT_MAX : loop_to;
}

void mxs_spf_summarise(struct mxs_spf_tree *tree, struct mxs_spf_node *node)
{
    (void)summarise(tree, node);
}

struct mxs_address_set mxs_spf_side_set(struct mxs_spf_tree *tree, const struct mxs_spf_side *side,
                                        enum mxs_spf_code result, unsigned doubts, bool direct_only)
{
    uint8_t family = side->class_count > 0 ? side->classes[0].part.set.family : 4;
    struct mxs_address_set set = mxs_address_set_empty(family);

    for (unsigned i = 0; i < side->class_count; i++) {
        const struct mxs_spf_class *class = &side->classes[i];
        if (class->result == result && (class->part.doubt & doubts) == 0 &&
            (class->direct || !direct_only))
            set = mxs_spf_join(tree, &set, &class->part.set);
    }
    return set;
}
