/*
 * SPF, RFC 7208: the record that applies, what it says of itself, what it leads to and whom it lets
 * pass. Rules section 6.
 */
#include <mxsweep/spf_shape.h>

#include "posture/evaluation.h"
#include "posture/spf_own_mx.h"
#include "posture/spf_report.h"
#include "posture/spf_tree.h"

enum {
    ADVISED_TEXT = 450,           /* octets of name and texts, RFC 7208 section 3.4 */
    USUAL_UDP = 1232,             /* octets of a reply that EDNS carries everywhere */
    DIRECT_LARGE = 65536,         /* addresses, rules section 6.c row 47 */
    TOTAL_LARGE = 100000,         /* row 48 */
    TOTAL_HUGE = 1 << 22,         /* row 48 */
    MESSAGE_OCTETS = 12 + 4 + 11, /* header, type and class of the question, OPT */
    RECORD_OCTETS = 12,           /* pointer to the name, type, class, TTL, length */
};

static const char *const validity_texts[] = {
    [MXS_SPF_VALIDITY_UNKNOWN] = "temperror",
    [MXS_SPF_VALIDITY_NONE] = "none",
    [MXS_SPF_VALIDITY_VALID] = "valid",
    [MXS_SPF_VALIDITY_PERMERROR] = "permerror",
};

static const char *const own_mx_texts[] = {
    [MXS_OWN_MX_NOT_APPLICABLE] = NULL, [MXS_OWN_MX_UNKNOWN] = "unknown",
    [MXS_OWN_MX_ALL] = "all",           [MXS_OWN_MX_SOME] = "some",
    [MXS_OWN_MX_NONE] = "none",         [MXS_OWN_MX_ERROR] = "error",
};

const char *mxs_spf_validity_text(enum mxs_spf_validity validity)
{
    return validity_texts[validity];
}

const char *mxs_own_mx_text(enum mxs_own_mx own_mx)
{
    return own_mx_texts[own_mx];
}

/* Section 4.3: a domain of a single label has no policy, whatever it publishes. */
static bool is_never_spf(mxs_slice text)
{
    (void)text;
    return false;
}

static void find(struct mxs_evaluation *evaluation, enum mxs_finding_id id)
{
    mxs_evaluation_find(evaluation, id, evaluation->posture->domain);
}

/* ---- the texts at the domain: rows 4, 5, 7 and 8 */

static void find_near_misses(struct mxs_evaluation *evaluation, const struct mxs_answer *answer)
{
    struct mxs_posture *posture = evaluation->posture;
    bool near_miss = false, sender_id = false;

    for (unsigned i = 0; i < answer->count; i++) {
        mxs_slice text = answer->records[i].text;
        if (!near_miss && mxs_spf_is_near_miss(text)) {
            near_miss = true;
            mxs_evaluation_find_either(evaluation, MXS_FINDING_SPF_NEAR_MISS, posture->domain,
                                       posture->spf.record_count > 0);
            mxs_findings_add_text(&posture->findings, "text",
                                  (mxs_slice){text.ptr, text.len < 512 ? text.len : 512});
        }
        if (!sender_id && mxs_slice_starts_with_nocase(text, MXS_SLICE("spf2.0/"))) {
            sender_id = true;
            find(evaluation, MXS_FINDING_SPF_SENDER_ID_RECORD);
        }
    }
}

static void find_size(struct mxs_evaluation *evaluation, const struct mxs_answer *answer)
{
    size_t text = answer->name.len, message = MESSAGE_OCTETS + answer->name.len;

    for (unsigned i = 0; i < answer->count; i++) {
        text += answer->records[i].text.len;
        message += RECORD_OCTETS + answer->records[i].rdata.len;
    }
    if (message > USUAL_UDP)
        find(evaluation, MXS_FINDING_SPF_RESPONSE_OVER_1232);
    else if (text > ADVISED_TEXT)
        find(evaluation, MXS_FINDING_SPF_RESPONSE_OVER_450);
    else
        return;
    mxs_findings_add_number(&evaluation->posture->findings, "octets",
                            message > USUAL_UDP ? message : text);
}

static void judge_texts(struct mxs_evaluation *evaluation, const struct mxs_answer *answer)
{
    const struct mxs_selection *spf = &evaluation->posture->spf;

    find_near_misses(evaluation, answer);
    if (spf->record_count == 0)
        return;
    find_size(evaluation, answer);
    if (answer->alias.wire != NULL)
        find(evaluation, MXS_FINDING_SPF_OWNER_IS_ALIAS);
}

/* ---- no record: rows 2 and 6 */

static bool holds_record(const struct mxs_answer *answer)
{
    for (unsigned i = 0; i < answer->count; i++)
        if (mxs_spf_is_record(answer->records[i].text))
            return true;
    return false;
}

/* `_dmarc.D` is asked for anyway; `_spf.D` only where mail arrives and a record is expected. */
static void find_misplaced(struct mxs_evaluation *evaluation)
{
    static const char *const labels[] = {"_dmarc", "_spf"};
    bool mail = evaluation->posture->receives == MXS_RECEIVES_MX;

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct mxs_name name;
        if ((i > 0 && !mail) || mxs_name_prepend(evaluation->arena, mxs_slice_of(labels[i]),
                                                 evaluation->posture->domain, &name) != MXS_NAME_OK)
            continue;
        if (holds_record(mxs_evaluation_ask(evaluation, name, MXS_TYPE_TXT)))
            mxs_evaluation_find(evaluation, MXS_FINDING_SPF_RECORD_AT_WRONG_PLACE, name);
    }
}

/* Absence is an error for a domain that receives mail; whether it sends is not judged yet. */
static void evaluate_none(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    bool mail = posture->receives == MXS_RECEIVES_MX;

    mxs_evaluation_find_either(evaluation, MXS_FINDING_SPF_MISSING, posture->domain, !mail);
    if (posture->domain.labels >= 2)
        find_misplaced(evaluation);
    posture->spf_facts.stance = MXS_SPF_STANCE_ABSENT;
    posture->spf_facts.validity = MXS_SPF_VALIDITY_NONE;
}

/* ---- the record: facts of all addresses, rules sections 16.1 and 18.1 */

/* What passes in each family: surely, as far as is known, and by the domain's own terms. */
struct passing {
    struct mxs_address_set sure[MXS_SPF_FAMILIES], known[MXS_SPF_FAMILIES];
    struct mxs_address_set direct, sure_direct; /* IPv4 */
    bool maybe;                                 /* a term that depends on the message may pass */
    bool unsure;                                /* a question failed before somebody's result */
    bool over_limit;                            /* sets became too large to say */
    bool permerror;                             /* surely everybody's result */
};

static bool is_everything(struct mxs_spf_tree *tree, const struct mxs_address_set *set)
{
    struct mxs_address_set all = mxs_address_set_all(tree->arena, set->family);

    all = mxs_address_set_subtract(tree->arena, &all, set);
    return mxs_address_set_is_empty(&all);
}

static void note_doubts(const struct mxs_spf_side *side, struct passing *passing)
{
    for (unsigned i = 0; i < side->class_count; i++) {
        const struct mxs_spf_class *class = &side->classes[i];
        if ((class->part.doubt & MXS_SPF_UNSURE) != 0)
            passing->unsure = true;
        if ((class->part.doubt & MXS_SPF_MAYBE) != 0 && class->result == MXS_SPF_RESULT_PASS)
            passing->maybe = true;
        if (class->part.set.over_limit)
            passing->over_limit = passing->unsure = true;
    }
}

static struct passing passing_of(struct mxs_spf_tree *tree)
{
    const unsigned doubts = MXS_SPF_MAYBE | MXS_SPF_UNSURE;
    const struct mxs_spf_side *sides = tree->nodes[0]->summary->sides;
    struct passing passing = {.permerror = true};

    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++) {
        const struct mxs_spf_side *side = &sides[family];
        struct mxs_address_set errors =
            mxs_spf_side_set(tree, side, MXS_SPF_RESULT_PERMERROR, doubts, false);
        passing.sure[family] = mxs_spf_side_set(tree, side, MXS_SPF_RESULT_PASS, doubts, false);
        passing.known[family] =
            mxs_spf_side_set(tree, side, MXS_SPF_RESULT_PASS, MXS_SPF_MAYBE, false);
        passing.permerror = passing.permerror && is_everything(tree, &errors);
        note_doubts(side, &passing);
    }
    passing.sure_direct =
        mxs_spf_side_set(tree, &sides[MXS_SPF_IPV4], MXS_SPF_RESULT_PASS, doubts, true);
    passing.direct =
        mxs_spf_side_set(tree, &sides[MXS_SPF_IPV4], MXS_SPF_RESULT_PASS, MXS_SPF_MAYBE, true);
    return passing;
}

/* Row 49: half of all IPv4 addresses, or half of 2000::/3. */
static bool is_open(struct mxs_spf_tree *tree, const struct passing *passing)
{
    static const struct mxs_address global = {.octets = {0x20}, .len = 16};
    struct mxs_address_set unicast = mxs_address_set_block(tree->arena, &global, 3);

    unicast = mxs_address_set_intersect(tree->arena, &unicast, &passing->sure[MXS_SPF_IPV6]);
    return mxs_address_set_count_ipv4(&passing->sure[MXS_SPF_IPV4]) >= UINT64_C(1) << 31 ||
           mxs_address_set_count_64s(&unicast) >= UINT64_C(1) << 60;
}

/* Results from the strictest to the weakest. */
static unsigned weakness(enum mxs_spf_code code)
{
    static const unsigned order[] = {
        [MXS_SPF_RESULT_FAIL] = 0, [MXS_SPF_RESULT_SOFTFAIL] = 1,  [MXS_SPF_RESULT_NEUTRAL] = 2,
        [MXS_SPF_RESULT_NONE] = 3, [MXS_SPF_RESULT_PERMERROR] = 4, [MXS_SPF_RESULT_TEMPERROR] = 5,
        [MXS_SPF_RESULT_PASS] = 6,
    };

    return order[code];
}

static void conclude_unlisted(const struct mxs_spf_tree *tree, struct mxs_spf *facts)
{
    const struct mxs_spf_side *sides = tree->nodes[0]->summary->sides;
    const struct mxs_spf_class *ipv4 = &sides[MXS_SPF_IPV4].unlisted;
    const struct mxs_spf_class *ipv6 = &sides[MXS_SPF_IPV6].unlisted;

    facts->unlisted = weakness(ipv4->result) < weakness(ipv6->result) ? ipv6->result : ipv4->result;
    facts->unlisted_known = facts->unlisted != MXS_SPF_RESULT_TEMPERROR &&
                            ((ipv4->part.doubt | ipv6->part.doubt) & MXS_SPF_UNSURE) == 0;
}

static enum mxs_spf_stance conclude_stance(const struct mxs_spf *facts,
                                           const struct passing *passing, bool open)
{
    bool passes = !mxs_address_set_is_empty(&passing->sure[MXS_SPF_IPV4]) ||
                  !mxs_address_set_is_empty(&passing->sure[MXS_SPF_IPV6]);

    if (facts->validity == MXS_SPF_VALIDITY_PERMERROR)
        return MXS_SPF_STANCE_INVALID;
    if (open)
        return MXS_SPF_STANCE_OPEN;
    if (passing->over_limit)
        return MXS_SPF_STANCE_UNKNOWN;
    if (passes || (passing->maybe && !passing->unsure))
        return MXS_SPF_STANCE_AUTHORISES;
    if (passing->unsure || !facts->unlisted_known)
        return MXS_SPF_STANCE_UNKNOWN;
    switch (facts->unlisted) {
    case MXS_SPF_RESULT_FAIL:
    case MXS_SPF_RESULT_SOFTFAIL:
        return MXS_SPF_STANCE_EMPTY;
    case MXS_SPF_RESULT_NEUTRAL:
        return MXS_SPF_STANCE_NEUTRAL;
    case MXS_SPF_RESULT_PERMERROR: /* one family's; nobody passes in either */
        return MXS_SPF_STANCE_INVALID;
    case MXS_SPF_RESULT_NONE:
    case MXS_SPF_RESULT_PASS:
    case MXS_SPF_RESULT_TEMPERROR:
        break;
    }
    return MXS_SPF_STANCE_UNKNOWN;
}

/* Rows 47 to 49, and 9: of what is sure. */
static void find_breadth(struct mxs_evaluation *evaluation, const struct passing *passing,
                         bool open)
{
    struct mxs_posture *posture = evaluation->posture;
    uint64_t total = mxs_address_set_count_ipv4(&passing->sure[MXS_SPF_IPV4]);
    uint64_t direct = mxs_address_set_count_ipv4(&passing->sure_direct);

    if (open)
        find(evaluation, MXS_FINDING_SPF_EFFECTIVELY_OPEN);
    if (total > TOTAL_LARGE) {
        mxs_evaluation_find_either(evaluation, MXS_FINDING_SPF_TOTAL_V4_LARGE, posture->domain,
                                   total <= TOTAL_HUGE);
        mxs_findings_add_number(&posture->findings, "addresses", total);
    }
    if (direct > DIRECT_LARGE) {
        find(evaluation, MXS_FINDING_SPF_DIRECT_V4_LARGE);
        mxs_findings_add_number(&posture->findings, "addresses", direct);
    }
    if (posture->spf_facts.stance == MXS_SPF_STANCE_EMPTY && !posture->spf_facts.partial &&
        posture->spf_facts.unlisted == MXS_SPF_RESULT_FAIL)
        find(evaluation, MXS_FINDING_SPF_NONSENDING);
}

/* No question failed: a bound of ours was reached. Unknown, rules section 17.4. */
static void note_limit(struct mxs_evaluation *evaluation)
{
    const struct mxs_answer limit = {.lookup = MXS_LOOKUP_LIMIT};

    (void)mxs_evaluation_need(evaluation, MXS_AREA_SPF, &limit);
    find(evaluation, MXS_FINDING_SPF_TEMPERROR);
}

static void conclude(struct mxs_evaluation *evaluation, struct mxs_spf_tree *tree, bool failed)
{
    struct mxs_spf *facts = &evaluation->posture->spf_facts;
    const struct mxs_spf_summary *summary = tree->nodes[0]->summary;
    struct passing passing = passing_of(tree);
    bool open = is_open(tree, &passing);

    facts->lookups = summary->lookups;
    facts->partial = failed || passing.unsure;
    for (unsigned family = 0; family < MXS_SPF_FAMILIES; family++)
        facts->voids[family] = summary->sides[family].voids;
    facts->ipv4_addresses = mxs_address_set_count_ipv4(&passing.known[MXS_SPF_IPV4]);
    facts->ipv6_64s = mxs_address_set_count_64s(&passing.known[MXS_SPF_IPV6]);
    facts->direct_ipv4 = mxs_address_set_count_ipv4(&passing.direct);
    for (unsigned i = 0; i < tree->node_count; i++)
        for (unsigned k = 0; k < tree->nodes[i]->link_count; k++)
            facts->dynamic = facts->dynamic || tree->nodes[i]->links[k].dynamic;
    conclude_unlisted(tree, facts);
    if (passing.permerror)
        facts->validity = MXS_SPF_VALIDITY_PERMERROR;
    else
        facts->validity = passing.unsure ? MXS_SPF_VALIDITY_UNKNOWN : MXS_SPF_VALIDITY_VALID;
    facts->stance = conclude_stance(facts, &passing, open);
    if (passing.unsure && !evaluation->posture->failures[MXS_AREA_SPF].failed)
        note_limit(evaluation);
    find_breadth(evaluation, &passing, open);
}

/* One record applies: what it says by itself, then what it leads to. */
static void evaluate_record(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    struct mxs_spf_tree *tree = mxs_arena_alloc(evaluation->arena, sizeof *tree);
    const struct mxs_spf_source *source;
    bool failed;

    if (tree == NULL)
        return;
    mxs_spf_tree_init(tree, evaluation->arena, evaluation->answers);
    if (!mxs_spf_tree_gather(tree, posture->domain) || !mxs_spf_tree_climb(tree))
        return;
    source = tree->nodes[0]->source;
    if (source->record == NULL)
        return;
    if (source->state == MXS_STATE_INVALID)
        posture->spf.state = MXS_STATE_INVALID;
    mxs_spf_judge_syntax(source->record, posture->domain, &posture->findings);
    mxs_spf_judge_record(source->record, posture->domain, &posture->findings);
    mxs_spf_summarise(tree, tree->nodes[0]);
    if (evaluation->arena->failed)
        return;
    failed = mxs_spf_report(evaluation, tree);
    conclude(evaluation, tree, failed);
    mxs_spf_evaluate_own_mx(evaluation, tree);
}

/* Of a record over the bounds nothing is known but that it is there. */
static enum mxs_grade grade(const struct mxs_evaluation *evaluation)
{
    const struct mxs_posture *posture = evaluation->posture;

    if (posture->receives == MXS_RECEIVES_NONEXISTENT)
        return MXS_GRADE_NOT_APPLICABLE;
    if (posture->spf.state == MXS_STATE_NONE && posture->receives == MXS_RECEIVES_UNKNOWN)
        return MXS_GRADE_UNKNOWN; /* how bad absence is depends on what is not known */
    return mxs_evaluation_grade(evaluation, MXS_AREA_SPF);
}

void mxs_evaluate_spf(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    struct mxs_selection *spf = &posture->spf;
    const struct mxs_answer *answer = mxs_evaluation_ask(evaluation, posture->domain, MXS_TYPE_TXT);

    mxs_evaluate_selection(evaluation, MXS_AREA_SPF, posture->domain,
                           posture->domain.labels < 2 ? is_never_spf : mxs_spf_is_record, spf);
    judge_texts(evaluation, answer);
    switch (spf->state) {
    case MXS_STATE_NONE:
        evaluate_none(evaluation);
        break;
    case MXS_STATE_MULTIPLE:
        find(evaluation, MXS_FINDING_SPF_MULTIPLE_RECORDS);
        mxs_findings_add_number(&posture->findings, "count", spf->record_count);
        posture->spf_facts.stance = MXS_SPF_STANCE_INVALID;
        posture->spf_facts.validity = MXS_SPF_VALIDITY_PERMERROR;
        posture->spf_facts.unlisted = MXS_SPF_RESULT_PERMERROR;
        posture->spf_facts.unlisted_known = true;
        break;
    case MXS_STATE_UNKNOWN:
        find(evaluation, MXS_FINDING_SPF_TEMPERROR);
        break;
    case MXS_STATE_FOUND:
    case MXS_STATE_INVALID:
        evaluate_record(evaluation);
        break;
    }
    posture->grades[MXS_AREA_SPF] = grade(evaluation);
}
