#include "posture/spf_own_mx.h"

#include "posture/spf_terms.h"

enum {
    ADDRESSES_MAX = 8,      /* rules section 18.2 */
    OWN_QUESTIONS_MAX = 32, /* of all addresses, beside those of the tree */
};

/* An address of an MX host. */
struct client {
    const struct mxs_host *host;
    struct mxs_address address;
};

struct tally {
    unsigned clients, passed, permerrors, temperrors;
    bool incomplete; /* an address may be missing */
};

static void list_answer(const struct mxs_host *host, const struct mxs_answer *answer,
                        struct client *clients, unsigned *count)
{
    for (unsigned i = 0; i < answer->count && *count < ADDRESSES_MAX; i++)
        if (mxs_address_is_global(&answer->records[i].address))
            clients[(*count)++] = (struct client){host, answer->records[i].address};
}

static unsigned list_clients(const struct mxs_mx *mx, struct client *clients, bool *incomplete)
{
    unsigned count = 0;

    for (unsigned i = 0; i < mx->host_count; i++) {
        const struct mxs_host *host = &mx->hosts[i];
        *incomplete = *incomplete || !mxs_lookup_is_definite(host->a->lookup) ||
                      !mxs_lookup_is_definite(host->aaaa->lookup);
        list_answer(host, host->a, clients, &count);
        list_answer(host, host->aaaa, clients, &count);
    }
    return count;
}

/* Each client has its own share of questions, so that none depends on the others. */
static void check(struct mxs_evaluation *evaluation, struct mxs_spf_tree *tree,
                  const struct client *client, struct tally *tally)
{
    mxs_slice domain = mxs_name_text(evaluation->arena, evaluation->posture->domain);
    struct mxs_spf_request request = {
        .address = client->address,
        .sender_domain = domain,
        .domain = domain,
        .helo = mxs_name_text(evaluation->arena, client->host->name),
    };
    struct mxs_spf_asker asker = tree->asker;
    struct mxs_spf_result result;

    asker.max = asker.count + OWN_QUESTIONS_MAX / tally->clients;
    mxs_spf_check_shared(evaluation->arena, &asker, &tree->records, &request, &result);
    tally->passed += result.result == MXS_SPF_RESULT_PASS;
    tally->permerrors += result.result == MXS_SPF_RESULT_PERMERROR;
    tally->temperrors += result.result == MXS_SPF_RESULT_TEMPERROR;
}

static enum mxs_own_mx conclude(const struct tally *tally)
{
    if (tally->permerrors > 0)
        return MXS_OWN_MX_ERROR;
    if (tally->temperrors > 0 || tally->incomplete)
        return MXS_OWN_MX_UNKNOWN;
    if (tally->clients == 0)
        return MXS_OWN_MX_NOT_APPLICABLE;
    if (tally->passed == 0)
        return MXS_OWN_MX_NONE;
    return tally->passed == tally->clients ? MXS_OWN_MX_ALL : MXS_OWN_MX_SOME;
}

/* The hosts are the domain's own: below it, or named by an `a` or `mx` of the record. */
static bool is_self_hosted(const struct mxs_posture *posture, const struct mxs_spf_node *root)
{
    for (unsigned i = 0; i < posture->mx.host_count; i++)
        if (mxs_name_is_at_or_below(posture->mx.hosts[i].name, posture->domain))
            return true;
    for (unsigned i = 0; i < root->link_count; i++)
        if (root->links[i].term->kind == MXS_SPF_MX || root->links[i].term->kind == MXS_SPF_A)
            return true;
    return false;
}

static void report(struct mxs_evaluation *evaluation, const struct mxs_spf_node *root,
                   const struct tally *tally)
{
    struct mxs_posture *posture = evaluation->posture;

    switch (posture->spf_facts.own_mx) {
    case MXS_OWN_MX_ALL:
        mxs_evaluation_find(evaluation, MXS_FINDING_SPF_OWN_MX_AUTHORISED, posture->domain);
        break;
    case MXS_OWN_MX_SOME:
    case MXS_OWN_MX_NONE:
        mxs_evaluation_find(evaluation, MXS_FINDING_SPF_OWN_MX_NOT_AUTHORISED, posture->domain);
        mxs_findings_add_number(&posture->findings, "addresses", tally->clients);
        mxs_findings_add_number(&posture->findings, "authorised", tally->passed);
        if (is_self_hosted(posture, root))
            mxs_findings_add_text(&posture->findings, "self_hosted", MXS_SLICE("true"));
        break;
    case MXS_OWN_MX_NOT_APPLICABLE:
    case MXS_OWN_MX_UNKNOWN:
    case MXS_OWN_MX_ERROR:
        break;
    }
}

void mxs_spf_evaluate_own_mx(struct mxs_evaluation *evaluation, struct mxs_spf_tree *tree)
{
    struct mxs_posture *posture = evaluation->posture;
    struct client clients[ADDRESSES_MAX];
    struct tally tally = {0};

    if (posture->receives == MXS_RECEIVES_UNKNOWN)
        tally.incomplete = true;
    else if (posture->receives != MXS_RECEIVES_MX)
        return;
    tally.clients = list_clients(&posture->mx, clients, &tally.incomplete);
    for (unsigned i = 0; i < tally.clients; i++)
        check(evaluation, tree, &clients[i], &tally);
    posture->spf_facts.own_mx = conclude(&tally);
    report(evaluation, tree->nodes[0], &tally);
}
