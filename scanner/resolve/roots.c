#include "resolve/roots.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { DNS_PORT = 53 };

/* https://www.iana.org/domains/root/servers: all over IPv4, some over IPv6. */
static const char *const root_servers[] = {
    "198.41.0.4",      "170.247.170.2",       "192.33.4.12",   "199.7.91.13",    "192.203.230.10",
    "192.5.5.241",     "192.112.36.4",        "198.97.190.53", "192.36.148.17",  "192.58.128.30",
    "193.0.14.129",    "199.7.83.42",         "202.12.27.33",  "2001:500:2f::f", "2001:7fd::1",
    "2001:500:9f::42", "2001:503:ba3e::2:30", "2001:dc3::35",
};

bool server_parse(mxs_slice text, struct server *server)
{
    mxs_slice rest = text, address;
    uint64_t port = DNS_PORT;

    (void)mxs_slice_split(&rest, '@', &address);
    if (!mxs_address_parse(address, &server->address))
        return false;
    if (rest.ptr != NULL && (!mxs_slice_to_number(rest, UINT16_MAX, &port) || port == 0))
        return false;
    server->port = (unsigned)port;
    return true;
}

static void add(struct roots *roots, mxs_slice text)
{
    if (roots->count < ROOTS_MAX && server_parse(text, &roots->servers[roots->count]))
        roots->count++;
}

static void add_forwarders(const struct resolve_options *options, struct roots *roots)
{
    for (size_t i = 0; i < options->forwarders.count; i++)
        add(roots, mxs_slice_of(options->forwarders.items[i]));
}

static void add_root_stubs(const struct resolve_options *options, struct roots *roots)
{
    for (size_t i = 0; i < options->stubs.count; i++) {
        mxs_slice stub = mxs_slice_of(options->stubs.items[i]);
        if (mxs_slice_starts_with(stub, MXS_SLICE(".=")))
            add(roots, mxs_slice_from(stub, 2));
    }
}

/* The last field of a hints line is an address, or the line is of no use here. */
static void add_hint(struct roots *roots, mxs_slice line)
{
    size_t end = line.len, begin;

    while (end > 0 && (mxs_is_blank(line.ptr[end - 1]) || line.ptr[end - 1] == '\n' ||
                       line.ptr[end - 1] == '\r'))
        end--;
    begin = end;
    while (begin > 0 && !mxs_is_blank(line.ptr[begin - 1]))
        begin--;
    if (line.len > 0 && line.ptr[0] != ';')
        add(roots, (mxs_slice){line.ptr + begin, end - begin});
}

static bool add_hints(const char *path, struct roots *roots, struct error *error)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    if (file == NULL)
        return error_set_errno(error, errno, "%s", path);
    while ((len = getline(&line, &room, file)) >= 0)
        add_hint(roots, (mxs_slice){line, (size_t)len});
    free(line);
    (void)fclose(file);
    return roots->count > 0 || error_set(error, "%s: names no root server's address", path);
}

bool roots_find(const struct resolve_options *options, struct roots *roots, struct error *error)
{
    *roots = (struct roots){.count = 0};
    add_forwarders(options, roots);
    if (roots->count == 0)
        add_root_stubs(options, roots);
    if (roots->count > 0)
        return true;
    if (options->root_hints != NULL)
        return add_hints(options->root_hints, roots, error);
    for (size_t i = 0; i < sizeof root_servers / sizeof root_servers[0]; i++)
        add(roots, mxs_slice_of(root_servers[i]));
    return true;
}
