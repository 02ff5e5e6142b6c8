#include "limits.h"

#include <sys/random.h>
#include <sys/resource.h>

enum {
    PORT_LOWEST = 10240,
    PORT_HIGHEST = 65535,
    PORTS_ALL = PORT_HIGHEST - PORT_LOWEST + 1,
};

static bool raise_descriptors(rlim_t *limit, struct error *error)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return error_set(error, "the limit on open files cannot be read");
    files.rlim_cur = files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return error_set(error, "the limit on open files cannot be read");
    *limit = files.rlim_cur;
    return true;
}

/* Each run begins elsewhere, so that two on one machine seldom share ports. */
static unsigned choose_first_port(unsigned needed)
{
    unsigned random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        random = 0;
    return PORT_LOWEST + random % (PORTS_ALL - needed + 1);
}

bool limits_fit(struct resolve_options *resolve, unsigned workers, struct error *error)
{
    const unsigned fixed = CONTEXT_TCP_MAX + DESCRIPTORS_SPARE;
    rlim_t limit = 0;
    unsigned room;

    if (!raise_descriptors(&limit, error))
        return false;
    if (limit < fixed + PORTS_LEAST)
        return error_set(error, "%llu open files are allowed, a worker needs %u (ulimit -n)",
                         (unsigned long long)limit, fixed + PORTS_LEAST);
    room = limit > PORTS_ALL ? PORTS_ALL : (unsigned)limit - fixed;
    if (resolve->ports > room)
        resolve->ports = room;
    if (resolve->ports > PORTS_ALL / workers)
        resolve->ports = PORTS_ALL / workers;
    resolve->first_port = choose_first_port(resolve->ports * workers);
    return true;
}
