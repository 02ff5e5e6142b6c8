#include "posture/spf_tree.h"

#include <string.h>

#include "posture/spf_expand.h"

enum {
    WORK_MAX = 1000000,  /* some 10 ms and 32 MB */
    SUMMARIES_MAX = 400, /* six times the nodes: only loops take more than one each */
};

static const struct mxs_answer over_limit = {.lookup = MXS_LOOKUP_LIMIT};
static const struct mxs_spf_source source_over_limit = {.answer = &over_limit};
static struct mxs_spf_node *add_node(struct mxs_spf_tree *tree, struct mxs_name name);

void mxs_spf_tree_init(struct mxs_spf_tree *tree, struct mxs_arena *arena,
                       struct mxs_answers *answers)
{
    *tree = (struct mxs_spf_tree){
        .arena = arena,
        .asker = mxs_spf_asker_of(answers, MXS_SPF_QUESTIONS_MAX),
        .climber = mxs_spf_asker_of(answers, MXS_SPF_DEAD_MAX * MXS_SPF_CLIMB_MAX),
        .records = {.arena = arena},
        .work_left = WORK_MAX,
        .summaries_left = SUMMARIES_MAX,
    };
}

/* ---- targets */

/* A name as the macro d gives it: labels with dots between, no escapes. */
static mxs_slice plain_text(struct mxs_arena *arena, struct mxs_name name)
{
    char *text = mxs_arena_alloc(arena, name.len);
    size_t len = 0;

    if (text == NULL)
        return (mxs_slice){NULL, 0};
    for (unsigned i = 0; i < name.labels; i++) {
        mxs_slice label = mxs_name_label(name, i);
        if (i > 0)
            text[len++] = '.';
        memcpy(text + len, label.ptr, label.len);
        len += label.len;
    }
    return (mxs_slice){text, len};
}

static void expand_targets(struct mxs_spf_tree *tree, const struct mxs_spf_node *node,
                           struct mxs_spf_link *link)
{
    mxs_slice spec = link->term->domain, text;
    struct mxs_spf_scope scope = {0};

    if (spec.ptr == NULL) {
        link->targets[MXS_SPF_IPV4] = link->targets[MXS_SPF_IPV6] = node->name;
        return;
    }
    mxs_spf_scope_set(&scope, 'd', plain_text(tree->arena, node->name));
    mxs_spf_scope_set(&scope, 'v', MXS_SLICE("in-addr"));
    (void)mxs_spf_expand_domain(tree->arena, &scope, spec, &link->targets[MXS_SPF_IPV4], &text);
    link->targets[MXS_SPF_IPV6] = link->targets[MXS_SPF_IPV4];
    if ((link->term->macros & MXS_SPF_MACRO_V) == 0)
        return;
    mxs_spf_scope_set(&scope, 'v', MXS_SLICE("ip6"));
    (void)mxs_spf_expand_domain(tree->arena, &scope, spec, &link->targets[MXS_SPF_IPV6], &text);
}

static void ask_link(struct mxs_spf_tree *tree, struct mxs_spf_link *link, unsigned family)
{
    static const uint16_t address_types[] = {MXS_TYPE_A, MXS_TYPE_AAAA};
    struct mxs_name target = link->targets[family];
    uint16_t type = MXS_TYPE_A; /* exists, for both families */

    switch (link->term->kind) {
    case MXS_SPF_INCLUDE:
    case MXS_SPF_REDIRECT:
        link->children[family] = add_node(tree, target);
        return;
    case MXS_SPF_MX:
        type = MXS_TYPE_MX;
        break;
    case MXS_SPF_A:
        type = address_types[family];
        break;
    default:
        break;
    }
    link->answers[family] = mxs_spf_ask(&tree->asker, target, type);
}

/* Over the bound on followed terms everything a link rests on is `limit`. */
static void refuse_link(struct mxs_spf_tree *tree, struct mxs_spf_link *link)
{
    struct mxs_spf_node *child = mxs_arena_alloc(tree->arena, sizeof *child);

    if (child != NULL)
        *child = (struct mxs_spf_node){.name = link->targets[0],
                                       .source = &source_over_limit,
                                       .opened = true,
                                       .hosts_asked = true};
    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        link->children[family] = child;
        link->answers[family] = &over_limit;
    }
}

static void open_link(struct mxs_spf_tree *tree, const struct mxs_spf_node *node,
                      struct mxs_spf_link *link)
{
    link->dynamic =
        link->term->kind == MXS_SPF_PTR || (link->term->macros & MXS_SPF_MACROS_DYNAMIC) != 0;
    if (link->dynamic)
        return;
    expand_targets(tree, node, link);
    if (tree->expanded == MXS_SPF_EXPANDED_MAX) {
        refuse_link(tree, link);
        return;
    }
    tree->expanded++;
    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++)
        if (link->targets[family].wire != NULL)
            ask_link(tree, link, family);
}

/* ---- nodes */

static struct mxs_spf_node *find_node(const struct mxs_spf_tree *tree, struct mxs_name name)
{
    for (unsigned i = 0; i < tree->node_count; i++)
        if (mxs_name_equal(tree->nodes[i]->name, name))
            return tree->nodes[i];
    return NULL;
}

/* The node of a name, new or not; its question is asked. NULL when memory is out. */
static struct mxs_spf_node *add_node(struct mxs_spf_tree *tree, struct mxs_name name)
{
    struct mxs_spf_node *node = find_node(tree, name);

    if (node != NULL)
        return node;
    node = mxs_arena_alloc(tree->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    node->name = name;
    node->source = &source_over_limit;
    if (tree->node_count == MXS_SPF_NODES_MAX) {
        node->opened = node->hosts_asked = true;
        return node;
    }
    node->source = mxs_spf_read(&tree->records, mxs_spf_ask(&tree->asker, name, MXS_TYPE_TXT));
    tree->nodes[tree->node_count++] = node;
    return node;
}

/* Terms with a look-up before "all"; a redirect only without one (section 6.1). */
static unsigned list_links(const struct mxs_spf_record *record, struct mxs_spf_link *links)
{
    const struct mxs_spf_term *redirect = mxs_spf_first(record, MXS_SPF_REDIRECT);
    bool all = false;
    unsigned count = 0;

    for (unsigned i = 0; i < record->term_count && !all && count < MXS_SPF_EXPANDED_MAX; i++) {
        all = record->terms[i].kind == MXS_SPF_ALL;
        if (record->terms[i].kind != MXS_SPF_REDIRECT && mxs_spf_lookup_cost(&record->terms[i]) > 0)
            links[count++].term = &record->terms[i];
    }
    if (redirect != NULL && mxs_spf_first(record, MXS_SPF_ALL) == NULL)
        links[count++].term = redirect;
    return count;
}

static void open_node(struct mxs_spf_tree *tree, struct mxs_spf_node *node)
{
    node->opened = true;
    if (node->source->state != MXS_STATE_FOUND)
        return;
    node->links = mxs_arena_array(tree->arena, MXS_SPF_EXPANDED_MAX + 1, sizeof *node->links);
    if (node->links == NULL)
        return;
    node->link_count = list_links(node->source->record, node->links);
    for (unsigned i = 0; i < node->link_count; i++)
        open_link(tree, node, &node->links[i]);
}

static void ask_hosts(struct mxs_spf_tree *tree, struct mxs_spf_link *link, unsigned family)
{
    const struct mxs_answer *mx = link->answers[family];

    if (mx == NULL || mx->lookup != MXS_LOOKUP_OK || mx->count > MXS_SPF_EXCHANGES_MAX)
        return;
    link->hosts[family] =
        mxs_arena_array(tree->arena, mx->count, sizeof(const struct mxs_answer *));
    if (link->hosts[family] == NULL)
        return;
    for (unsigned i = 0; i < mx->count; i++)
        if (!mxs_name_is_root(mx->records[i].name))
            link->hosts[family][i] =
                mxs_spf_ask(&tree->asker, mx->records[i].name,
                            family == MXS_SPF_IPV4 ? MXS_TYPE_A : MXS_TYPE_AAAA);
}

/* The addresses of the exchanges of all `mx` terms, one level after their MX question. */
static void ask_node_hosts(struct mxs_spf_tree *tree, struct mxs_spf_node *node)
{
    node->hosts_asked = true;
    for (unsigned i = 0; i < node->link_count; i++)
        for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++)
            if (node->links[i].term->kind == MXS_SPF_MX)
                ask_hosts(tree, &node->links[i], family);
}

/* One level further; false when there was nothing to do. */
static bool gather_level(struct mxs_spf_tree *tree)
{
    unsigned count = tree->node_count;
    bool progress = false;

    for (unsigned i = 0; i < count; i++) {
        struct mxs_spf_node *node = tree->nodes[i];
        if (node->opened && node->hosts_asked)
            continue;
        progress = true;
        if (node->opened)
            ask_node_hosts(tree, node);
        else
            open_node(tree, node);
    }
    return progress;
}

bool mxs_spf_tree_gather(struct mxs_spf_tree *tree, struct mxs_name name)
{
    (void)add_node(tree, name);
    while (!tree->asker.pending && !tree->arena->failed)
        if (!gather_level(tree))
            return true;
    return false;
}

/* ---- dead targets */

struct mxs_name mxs_spf_dead_name(const struct mxs_answer *answer)
{
    if (answer != NULL && answer->lookup == MXS_LOOKUP_NXDOMAIN)
        return answer->name;
    if (answer != NULL && answer->lookup == MXS_LOOKUP_NXDOMAIN_TARGET)
        return answer->alias;
    return (struct mxs_name){0};
}

const struct mxs_spf_dead *mxs_spf_tree_dead(const struct mxs_spf_tree *tree, struct mxs_name name)
{
    for (unsigned i = 0; i < tree->dead_count; i++)
        if (mxs_name_equal(tree->dead[i].name, name))
            return &tree->dead[i];
    return NULL;
}

/* A name above one that exists does exist, and need not be asked for. */
static bool is_known(const struct mxs_spf_tree *tree, struct mxs_name name)
{
    for (unsigned i = 0; i < tree->asker.count; i++)
        if (tree->asker.asked[i]->exists == MXS_EXISTS_YES &&
            mxs_name_is_at_or_below(tree->asker.asked[i]->name, name))
            return true;
    return false;
}

/* Upwards until a name exists: RFC 8020 says that nothing is below one that does not. */
static void climb(struct mxs_spf_tree *tree, struct mxs_spf_dead *dead)
{
    struct mxs_name ancestor = dead->name;

    for (unsigned i = 0; i < MXS_SPF_CLIMB_MAX && ancestor.labels > 1; i++) {
        const struct mxs_answer *answer;
        ancestor = mxs_name_ancestor(ancestor, 1);
        if (is_known(tree, ancestor)) {
            dead->registrable = ancestor.labels == 1;
            return;
        }
        answer = mxs_spf_ask(&tree->climber, ancestor, MXS_TYPE_NS);
        if (!mxs_lookup_is_definite(answer->lookup)) {
            dead->failure = answer;
            return;
        }
        if (answer->lookup == MXS_LOOKUP_NXDOMAIN)
            continue;
        dead->registrable = ancestor.labels == 1;
        return;
    }
}

static void climb_from(struct mxs_spf_tree *tree, const struct mxs_answer *answer)
{
    struct mxs_name name = mxs_spf_dead_name(answer);
    struct mxs_spf_dead *dead;

    if (name.wire == NULL || name.labels < 2 || tree->dead_count == MXS_SPF_DEAD_MAX ||
        mxs_spf_tree_dead(tree, name) != NULL)
        return;
    dead = &tree->dead[tree->dead_count++];
    *dead = (struct mxs_spf_dead){.name = name};
    climb(tree, dead);
}

bool mxs_spf_tree_climb(struct mxs_spf_tree *tree)
{
    for (unsigned i = 0; i < tree->node_count; i++) {
        const struct mxs_spf_node *node = tree->nodes[i];
        if (i > 0)
            climb_from(tree, node->source->answer);
        for (unsigned k = 0; k < node->link_count; k++) {
            const struct mxs_spf_link *link = &node->links[k];
            if (link->term->kind != MXS_SPF_A && link->term->kind != MXS_SPF_MX)
                continue;
            climb_from(tree, link->answers[MXS_SPF_IPV4]);
            climb_from(tree, link->answers[MXS_SPF_IPV6]);
        }
    }
    return !tree->climber.pending;
}
