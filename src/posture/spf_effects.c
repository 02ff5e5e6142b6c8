#include "posture/spf_effects.h"

#include "posture/spf_runs.h"

static void add_blocks(struct mxs_spf_tree *tree, enum mxs_spf_family family,
                       const struct mxs_answer *answer, const struct mxs_spf_term *term,
                       struct mxs_spf_effect *effect)
{
    uint8_t prefix = family == MXS_SPF_IPV4 ? term->prefix4 : term->prefix6;

    for (unsigned i = 0; i < answer->count; i++) {
        struct mxs_address_set block =
            mxs_address_set_block(tree->arena, &answer->records[i].address, prefix);
        effect->set = mxs_spf_join(tree, &effect->set, &block);
    }
}

static void note_answer(const struct mxs_answer *answer, struct mxs_spf_effect *effect)
{
    effect->failed = effect->failed || !mxs_lookup_is_definite(answer->lookup);
    effect->found_nothing = mxs_lookup_is_absent(answer->lookup);
}

static void effect_of_mx(struct mxs_spf_tree *tree, enum mxs_spf_family family,
                         const struct mxs_spf_link *link, struct mxs_spf_effect *effect)
{
    const struct mxs_answer *mx = link->answers[family];
    const struct mxs_answer *const *hosts = link->hosts[family];

    note_answer(mx, effect);
    if (mx->lookup == MXS_LOOKUP_OK && mx->count > MXS_SPF_EXCHANGES_MAX)
        effect->kind = MXS_SPF_EFFECT_PERMERROR;
    for (unsigned i = 0; hosts != NULL && i < mx->count; i++) {
        if (hosts[i] == NULL)
            continue;
        effect->failed = effect->failed || !mxs_lookup_is_definite(hosts[i]->lookup);
        effect->void_hosts += mxs_lookup_is_absent(hosts[i]->lookup);
        add_blocks(tree, family, hosts[i], link->term, effect);
    }
}

/* Of the other record; one that leads back here goes round for ever. */
static void effect_of_record(enum mxs_spf_family family, const struct mxs_spf_link *link,
                             struct mxs_spf_effect *effect)
{
    const struct mxs_spf_node *child = link->children[family];
    const struct mxs_spf_summary *summary = link->summaries[family];

    effect->kind = summary == NULL ? MXS_SPF_EFFECT_PERMERROR : MXS_SPF_EFFECT_RECORD;
    if (summary == NULL)
        return;
    effect->record = &summary->sides[family];
    effect->found_nothing = mxs_lookup_is_absent(child->source->answer->lookup);
}

struct mxs_spf_effect mxs_spf_effect_of(struct mxs_spf_tree *tree, enum mxs_spf_family family,
                                        const struct mxs_spf_link *link)
{
    uint8_t number = family == MXS_SPF_IPV4 ? 4 : 6;
    struct mxs_spf_effect effect = {.kind = MXS_SPF_EFFECT_MATCH,
                                    .set = mxs_address_set_empty(number)};
    const struct mxs_answer *answer = link->answers[family];

    if (link->dynamic) {
        effect.kind = MXS_SPF_EFFECT_DYNAMIC;
        return effect;
    }
    if (link->targets[family].wire == NULL) {
        effect.kind = link->term->kind == MXS_SPF_REDIRECT ? MXS_SPF_EFFECT_PERMERROR
                                                           : MXS_SPF_EFFECT_NOTHING;
        return effect;
    }
    switch (link->term->kind) {
    case MXS_SPF_INCLUDE:
    case MXS_SPF_REDIRECT:
        effect_of_record(family, link, &effect);
        break;
    case MXS_SPF_MX:
        effect_of_mx(tree, family, link, &effect);
        break;
    case MXS_SPF_A:
        note_answer(answer, &effect);
        add_blocks(tree, family, answer, link->term, &effect);
        break;
    default: /* exists */
        note_answer(answer, &effect);
        if (answer->lookup == MXS_LOOKUP_OK)
            effect.set = mxs_address_set_all(tree->arena, number);
        break;
    }
    return effect;
}
