#include "resolve/context.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <unbound-event.h>
#include <unbound.h>

#include <mxsweep/address.h>
#include <mxsweep/name.h>

#include "resolve/exclude.h"
#include "resolve/roots.h"

enum { RANGE_BEYOND_PORTS = 64 };

static const char root_key_file[] = "/usr/share/dns/root.key";

/* The root's keys as DS records (IANA root-anchors.xml), for systems without root_key_file. */
static const char *const built_in_anchors[] = {
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

static const struct setting {
    const char *name, *value, *reason;
} settings[] = {
    {"udp-connect:", "no",
     "a socket is used again only when it is not connected; a port pool smaller "
     "than the questions in flight fails nearly all of them otherwise"},
    {"outgoing-num-tcp:", "200", "as it comes it is 2: further truncated answers fail at once"},
    {"msg-cache-size:", "4m", "big caches cost a gigabyte and save nothing: ours stands above"},
    {"rrset-cache-size:", "8m", "twice the message cache, as the library advises"},
    {"key-cache-size:", "4m", "keys of the TLDs and of signed domains"},
    {"neg-cache-size:", "4m", "proofs that there is no DS: fewer questions to the TLDs"},
    {"qname-minimisation:", "no",
     "the first question tells the parent the name anyway; on, it asks "
     "three quarters more"},
    {"aggressive-nsec:", "no", "saves nothing below NSEC3, and repeats a broken zone's lie"},
    {"use-caps-for-id:", "yes", "a bit per letter against forged answers"},
    {"val-clean-additional:", "no", "CVE-2026-42959; we read no additional data"},
    {"target-fetch-policy:", "0 0 0 0 0", "no question that nobody needs"},
    {"max-query-restarts:", "16", "aliases followed, rules 17.4; as it comes it is 11"},
    {"prefetch:", "no", "same"},
    {"minimal-responses:", "no", "the authority section holds the NSEC that tells of existence"},
    {"do-not-query-localhost:", "yes", "glue must not make us send to ourselves"},
    {"module-config:", "validator iterator", "answers are validated in this process"},
    {"edns-buffer-size:", "1232", "no fragments"},
};

bool context_setting(size_t index, const char **name, const char **value)
{
    if (index >= sizeof settings / sizeof settings[0])
        return false;
    *name = settings[index].name;
    *value = settings[index].value;
    return true;
}

static bool set(struct ub_ctx *context, const char *name, const char *value, struct error *error)
{
    int status = ub_ctx_set_option(context, name, value);

    if (status == 0)
        return true;
    return error_set(error, "resolver option '%s %s': %s", name, value, ub_strerror(status));
}

static bool apply_settings(struct ub_ctx *context, struct error *error)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        if (!set(context, settings[i].name, settings[i].value, error))
            return false;
    return true;
}

/* The worker's slice of the ports, and as many queries in flight in the library as it takes. */
static bool apply_ports(struct ub_ctx *context, const struct resolve_options *options,
                        struct error *error)
{
    char range[32];

    (void)snprintf(range, sizeof range, "%u-%u", options->first_port,
                   options->first_port + options->ports - 1);
    if (!set(context, "outgoing-port-avoid:", "0-65535", error) ||
        !set(context, "outgoing-port-permit:", range, error))
        return false;
    /* more than the ports: else queries wait in the library while every port has one, which a few
     * silent servers bring about; with it the sockets are shared */
    (void)snprintf(range, sizeof range, "%u", options->ports + RANGE_BEYOND_PORTS);
    return set(context, "outgoing-range:", range, error) &&
           set(context, "do-ip6:", options->ipv6 ? "yes" : "no", error);
}

/* No name server lives in these blocks: a domain's glue must not make us send into our network. */
static bool forbid_special_addresses(struct ub_ctx *context, struct error *error)
{
    for (size_t i = 0; i < mxs_address_block_count; i++)
        if (mxs_address_blocks[i].never_query &&
            !set(context, "do-not-query-address:", mxs_address_blocks[i].text, error))
            return false;
    return true;
}

/* `nodefault` does nothing through this interface; `transparent` works (libunbound 1.17.1). */
static bool allow_special_use(struct ub_ctx *context, struct error *error)
{
    static const char *const zones[] = {"localhost.", "test.", "invalid.", "onion.", "home.arpa."};
    char zone[64];

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        (void)snprintf(zone, sizeof zone, "\"%s\" transparent", zones[i]);
        if (!set(context, "local-zone:", zone, error))
            return false;
    }
    return set(context, "unblock-lan-zones:", "yes", error) &&
           set(context, "do-not-query-localhost:", "no", error);
}

static bool is_none(const struct resolve_options *options)
{
    return options->trust_anchor != NULL && strcmp(options->trust_anchor, "none") == 0;
}

const char *context_trust_anchor(const struct resolve_options *options)
{
    if (options->trust_anchor != NULL)
        return options->trust_anchor;
    return access(root_key_file, R_OK) == 0 ? root_key_file : "built-in";
}

static bool apply_trust_anchor(struct ub_ctx *context, const struct resolve_options *options,
                               struct error *error)
{
    const char *file = options->trust_anchor;
    int status = 0;

    if (is_none(options))
        return set(context, "module-config:", "iterator", error);
    if (file == NULL && access(root_key_file, R_OK) == 0)
        file = root_key_file;
    if (file != NULL && access(file, R_OK) != 0)
        return error_set(error, "%s: the trust anchor cannot be read", file);
    if (file != NULL)
        status = ub_ctx_add_ta_file(context, file);
    for (size_t i = 0; file == NULL && status == 0 && i < 2; i++)
        status = ub_ctx_add_ta(context, built_in_anchors[i]);
    if (status != 0)
        return error_set(error, "%s: no trust anchor: %s", file == NULL ? "built-in" : file,
                         ub_strerror(status));
    return true;
}

static bool apply_stub(struct ub_ctx *context, const char *stub, struct error *error)
{
    char zone[1024];
    const char *equals = strchr(stub, '=');
    size_t len = equals == NULL ? 0 : (size_t)(equals - stub);
    int status;

    if (len == 0 || len >= sizeof zone)
        return error_set(error, "--stub %s: expected ZONE=ADDR[@PORT]", stub);
    memcpy(zone, stub, len);
    zone[len] = '\0';
    status = ub_ctx_set_stub(context, zone, equals + 1, 0);
    return status == 0 || error_set(error, "--stub %s: %s", stub, ub_strerror(status));
}

static bool apply_root_hints(struct ub_ctx *context, const struct resolve_options *options,
                             struct error *error)
{
    if (options->root_hints == NULL)
        return true;
    if (access(options->root_hints, R_OK) != 0)
        return error_set(error, "%s: the root hints cannot be read", options->root_hints);
    return set(context, "root-hints:", options->root_hints, error);
}

/* The user's own settings, last, so that they win. Each is "name: value". */
static bool apply_unbound_option(struct ub_ctx *context, const char *text, struct error *error)
{
    char name[128];
    const char *colon = strchr(text, ':');
    size_t len = colon == NULL ? 0 : (size_t)(colon - text) + 1;
    const char *value = text + len;

    if (len < 2 || len >= sizeof name)
        return error_set(error, "--unbound-option '%s': expected 'name: value'", text);
    memcpy(name, text, len);
    name[len] = '\0';
    while (*value == ' ')
        value++;
    return set(context, name, value, error);
}

static bool apply_forwarders(struct ub_ctx *context, const struct resolve_options *options,
                             struct error *error)
{
    for (size_t i = 0; i < options->forwarders.count; i++) {
        int status = ub_ctx_set_fwd(context, options->forwarders.items[i]);
        if (status != 0)
            return error_set(error, "--forward %s: %s", options->forwarders.items[i],
                             ub_strerror(status));
    }
    return true;
}

static bool forbid_excluded_addresses(struct ub_ctx *context, const struct exclude *exclude,
                                      struct error *error)
{
    const char *block;

    for (size_t i = 0; (block = exclude_block(exclude, i)) != NULL; i++)
        if (!set(context, "do-not-query-address:", block, error))
            return false;
    return true;
}

/*
 * The worker asks nothing of an excluded name, but libunbound follows an alias into one by itself.
 * So it is told of a server for the name that it must not ask: 192.0.2.1 is nobody's (RFC 5737).
 */
static bool forbid_excluded_names(struct ub_ctx *context, const struct exclude *exclude,
                                  struct error *error)
{
    static const char nobody[] = "192.0.2.1";
    struct mxs_buffer text;
    struct mxs_name name;
    size_t at = 0;
    int status = 0;

    mxs_buffer_init(&text);
    while (status == 0 && exclude_next_name(exclude, &at, &name)) {
        mxs_buffer_reset(&text);
        mxs_name_write(name, &text);
        mxs_buffer_append_char(&text, '\0');
        status = text.failed ? UB_NOMEM : ub_ctx_set_stub(context, text.ptr, nobody, 0);
    }
    mxs_buffer_clear(&text);
    if (status != 0)
        return error_set(error, "--exclude: %s", ub_strerror(status));
    return at == 0 || set(context, "do-not-query-address:", nobody, error);
}

static bool forbid_excluded(struct ub_ctx *context, const struct exclude *exclude,
                            struct error *error)
{
    return exclude == NULL || (forbid_excluded_addresses(context, exclude, error) &&
                               forbid_excluded_names(context, exclude, error));
}

/* With forwarders no glue is followed, so no address needs to be forbidden. */
static bool apply_addresses(struct ub_ctx *context, const struct resolve_options *options,
                            struct error *error)
{
    if (options->special_use)
        return allow_special_use(context, error) &&
               forbid_excluded(context, options->exclude, error);
    if (options->forwarders.count > 0)
        return set(context, "do-not-query-localhost:", "no", error);
    return forbid_special_addresses(context, error) &&
           forbid_excluded(context, options->exclude, error);
}

static bool configure(struct ub_ctx *context, const struct resolve_options *options,
                      struct error *error)
{
    if (!options->debug)
        (void)ub_ctx_debugout(context, NULL);
    if (!apply_settings(context, error) || !apply_ports(context, options, error) ||
        !apply_root_hints(context, options, error) ||
        !apply_trust_anchor(context, options, error) ||
        !apply_forwarders(context, options, error) || !apply_addresses(context, options, error))
        return false;
    for (size_t i = 0; i < options->stubs.count; i++)
        if (!apply_stub(context, options->stubs.items[i], error))
            return false;
    for (size_t i = 0; i < options->unbound_options.count; i++)
        if (!apply_unbound_option(context, options->unbound_options.items[i], error))
            return false;
    return true;
}

struct ub_ctx *context_new(const struct resolve_options *options, struct ub_event_base *base,
                           struct error *error)
{
    struct ub_ctx *context;

    if (options->ports == 0) { /* an empty pool makes the library crash */
        (void)error_set(error, "no port to send from");
        return NULL;
    }
    context = ub_ctx_create_ub_event(base);
    if (context == NULL) {
        (void)error_set(error, "no resolver context: out of memory");
        return NULL;
    }
    if (!configure(context, options, error)) {
        ub_ctx_delete(context);
        return NULL;
    }
    return context;
}

/* libunbound would fail every question to such a server, silently. */
static bool check_server(const struct server *server, struct error *error)
{
    for (size_t i = 0; i < mxs_address_block_count; i++)
        if (mxs_address_blocks[i].never_query &&
            mxs_address_in_block(&server->address, &mxs_address_blocks[i]))
            return error_set(error, "servers in %s are not asked without --special-use",
                             mxs_address_blocks[i].text);
    return true;
}

static bool check_stub(const char *stub, bool special_use, struct error *error)
{
    mxs_slice rest = mxs_slice_of(stub), zone;
    struct error reason;
    struct server server;

    if (!mxs_slice_split(&rest, '=', &zone) || zone.len == 0 || rest.ptr == NULL ||
        !server_parse(rest, &server))
        return error_set(error, "--stub %s: expected ZONE=ADDR[@PORT]", stub);
    if (special_use || check_server(&server, &reason))
        return true;
    return error_set(error, "--stub %s: %s", stub, reason.text);
}

static bool check_hints(const struct resolve_options *options, struct error *error)
{
    struct error reason;
    struct roots roots;

    if (!roots_find(options, &roots, error))
        return false;
    for (size_t i = 0; i < roots.count && !options->special_use; i++)
        if (!check_server(&roots.servers[i], &reason))
            return error_set(error, "%s: %s", options->root_hints, reason.text);
    return true;
}

bool context_check(const struct resolve_options *options, struct error *error)
{
    struct server server;

    for (size_t i = 0; i < options->forwarders.count; i++)
        if (!server_parse(mxs_slice_of(options->forwarders.items[i]), &server))
            return error_set(error, "--forward %s: expected ADDR[@PORT]",
                             options->forwarders.items[i]);
    for (size_t i = 0; i < options->stubs.count; i++)
        if (!check_stub(options->stubs.items[i], options->special_use, error))
            return false;
    if (options->root_hints != NULL && options->forwarders.count == 0 &&
        !check_hints(options, error))
        return false;
    if (options->trust_anchor != NULL && !is_none(options) &&
        access(options->trust_anchor, R_OK) != 0)
        return error_set_errno(error, errno, "%s", options->trust_anchor);
    return true;
}

bool context_has_ipv6(bool special_use)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(53)};
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool connected;

    if (fd < 0)
        return false;
    /* connect() of a UDP socket sends nothing: it asks the routing table */
    if (inet_pton(AF_INET6, special_use ? "::1" : "2001:500:2::c", &address.sin6_addr) != 1)
        address.sin6_addr = in6addr_any;
    connected = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    (void)close(fd);
    return connected;
}
