/*
 * MX: who receives the domain's mail. RFC 5321 section 5.1, RFC 7505; rules section 4.
 */
#include "posture/evaluation.h"

#include "posture/hosts.h"

enum {
    TARGETS_MAX = 20,  /* targets that are asked about, rules section 17.4 */
    TARGETS_MANY = 10, /* more break an SPF mx term, RFC 7208 section 4.6.4 */
};

/* What the targets amount to. */
struct tally {
    unsigned targets; /* distinct ones, the root left out */
    unsigned usable, unknown;
    unsigned not_asked; /* beyond TARGETS_MAX */
    bool root;
};

static void find(struct mxs_evaluation *evaluation, enum mxs_finding_id id, struct mxs_name name)
{
    mxs_evaluation_find(evaluation, id, name);
}

static bool is_repeated(const struct mxs_answer *answer, unsigned at)
{
    for (unsigned i = 0; i < at; i++)
        if (mxs_name_equal(answer->records[i].name, answer->records[at].name))
            return true;
    return false;
}

static void evaluate_host_target(struct mxs_evaluation *evaluation, struct mxs_name target,
                                 struct tally *tally)
{
    struct mxs_mx *mx = &evaluation->posture->mx;
    struct mxs_area_failure *failure = &evaluation->posture->failures[MXS_AREA_MX];
    struct mxs_host *host;

    if (mx->host_count == TARGETS_MAX) {
        tally->not_asked++;
        if (!failure->failed) /* our cap: unknown, rules section 17.4 */
            *failure = (struct mxs_area_failure){.failed = true, .lookup = MXS_LOOKUP_LIMIT};
        return;
    }
    host = &mx->hosts[mx->host_count++];
    mxs_evaluate_host(evaluation, target, host);
    mxs_judge_target(evaluation, host);
    tally->usable += host->usable == MXS_YES;
    tally->unknown += host->usable == MXS_UNKNOWN;
}

static void evaluate_target(struct mxs_evaluation *evaluation, struct mxs_name target,
                            struct tally *tally)
{
    enum mxs_target_form form = mxs_target_form(evaluation, target);

    tally->targets += form != MXS_TARGET_ROOT;
    switch (form) {
    case MXS_TARGET_ROOT:
        tally->root = true;
        break;
    case MXS_TARGET_IP_LITERAL:
        find(evaluation, MXS_FINDING_MX_TARGET_IS_IP_LITERAL, target);
        break;
    case MXS_TARGET_SPECIAL_USE:
        find(evaluation, MXS_FINDING_MX_TARGET_SPECIAL_USE, target);
        break;
    case MXS_TARGET_HOST:
        evaluate_host_target(evaluation, target, tally);
        break;
    }
}

/* The classes of rules section 4.b for a non-empty RRset. */
static enum mxs_receives conclude_receives(const struct tally *tally,
                                           const struct mxs_answer *answer)
{
    uint16_t first = answer->records[0].preference;
    uint16_t last = answer->records[answer->count - 1U].preference;

    if (tally->root && tally->targets == 0 && first == last) /* one record, RFC 7505 section 3 */
        return MXS_RECEIVES_NULL;
    if (tally->usable > 0)
        return MXS_RECEIVES_MX;
    return tally->unknown + tally->not_asked > 0 ? MXS_RECEIVES_UNKNOWN : MXS_RECEIVES_BROKEN;
}

static void judge_null(struct mxs_evaluation *evaluation, const struct tally *tally)
{
    struct mxs_posture *posture = evaluation->posture;

    if (posture->receives == MXS_RECEIVES_NULL) {
        find(evaluation, MXS_FINDING_MX_NULL, posture->domain);
        if (posture->mx.answer->records[0].preference != 0)
            find(evaluation, MXS_FINDING_MX_NULL_NONZERO_PREFERENCE, posture->domain);
    } else if (tally->root) {
        find(evaluation, MXS_FINDING_MX_NULL_NOT_ALONE, posture->domain);
    }
}

/* Facts about the set as it is written: order, repetition, size. */
static void judge_set(struct mxs_evaluation *evaluation, const struct tally *tally)
{
    const struct mxs_answer *answer = evaluation->posture->mx.answer;
    struct mxs_name domain = evaluation->posture->domain;
    bool shared_preference = false;

    for (unsigned i = 1; i < answer->count; i++) {
        if (is_repeated(answer, i))
            find(evaluation, MXS_FINDING_MX_DUPLICATE_TARGET, answer->records[i].name);
        else if (answer->records[i].preference == answer->records[0].preference)
            shared_preference = true;
    }
    if (shared_preference)
        find(evaluation, MXS_FINDING_MX_PREFERENCE_EQUAL, domain);
    if (tally->targets > TARGETS_MANY) {
        find(evaluation, MXS_FINDING_MX_TOO_MANY_TARGETS, domain);
        mxs_findings_add_number(&evaluation->posture->findings, "count", tally->targets);
    }
}

static bool families_definite(const struct mxs_host *host)
{
    return mxs_lookup_is_definite(host->a->lookup) && mxs_lookup_is_definite(host->aaaa->lookup);
}

/* What is known of one family over all targets that may be usable. */
struct family {
    unsigned addresses;
    bool definite; /* no question about it failed */
};

static void note_family(struct family *family, const struct mxs_answer *answer)
{
    family->addresses += mxs_count_global(answer);
    family->definite = family->definite && mxs_lookup_is_definite(answer->lookup);
}

/*
 * Which families reach the usable targets; claimed only when no question about the other one
 * failed. Where IPv6 alone was seen and IPv4 failed, the warning stays open, and so does the grade.
 */
static void judge_families(struct mxs_evaluation *evaluation)
{
    const struct mxs_mx *mx = &evaluation->posture->mx;
    struct family ipv4 = {.definite = true}, ipv6 = {.definite = true};

    for (unsigned i = 0; i < mx->host_count; i++) {
        if (mx->hosts[i].usable == MXS_NO)
            continue;
        note_family(&ipv4, mx->hosts[i].a);
        note_family(&ipv6, mx->hosts[i].aaaa);
    }
    if (ipv6.addresses == 0 && ipv6.definite)
        find(evaluation, MXS_FINDING_MX_IPV4_ONLY, evaluation->posture->domain);
    if (ipv4.addresses == 0 && ipv4.definite)
        find(evaluation, MXS_FINDING_MX_IPV6_ONLY, evaluation->posture->domain);
    for (unsigned i = 0; i < mx->host_count && ipv4.addresses == 0; i++)
        (void)mxs_evaluation_need(evaluation, MXS_AREA_MX, mx->hosts[i].a);
}

static bool same_addresses(const struct mxs_answer *a, const struct mxs_answer *b)
{
    if (a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (mxs_address_compare(&a->records[i].address, &b->records[i].address) != 0)
            return false;
    return true;
}

/* Redundancy: a lone target with a lone address, or two names for the same machines. */
static void judge_redundancy(struct mxs_evaluation *evaluation, const struct tally *tally)
{
    const struct mxs_mx *mx = &evaluation->posture->mx;
    const struct mxs_host *first = mx->hosts;

    if (tally->targets == 1 && families_definite(first) && first->a->count <= 1 &&
        first->aaaa->count <= 1)
        find(evaluation, MXS_FINDING_MX_SINGLE_TARGET, first->name);
    for (unsigned i = 0; i < mx->host_count; i++)
        for (unsigned k = 0; k < i; k++) {
            const struct mxs_host *a = &mx->hosts[k], *b = &mx->hosts[i];
            if (b->usable != MXS_YES || !families_definite(a) || !families_definite(b) ||
                !same_addresses(a->a, b->a) || !same_addresses(a->aaaa, b->aaaa))
                continue;
            find(evaluation, MXS_FINDING_MX_TARGETS_SHARE_ADDRESS, b->name);
            break;
        }
}

static void evaluate_targets(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    const struct mxs_answer *answer = posture->mx.answer;
    struct tally tally = {0};

    posture->mx.hosts = mxs_arena_array(evaluation->arena, TARGETS_MAX, sizeof *posture->mx.hosts);
    if (posture->mx.hosts == NULL)
        return;
    for (unsigned i = 0; i < answer->count; i++)
        if (!is_repeated(answer, i))
            evaluate_target(evaluation, answer->records[i].name, &tally);
    posture->receives = conclude_receives(&tally, answer);
    judge_null(evaluation, &tally);
    judge_set(evaluation, &tally);
    if (posture->receives == MXS_RECEIVES_BROKEN)
        find(evaluation, MXS_FINDING_MX_NO_USABLE_TARGET, posture->domain);
    if (posture->receives == MXS_RECEIVES_MX) {
        judge_redundancy(evaluation, &tally);
        if (tally.not_asked == 0)
            judge_families(evaluation);
    }
}

/* No MX: the domain's own addresses count, RFC 5321 section 5.1. */
static void evaluate_implicit(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    struct mxs_host *host = mxs_arena_alloc(evaluation->arena, sizeof *host);

    if (host == NULL)
        return;
    posture->mx.hosts = host;
    posture->mx.host_count = 1;
    mxs_evaluate_host(evaluation, posture->domain, host);
    mxs_judge_implicit_host(evaluation, host);
    switch (host->usable) {
    case MXS_YES:
        posture->receives = MXS_RECEIVES_IMPLICIT;
        find(evaluation, MXS_FINDING_MX_IMPLICIT, posture->domain);
        break;
    case MXS_NO:
        posture->receives = MXS_RECEIVES_NONE;
        find(evaluation, MXS_FINDING_MX_NONE, posture->domain);
        break;
    case MXS_UNKNOWN:
        posture->receives = MXS_RECEIVES_UNKNOWN;
        break;
    }
}

static void evaluate_lookup(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;

    switch (posture->mx.answer->lookup) {
    case MXS_LOOKUP_OK:
        evaluate_targets(evaluation);
        break;
    case MXS_LOOKUP_NODATA:
        evaluate_implicit(evaluation);
        break;
    case MXS_LOOKUP_NXDOMAIN:
        posture->receives = MXS_RECEIVES_NONEXISTENT;
        find(evaluation, MXS_FINDING_DOMAIN_NXDOMAIN, posture->domain);
        break;
    case MXS_LOOKUP_NXDOMAIN_TARGET:
        posture->receives = MXS_RECEIVES_NONE;
        find(evaluation, MXS_FINDING_MX_NONE, posture->domain);
        break;
    case MXS_LOOKUP_TEMP:
    case MXS_LOOKUP_LIMIT:
        find(evaluation, MXS_FINDING_MX_TEMPERROR, posture->domain);
        break;
    case MXS_LOOKUP_BOGUS:
    case MXS_LOOKUP_PENDING:
        break;
    }
}

/* Whether no mail is wanted or merely none arrives depends on the role, not judged yet. */
static enum mxs_grade grade(const struct mxs_evaluation *evaluation)
{
    switch (evaluation->posture->receives) {
    case MXS_RECEIVES_NONEXISTENT:
        return MXS_GRADE_NOT_APPLICABLE;
    case MXS_RECEIVES_NONE:
        return MXS_GRADE_LEFT_OUT;
    case MXS_RECEIVES_UNKNOWN:
    case MXS_RECEIVES_NULL:
    case MXS_RECEIVES_MX:
    case MXS_RECEIVES_BROKEN:
    case MXS_RECEIVES_IMPLICIT:
        break;
    }
    return mxs_evaluation_grade(evaluation, MXS_AREA_MX);
}

void mxs_evaluate_mx(struct mxs_evaluation *evaluation)
{
    struct mxs_posture *posture = evaluation->posture;
    struct mxs_mx *mx = &posture->mx;

    mx->answer = mxs_evaluation_ask(evaluation, posture->domain, MXS_TYPE_MX);
    (void)mxs_evaluation_need(evaluation, MXS_AREA_MX, mx->answer);
    if (mx->answer->alias.wire != NULL)
        find(evaluation, MXS_FINDING_MX_OWNER_IS_ALIAS, posture->domain);
    evaluate_lookup(evaluation);
    posture->grades[MXS_AREA_MX] = grade(evaluation);
}
