#include "zone.h"

#include <string.h>

#include "records.h"
#include "reverse.h"

enum { ALIASES_MAX = 4 };

/* One question on its way through a zone. */
struct task {
    const struct world *world;
    const struct question *question;
    struct zone zone;
    struct writer *writer;
    struct reply *reply;
};

static struct span apex_of(const struct task *task)
{
    return name_suffix(&task->question->name, task->zone.labels);
}

static void write_authority_soa(const struct task *task)
{
    struct servers servers;

    delegation_servers(task->world, task->zone, &task->question->name, &servers);
    records_write_soa(task->writer, SECTION_AUTHORITY, apex_of(task), &servers);
}

static void deny(const struct task *task, enum rcode rcode)
{
    task->reply->rcode = rcode;
    write_authority_soa(task);
}

static void refer(const struct task *task, struct zone cut)
{
    const struct name *name = &task->question->name;
    struct servers servers;

    task->reply->authoritative = false;
    delegation_servers(task->world, cut, name, &servers);
    records_write_ns(task->writer, SECTION_AUTHORITY, name_suffix(name, cut.labels), &servers);
    if (servers.glue)
        records_write_glue(task->writer, &servers);
}

/* What is at the apex whatever the model says of the name. False for other types. */
static bool answer_apex(const struct task *task)
{
    struct servers servers;

    if (task->question->type == TYPE_DNSKEY) {
        deny(task, RCODE_NOERROR); /* not signed, and no alias of the domain covers this */
        return true;
    }
    if (task->question->type != TYPE_SOA && task->question->type != TYPE_NS)
        return false;
    delegation_servers(task->world, task->zone, &task->question->name, &servers);
    if (task->question->type == TYPE_SOA) {
        records_write_soa(task->writer, SECTION_ANSWER, apex_of(task), &servers);
    } else {
        records_write_ns(task->writer, SECTION_ANSWER, apex_of(task), &servers);
        if (servers.glue)
            records_write_glue(task->writer, &servers);
    }
    return true;
}

static bool is_alias(const struct node *node)
{
    return node->kind == NODE_ALIAS || (node->kind == NODE_DOMAIN && model_is_alias(&node->domain));
}

/* Answers from a node, following aliases as long as they stay in the zone. */
static void answer_node(const struct task *task, struct node *node)
{
    struct span owner = name_suffix(&task->question->name, task->question->name.labels);
    struct name names[2]; /* the name `node` is at, and room for the next, in turns */
    unsigned type = task->question->type;

    for (unsigned turn = 0; turn < ALIASES_MAX && is_alias(node) && type != TYPE_CNAME; turn++) {
        struct name *next = &names[turn % 2];
        records_write_cname(task->writer, owner, &node->target);
        if (task->zone.kind != ZONE_DOMAIN ||
            !span_is_below((struct span){node->target.wire, node->target.len}, apex_of(task)))
            return;
        *next = node->target;
        owner = name_suffix(next, next->labels);
        model_find(task->world, next, task->zone.labels, node);
    }
    if (node->kind == NODE_ABSENT) {
        deny(task, RCODE_NXDOMAIN);
        return;
    }
    if (is_alias(node))
        records_write_cname(task->writer, owner, &node->target);
    else if (type == TYPE_ANY)
        records_write_any(task->writer, owner);
    else {
        uint16_t before = task->writer->counts[SECTION_ANSWER];
        records_write(task->writer, owner, node, type);
        if (task->writer->counts[SECTION_ANSWER] == before)
            deny(task, RCODE_NOERROR);
    }
}

/* Reverse zones hold their server, PTR records, and empty names between. */
static void answer_reverse(const struct task *task, struct node *node)
{
    const struct name *name = &task->question->name;
    struct name target;
    uint32_t address;

    if (name->labels == task->zone.labels + 1 && span_is(name_label(name, name->labels), "ns")) {
        struct servers servers;
        delegation_servers(task->world, task->zone, name, &servers);
        node->kind = NODE_SERVER;
        node->address = servers.addresses[0];
    } else if (name->labels == task->zone.labels ||
               (name->labels == 4 && reverse_octets(name) == 2)) {
        node->kind = NODE_EMPTY; /* the apex, or a /16 inside a /8 */
    } else if (task->zone.kind == ZONE_SLASH_24 && reverse_address(name, &address) &&
               reverse_pointer(task->world, address, 0, &target)) {
        node->kind = NODE_EMPTY;
        if (task->question->type != TYPE_PTR)
            return;
        for (unsigned i = 0; reverse_pointer(task->world, address, i, &target); i++)
            records_write_ptr(task->writer, name_suffix(name, name->labels), &target);
    }
}

static void answer_in_zone(const struct task *task)
{
    const struct name *name = &task->question->name;
    struct node node;

    if (name->labels == task->zone.labels && answer_apex(task))
        return;
    memset(&node, 0, offsetof(struct node, target));
    node.kind = NODE_ABSENT;
    if (task->zone.kind == ZONE_DOMAIN)
        model_find(task->world, name, task->zone.labels, &node);
    else if (task->zone.kind == ZONE_ROOT || task->zone.kind == ZONE_TLD)
        model_find_in_registry(task->world, name, &node);
    else
        answer_reverse(task, &node);
    if (task->writer->counts[SECTION_ANSWER] == 0)
        answer_node(task, &node);
}

void zone_answer(const struct world *world, uint32_t address, const struct question *question,
                 struct writer *writer, struct reply *reply)
{
    enum zone_kind kind = delegation_server_kind(address);
    struct task task = {world, question, {kind, 0}, writer, reply};
    struct zone cut;

    *reply = (struct reply){RCODE_NOERROR, true};
    if (!delegation_zone(world, kind, &question->name, &task.zone) ||
        !delegation_is_served_by(world, task.zone, &question->name, address)) {
        *reply = (struct reply){RCODE_REFUSED, false};
        return;
    }
    if (!delegation_cut(world, task.zone, &question->name, &cut))
        answer_in_zone(&task);
    else if (!delegation_exists(world, cut, &question->name))
        deny(&task, RCODE_NXDOMAIN);
    else if (question->type == TYPE_DS && question->name.labels == cut.labels)
        deny(&task, RCODE_NOERROR); /* the parent's side of the cut: RFC 4035 section 3.1.4.1 */
    else
        refer(&task, cut);
}
