#include "fate.h"

static void note(struct referee *referee, const struct asked *asked, enum fault fault,
                 unsigned zone_labels)
{
    const struct hit hit = {.server = asked->address,
                            .type = (uint16_t)asked->question->type,
                            .fault = (uint8_t)fault,
                            .zone_labels = (uint8_t)zone_labels};

    referee_hit(referee, &hit, &asked->question->name);
}

/* What the fault of a zone does; false: nothing to this question. */
static bool apply_zone_fault(const struct world *world, const struct asked *asked, struct zone zone,
                             enum fault fault, struct fate *fate)
{
    switch (fault) {
    case FAULT_SERVFAIL:
        fate->fails = true;
        fate->rcode = RCODE_SERVFAIL;
        return true;
    case FAULT_SILENT:
        fate->drop = true;
        return true;
    case FAULT_LAME:
        if (!delegation_is_first_server(world, zone, &asked->question->name, asked->address))
            return false;
        fate->fails = true;
        fate->rcode = RCODE_REFUSED;
        return true;
    case FAULT_REFUSED:
        fate->fails = true;
        fate->rcode = RCODE_REFUSED;
        return true;
    case FAULT_FORMERR:
        fate->fails = asked->has_edns;
        fate->rcode = RCODE_FORMERR;
        return asked->has_edns;
    case FAULT_TRUNCATE:
        fate->truncate = asked->is_udp;
        return asked->is_udp;
    case FAULT_SLOW:
        fate->delay_ms += asked->is_udp ? FAULTS_SLOW_MS : 0;
        return asked->is_udp;
    case FAULT_RATELIMIT:
    case FAULT_LOSS:
    case FAULT_BOGUS:
    case FAULT_TYPE:
    case FAULT_COUNT:
        break;
    }
    return false;
}

static void apply_fail_type(const struct world *world, struct referee *referee,
                            const struct asked *asked, struct zone zone, struct fate *fate)
{
    enum fail_type how = faults_of_type(world, zone, &asked->question->name, asked->question->type);

    if (how == FAIL_NOT)
        return;
    fate->drop = how == FAIL_DROP;
    fate->fails = how == FAIL_SERVFAIL;
    fate->rcode = RCODE_SERVFAIL;
    note(referee, asked, FAULT_TYPE, zone.labels);
}

static void apply_zone(const struct world *world, struct referee *referee,
                       const struct asked *asked, struct zone zone, struct fate *fate)
{
    enum fault fault = faults_of_zone(world, zone, &asked->question->name);

    if (fault != FAULT_NONE && apply_zone_fault(world, asked, zone, fault, fate))
        note(referee, asked, fault, zone.labels);
    else if (!fate->drop)
        apply_fail_type(world, referee, asked, zone, fate);
    if (zone.kind == ZONE_DOMAIN && world->signer != NULL && !fate->drop && !fate->fails &&
        faults_bogus(world, name_suffix(&asked->question->name, zone.labels)) != BOGUS_COUNT &&
        delegation_is_signed(world, zone, &asked->question->name)) {
        fate->bogus = true;
        note(referee, asked, FAULT_BOGUS, zone.labels);
    }
}

void fate_decide(const struct world *world, struct referee *referee, const struct asked *asked,
                 struct fate *fate)
{
    enum zone_kind kind = delegation_server_kind(asked->address);
    uint32_t count = referee_count(referee, asked->address, kind);
    const struct name *name = &asked->question->name;
    struct zone zone;
    bool is_served = (world->faults->any || referee->keeps_zones) &&
                     delegation_zone(world, kind, name, &zone) &&
                     delegation_is_served_by(world, zone, name, asked->address);

    *fate = (struct fate){.rcode = RCODE_NOERROR};
    if (is_served && referee->keeps_zones)
        census_count(&referee->census, name_suffix(name, zone.labels), referee->now_ms);
    if (world->faults->latency && asked->is_udp)
        fate->delay_ms = faults_latency_ms(world, asked->address);
    if (!world->faults->any)
        return;
    if (asked->is_udp && world->faults->shares[FAULT_LOSS] > 0 && faults_lose(world->faults)) {
        fate->drop = true;
        note(referee, asked, FAULT_LOSS, 0);
    } else if (count > FAULTS_RATE && faults_limits_rate(world, asked->address)) {
        fate->drop = true;
        note(referee, asked, FAULT_RATELIMIT, 0);
    } else if (is_served) {
        apply_zone(world, referee, asked, zone, fate);
    }
    if (fate->drop || fate->delay_ms >= FAULTS_SLOW_MS)
        referee_silent(referee, asked->address);
}
