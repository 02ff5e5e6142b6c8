#include "model.h"

#include <stdio.h>
#include <string.h>

#include "mail.h"
#include "reverse.h"

/* Where a domain that is an alias leads, outside its zone. */
static const char *alias_parent(const struct domain *domain)
{
    if (domain->receive == RECEIVE_ALIAS_MAIL)
        return "mx.hostedweb.net";
    if (domain->receive == RECEIVE_ALIAS_WEB)
        return "web.hostedweb.net";
    return hash_share(domain->hash, SALT_ALIAS, 500) ? "edge.hostedweb.net" : "gone-host.net";
}

static void become_domain(const struct world *world, struct node *node, struct span name,
                          bool registered, enum receive receive)
{
    char text[64];
    bool fits = true;

    model_domain(world, name, registered, receive, &node->domain);
    node->domain_name = name;
    node->hash = node->domain.hash;
    node->host = HOST_GLOBAL;
    node->text = TEXT_DOMAIN;
    if (node->domain.receive == RECEIVE_ALIAS_IN_ZONE) {
        fits = name_join(&node->target, "canonical", name);
    } else if (model_is_alias(&node->domain)) {
        snprintf(text, sizeof text, "t%08x.%s", (unsigned)hash_mix(node->hash, SALT_TOKEN),
                 alias_parent(&node->domain));
        fits = name_set(&node->target, text);
    }
    node->kind = fits && node->domain.receive != RECEIVE_NONEXISTENT ? NODE_DOMAIN : NODE_ABSENT;
}

static void become_text(struct node *node, enum text_kind text)
{
    node->kind = NODE_TEXT;
    node->text = text;
}

/* An alias to a vendor's name below `parent`, made of the domain's name. */
static void become_vendor_alias(struct node *node, const char *parent)
{
    char dashed[64], text[192];

    mail_dashed(node->domain_name, dashed, sizeof dashed);
    snprintf(text, sizeof text, "%s.%s", dashed, parent);
    node->kind = name_set(&node->target, text) ? NODE_ALIAS : NODE_ABSENT;
}

static void become_dmarc(struct node *node)
{
    static const char *const policies[] = {"none.dmarc-hosted.net", "quarantine.dmarc-hosted.net",
                                           "reject.dmarc-hosted.net"};

    switch (node->domain.dmarc) {
    case DMARC_NODATA:
        node->kind = NODE_EMPTY;
        break;
    case DMARC_ONE:
    case DMARC_TWO:
        become_text(node, TEXT_DMARC);
        break;
    case DMARC_ALIAS:
        become_vendor_alias(node, policies[hash_pick(node->domain.hash, SALT_DMARC_VENDOR, 3)]);
        break;
    case DMARC_NXDOMAIN:
    case DMARC_WILDCARD:
    case DMARC_COUNT:
        break;
    }
}

/* The children of a domain that begin with an underscore. */
static void find_underscore_child(struct node *node, struct span label)
{
    const struct domain *domain = &node->domain;

    node->kind = NODE_ABSENT;
    if (span_is(label, "_dmarc"))
        become_dmarc(node);
    else if (span_is(label, "_domainkey") && (domain->selectors != 0 || domain->any_selector))
        node->kind = NODE_DOMAINKEY;
    else if (span_is(label, "_mta-sts") && domain->mta_sts)
        become_text(node, TEXT_MTA_STS);
    else if (span_is(label, "_tls") && domain->tls_rpt)
        node->kind = NODE_TLS;
    else if (span_is(label, "_bimi") && domain->bimi)
        node->kind = NODE_BIMI;
    else if (span_is(label, "_tcp") && domain->tlsa && domain->receive == RECEIVE_IMPLICIT)
        node->kind = NODE_TCP;
    else if (span_is(label, "_spf") && (domain->spf == SPF_ONE || domain->spf == SPF_TWO))
        become_text(node, TEXT_SPF_PART);
}

/* The number of the domain's own mail host that `label` names; 0 when it names none. */
static unsigned mail_host_number(const struct domain *domain, struct span label)
{
    char text[64];

    if (label.len < 3 || label.ptr[label.len - 1] < '1' || label.ptr[label.len - 1] > '9')
        return 0;
    model_mail_host(domain, (unsigned)(label.ptr[label.len - 1] - '0'), text, sizeof text);
    return span_is(label, text) ? (unsigned)(label.ptr[label.len - 1] - '0') : 0;
}

static void become_mail_host(struct node *node, unsigned number)
{
    char text[64];

    node->kind = NODE_ABSENT;
    if (number > node->domain.mx_count)
        return;
    node->kind = NODE_HOST;
    if (node->domain.receive == RECEIVE_BROKEN_NO_ADDRESS) {
        become_text(node, TEXT_HOST_NOTE);
    } else if (node->domain.receive == RECEIVE_BROKEN_SPECIAL) {
        node->host = HOST_SPECIAL;
    } else if (node->domain.receive == RECEIVE_BROKEN_ALIAS ||
               node->domain.receive == RECEIVE_ALIASED_TARGET) {
        snprintf(text, sizeof text, "n%u.%s", (unsigned)(node->hash % 400),
                 node->domain.receive == RECEIVE_BROKEN_ALIAS ? "gone-host.net"
                                                              : "node.hostedweb.net");
        node->kind = NODE_ALIAS;
        name_set(&node->target, text);
    }
}

/* The domain has mail hosts of its own, so labels like `mx1` are spoken for. */
static bool has_own_hosts(enum receive receive)
{
    return receive == RECEIVE_SELF || receive == RECEIVE_BROKEN_NXDOMAIN ||
           receive == RECEIVE_BROKEN_NO_ADDRESS || receive == RECEIVE_BROKEN_ALIAS ||
           receive == RECEIVE_BROKEN_SPECIAL || receive == RECEIVE_ALIASED_TARGET;
}

static void find_domain_child(const struct world *world, struct node *node, struct span name)
{
    struct span label = span_first_label(name);
    const struct domain *domain = &node->domain;
    unsigned number;

    if (label.ptr[0] == '_') {
        find_underscore_child(node, label);
    } else if (domain->registered && model_has_own_servers(domain) &&
               (span_is(label, "ns1") || span_is(label, "ns2"))) {
        node->kind = NODE_SERVER;
        node->address = model_own_server(domain, label.ptr[2] - '1');
    } else if (has_own_hosts(domain->receive) && (number = mail_host_number(domain, label)) > 0) {
        become_mail_host(node, number);
    } else if (span_is(label, "mta-sts")) {
        node->kind = domain->mta_sts ? NODE_HOST : NODE_ABSENT;
    } else if (span_is(label, "canonical") && domain->receive == RECEIVE_ALIAS_IN_ZONE) {
        become_domain(world, node, name, false,
                      hash_share(node->hash, SALT_MX_VARIANT, 700) ? RECEIVE_SELF
                                                                   : RECEIVE_MICROSOFT);
    } else if (span_is(label, "*") && domain->dmarc == DMARC_WILDCARD) {
        become_text(node, TEXT_WILDCARD);
    } else if (model_is_host_label(label)) {
        become_domain(world, node, name, false, RECEIVE_COUNT);
    } else {
        node->kind = NODE_ABSENT;
    }
}

static void find_selector(struct node *node, struct span label)
{
    node->kind = NODE_ABSENT;
    for (unsigned i = 0; i < SELECTOR_COUNT; i++) {
        if ((node->domain.selectors & 1u << i) == 0 || !span_is(label, model_selector(i)))
            continue;
        if (i == SELECTOR_MICROSOFT_1 || i == SELECTOR_MICROSOFT_2)
            become_vendor_alias(node, "onmicrosoft.com");
        else if (i == SELECTOR_S1 || i == SELECTOR_S2)
            become_vendor_alias(node, "domainkey.sendgrid.net");
        else if (i == SELECTOR_K1)
            node->kind = name_set(&node->target, "dkim.mcsv.net") ? NODE_ALIAS : NODE_ABSENT;
        else
            become_text(node, TEXT_DKIM);
    }
}

/* Moves `node` from a name to its child `name`, which no fixture decides. */
static void find_child(const struct world *world, struct node *node, struct span name)
{
    struct span label = span_first_label(name);

    switch (node->kind) {
    case NODE_DOMAIN:
        find_domain_child(world, node, name);
        break;
    case NODE_DOMAINKEY:
        find_selector(node, label);
        break;
    case NODE_TLS:
        node->kind = NODE_ABSENT;
        if (span_is(label, "_smtp"))
            become_text(node, TEXT_TLS_RPT);
        break;
    case NODE_BIMI:
        node->kind = NODE_ABSENT;
        if (span_is(label, "default"))
            become_text(node, TEXT_BIMI);
        break;
    case NODE_HOST:
        node->kind = span_is(label, "_tcp") && node->domain.tlsa ? NODE_TCP : NODE_ABSENT;
        break;
    case NODE_TCP:
        node->kind = span_is(label, "_25") ? NODE_TLSA : NODE_ABSENT;
        break;
    case NODE_ABSENT:
    case NODE_EMPTY:
    case NODE_ALIAS:
    case NODE_SERVER:
    case NODE_TEXT:
    case NODE_TLSA:
        node->kind = NODE_ABSENT;
        break;
    }
}

static void become_fixture(const struct world *world, struct node *node,
                           const struct fixture *fixture, struct span name)
{
    switch (fixture->kind) {
    case FIXTURE_HOST:
        node->kind = NODE_HOST;
        break;
    case FIXTURE_SERVER:
        node->kind = NODE_SERVER;
        node->address = fixture->value;
        break;
    case FIXTURE_TEXT:
        become_text(node, TEXT_FIXED);
        node->fixed_text = fixture->text;
        break;
    case FIXTURE_MAIL:
        become_domain(world, node, name, false, RECEIVE_HOSTED);
        break;
    case FIXTURE_EMPTY:
    case FIXTURE_SUFFIX:
    case FIXTURE_DOMAIN:
    case FIXTURE_GONE:
    case FIXTURE_RELAYS:
        node->kind = NODE_EMPTY;
        break;
    }
}

/* The wildcard at `parent`, where `node` is, for the name asked for. False: there is none. */
static bool find_wildcard(const struct world *world, struct node *node, const struct name *name,
                          struct span parent, bool has_fixtures)
{
    const struct fixture *fixture =
        has_fixtures ? fixtures_find_wildcard(world->fixtures, parent) : NULL;
    struct span whole = name_suffix(name, name->labels);

    if (fixture != NULL) {
        node->hash = hash_bytes(world->seed, whole.ptr, whole.len);
        become_fixture(world, node, fixture, whole);
        return true;
    }
    if (node->kind == NODE_DOMAINKEY && node->domain.any_selector) {
        become_text(node, TEXT_NO_KEY);
        return true;
    }
    if (node->kind != NODE_DOMAIN || node->domain.dmarc != DMARC_WILDCARD)
        return false;
    become_text(node, TEXT_WILDCARD);
    return true;
}

void model_find(const struct world *world, const struct name *name, unsigned registrable,
                struct node *node)
{
    struct span apex = name_suffix(name, registrable), at = apex;
    const struct fixture *zone = fixtures_find(world->fixtures, apex), *fixture;

    memset(node, 0, offsetof(struct node, target));
    become_domain(world, node, apex, true, RECEIVE_COUNT);
    for (unsigned labels = registrable + 1; labels <= name->labels; labels++) {
        struct span next = name_suffix(name, labels);
        struct node parent_state;
        uint32_t address;
        node->encloser = labels - 1;
        if (node->kind == NODE_ABSENT)
            return;
        memcpy(&parent_state, node, offsetof(struct node, target));
        fixture = zone == NULL ? NULL : fixtures_find(world->fixtures, next);
        if (fixture != NULL) {
            node->hash = hash_bytes(world->seed, next.ptr, next.len);
            become_fixture(world, node, fixture, next);
        } else if (zone != NULL && zone->kind == FIXTURE_RELAYS && labels == registrable + 1 &&
                   reverse_relay_address(span_first_label(next), &address)) {
            node->kind = NODE_HOST;
            node->host = HOST_FIXED;
            node->address = address;
        } else {
            node->hash = hash_bytes(world->seed, next.ptr, next.len);
            find_child(world, node, next);
        }
        if (node->kind == NODE_ABSENT) {
            memcpy(node, &parent_state, offsetof(struct node, target));
            node->is_wildcard = find_wildcard(world, node, name, at, zone != NULL);
            if (!node->is_wildcard)
                node->kind = NODE_ABSENT;
            node->encloser = labels - 1;
            return;
        }
        at = next;
    }
}

/* Whether a name of a registry's own zone exists. */
static bool is_in_registry(const struct world *world, const struct name *name, unsigned labels)
{
    const struct fixture *fixture = fixtures_find(world->fixtures, name_suffix(name, labels));

    return labels <= 1 ||
           (fixture != NULL && (fixture->kind == FIXTURE_SUFFIX || fixture->kind == FIXTURE_TEXT));
}

void model_find_in_registry(const struct world *world, const struct name *name, struct node *node)
{
    struct span whole = name_suffix(name, name->labels);
    const struct fixture *fixture = fixtures_find(world->fixtures, whole);

    memset(node, 0, offsetof(struct node, target));
    node->kind = NODE_ABSENT;
    node->domain_name = whole;
    if (name->labels <= 1 || (fixture != NULL && fixture->kind == FIXTURE_SUFFIX)) {
        node->kind = NODE_EMPTY;
    } else if (fixture != NULL && fixture->kind == FIXTURE_TEXT) {
        become_text(node, TEXT_FIXED);
        node->fixed_text = fixture->text;
    } else {
        node->encloser = name->labels - 1;
        while (!is_in_registry(world, name, node->encloser))
            node->encloser--;
    }
}
