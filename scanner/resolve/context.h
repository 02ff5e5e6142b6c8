/*
 * A libunbound context as mxsweep wants it: the settings of one table, each with its reason.
 */
#ifndef SCANNER_RESOLVE_CONTEXT_H
#define SCANNER_RESOLVE_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

struct ub_ctx;
struct ub_event_base;

enum { RESOLVE_OPTIONS_MAX = 32 /* uses of one repeatable option */ };

/* What the user may say of the resolver; the same in every command that asks the DNS. */
struct resolve_options {
    const char *stubs[RESOLVE_OPTIONS_MAX]; /* ZONE=ADDR[@PORT] */
    size_t stub_count;
    const char *root_hints;   /* a file, or NULL: the library's own */
    const char *trust_anchor; /* a file, "none", or NULL: the root's, see context.c */
    bool special_use;         /* ask about names and addresses that are not public */
    const char *unbound_options[RESOLVE_OPTIONS_MAX]; /* "name: value", after our own */
    size_t unbound_option_count;
    unsigned ports;      /* size of the port pool of one worker */
    unsigned first_port; /* where this worker's slice of the ports begins */
    bool ipv6;           /* send over IPv6 too */
    bool debug;          /* let the library write to stderr */
};

enum {
    CONTEXT_TCP_MAX = 200, /* as it comes it is 2, and more truncated answers than that fail */
    CONTEXT_PORTS_DEFAULT = 512,
    CONTEXT_PORTS_MAX = 16384,
};

/* A context on `base`, or NULL with the error set. Free it with ub_ctx_delete. */
struct ub_ctx *context_new(const struct resolve_options *options, struct ub_event_base *base,
                           struct error *error);

/* Where the trust anchor comes from, for the manifest: a file, "built-in" or "none". */
const char *context_trust_anchor(const struct resolve_options *options);

/* True when this machine can send to a global IPv6 address (with `special_use`: to ::1). */
bool context_has_ipv6(bool special_use);

/* One of our own settings, for the manifest; false past the last. */
bool context_setting(size_t index, const char **name, const char **value);

#endif
