#include "worker/landlock.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What linux/landlock.h of Debian 12 (Linux 6.1) does not know yet. */
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP    (1ULL << 0)
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_SCOPE_SIGNAL
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)
#define LANDLOCK_SCOPE_SIGNAL               (1ULL << 1)
#endif

/* struct landlock_ruleset_attr of ABI 6. An older kernel takes it while what it lacks is 0. */
struct ruleset {
    uint64_t files, network, scope;
};

/* struct landlock_net_port_attr, rule type LANDLOCK_RULE_NET_PORT. */
struct port_rule {
    uint64_t allowed, port;
};
enum { RULE_NET_PORT = 2 };

/* What is handled is forbidden, but for what a rule allows; and no rule allows a file. */
static const struct right {
    int abi; /* the first that knows them */
    struct ruleset bits;
    const char *reason;
} rights[] = {
    {1, {.files = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1}, "read, write, run, list, make, remove"},
    {2, {.files = LANDLOCK_ACCESS_FS_REFER}, "link or rename into another folder"},
    {3, {.files = LANDLOCK_ACCESS_FS_TRUNCATE}, "cut a file"},
    {4,
     {.network = LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP},
     "no use as a hop into the network behind us"},
    {5, {.files = LANDLOCK_ACCESS_FS_IOCTL_DEV}, "ioctl on devices opened later"},
    {6,
     {.scope = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL},
     "the user's other processes: desktop bus, supervisor"},
    /* ABI 7 adds no right, it has flags for the audit log. */
};

static struct ruleset ruleset_of(int abi)
{
    struct ruleset ruleset = {0};

    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        if (rights[i].abi > abi)
            continue;
        ruleset.files |= rights[i].bits.files;
        ruleset.network |= rights[i].bits.network;
        ruleset.scope |= rights[i].bits.scope;
    }
    return ruleset;
}

static bool allow_port(int fd, uint64_t right, uint64_t port, struct error *error)
{
    struct port_rule rule = {.allowed = right, .port = port};

    return syscall(SYS_landlock_add_rule, fd, RULE_NET_PORT, &rule, 0) == 0 ||
           error_set_errno(error, errno, "Landlock: TCP port %u", (unsigned)port);
}

/*
 * To bind to port 0 is to bind to an address alone: libunbound does for `outgoing-interface`.
 * Listening there is refused by the filter of system calls.
 */
static bool allow_ports(int fd, const uint16_t *ports, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (!allow_port(fd, LANDLOCK_ACCESS_NET_CONNECT_TCP, ports[i], error))
            return false;
    return allow_port(fd, LANDLOCK_ACCESS_NET_BIND_TCP, 0, error);
}

bool landlock_close(const uint16_t *tcp_ports, size_t count, int *abi, struct error *error)
{
    long found =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    struct ruleset ruleset;
    bool closed;
    int fd;

    *abi = found > 0 ? (int)found : 0;
    if (*abi == 0)
        return true;
    ruleset = ruleset_of(*abi);
    fd = (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof ruleset, 0U);
    if (fd < 0)
        return error_set_errno(error, errno, "Landlock: no ruleset");
    closed = ruleset.network == 0 || allow_ports(fd, tcp_ports, count, error);
    if (closed && syscall(SYS_landlock_restrict_self, fd, 0U) != 0)
        closed = error_set_errno(error, errno, "Landlock");
    (void)close(fd);
    return closed;
}
