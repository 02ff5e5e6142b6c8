#include "truth.h"

#include <string.h>

#include "dnssec.h"
#include "mail.h"
#include "needs.h"
#include "text.h"

enum { ALIASES_MAX = 8, LINE_SIZE = 512 };

enum outcome { OUTCOME_FOUND, OUTCOME_NXDOMAIN, OUTCOME_NXDOMAIN_TARGET };

/* A node and the name it is at: the node's spans point into the name. */
struct place {
    struct name name;
    struct node node;
};

/* What its zone says of the name in `place`, aliases not followed. */
static bool find(const struct world *world, struct place *place)
{
    struct zone zone, tld = {ZONE_TLD, 1};

    if (!delegation_exists(world, tld, &place->name))
        return false;
    if (delegation_zone(world, ZONE_DOMAIN, &place->name, &zone))
        model_find(world, &place->name, zone.labels, &place->node);
    else
        model_find_in_registry(world, &place->name, &place->node);
    return place->node.kind != NODE_ABSENT;
}

static bool is_alias(const struct node *node)
{
    return node->kind == NODE_ALIAS || (node->kind == NODE_DOMAIN && model_is_alias(&node->domain));
}

/* Finds the name in `place`, and goes on to where aliases lead. */
static enum outcome resolve(const struct world *world, struct place *place, struct needs *needs)
{
    for (unsigned turn = 0; turn < ALIASES_MAX; turn++) {
        needs_add(world, &place->name, needs);
        if (!find(world, place))
            return turn == 0 ? OUTCOME_NXDOMAIN : OUTCOME_NXDOMAIN_TARGET;
        if (!is_alias(&place->node))
            return OUTCOME_FOUND;
        place->name = place->node.target;
    }
    return OUTCOME_NXDOMAIN_TARGET;
}

static bool has_global_address(const struct node *node)
{
    if (node->kind == NODE_DOMAIN)
        return node->domain.has_web;
    return node->kind == NODE_HOST && node->host != HOST_SPECIAL;
}

static bool target_works(const struct world *world, const struct name *target, struct needs *needs)
{
    struct place place;

    place.name = *target;
    return resolve(world, &place, needs) == OUTCOME_FOUND && has_global_address(&place.node);
}

/* Writes the list of targets, and tells the class they make. */
static const char *write_exchanges(const struct world *world, const struct node *node,
                                   struct needs *needs, FILE *file)
{
    unsigned preference, count = 0;
    bool works = false, null = false;
    struct name target;
    char text[NAME_MAX_WIRE + 1];

    fputs(",\"mx\":[", file);
    for (; mail_exchange(&node->domain, node->domain_name, count, &preference, &target); count++) {
        span_to_text(name_suffix(&target, target.labels), text, sizeof text);
        fprintf(file, "%s\"%s\"", count > 0 ? "," : "", text);
        null = target.labels == 0;
        works = (!null && target_works(world, &target, needs)) || works;
    }
    fputs("]", file);
    if (count == 0)
        return has_global_address(node) ? "implicit" : "none";
    return count == 1 && null ? "null" : works ? "mx" : "broken";
}

static void write_receiving(const struct world *world, const struct place *place,
                            enum outcome outcome, struct needs *needs, FILE *file)
{
    const char *receive = "none";

    if (outcome == OUTCOME_NXDOMAIN)
        receive = "nonexistent";
    else if (outcome == OUTCOME_FOUND && place->node.kind == NODE_DOMAIN)
        receive = write_exchanges(world, &place->node, needs, file);
    else if (outcome == OUTCOME_FOUND && has_global_address(&place->node))
        receive = "implicit";
    fprintf(file, ",\"recv\":\"%s\"", receive);
}

/* How many TXT records there are, and how many of them begin with `version` and one of `ends` or
 * nothing more. */
static unsigned count_texts(const struct node *node, const char *version, const char *ends,
                            unsigned *selected)
{
    size_t len = strlen(version);
    struct text text;
    unsigned count = 0;

    *selected = 0;
    for (; text_write(node, count, &text); count++)
        if (text.len >= len && memcmp(text.bytes, version, len) == 0 &&
            (text.len == len || strchr(ends, text.bytes[len]) != NULL))
            ++*selected;
    return count;
}

static void write_dmarc(const struct world *world, const struct name *domain, struct needs *needs,
                        FILE *file)
{
    static const char *const outcomes[] = {"ok", "nxdomain", "nxdomain_target"};
    struct place place;
    enum outcome outcome = OUTCOME_NXDOMAIN;
    unsigned count = 0, selected = 0;

    if (name_join(&place.name, "_dmarc", name_suffix(domain, domain->labels)))
        outcome = resolve(world, &place, needs);
    if (outcome == OUTCOME_FOUND)
        count = count_texts(&place.node, "v=DMARC1", "; ", &selected);
    fprintf(file, ",\"dmarc\":\"%s\",\"dmarc_records\":%u",
            outcome == OUTCOME_FOUND && count == 0 ? "nodata" : outcomes[outcome], selected);
}

/* Whether the domain's zone is signed, and how it denies. */
static void write_security(const struct world *world, const struct name *domain, FILE *file)
{
    static const char *const denials[] = {"nsec", "nsec3", "compact"};
    struct signing signing = {.is_signed = false};
    struct zone zone;

    if (delegation_zone(world, ZONE_DOMAIN, domain, &zone))
        dnssec_zone(world, zone, domain, false, &signing);
    fprintf(file, ",\"signed\":%s", signing.is_signed ? "true" : "false");
    if (signing.is_signed)
        fprintf(file, ",\"denial\":\"%s\"", denials[signing.denial]);
}

void truth_write(const struct world *world, const char *text, FILE *file)
{
    struct name domain;
    struct place place;
    char printed[NAME_MAX_WIRE + 1];
    struct needs needs = {0};
    enum outcome outcome;
    unsigned count = 0, selected = 0;

    if (!name_set(&domain, text) || domain.labels == 0) {
        fputs("{\"domain\":null,\"recv\":null}\n", file);
        return;
    }
    place.name = domain;
    outcome = resolve(world, &place, &needs);
    span_to_text(name_suffix(&domain, domain.labels), printed, sizeof printed);
    fprintf(file, "{\"domain\":\"%s\"", printed);
    write_receiving(world, &place, outcome, &needs, file);
    if (outcome == OUTCOME_FOUND)
        count = count_texts(&place.node, "v=spf1", " ", &selected);
    fprintf(file, ",\"txt\":%u,\"spf_records\":%u", count, selected);
    write_dmarc(world, &domain, &needs, file);
    write_security(world, &domain, file);
    needs_write(world, &needs, file);
    fputs("}\n", file);
}

bool truth_write_all(const struct world *world, FILE *names, FILE *file)
{
    char line[LINE_SIZE];

    while (fgets(line, sizeof line, names) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] != '\0')
            truth_write(world, line, file);
    }
    return !ferror(names) && fflush(file) == 0 && !ferror(file);
}
