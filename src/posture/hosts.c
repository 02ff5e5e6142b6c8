#include "posture/hosts.h"

static bool is_octet_label(mxs_slice label)
{
    uint64_t octet;

    return label.len <= 3 && mxs_slice_to_number(label, UINT8_MAX, &octet);
}

/* True when the first four labels are the octets of an IPv4 address. */
static bool begins_with_ipv4(struct mxs_name name)
{
    if (name.labels < 4)
        return false;
    for (unsigned i = 0; i < 4; i++)
        if (!is_octet_label(mxs_name_label(name, i)))
            return false;
    return true;
}

/* "2001:db8::1", "[192.0.2.1]": no host name has these characters. */
static bool has_address_punctuation(struct mxs_name name)
{
    for (unsigned i = 0; i < name.labels; i++) {
        mxs_slice label = mxs_name_label(name, i);
        for (size_t k = 0; k < label.len; k++)
            if (label.ptr[k] == ':' || label.ptr[k] == '[' || label.ptr[k] == ']')
                return true;
    }
    return false;
}

/* A reserved name that the domain itself does not lie under; rules section 4.c row 18. */
static bool is_foreign_special_use(const struct mxs_evaluation *evaluation, struct mxs_name target)
{
    return !evaluation->options->special_use && mxs_name_is_special_use(target) &&
           !mxs_name_is_special_use(evaluation->posture->domain);
}

enum mxs_target_form mxs_target_form(const struct mxs_evaluation *evaluation,
                                     struct mxs_name target)
{
    if (mxs_name_is_root(target))
        return MXS_TARGET_ROOT;
    if ((target.labels == 4 && begins_with_ipv4(target)) || has_address_punctuation(target))
        return MXS_TARGET_IP_LITERAL;
    return is_foreign_special_use(evaluation, target) ? MXS_TARGET_SPECIAL_USE : MXS_TARGET_HOST;
}

unsigned mxs_count_global(const struct mxs_answer *answer)
{
    unsigned count = 0;

    for (unsigned i = 0; i < answer->count; i++)
        if (mxs_address_is_global(&answer->records[i].address))
            count++;
    return count;
}

void mxs_evaluate_host(struct mxs_evaluation *evaluation, struct mxs_name name,
                       struct mxs_host *host)
{
    host->name = name;
    host->a = mxs_evaluation_ask(evaluation, name, MXS_TYPE_A);
    host->aaaa = mxs_evaluation_ask(evaluation, name, MXS_TYPE_AAAA);
    if (mxs_count_global(host->a) + mxs_count_global(host->aaaa) > 0)
        host->usable = MXS_YES;
    else if (mxs_lookup_is_absent(host->a->lookup) || host->a->lookup == MXS_LOOKUP_OK)
        host->usable = mxs_lookup_is_definite(host->aaaa->lookup) ? MXS_NO : MXS_UNKNOWN;
    else
        host->usable = MXS_UNKNOWN;
    if (host->usable != MXS_YES) { /* with a usable address the other family is not needed */
        (void)mxs_evaluation_need(evaluation, MXS_AREA_MX, host->a);
        (void)mxs_evaluation_need(evaluation, MXS_AREA_MX, host->aaaa);
    }
}

static bool is_missing_name(const struct mxs_answer *answer)
{
    return answer->lookup == MXS_LOOKUP_NXDOMAIN || answer->lookup == MXS_LOOKUP_NXDOMAIN_TARGET;
}

static bool is_failed(const struct mxs_answer *answer)
{
    return answer->lookup != MXS_LOOKUP_PENDING && !mxs_lookup_is_definite(answer->lookup);
}

/* T = x.D.D: a final dot forgotten in the zone file. RFC 1035 section 5.1. */
static bool repeats_domain(struct mxs_name target, struct mxs_name domain)
{
    struct mxs_name outer;

    if (domain.labels == 0 || target.labels < 2 * domain.labels ||
        !mxs_name_is_at_or_below(target, domain))
        return false;
    outer = mxs_name_ancestor(target, (unsigned)(target.labels - 2 * domain.labels));
    for (unsigned i = 0; i < domain.labels; i++)
        if (!mxs_slice_equal(mxs_name_label(outer, i), mxs_name_label(domain, i)))
            return false;
    return true;
}

/* Addresses that the Internet cannot reach; rules section 4.c row 16. */
static void judge_special_addresses(struct mxs_evaluation *evaluation, const struct mxs_host *host,
                                    bool implicit)
{
    unsigned global = mxs_count_global(host->a) + mxs_count_global(host->aaaa);
    unsigned all = (unsigned)host->a->count + host->aaaa->count;
    bool proven_all = global == 0 && !is_failed(host->a) && !is_failed(host->aaaa);

    if (global < all)
        mxs_evaluation_find_either(evaluation, MXS_FINDING_MX_ADDRESS_NOT_GLOBAL, host->name,
                                   implicit || !proven_all);
}

static void judge_failures(struct mxs_evaluation *evaluation, const struct mxs_host *host)
{
    bool ok = host->a->lookup == MXS_LOOKUP_OK || host->aaaa->lookup == MXS_LOOKUP_OK;

    if (!is_failed(host->a) && !is_failed(host->aaaa))
        return;
    mxs_evaluation_find(evaluation,
                        ok ? MXS_FINDING_MX_DUAL_STACK_PARTIAL_TEMPERROR
                           : MXS_FINDING_MX_TARGET_TEMPERROR,
                        host->name);
}

/* Both families must be definite before an address is called missing. */
static void judge_absence(struct mxs_evaluation *evaluation, const struct mxs_host *host)
{
    if (!mxs_lookup_is_absent(host->a->lookup) || !mxs_lookup_is_absent(host->aaaa->lookup))
        return;
    mxs_evaluation_find(evaluation,
                        is_missing_name(host->a) || is_missing_name(host->aaaa)
                            ? MXS_FINDING_MX_TARGET_NXDOMAIN
                            : MXS_FINDING_MX_TARGET_NO_ADDRESS,
                        host->name);
    if (repeats_domain(host->name, evaluation->posture->domain))
        mxs_evaluation_find(evaluation, MXS_FINDING_MX_TARGET_DOUBLED_ORIGIN, host->name);
}

void mxs_judge_target(struct mxs_evaluation *evaluation, const struct mxs_host *host)
{
    struct mxs_name domain = evaluation->posture->domain;

    if (host->a->alias.wire != NULL || host->aaaa->alias.wire != NULL)
        mxs_evaluation_find(evaluation, MXS_FINDING_MX_TARGET_IS_CNAME, host->name);
    if (host->name.labels == domain.labels + 4U && begins_with_ipv4(host->name) &&
        mxs_name_is_at_or_below(host->name, domain))
        mxs_evaluation_find(evaluation, MXS_FINDING_MX_TARGET_IP_IN_ORIGIN, host->name);
    if (!mxs_name_is_hostname(host->name))
        mxs_evaluation_find(evaluation, MXS_FINDING_MX_TARGET_INVALID_HOSTNAME, host->name);
    judge_absence(evaluation, host);
    judge_failures(evaluation, host);
    judge_special_addresses(evaluation, host, false);
}

void mxs_judge_implicit_host(struct mxs_evaluation *evaluation, const struct mxs_host *host)
{
    judge_failures(evaluation, host);
    judge_special_addresses(evaluation, host, true);
}
