#include "worker/syscalls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * Three answers to a call that is not in `allowed`:
 *
 * It is in `deadly`: the process is killed. Neither we nor a library behind us makes such a call
 * once warm, so whoever makes it has taken the worker over, and gets no second try. Or it is our
 * mistake, a file that should have been opened before: then a refusal would be worse than a death.
 * A library that cannot load what it verifies signatures with still gives verdicts, wrong ones; a
 * dead worker's names are asked again, and the report says why (SIGSYS).
 *
 * It is in `refused`: the caller is told what makes it take another way.
 *
 * All others fail with EPERM: what a library may try in passing (prctl, uname, sched_yield, a
 * socket option) and does well without, on this system or on the next.
 */
enum { REFUSE_REST = EPERM };

/* An int is the lower half of its register; the kernel does not look at the rest, nor do we. */
#define INT(index, value)                                                                          \
    {                                                                                              \
        index, SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint32_t)(value)                                   \
    }
#define BITS(index, mask, value)                                                                   \
    {                                                                                              \
        index, SCMP_CMP_MASKED_EQ, (uint32_t)(mask), (uint32_t)(value)                             \
    }
#define SOCKET_TYPE(index, value) BITS(index, ~(SOCK_CLOEXEC | SOCK_NONBLOCK), value)

enum { CONDITIONS_MAX = 3 };

/* A call, if all conditions on its arguments hold. Several rows of one call: any of them. */
struct rule {
    int call;
    const char *reason;
    struct scmp_arg_cmp when[CONDITIONS_MAX]; /* up to the first without an operator */
};

static const struct rule allowed[] = {
    /* ---- the DNS, and the supervisor */
    {SCMP_SYS(socket), "UDP over IPv4", {INT(0, AF_INET), SOCKET_TYPE(1, SOCK_DGRAM), INT(2, 0)}},
    {SCMP_SYS(socket), "UDP over IPv6", {INT(0, AF_INET6), SOCKET_TYPE(1, SOCK_DGRAM), INT(2, 0)}},
    {SCMP_SYS(socket),
     "TCP over IPv4; the protocol is named, as MPTCP and SCTP pass Landlock by",
     {INT(0, AF_INET), SOCKET_TYPE(1, SOCK_STREAM), INT(2, IPPROTO_TCP)}},
    {SCMP_SYS(socket),
     "TCP over IPv6",
     {INT(0, AF_INET6), SOCKET_TYPE(1, SOCK_STREAM), INT(2, IPPROTO_TCP)}},
    {SCMP_SYS(bind), "a UDP socket to a port of the pool", {{0}}},
    {SCMP_SYS(connect), "TCP; UDP with udp-connect", {{0}}},
    {SCMP_SYS(sendto), "questions; messages to the supervisor", {BITS(3, MSG_FASTOPEN, 0)}},
    {SCMP_SYS(sendmsg), "questions over TCP", {BITS(2, MSG_FASTOPEN, 0)}},
    {SCMP_SYS(recvfrom), "answers; messages from the supervisor", {{0}}},
    {SCMP_SYS(write), "standard error", {{0}}},
    {SCMP_SYS(writev), "questions over TCP; the C library's last words", {{0}}},
    {SCMP_SYS(close), "sockets", {{0}}},
    {SCMP_SYS(getsockopt),
     "whether a connection came about",
     {INT(1, SOL_SOCKET), INT(2, SO_ERROR)}},
    /* Options that libunbound 1.17 to 1.24 sets; it closes the socket when most of them fail. */
    {SCMP_SYS(setsockopt), "TCP", {INT(1, SOL_SOCKET), INT(2, SO_REUSEADDR)}},
    {SCMP_SYS(setsockopt), "no fragments", {INT(1, IPPROTO_IP), INT(2, IP_MTU_DISCOVER)}},
    {SCMP_SYS(setsockopt), "TCP", {INT(1, IPPROTO_IP), INT(2, IP_BIND_ADDRESS_NO_PORT)}},
    {SCMP_SYS(setsockopt), "ip-freebind", {INT(1, IPPROTO_IP), INT(2, IP_FREEBIND)}},
    {SCMP_SYS(setsockopt), "ip-dscp", {INT(1, IPPROTO_IP), INT(2, IP_TOS)}},
    {SCMP_SYS(setsockopt), "not IPv4 as well", {INT(1, IPPROTO_IPV6), INT(2, IPV6_V6ONLY)}},
    {SCMP_SYS(setsockopt), "no fragments", {INT(1, IPPROTO_IPV6), INT(2, IPV6_MTU)}},
    {SCMP_SYS(setsockopt), "no fragments", {INT(1, IPPROTO_IPV6), INT(2, IPV6_MTU_DISCOVER)}},
    {SCMP_SYS(setsockopt), "ip-dscp", {INT(1, IPPROTO_IPV6), INT(2, IPV6_TCLASS)}},
    {SCMP_SYS(setsockopt), "outgoing-tcp-mss", {INT(1, IPPROTO_TCP), INT(2, TCP_MAXSEG)}},
    /* Not F_SETOWN nor F_SETSIG, which make the kernel send signals. */
    {SCMP_SYS(fcntl), "non-blocking sockets", {INT(1, F_GETFL)}},
    {SCMP_SYS(fcntl), "non-blocking sockets", {INT(1, F_SETFL)}},
    {SCMP_SYS(fcntl), "libev looks which descriptor is bad", {INT(1, F_GETFD)}},
    /* ---- the loop */
    {SCMP_SYS(epoll_ctl), "libev", {{0}}},
    {SCMP_SYS(epoll_wait), "libev", {{0}}},
    {SCMP_SYS(epoll_pwait), "libev, where there is no epoll_wait", {{0}}},
    {SCMP_SYS(epoll_create1),
     "libev begins anew when told of a descriptor it does not know",
     {{0}}},
    {SCMP_SYS(poll), "the last words wait for the supervisor", {{0}}},
    {SCMP_SYS(ppoll), "the same, where there is no poll", {{0}}},
    {SCMP_SYS(restart_syscall), "a wait goes on after SIGSTOP and SIGCONT", {{0}}},
    {SCMP_SYS(clock_gettime), "time, where the vDSO has none", {{0}}},
    {SCMP_SYS(gettimeofday), "the same", {{0}}},
    {SCMP_SYS(time), "the same", {{0}}},
    /* ---- memory: never executable, never a file's */
    {SCMP_SYS(brk), "malloc", {{0}}},
    {SCMP_SYS(mmap), "malloc", {BITS(2, PROT_EXEC, 0), BITS(3, MAP_ANONYMOUS, MAP_ANONYMOUS)}},
    {SCMP_SYS(mremap), "realloc", {{0}}},
    {SCMP_SYS(munmap), "free", {{0}}},
    {SCMP_SYS(madvise), "free", {{0}}},
    {SCMP_SYS(getrandom), "IDs, ports, letter cases", {{0}}},
    /* One thread never waits for itself: FUTEX_WAIT would hang for ever, so it is refused. */
    {SCMP_SYS(futex), "pthread_once", {BITS(1, FUTEX_CMD_MASK, FUTEX_WAKE)}},
    /* ---- the end */
    {SCMP_SYS(exit), "", {{0}}},
    {SCMP_SYS(exit_group), "", {{0}}},
    {SCMP_SYS(getpid), "abort(); libunbound looks whether it was forked", {{0}}},
    {SCMP_SYS(gettid), "abort()", {{0}}},
    {SCMP_SYS(rt_sigprocmask), "abort()", {{0}}},
    {SCMP_SYS(rt_sigreturn), "the way back from a signal handler", {{0}}},
};

/*
 * Landlock does not see a connection that is made by sending (MSG_FASTOPEN): its list of ports
 * would mean nothing. Debian's libunbound sends so, and takes EPIPE as "connect() then".
 */
static const struct refusal {
    int call;
    int status;
    const char *reason;
    struct scmp_arg_cmp when;
} refused[] = {
    {SCMP_SYS(sendmsg), EPIPE, "TCP Fast Open", BITS(2, MSG_FASTOPEN, MSG_FASTOPEN)},
    {SCMP_SYS(sendto), EPIPE, "TCP Fast Open", BITS(3, MSG_FASTOPEN, MSG_FASTOPEN)},
};

static const int deadly[] = {
    /* another program, another process */
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(clone),
    SCMP_SYS(clone3),
    /* files */
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(creat),
    SCMP_SYS(memfd_create),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(mount),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    /* other processes */
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(rt_tgsigqueueinfo),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    /* ways round: what goes by io_uring is not seen here */
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(bpf),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The functions below return 0 or a negative errno, as libseccomp does. */

static int add_allowed(scmp_filter_ctx filter)
{
    int status = 0;

    for (size_t i = 0; i < COUNT(allowed) && status == 0; i++) {
        const struct rule *rule = &allowed[i];
        unsigned count = 0;
        while (count < CONDITIONS_MAX && rule->when[count].op != 0)
            count++;
        status = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, rule->call, count, rule->when);
    }
    return status;
}

static int add_refused(scmp_filter_ctx filter)
{
    int status = 0;

    for (size_t i = 0; i < COUNT(refused) && status == 0; i++)
        status = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO((unsigned)refused[i].status),
                                        refused[i].call, 1, &refused[i].when);
    return status;
}

static int add_deadly(scmp_filter_ctx filter)
{
    int status = 0;

    for (size_t i = 0; i < COUNT(deadly) && status == 0; i++)
        status = seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS, deadly[i], 0, NULL);
    return status;
}

/* abort() signals the process itself, and then the report of its death has the right name. */
static int add_abort(scmp_filter_ctx filter)
{
    const struct scmp_arg_cmp when[] = {INT(0, getpid()), INT(2, SIGABRT)};

    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), COUNT(when), when);
}

static int set_attributes(scmp_filter_ctx filter)
{
    static const struct {
        enum scmp_filter_attr attribute;
        uint32_t value;
    } attributes[] = {
        {SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS}, /* 32-bit calls in a 64-bit process */
        {SCMP_FLTATR_CTL_NNP, 0},                         /* is set already */
        {SCMP_FLTATR_CTL_OPTIMIZE, 2},                    /* a binary tree */
        {SCMP_FLTATR_API_SYSRAWRC, 1},                    /* the kernel's own errno */
    };
    int status = 0;

    for (size_t i = 0; i < COUNT(attributes) && status == 0; i++)
        status = seccomp_attr_set(filter, attributes[i].attribute, attributes[i].value);
    return status;
}

static int build(scmp_filter_ctx filter)
{
    int (*const steps[])(scmp_filter_ctx) = {set_attributes, add_allowed, add_abort, add_refused,
                                             add_deadly};
    int status = 0;

    for (size_t i = 0; i < COUNT(steps) && status == 0; i++)
        status = steps[i](filter);
    return status;
}

/* EINVAL and ENOSYS: the kernel was built without filters. */
static bool is_missing(int status)
{
    return status == -EINVAL || status == -ENOSYS;
}

bool syscalls_close(bool *closed, struct error *error)
{
    enum { API_KILL_PROCESS = 3 /* Linux 4.14 */ };
    scmp_filter_ctx filter;
    int status;

    *closed = false;
    if (seccomp_api_get() < API_KILL_PROCESS)
        return true;
    filter = seccomp_init(SCMP_ACT_ERRNO(REFUSE_REST));
    if (filter == NULL)
        return error_set(error, "seccomp: no filter");
    status = build(filter);
    if (status == 0) {
        status = seccomp_load(filter);
        *closed = status == 0;
        status = is_missing(status) ? 0 : status;
    }
    seccomp_release(filter);
    return status == 0 || error_set_errno(error, -status, "seccomp");
}
