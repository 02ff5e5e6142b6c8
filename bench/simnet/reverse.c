#include "reverse.h"

#include <stdio.h>

enum { PTR_CONFIRMED, PTR_MISSING, PTR_OTHER_ADDRESS, PTR_DANGLING, PTR_SEVERAL, PTR_COUNT };

static const uint16_t pointer_weights[] = {860, 50, 35, 20, 35};
_Static_assert(sizeof pointer_weights / sizeof pointer_weights[0] == PTR_COUNT, "a weight each");

/* Multiplication by an odd number is a bijection of 32 bits: the name does not show the address,
 * yet gives it back. The two factors are each other's inverse modulo 2^32. */
static const uint32_t scramble_factor = UINT32_C(0x01000193);
static const uint32_t unscramble_factor = UINT32_C(0x359c449b);

static bool is_octet(struct span label, unsigned *octet)
{
    unsigned value = 0;

    if (label.len < 1 || label.len > 3 || (label.len > 1 && label.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < label.len; i++) {
        if (label.ptr[i] < '0' || label.ptr[i] > '9')
            return false;
        value = value * 10 + (unsigned)(label.ptr[i] - '0');
    }
    *octet = value;
    return value <= 255;
}

static bool is_in_addr(const struct name *name)
{
    return name->labels >= 2 && span_is(name_label(name, 1), "arpa") &&
           span_is(name_label(name, 2), "in-addr");
}

unsigned reverse_octets(const struct name *name)
{
    unsigned octet, octets = 0;

    if (!is_in_addr(name))
        return 0;
    while (octets < 3 && name->labels > 2 + octets &&
           is_octet(name_label(name, 3 + octets), &octet))
        octets++;
    return octets;
}

unsigned reverse_zone(const struct name *name)
{
    static const uint8_t labels[] = {2, 3, 3, 5}; /* by octets: there is no cut at a /16 */

    return is_in_addr(name) ? labels[reverse_octets(name)] : 0;
}

bool reverse_address(const struct name *name, uint32_t *address)
{
    unsigned octet;

    *address = 0;
    if (name->labels != 6 || reverse_zone(name) != 5)
        return false;
    for (unsigned label = 3; label <= 6; label++) {
        if (!is_octet(name_label(name, label), &octet))
            return false;
        *address = *address << 8 | octet;
    }
    return true;
}

static bool relay_name(uint32_t address, unsigned zone, bool generic, struct name *name)
{
    char text[64];

    if (generic)
        snprintf(text, sizeof text, "%u-%u-%u-%u.relay%02u.net", address >> 24, address >> 16 & 255,
                 address >> 8 & 255, address & 255, zone);
    else
        snprintf(text, sizeof text, "mta-%08x.relay%02u.net",
                 (unsigned)((address ^ UINT32_C(0x5bd1e995)) * scramble_factor), zone);
    return name_set(name, text);
}

bool reverse_pointer(const struct world *world, uint32_t address, unsigned index,
                     struct name *target)
{
    uint64_t hash = hash_mix(world->seed, address);
    unsigned fate = hash_choose(hash, SALT_PTR, pointer_weights, PTR_COUNT);
    unsigned zone = hash_pick(hash, SALT_PTR_ZONE, RELAY_ZONE_COUNT);

    if (fate == PTR_MISSING || index > (fate == PTR_SEVERAL ? 1u : 0u))
        return false;
    if (fate == PTR_DANGLING) {
        char text[64];
        snprintf(text, sizeof text, "host%u.gone-host.net", address & 0xffff);
        return name_set(target, text);
    }
    if (fate == PTR_OTHER_ADDRESS || index == 1)
        address ^= 1;
    return relay_name(address, zone, hash_share(hash, SALT_PTR + 1000, 150), target);
}

static bool generic_address(struct span label, uint32_t *address)
{
    size_t at = 0;

    *address = 0;
    for (unsigned i = 0; i < 4; i++) {
        struct span part = {label.ptr + at, 0};
        unsigned octet;
        while (at + part.len < label.len && part.ptr[part.len] != '-')
            part.len++;
        if (!is_octet(part, &octet))
            return false;
        *address = *address << 8 | octet;
        at += part.len + 1;
        if ((i < 3 && at >= label.len) || (i == 3 && at <= label.len))
            return false;
    }
    return true;
}

bool reverse_relay_address(struct span label, uint32_t *address)
{
    uint32_t value = 0;

    if (label.len != 12 || !span_is((struct span){label.ptr, 4}, "mta-"))
        return generic_address(label, address);
    for (size_t i = 4; i < 12; i++) {
        uint8_t digit = label.ptr[i];
        if (digit >= '0' && digit <= '9')
            value = value << 4 | (uint32_t)(digit - '0');
        else if (digit >= 'a' && digit <= 'f')
            value = value << 4 | (uint32_t)(digit - 'a' + 10);
        else
            return false;
    }
    *address = value * unscramble_factor ^ UINT32_C(0x5bd1e995);
    return true;
}
