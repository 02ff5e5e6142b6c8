#include "posture/spf_report.h"

enum {
    TERM_TEXT_MAX = 512, /* octets of a term that are shown */
    NEAR_LIMIT = 9,
};

/* The walk: terms are counted as a client that matches nothing would. */
struct walk {
    struct mxs_evaluation *evaluation;
    struct mxs_spf_tree *tree;
    struct mxs_spf_visit *visits;
    unsigned visit_count;
    unsigned lookups;      /* ends at MXS_SPF_EXPANDED_MAX */
    mxs_slice first_over;  /* the term that goes over the limit */
    bool failed, reported; /* a question failed; and that is said */
};

static mxs_slice shown(mxs_slice text)
{
    return text.len <= TERM_TEXT_MAX ? text : (mxs_slice){text.ptr, TERM_TEXT_MAX};
}

static struct mxs_findings *findings_of(const struct walk *walk)
{
    return &walk->evaluation->posture->findings;
}

/* A finding about a term; `via` says whose it is when it is not the domain's own. */
static void find(const struct walk *walk, enum mxs_finding_id id, struct mxs_name name,
                 const struct mxs_spf_node *node, const struct mxs_spf_link *link)
{
    if (mxs_evaluation_find(walk->evaluation, id, name) == NULL)
        return;
    mxs_findings_add_text(findings_of(walk), "term", shown(link->term->text));
    if (node != walk->tree->nodes[0])
        mxs_findings_add_text(findings_of(walk), "via",
                              mxs_name_text(walk->tree->arena, node->name));
}

/* Row 1: only what somebody can still reach within the limit is needed. */
static void need(struct walk *walk, const struct mxs_answer *answer)
{
    if (answer == NULL || mxs_lookup_is_definite(answer->lookup))
        return;
    walk->failed = true;
    (void)mxs_evaluation_need(walk->evaluation, MXS_AREA_SPF, answer);
    if (!walk->reported && walk->lookups <= MXS_SPF_LOOKUPS_MAX) {
        mxs_evaluation_find(walk->evaluation, MXS_FINDING_SPF_TEMPERROR,
                            walk->evaluation->posture->domain);
        walk->reported = true;
    }
}

/* ---- targets that are not there */

static void report_void(const struct walk *walk, const struct mxs_spf_node *node,
                        const struct mxs_spf_link *link)
{
    static const char *const words[] = {NULL, "ipv4", "ipv6", "both"};
    unsigned families = 0;

    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        const struct mxs_answer *answer = link->answers[family];
        if (link->children[family] != NULL)
            answer = link->children[family]->source->answer;
        if (answer != NULL && mxs_lookup_is_absent(answer->lookup))
            families |= 1U << family;
    }
    if (families == 0)
        return;
    find(walk, MXS_FINDING_SPF_VOID_LOOKUP, link->targets[families == 2], node, link);
    mxs_findings_add_text(findings_of(walk), "family", mxs_slice_of(words[families]));
}

/* Row 42. Nobody can register below a reserved name. */
static void report_takeover(struct walk *walk, const struct mxs_answer *answer,
                            const struct mxs_spf_node *node, const struct mxs_spf_link *link)
{
    struct mxs_name name = mxs_spf_dead_name(answer);
    const struct mxs_spf_dead *dead;

    if (name.wire == NULL ||
        (!walk->evaluation->options->special_use && mxs_name_is_special_use(name)))
        return;
    dead = mxs_spf_tree_dead(walk->tree, name);
    if (dead == NULL)
        return;
    if (dead->failure != NULL) {
        walk->failed = true;
        (void)mxs_evaluation_need(walk->evaluation, MXS_AREA_SPF, dead->failure);
    }
    if (dead->registrable)
        find(walk, MXS_FINDING_SPF_INCLUDE_TAKEOVER_RISK, name, node, link);
}

static void report_a(const struct walk *walk, const struct mxs_spf_node *node,
                     const struct mxs_spf_link *link)
{
    if (mxs_lookup_is_absent(link->answers[MXS_SPF_IPV4]->lookup) &&
        mxs_lookup_is_absent(link->answers[MXS_SPF_IPV6]->lookup))
        find(walk, MXS_FINDING_SPF_A_TERM_WITHOUT_ADDRESS, link->targets[0], node, link);
}

static bool is_null_mx(const struct mxs_answer *mx)
{
    for (unsigned i = 0; i < mx->count; i++)
        if (!mxs_name_is_root(mx->records[i].name))
            return false;
    return true;
}

static void report_mx(struct walk *walk, const struct mxs_spf_node *node,
                      const struct mxs_spf_link *link)
{
    const struct mxs_answer *mx = link->answers[MXS_SPF_IPV4];

    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++)
        for (unsigned i = 0; link->hosts[family] != NULL && i < link->answers[family]->count; i++)
            need(walk, link->hosts[family][i]);
    if (!mxs_lookup_is_definite(mx->lookup))
        return;
    if (mx->count > MXS_SPF_EXCHANGES_MAX) {
        find(walk, MXS_FINDING_SPF_MX_TOO_MANY_NAMES, link->targets[0], node, link);
        mxs_findings_add_number(findings_of(walk), "count", mx->count);
    }
    if (is_null_mx(mx))
        find(walk, MXS_FINDING_SPF_MX_TERM_WITHOUT_MX, link->targets[0], node, link);
}

/* ---- other records */

/* Why the record is permerror by itself, whatever its caller has spent; NULL when it is not. */
static const char *permerror_reason(const struct mxs_spf_node *child)
{
    const struct mxs_spf_summary *summary = child->summary;

    if (child->source->state == MXS_STATE_MULTIPLE || child->source->state == MXS_STATE_INVALID)
        return mxs_spf_source_reason(child->source);
    if (summary == NULL)
        return NULL;
    if (summary->lookups > MXS_SPF_LOOKUPS_MAX)
        return "too_many_lookups";
    if (summary->sides[MXS_SPF_IPV4].voids > MXS_SPF_VOIDS_MAX &&
        summary->sides[MXS_SPF_IPV6].voids > MXS_SPF_VOIDS_MAX)
        return "too_many_voids";
    return NULL;
}

/* Row 43: everybody of a family passes, and surely so. */
static bool passes_everybody(const struct walk *walk, const struct mxs_spf_node *child)
{
    for (unsigned family = 0; family < MXS_SPF_FAMILIES && child->summary != NULL; family++) {
        struct mxs_address_set passed =
            mxs_spf_side_set(walk->tree, &child->summary->sides[family], MXS_SPF_RESULT_PASS,
                             MXS_SPF_MAYBE | MXS_SPF_UNSURE, false);
        struct mxs_address_set all =
            mxs_address_set_all(walk->tree->arena, family == MXS_SPF_IPV4 ? 4 : 6);
        all = mxs_address_set_subtract(walk->tree->arena, &all, &passed);
        if (mxs_address_set_is_empty(&all))
            return true;
    }
    return false;
}

static void report_record(struct walk *walk, const struct mxs_spf_node *node,
                          const struct mxs_spf_link *link, const struct mxs_spf_node *child)
{
    bool include = link->term->kind == MXS_SPF_INCLUDE;
    enum mxs_lookup lookup = child->source->answer->lookup;
    const char *reason = permerror_reason(child);

    if (child->source->state == MXS_STATE_NONE)
        find(walk, include ? MXS_FINDING_SPF_INCLUDE_NONE : MXS_FINDING_SPF_REDIRECT_NONE,
             child->name, node, link);
    if (include && (lookup == MXS_LOOKUP_TEMP || lookup == MXS_LOOKUP_BOGUS))
        find(walk, MXS_FINDING_SPF_INCLUDE_TEMPERROR, child->name, node, link);
    if (child->on_path) {
        find(walk, MXS_FINDING_SPF_LOOP, child->name, node, link);
        return;
    }
    if (reason != NULL) {
        find(walk, MXS_FINDING_SPF_INCLUDE_PERMERROR, child->name, node, link);
        mxs_findings_add_text(findings_of(walk), "reason", mxs_slice_of(reason));
    }
    if (include && link->term->qualifier == MXS_SPF_PASS && passes_everybody(walk, child))
        find(walk, MXS_FINDING_SPF_INCLUDE_OPEN, child->name, node, link);
}

/* ---- the walk */

static void report_dynamic(const struct walk *walk, const struct mxs_spf_node *node,
                           const struct mxs_spf_link *link)
{
    if (link->term->kind == MXS_SPF_INCLUDE || link->term->kind == MXS_SPF_REDIRECT)
        find(walk, MXS_FINDING_SPF_DYNAMIC_INCLUDE, node->name, node, link);
}

/* Of the domain's own terms; those whose text alone shows it have been found already. */
static void report_unqueryable(const struct walk *walk, const struct mxs_spf_node *node,
                               const struct mxs_spf_link *link)
{
    if (link->term->kind == MXS_SPF_REDIRECT)
        find(walk, MXS_FINDING_SPF_REDIRECT_NONE, node->name, node, link);
    if (node == walk->tree->nodes[0] &&
        !mxs_findings_has(findings_of(walk), MXS_FINDING_SPF_UNQUERYABLE_NAME))
        find(walk, MXS_FINDING_SPF_UNQUERYABLE_NAME, node->name, node, link);
}

static bool has_targets(const struct mxs_spf_link *link)
{
    return link->targets[MXS_SPF_IPV4].wire != NULL && link->targets[MXS_SPF_IPV6].wire != NULL;
}

static void report_link(struct walk *walk, const struct mxs_spf_node *node,
                        const struct mxs_spf_link *link)
{
    if (link->dynamic) {
        report_dynamic(walk, node, link);
        return;
    }
    if (!has_targets(link)) {
        report_unqueryable(walk, node, link);
        return;
    }
    report_void(walk, node, link);
    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        const struct mxs_spf_node *child = link->children[family];
        bool again = family > 0 && link->children[family - 1] == child;
        const struct mxs_answer *answer =
            child != NULL ? child->source->answer : link->answers[family];
        need(walk, answer);
        if (child != NULL && !again)
            report_record(walk, node, link, child);
        if (link->term->kind != MXS_SPF_EXISTS &&
            (family == 0 || mxs_spf_dead_name(link->answers[0]).wire == NULL) && !again)
            report_takeover(walk, answer, node, link);
    }
    if (link->term->kind == MXS_SPF_A)
        report_a(walk, node, link);
    if (link->term->kind == MXS_SPF_MX)
        report_mx(walk, node, link);
}

static void visit(struct walk *walk, struct mxs_spf_node *node, mxs_slice via, unsigned depth);

/* An include or redirect is followed on every visit, and reported on the first. */
static void follow(struct walk *walk, const struct mxs_spf_link *link, unsigned depth)
{
    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        struct mxs_spf_node *child = link->children[family];
        bool again = family > 0 && link->children[0] == child;
        if (child != NULL && !again && !child->on_path)
            visit(walk, child, shown(link->term->text), depth + 1);
    }
}

static void count_link(struct walk *walk, const struct mxs_spf_link *link)
{
    walk->lookups += mxs_spf_lookup_cost(link->term);
    if (walk->lookups > MXS_SPF_LOOKUPS_MAX && walk->first_over.ptr == NULL)
        walk->first_over = shown(link->term->text);
}

static void visit(struct walk *walk, struct mxs_spf_node *node, mxs_slice via, unsigned depth)
{
    const struct mxs_spf_record *record = node->source->record;
    bool first = !node->reported;

    if (walk->visit_count > MXS_SPF_EXPANDED_MAX || walk->visits == NULL)
        return;
    walk->visits[walk->visit_count++] = (struct mxs_spf_visit){
        .name = node->name,
        .via = via,
        .depth = depth,
        .record = first && record != NULL ? record->text : (mxs_slice){NULL, 0},
        .lookups = node->summary != NULL ? node->summary->lookups : 0,
        .state = node->source->state,
    };
    node->reported = node->on_path = true;
    if (record != NULL && record->over_limit)
        need(walk, &(struct mxs_answer){.lookup = MXS_LOOKUP_LIMIT});
    for (unsigned i = 0; i < node->link_count && walk->lookups < MXS_SPF_EXPANDED_MAX; i++) {
        count_link(walk, &node->links[i]);
        if (first)
            report_link(walk, node, &node->links[i]);
        follow(walk, &node->links[i], depth);
    }
    node->on_path = false;
}

/* Rows 29 and 30. Less than all is known when a question failed, so only "too many" is sure. */
static void report_lookups(const struct walk *walk)
{
    unsigned lookups = walk->tree->nodes[0]->summary->lookups;
    enum mxs_finding_id id = MXS_FINDING_SPF_LOOKUPS_NEAR_LIMIT;

    if (lookups > MXS_SPF_LOOKUPS_MAX)
        id = MXS_FINDING_SPF_TOO_MANY_LOOKUPS;
    else if (lookups < NEAR_LIMIT || walk->failed)
        return;
    mxs_evaluation_find(walk->evaluation, id, walk->evaluation->posture->domain);
    mxs_findings_add_number(findings_of(walk), "count", lookups);
    if (lookups > MXS_SPF_LOOKUPS_MAX)
        mxs_findings_add_text(findings_of(walk), "first_term_over", walk->first_over);
}

/* Rows 31 and 32. */
static void report_voids(const struct walk *walk)
{
    const struct mxs_spf_side *sides = walk->tree->nodes[0]->summary->sides;
    unsigned over = 0;
    bool risk = false;

    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        over += sides[family].voids > MXS_SPF_VOIDS_MAX;
        risk = risk || sides[family].void_queries > MXS_SPF_VOIDS_MAX;
    }
    if (over == MXS_SPF_FAMILIES)
        mxs_evaluation_find(walk->evaluation, MXS_FINDING_SPF_TOO_MANY_VOIDS,
                            walk->evaluation->posture->domain);
    else if (risk && !walk->failed)
        mxs_evaluation_find(walk->evaluation, MXS_FINDING_SPF_VOID_LIMIT_RISK,
                            walk->evaluation->posture->domain);
    else
        return;
    mxs_findings_add_number(findings_of(walk), "ipv4", sides[MXS_SPF_IPV4].voids);
    mxs_findings_add_number(findings_of(walk), "ipv6", sides[MXS_SPF_IPV6].voids);
    mxs_findings_add_number(findings_of(walk), "ipv4_by_question",
                            sides[MXS_SPF_IPV4].void_queries);
    mxs_findings_add_number(findings_of(walk), "ipv6_by_question",
                            sides[MXS_SPF_IPV6].void_queries);
}

bool mxs_spf_report(struct mxs_evaluation *evaluation, struct mxs_spf_tree *tree)
{
    struct walk walk = {.evaluation = evaluation, .tree = tree};

    walk.visits = mxs_arena_array(evaluation->arena, MXS_SPF_EXPANDED_MAX + 1, sizeof *walk.visits);
    visit(&walk, tree->nodes[0], (mxs_slice){NULL, 0}, 0);
    report_lookups(&walk);
    report_voids(&walk);
    evaluation->posture->spf_facts.tree = walk.visits;
    evaluation->posture->spf_facts.tree_count = walk.visit_count;
    return walk.failed;
}
