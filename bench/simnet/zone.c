#include "zone.h"

#include <string.h>

#include "denial.h"
#include "records.h"
#include "reverse.h"

enum { ALIASES_MAX = 4 };

/* One question on its way through a zone. */
struct task {
    const struct world *world;
    const struct question *question;
    struct zone zone;
    struct signing signing;
    struct writer *writer;
    struct reply *reply;
};

static struct span apex_of(const struct task *task)
{
    return name_suffix(&task->question->name, task->zone.labels);
}

static struct span whole(const struct name *name)
{
    return name_suffix(name, name->labels);
}

static void sign(const struct task *task, enum section section, size_t start, struct span owner)
{
    dnssec_sign(&task->signing, task->writer, (struct mark){start, section}, owner,
                DNSSEC_LABELS_ALL);
}

static void write_authority_soa(const struct task *task)
{
    size_t start = task->writer->len;
    struct servers servers;

    delegation_servers(task->world, task->zone, &task->question->name, &servers);
    records_write_soa(task->writer, SECTION_AUTHORITY, apex_of(task), &servers);
    sign(task, SECTION_AUTHORITY, start, apex_of(task));
}

/* Nothing of the type at `name`, which is there. */
static void deny_type(const struct task *task, const struct name *name, const struct node *node)
{
    write_authority_soa(task);
    denial_nodata(&task->signing, task->writer, name, node);
}

/* Nothing at `name`, below its last `encloser` labels. Compact denial says so in the proof, not in
 * the RCODE: RFC 9824 section 5. */
static void deny_name(const struct task *task, const struct name *name, unsigned encloser)
{
    bool compact = task->signing.active && task->signing.denial == DENIAL_COMPACT;

    task->reply->rcode = compact ? RCODE_NOERROR : RCODE_NXDOMAIN;
    write_authority_soa(task);
    denial_nxdomain(&task->signing, task->writer, name, encloser);
}

/* The DS record of a zone below, or the proof that it has none. */
static void write_ds(const struct task *task, struct zone cut, enum section section)
{
    const struct name *name = &task->question->name;
    size_t start = task->writer->len;
    struct signing child;

    dnssec_zone(task->world, cut, name, true, &child);
    if (!child.active) {
        if (section == SECTION_ANSWER)
            write_authority_soa(task);
        denial_no_ds(&task->signing, task->writer, name, cut.labels);
        return;
    }
    dnssec_write_ds(&child, task->writer, section);
    sign(task, section, start, name_suffix(name, cut.labels));
}

static void refer(const struct task *task, struct zone cut)
{
    const struct name *name = &task->question->name;
    struct servers servers;

    task->reply->authoritative = false;
    delegation_servers(task->world, cut, name, &servers);
    records_write_ns(task->writer, SECTION_AUTHORITY, name_suffix(name, cut.labels), &servers);
    if (task->signing.active)
        write_ds(task, cut, SECTION_AUTHORITY);
    if (servers.glue)
        records_write_glue(task->writer, &servers);
}

/* NSEC3PARAM, RFC 5155 section 4: SHA-1, no flags, iterations or salt. */
static void write_nsec3param(const struct task *task)
{
    writer_record_begin(task->writer, apex_of(task), TYPE_NSEC3PARAM, 0);
    writer_u32(task->writer, UINT32_C(0x01000000));
    writer_u8(task->writer, 0);
    writer_record_end(task->writer, SECTION_ANSWER);
}

static void write_apex_ns(const struct task *task)
{
    size_t start = task->writer->len;
    struct servers servers;

    delegation_servers(task->world, task->zone, &task->question->name, &servers);
    records_write_ns(task->writer, SECTION_ANSWER, apex_of(task), &servers);
    sign(task, SECTION_ANSWER, start, apex_of(task));
    if (servers.glue)
        records_write_glue(task->writer, &servers);
}

/* What is at the apex whatever the model says of the name. False for other types. */
static bool answer_apex(const struct task *task)
{
    bool is_signed = task->signing.is_signed;
    unsigned type = task->question->type;
    size_t start = task->writer->len;
    struct servers servers;

    if (type == TYPE_NS) {
        write_apex_ns(task);
        return true;
    }
    if (type == TYPE_SOA) {
        delegation_servers(task->world, task->zone, &task->question->name, &servers);
        records_write_soa(task->writer, SECTION_ANSWER, apex_of(task), &servers);
    } else if (type == TYPE_DNSKEY && is_signed) {
        dnssec_write_keys(&task->signing, task->writer);
    } else if (type == TYPE_DNSKEY) {
        write_authority_soa(task); /* not signed, and no alias of the domain covers this */
    } else if (type == TYPE_NSEC3PARAM && is_signed && task->signing.denial == DENIAL_NSEC3) {
        write_nsec3param(task);
    } else {
        return false;
    }
    if (task->writer->counts[SECTION_ANSWER] > 0)
        sign(task, SECTION_ANSWER, start, apex_of(task));
    return true;
}

static bool is_alias(const struct node *node)
{
    return node->kind == NODE_ALIAS || (node->kind == NODE_DOMAIN && model_is_alias(&node->domain));
}

/* Signs what the answer section has gained since `start`, at `name` where `node` is. */
static void sign_answer(const struct task *task, size_t start, const struct name *name,
                        const struct node *node)
{
    bool expanded = node->is_wildcard && task->signing.denial != DENIAL_COMPACT;

    dnssec_sign(&task->signing, task->writer, (struct mark){start, SECTION_ANSWER}, whole(name),
                expanded ? node->encloser : DNSSEC_LABELS_ALL);
}

/* Answers with the records of a node that is there and no alias. */
static void answer_records(const struct task *task, const struct name *name,
                           const struct node *node)
{
    uint16_t before = task->writer->counts[SECTION_ANSWER];
    size_t start = task->writer->len;

    if (task->question->type == TYPE_ANY)
        records_write_any(task->writer, whole(name));
    else
        records_write(task->writer, whole(name), node, task->question->type);
    if (task->writer->counts[SECTION_ANSWER] == before) {
        deny_type(task, name, node);
        return;
    }
    sign_answer(task, start, name, node);
    if (node->is_wildcard)
        denial_wildcard(&task->signing, task->writer, name, node->encloser);
}

static void write_alias(const struct task *task, const struct name *name, const struct node *node)
{
    size_t start = task->writer->len;

    records_write_cname(task->writer, whole(name), &node->target);
    sign_answer(task, start, name, node);
}

/* Answers from a node, following aliases as long as they stay in the zone. */
static void answer_node(const struct task *task, struct node *node)
{
    const struct name *name = &task->question->name;
    struct name names[2]; /* the name `node` is at, and room for the next, in turns */
    unsigned type = task->question->type;

    for (unsigned turn = 0; turn < ALIASES_MAX && is_alias(node) && type != TYPE_CNAME; turn++) {
        struct name *next = &names[turn % 2];
        write_alias(task, name, node);
        if (task->zone.kind != ZONE_DOMAIN || !span_is_below(whole(&node->target), apex_of(task)))
            return;
        *next = node->target;
        name = next;
        model_find(task->world, next, task->zone.labels, node);
    }
    if (node->kind == NODE_ABSENT)
        deny_name(task, name, node->encloser);
    else if (is_alias(node))
        write_alias(task, name, node);
    else
        answer_records(task, name, node);
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
    struct task task = {world, question, {kind, 0}, {0}, writer, reply};
    struct zone cut;

    *reply = (struct reply){RCODE_NOERROR, true};
    if (!delegation_zone(world, kind, &question->name, &task.zone) ||
        !delegation_is_served_by(world, task.zone, &question->name, address)) {
        *reply = (struct reply){RCODE_REFUSED, false};
        return;
    }
    dnssec_zone(world, task.zone, &question->name, question->wants_dnssec, &task.signing);
    if (!delegation_cut(world, task.zone, &question->name, &cut))
        answer_in_zone(&task);
    else if (!delegation_exists(world, cut, &question->name))
        deny_name(&task, &question->name, cut.labels - 1);
    else if (question->type == TYPE_DS && question->name.labels == cut.labels)
        write_ds(&task, cut, SECTION_ANSWER); /* the parent's side: RFC 4035 section 3.1.4.1 */
    else
        refer(&task, cut);
}
