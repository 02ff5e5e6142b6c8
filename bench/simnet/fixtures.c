#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"

enum { SLOT_COUNT = 1 << 14, SLOTS_USED_MAX = SLOT_COUNT / 4 * 3, TEXT_SIZE = 64 };
#define LOOPBACK(b, c, d) (UINT32_C(127) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))

struct slot {
    uint8_t *name; /* NULL: free */
    size_t len;
    struct fixture fixture;
};

struct fixtures {
    size_t used;
    struct slot slots[SLOT_COUNT];
};

static const char *const provider_tlds[] = {"com", "net", "org",   "de",
                                            "io",  "eu",  "co.uk", "cloud"};

void dns_provider_domain(unsigned number, char *text, size_t size)
{
    const size_t count = sizeof provider_tlds / sizeof provider_tlds[0];

    snprintf(text, size, "dnshost%u.%s", number, provider_tlds[number % count]);
}

uint32_t dns_provider_address(unsigned number, unsigned server)
{
    return LOOPBACK(64, 0, 0) + number * 4 + 1 + server;
}

/* The slot that holds `name`, or the free one where it belongs. */
static size_t find_slot(const struct fixtures *fixtures, struct span name)
{
    size_t at = (size_t)hash_bytes(0, name.ptr, name.len) % SLOT_COUNT;

    while (fixtures->slots[at].name != NULL &&
           !span_equal((struct span){fixtures->slots[at].name, fixtures->slots[at].len}, name))
        at = (at + 1) % SLOT_COUNT;
    return at;
}

static bool add_wire(struct fixtures *fixtures, struct span name, struct fixture fixture)
{
    struct slot *slot = &fixtures->slots[find_slot(fixtures, name)];

    if (slot->name != NULL) {
        if (slot->fixture.kind == FIXTURE_EMPTY || slot->fixture.text == NULL)
            slot->fixture = fixture;
        return true;
    }
    if (fixtures->used >= SLOTS_USED_MAX || (slot->name = malloc(name.len)) == NULL)
        return false;
    memcpy(slot->name, name.ptr, name.len);
    slot->len = name.len;
    slot->fixture = fixture;
    fixtures->used++;
    return true;
}

/* Adds a name, and what must exist above it: its registrable domain and empty non-terminals. */
static bool add(struct fixtures *fixtures, const char *text, struct fixture fixture)
{
    struct name name;
    unsigned registrable;

    if (!name_set(&name, text) || !add_wire(fixtures, name_suffix(&name, name.labels), fixture))
        return false;
    registrable = fixtures_registrable(fixtures, &name);
    for (unsigned labels = registrable; labels > 0 && labels < name.labels; labels++) {
        struct span parent = name_suffix(&name, labels);
        enum fixture_kind kind = labels == registrable ? FIXTURE_DOMAIN : FIXTURE_EMPTY;
        if (fixtures_find(fixtures, parent) == NULL &&
            !add_wire(fixtures, parent, (struct fixture){.kind = kind}))
            return false;
    }
    return true;
}

static bool add_dns_provider(struct fixtures *fixtures, unsigned number)
{
    char domain[TEXT_SIZE], text[TEXT_SIZE + 8];

    dns_provider_domain(number, domain, sizeof domain);
    if (!add(fixtures, domain, (struct fixture){.kind = FIXTURE_DOMAIN, .value = number + 1}))
        return false;
    for (unsigned server = 0; server < 2; server++) {
        uint32_t address = dns_provider_address(number, server);
        snprintf(text, sizeof text, "ns%u.%s", server + 1, domain);
        if (!add(fixtures, text, (struct fixture){.kind = FIXTURE_SERVER, .value = address}))
            return false;
    }
    return true;
}

static bool add_numbered(struct fixtures *fixtures)
{
    char text[TEXT_SIZE];
    bool ok = add(fixtures, "a.root-servers.net",
                  (struct fixture){.kind = FIXTURE_SERVER, .value = LOOPBACK(0, 1, 1)});

    for (unsigned i = 1; ok && i <= TLD_SERVER_COUNT; i++) {
        snprintf(text, sizeof text, "n%u.tld-servers.net", i);
        ok = add(fixtures, text,
                 (struct fixture){.kind = FIXTURE_SERVER, .value = LOOPBACK(0, 2, i)});
    }
    for (unsigned i = 0; ok && i < MAIL_HOST_COUNT; i++)
        for (unsigned host = 1; ok && host <= 3; host++) {
            snprintf(text, sizeof text, "mx%u.mailhost%02u.net", host, i);
            ok = add(fixtures, text, (struct fixture){.kind = FIXTURE_HOST});
        }
    for (unsigned i = 0; ok && i < MAIL_HOST_COUNT; i++) {
        snprintf(text, sizeof text, "_spf.mailhost%02u.net", i);
        ok = add(fixtures, text,
                 (struct fixture){.kind = FIXTURE_TEXT,
                                  .text = "v=spf1 ip4:185.70.40.0/22 ip4:212.27.42.0/24 -all"});
    }
    for (unsigned i = 0; ok && i < RELAY_ZONE_COUNT; i++) {
        snprintf(text, sizeof text, "relay%02u.net", i);
        ok = add(fixtures, text, (struct fixture){.kind = FIXTURE_RELAYS});
    }
    for (unsigned i = 0; ok && i < DNS_PROVIDER_COUNT; i++)
        ok = add_dns_provider(fixtures, i);
    return ok;
}

struct fixtures *fixtures_new(void)
{
    struct fixtures *fixtures = calloc(1, sizeof *fixtures);
    bool ok = fixtures != NULL;

    for (size_t i = 0; ok && i < fixture_row_count; i++) {
        const struct fixture_row *row = &fixture_rows[i];
        ok = add(fixtures, row->name, (struct fixture){.kind = row->kind, .text = row->text});
    }
    if (ok && add_numbered(fixtures))
        return fixtures;
    fixtures_free(fixtures);
    return NULL;
}

void fixtures_free(struct fixtures *fixtures)
{
    for (size_t i = 0; fixtures != NULL && i < SLOT_COUNT; i++)
        free(fixtures->slots[i].name);
    free(fixtures);
}

const struct fixture *fixtures_find(const struct fixtures *fixtures, struct span name)
{
    const struct slot *slot = &fixtures->slots[find_slot(fixtures, name)];

    return slot->name == NULL ? NULL : &slot->fixture;
}

const struct fixture *fixtures_find_wildcard(const struct fixtures *fixtures, struct span name)
{
    struct name wildcard;

    return name_join(&wildcard, "*", name)
               ? fixtures_find(fixtures, name_suffix(&wildcard, wildcard.labels))
               : NULL;
}

unsigned fixtures_registrable(const struct fixtures *fixtures, const struct name *name)
{
    const struct fixture *fixture;

    if (name->labels < 2)
        return 0;
    fixture = fixtures_find(fixtures, name_suffix(name, 2));
    if (fixture == NULL || fixture->kind != FIXTURE_SUFFIX)
        return 2;
    return name->labels < 3 ? 0 : 3;
}
