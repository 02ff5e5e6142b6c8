/*
 * Whom this run's questions begin with: the forwarders, a stub for the root, the servers of a root
 * hints file, or the root servers themselves.
 */
#ifndef SCANNER_RESOLVE_ROOTS_H
#define SCANNER_RESOLVE_ROOTS_H

#include <mxsweep/address.h>

#include "resolve/context.h"

enum { ROOTS_MAX = 64 };

struct server {
    struct mxs_address address;
    unsigned port;
};

struct roots {
    struct server servers[ROOTS_MAX];
    size_t count;
};

/* False with the error set when the hints cannot be read or name no server. */
bool roots_find(const struct resolve_options *options, struct roots *roots, struct error *error);

/* Reads ADDR or ADDR@PORT, port 53 by default. */
bool server_parse(mxs_slice text, struct server *server);

#endif
