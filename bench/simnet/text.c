#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dkim.h"
#include "mail.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The shapes of a domain's only SPF record. */
enum spf_shape {
    SHAPE_PLAIN, /* provider, a few senders, own addresses */
    SHAPE_SELF,  /* mx and a only */
    SHAPE_REDIRECT,
    SHAPE_OVER_LIMIT, /* more than 10 look-ups */
    SHAPE_SYNTAX,
    SHAPE_VOID, /* three look-ups that find nothing */
    SHAPE_LOOP,
    SHAPE_MACRO,
    SHAPE_PTR,
    SHAPE_LONG, /* more than 255 octets */
    SHAPE_COUNT,
};

static const uint16_t shape_weights[] = {560, 150, 50, 50, 35, 25, 20, 20, 30, 60};
_Static_assert(COUNT(shape_weights) == SHAPE_COUNT, "a weight per shape");

/* Includes beside the mail provider's own (spf_includes_share_of_spf of synthetic-profile.json). */
static const char *const senders[] = {
    "secureserver.net",    "websitewelcome.com",
    "amazonses.com",       "sendgrid.net",
    "mailgun.org",         "relay.mailchannels.net",
    "servers.mcsv.net",    "spf.efwd.registrar-servers.com",
    "mail.zendesk.com",    "spf.mandrillapp.com",
    "_spf.salesforce.com",
};

static void append(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(struct text *text, const char *format, ...)
{
    size_t left = sizeof text->bytes - text->len;
    va_list arguments;
    int len;

    va_start(arguments, format);
    len = vsnprintf(text->bytes + text->len, left, format, arguments);
    va_end(arguments);
    if (len > 0)
        text->len += (size_t)len < left ? (size_t)len : left - 1;
}

/* Made-up key material and tokens: `count` characters of the base64 alphabet. */
static void append_token(struct text *text, uint64_t hash, size_t count)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (size_t i = 0; i < count && text->len + 1 < sizeof text->bytes; i++) {
        if (i % 10 == 0)
            hash = hash_mix(hash, i + 1);
        text->bytes[text->len++] = alphabet[hash >> (6 * (i % 10)) & 63];
    }
}

static void append_all(struct text *text, uint64_t hash)
{
    static const uint16_t weights[] = {440, 494, 22, 6, 38}; /* spf_terminal of the profile */
    static const char *const ends[] = {" -all", " ~all", " ?all", " +all", ""};

    append(text, "%s", ends[hash_choose(hash, SALT_SPF_ALL, weights, COUNT(weights))]);
}

static void append_networks(struct text *text, uint64_t hash, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t bits = hash_mix(hash, SALT_SPF_NETWORKS + 1000 * (i + 1u));
        append(text, " ip4:%u.%u.%u.0/24", (unsigned)(34 + bits % 40), (unsigned)(bits >> 8 & 255),
               (unsigned)(bits >> 16 & 255));
    }
}

static void append_senders(struct text *text, uint64_t hash, unsigned count)
{
    unsigned first = hash_pick(hash, SALT_SPF_SENDERS, COUNT(senders));

    for (unsigned i = 0; i < count; i++)
        append(text, " include:%s", senders[(first + i) % COUNT(senders)]);
}

static void append_provider(struct text *text, const struct domain *domain)
{
    char buffer[64];
    const char *spf = mail_provider_spf(domain, buffer, sizeof buffer);

    if (spf != NULL)
        append(text, " include:%s", spf);
    else if (domain->mx_count > 0 && domain->receive != RECEIVE_NULL)
        append(text, " mx");
}

static void write_broken_spf(struct text *text, uint64_t hash)
{
    static const char *const terms[] = {
        " ip4:192.0.2.300 -all",
        " include:_spf.google.com,spf.example.com ~all",
        " ipv4:23.0.0.1 -all",
        " mx a:-all",
        " ~ all",
        " include=_spf.google.com -all",
        " ip4:23.0.0.0/33 -all",
        " a mx \xe2\x80\x93 all",
    };

    append(text, "%s", terms[hash_pick(hash, SALT_SPF_SENDERS, COUNT(terms))]);
}

static void write_odd_spf(struct text *text, const struct domain *domain, const char *name,
                          enum spf_shape shape)
{
    static const char many[] =
        " include:_spf.google.com include:spf.protection.outlook.com include:mailgun.org"
        " include:sendgrid.net include:spf.mail.qq.com include:servers.mcsv.net ~all";
    static const char deep[] = " include:spf-deep.mailhost02.net mx -all";
    static const char *const macros[] = {
        " exists:%{i}._spf.%{d2} ~all",
        " exists:%{i}._spf.%{d2} include:spf-two.mailhost01.net ~all",
        " include:%{ir}.%{v}.%{d}.spf.has.pphosted.com -all",
        " exists:%{ir}.%{l1r-}.lp._spf.%{d} exp=explain._spf.%{d} -all",
        " redirect=%{d1r}._spf.mailhost00.net",
    };
    uint64_t hash = domain->hash;

    switch (shape) {
    case SHAPE_SELF:
        append(text, " a mx");
        append_all(text, hash);
        break;
    case SHAPE_REDIRECT:
        append(text, " redirect=_spf.%s", name);
        break;
    case SHAPE_OVER_LIMIT:
        append(text, "%s", hash_share(hash, SALT_SPF_SENDERS, 700) ? many : deep);
        break;
    case SHAPE_SYNTAX:
        write_broken_spf(text, hash);
        break;
    case SHAPE_VOID:
        if (hash_share(hash, SALT_SPF_SENDERS, 400))
            append(text, " include:spf%u.gone-mail.com mx ~all", (unsigned)(hash % 50));
        else
            append(text, " a:old1.gone-host.net a:old2.gone-host.net a:old3.gone-mail.com -all");
        break;
    case SHAPE_LOOP:
        append(text, " include:%s -all",
               hash_share(hash, SALT_SPF_SENDERS, 500) ? "spf-loop.mailhost00.net" : name);
        break;
    case SHAPE_MACRO:
        append(text, "%s", macros[hash_pick(hash, SALT_SPF_SENDERS, COUNT(macros))]);
        break;
    case SHAPE_PTR:
        append(text, " a mx ptr -all");
        break;
    case SHAPE_LONG:
        append_networks(text, hash, 12 + hash_pick(hash, SALT_SPF_SENDERS, 14));
        append_all(text, hash);
        break;
    case SHAPE_PLAIN:
    case SHAPE_COUNT:
        break;
    }
}

static void write_spf(struct text *text, const struct domain *domain, const char *name)
{
    static const uint16_t sender_weights[] = {450, 300, 150, 100};
    uint64_t hash = domain->hash;
    enum spf_shape shape =
        (enum spf_shape)hash_choose(hash, SALT_SPF_SHAPE, shape_weights, SHAPE_COUNT);
    bool no_mail = domain->receive == RECEIVE_NULL || domain->receive == RECEIVE_NONE;

    if (domain->fixed_spf != NULL) {
        append(text, "%s", domain->fixed_spf);
        return;
    }
    append(text, "v=spf1");
    if (no_mail && shape == SHAPE_PLAIN) {
        append(text, " -all");
    } else if (shape != SHAPE_PLAIN) {
        write_odd_spf(text, domain, name, shape);
    } else {
        append_provider(text, domain);
        append_senders(
            text, hash,
            hash_choose(hash, SALT_SPF_SENDER_COUNT, sender_weights, COUNT(sender_weights)));
        append_networks(text, hash, hash_pick(hash, SALT_SPF_NETWORKS, 3));
        append_all(text, hash);
    }
    if (hash_share(hash, SALT_SPF_SPLIT, 120)) /* inside a word as a rule */
        text->split = 1 + hash_pick(hash, SALT_SPF_SPLIT + 1000, (unsigned)text->len - 1);
    if (text->split > 255)
        text->split = 255;
}

static void write_near_miss(struct text *text, uint64_t hash)
{
    static const char *const records[] = {
        "v=spf1include:_spf.google.com ~all",
        "v=spf 1 mx -all",
        " v=spf1 mx -all",
        "spf1 mx a -all",
        "\"v=spf1 mx -all\"",
        "v=spf1;mx -all",
        "v=spf10 mx -all",
        "spf2.0/pra mx -all",
    };

    append(text, "%s", records[hash_pick(hash, SALT_SPF_SHAPE, COUNT(records))]);
}

static void write_verification(struct text *text, const struct domain *domain, unsigned index)
{
    static const char *const prefixes[] = {
        "google-site-verification=",
        "MS=ms",
        "facebook-domain-verification=",
        "apple-domain-verification=",
        "atlassian-domain-verification=",
        "globalsign-domain-verification=",
        "docusign=",
        "stripe-verification=",
    };
    uint64_t hash = hash_mix(domain->hash, SALT_TEXT_LIST + index);

    append(text, "%s", prefixes[hash % COUNT(prefixes)]);
    append_token(text, hash, domain->large_text ? 110 : 43);
}

static unsigned spf_count(const struct domain *domain)
{
    return domain->spf == SPF_TWO ? 2 : domain->spf >= SPF_ONE ? 1 : 0;
}

/* The records of a domain: SPF first or last, verifications around it. */
static bool write_domain(const struct node *node, unsigned index, struct text *text)
{
    const struct domain *domain = &node->domain;
    char name[NAME_MAX_WIRE + 1];

    if (index >= spf_count(domain) + domain->verifications)
        return false;
    if (index >= spf_count(domain)) {
        write_verification(text, domain, index);
        return true;
    }
    span_to_text(node->domain_name, name, sizeof name);
    if (domain->spf == SPF_NEAR_MISS)
        write_near_miss(text, domain->hash);
    else if (index == 0)
        write_spf(text, domain, name);
    else
        append(text, "v=spf1 include:%s ~all",
               senders[hash_pick(domain->hash, SALT_SPF_SECOND, COUNT(senders))]);
    return true;
}

static void append_rua(struct text *text, const struct domain *domain, const char *name)
{
    static const char *const vendors[] = {
        "dmarcian.com",       "valimail.com",       "easydmarc.com",    "agari.com",
        "silent-reports.com", "lost-reports.net",   "dmarc-hosted.net", "override-reports.com",
        "moved-reports.com",  "sloppy-reports.com",
    };
    uint64_t hash = domain->hash;
    unsigned kind = hash_pick(hash, SALT_DMARC_RUA, 1000);

    if (kind >= 560)
        return;
    append(text, "; rua=mailto:");
    if (kind < 180)
        append(text, "dmarc@%s", name);
    else
        append(text, "%08x@%s", (unsigned)hash,
               vendors[hash_pick(hash, SALT_DMARC_VENDOR, COUNT(vendors))]);
    if (kind < 60)
        append(text, ",mailto:reports@%s", vendors[0]);
    if (hash_share(hash, SALT_DMARC_RUA + 1000, 150))
        append(text, "; ruf=mailto:forensic@%s; fo=1", name);
}

static bool write_dmarc(const struct node *node, unsigned index, struct text *text)
{
    static const char *const policies[] = {"none", "quarantine", "reject"};
    static const uint16_t weights[] = {359, 284, 357}; /* dmarc_policy of the profile */
    const struct domain *domain = &node->domain;
    uint64_t hash = domain->hash;
    unsigned shape = hash_pick(hash, SALT_DMARC_SHAPE, 1000);
    char name[NAME_MAX_WIRE + 1];

    if (index >= (domain->dmarc == DMARC_TWO ? 2u : 1u))
        return false;
    if (index == 1) {
        append(text, "v=DMARC1; p=none; ri=3600");
        return true;
    }
    span_to_text(node->domain_name, name, sizeof name);
    if (shape < 15 && domain->dmarc == DMARC_ONE) {
        append(text, "%s",
               shape < 5    ? "v=dmarc1; p=none"
               : shape < 10 ? " v=DMARC1; p=reject"
                            : "p=reject; v=DMARC1");
        return true;
    }
    append(text, "%s%s", shape & 1 ? "v=DMARC1; p=" : "v=DMARC1;p=",
           shape < 25 ? "rejct" : policies[hash_choose(hash, SALT_DMARC_POLICY, weights, 3)]);
    if (shape >= 900)
        append(text, "; sp=%s", policies[shape % 3]);
    if (shape >= 960)
        append(text, "; np=reject");
    if (shape >= 850 && shape < 882)
        append(text, "; pct=%u", shape % 100);
    append_rua(text, domain, name);
    if (shape >= 500 && shape < 520)
        append(text, "; t=y");
    if (shape >= 520 && shape < 530)
        append(text, "; psd=%s", shape < 525 ? "n" : "y");
    if (shape >= 600 && shape < 640)
        append(text, "; adkim=s; aspf=s");
    if (shape & 2)
        append(text, ";");
    return true;
}

static void write_dkim(struct text *text, uint64_t hash)
{
    char record[DKIM_RECORD_MAX];

    append(text, "%.*s", (int)dkim_write(hash, record), record);
}

static void write_mta_sts(struct text *text, uint64_t hash)
{
    static const char *const forms[] = {"v=STSv1; id=%u", "v=STSv1; id=%u;", "v=STSv1;id=%u;"};
    unsigned shape = hash_pick(hash, SALT_STS, 100), id = 20260101u + (unsigned)(hash % 1000);

    if (shape < 4)
        append(text, "v=STSv1;");
    else if (shape < 6)
        append(text, "v=STSv1; id=2026-11-%02u", shape);
    else if (shape < 8)
        append(text, "v=stsv1; id=%u", id);
    else
        append(text, forms[shape % COUNT(forms)], id);
}

static void write_tls_rpt(struct text *text, uint64_t hash, const char *name)
{
    unsigned shape = hash_pick(hash, SALT_TLS_RPT, 100);

    if (shape < 4)
        append(text, "v=TLSRPTv1;");
    else if (shape < 8)
        append(text, "v=TLSRPTv1 rua=mailto:tls@%s", name);
    else if (shape < 60)
        append(text, "v=TLSRPTv1; rua=mailto:tls@%s", name);
    else if (shape < 80)
        append(text, "v=TLSRPTv1; rua=mailto:%08x@tls.dmarcian.com,mailto:tls@%s", (unsigned)hash,
               name);
    else
        append(text, "v=TLSRPTv1; rua=https://tlsrpt.%s/v1", name);
}

static void write_single(const struct node *node, const char *name, struct text *text)
{
    uint64_t hash = node->domain.hash;

    if (node->text == TEXT_DKIM)
        write_dkim(text, node->hash);
    else if (node->text == TEXT_MTA_STS)
        write_mta_sts(text, hash);
    else if (node->text == TEXT_TLS_RPT)
        write_tls_rpt(text, hash, name);
    else if (node->text == TEXT_BIMI)
        append(text, "v=BIMI1; l=https://www.%s/logo.svg; a=", name);
    else if (node->text == TEXT_SPF_PART)
        append(text, "v=spf1 ip4:23.%u.0.0/20 ~all", (unsigned)(hash & 255));
    else if (node->text == TEXT_NO_KEY)
        append(text, "v=DKIM1; p=");
    else if (node->text == TEXT_WILDCARD)
        append(text, "%s", hash_share(hash, SALT_DMARC_SHAPE, 400) ? "v=spf1 -all" : "parked");
    else if (node->text == TEXT_FIXED)
        append(text, "%s", node->fixed_text);
    else
        append(text, "out of service");
}

/* A few publish two records where one is allowed. */
static bool has_second_policy(const struct node *node)
{
    return (node->text == TEXT_MTA_STS && hash_share(node->domain.hash, SALT_STS + 1000, 30)) ||
           (node->text == TEXT_TLS_RPT && hash_share(node->domain.hash, SALT_TLS_RPT + 1000, 30));
}

bool text_write(const struct node *node, unsigned index, struct text *text)
{
    char name[NAME_MAX_WIRE + 1];

    text->len = 0;
    text->split = 0;
    if (node->kind == NODE_DOMAIN)
        return write_domain(node, index, text);
    if (node->kind != NODE_TEXT)
        return false;
    if (node->text == TEXT_DMARC)
        return write_dmarc(node, index, text);
    if (index > (has_second_policy(node) ? 1u : 0u))
        return false;
    if (index == 1) {
        append(text, "%s", node->text == TEXT_MTA_STS ? "v=STSv1; id=old1" : "v=TLSRPTv1; rua=");
        return true;
    }
    span_to_text(node->domain_name, name, sizeof name);
    write_single(node, name, text);
    return true;
}

bool text_exists(const struct node *node)
{
    if (node->kind == NODE_DOMAIN)
        return spf_count(&node->domain) + node->domain.verifications > 0;
    return node->kind == NODE_TEXT;
}
