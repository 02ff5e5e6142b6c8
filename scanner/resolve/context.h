/*
 * A libunbound context as mxsweep wants it: the settings of one table, each with its reason.
 */
#ifndef SCANNER_RESOLVE_CONTEXT_H
#define SCANNER_RESOLVE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"
#include "texts.h"

struct ub_ctx;
struct ub_event_base;
struct exclude;

/* What the user may say of the resolver; the same in every command that asks the DNS. */
struct resolve_options {
    struct texts stubs;            /* ZONE=ADDR[@PORT] */
    struct texts forwarders;       /* ADDR[@PORT]: ask these, follow no delegation */
    const char *root_hints;        /* a file, or NULL: the library's own */
    const char *trust_anchor;      /* a file, "none", or NULL: the root's, see context.c */
    bool special_use;              /* ask about names and addresses that are not public */
    struct texts unbound_options;  /* "name: value", after our own */
    unsigned ports;                /* size of the port pool of one worker */
    unsigned first_port;           /* where this worker's slice of the ports begins */
    bool ipv6;                     /* send over IPv6 too */
    const struct exclude *exclude; /* its address blocks are not asked; may be NULL */
    bool debug;                    /* let the library write to stderr */
};

enum {
    CONTEXT_TCP_MAX = 200, /* as it comes it is 2, and more truncated answers than that fail */
    CONTEXT_PORTS_DEFAULT = 512,
    CONTEXT_PORTS_MAX = 16384,
};

/* A context on `base`, or NULL with the error set. Free it with ub_ctx_delete. */
struct ub_ctx *context_new(const struct resolve_options *options, struct ub_event_base *base,
                           struct error *error);

/*
 * What can be refused is refused here, before anything is begun: a server at an address that is
 * never asked without --special-use, unreadable files, malformed options. False with the error set.
 */
bool context_check(const struct resolve_options *options, struct error *error);

/* Where the trust anchor comes from, for the manifest: a file, "built-in" or "none". */
const char *context_trust_anchor(const struct resolve_options *options);

/* True when this machine can send to a global IPv6 address (with `special_use`: to ::1). */
bool context_has_ipv6(bool special_use);

/* One of our own settings, for the manifest; false past the last. */
bool context_setting(size_t index, const char **name, const char **value);

#endif
