#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "door_child.h"

enum { DIES = -SIGSYS };

/* Bare system calls, and what the filter does with each. */
static struct call {
    const char *label;
    long number, arguments[6];
    int want;
} calls[] = {
    {"execve", SYS_execve, {0}, DIES},
    {"execveat", SYS_execveat, {0}, DIES},
    {"clone", SYS_clone, {SIGCHLD}, DIES},
    {"clone3", SYS_clone3, {0}, DIES},
    {"openat", SYS_openat, {AT_FDCWD}, DIES},
    {"openat2", SYS_openat2, {AT_FDCWD}, DIES},
    {"memfd_create", SYS_memfd_create, {0}, DIES},
    {"mount", SYS_mount, {0}, DIES},
    {"unlinkat", SYS_unlinkat, {AT_FDCWD}, DIES},
    {"renameat2", SYS_renameat2, {0}, DIES},
    {"linkat", SYS_linkat, {0}, DIES},
    {"symlinkat", SYS_symlinkat, {0}, DIES},
    {"fchmodat", SYS_fchmodat, {0}, DIES},
    {"kill", SYS_kill, {0}, DIES},
    {"tkill", SYS_tkill, {0}, DIES},
    {"rt_sigqueueinfo", SYS_rt_sigqueueinfo, {0}, DIES},
    {"pidfd_open", SYS_pidfd_open, {1}, DIES},
    {"pidfd_getfd", SYS_pidfd_getfd, {0}, DIES},
    {"pidfd_send_signal", SYS_pidfd_send_signal, {0}, DIES},
    {"ptrace", SYS_ptrace, {PTRACE_TRACEME}, DIES},
    {"process_vm_readv", SYS_process_vm_readv, {0}, DIES},
    {"process_vm_writev", SYS_process_vm_writev, {0}, DIES},
    {"io_uring_setup", SYS_io_uring_setup, {0}, DIES},
    {"bpf", SYS_bpf, {0}, DIES},
    {"userfaultfd", SYS_userfaultfd, {0}, DIES},
    {"perf_event_open", SYS_perf_event_open, {0}, DIES},
    {"keyctl", SYS_keyctl, {0}, DIES},
    {"unshare", SYS_unshare, {CLONE_NEWUSER}, DIES},
    {"setns", SYS_setns, {0}, DIES},
    {"finit_module", SYS_finit_module, {0}, DIES},
    {"listen", SYS_listen, {0}, DIES},
    {"accept4", SYS_accept4, {0}, DIES},
#ifdef __x86_64__
    {"open", SYS_open, {0}, DIES},
    {"creat", SYS_creat, {0}, DIES},
    {"fork", SYS_fork, {0}, DIES},
    {"unlink", SYS_unlink, {0}, DIES},
    {"rename", SYS_rename, {0}, DIES},
    {"getpid as a call of the x32 ABI", 0x40000000 + SYS_getpid, {0}, DIES},
#endif
    {"a socket of AF_UNIX", SYS_socket, {AF_UNIX, SOCK_STREAM, 0}, EPERM},
    {"a socket of AF_NETLINK", SYS_socket, {AF_NETLINK, SOCK_DGRAM, 0}, EPERM},
    {"a socket of AF_VSOCK", SYS_socket, {AF_VSOCK, SOCK_STREAM, 0}, EPERM},
    {"a socket of AF_PACKET", SYS_socket, {AF_PACKET, SOCK_DGRAM, 0}, EPERM},
    {"a raw socket", SYS_socket, {AF_INET, SOCK_RAW, IPPROTO_ICMP}, EPERM},
    {"a ping socket", SYS_socket, {AF_INET, SOCK_DGRAM, IPPROTO_ICMP}, EPERM},
    {"a socket of SCTP", SYS_socket, {AF_INET, SOCK_STREAM, IPPROTO_SCTP}, EPERM},
    {"a socket of MPTCP", SYS_socket, {AF_INET, SOCK_STREAM, 262}, EPERM},
    {"a TCP socket without its protocol", SYS_socket, {AF_INET, SOCK_STREAM, 0}, EPERM},
    {"a socket pair", SYS_socketpair, {AF_UNIX, SOCK_STREAM}, EPERM},
    {"SO_BINDTODEVICE", SYS_setsockopt, {0, SOL_SOCKET, SO_BINDTODEVICE}, EPERM},
    {"SO_ATTACH_FILTER", SYS_setsockopt, {0, SOL_SOCKET, SO_ATTACH_FILTER}, EPERM},
    {"TCP_ULP", SYS_setsockopt, {0, IPPROTO_TCP, TCP_ULP}, EPERM},
    {"TCP_FASTOPEN_CONNECT", SYS_setsockopt, {0, IPPROTO_TCP, TCP_FASTOPEN_CONNECT}, EPERM},
    {"SO_PEERCRED", SYS_getsockopt, {0, SOL_SOCKET, SO_PEERCRED}, EPERM},
    {"F_DUPFD", SYS_fcntl, {2, F_DUPFD, 10}, EPERM},
    {"F_SETOWN", SYS_fcntl, {2, F_SETOWN, 0}, EPERM},
    {"F_SETSIG", SYS_fcntl, {2, F_SETSIG, SIGKILL}, EPERM},
    {"read: the terminal of standard error", SYS_read, {2, 0, 0}, EPERM},
    {"ioctl: the same", SYS_ioctl, {2, TIOCSTI, 0}, EPERM},
    {"executable memory", SYS_mmap, {0, 4096, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1}, EPERM},
    {"a file's memory", SYS_mmap, {0, 4096, PROT_READ, MAP_PRIVATE, 2}, EPERM},
    {"mprotect", SYS_mprotect, {0, 0, PROT_EXEC}, EPERM},
    {"prctl", SYS_prctl, {PR_GET_DUMPABLE}, EPERM},
    {"prlimit64", SYS_prlimit64, {0, RLIMIT_CORE}, EPERM},
    {"a wait for a futex", SYS_futex, {0, FUTEX_WAIT}, EPERM},
    {"dup", SYS_dup, {2}, EPERM},
    {"pipe2", SYS_pipe2, {0}, EPERM},
    {"chdir", SYS_chdir, {0}, EPERM},
    {"newfstatat", SYS_newfstatat, {AT_FDCWD}, EPERM},
    {"getuid", SYS_getuid, {0}, EPERM},
    {"personality", SYS_personality, {0xffffffff}, EPERM},
    {"capget", SYS_capget, {0}, EPERM},
    {"seccomp", SYS_seccomp, {9}, EPERM},
    {"sendto that connects", SYS_sendto, {0, 0, 0, MSG_FASTOPEN}, EPIPE},
    {"sendmsg that connects", SYS_sendmsg, {0, 0, MSG_FASTOPEN}, EPIPE},
};

static int make_call(enum shut what, const struct call *call)
{
    const long *a = call->arguments;
    pid_t child;

    (void)fflush(NULL);
    child = fork();
    if (child == 0) {
        struct stage stage = empty_stage();
        shut(what, &stage);
        _exit(errno_of(syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5])));
    }
    return outcome_of(child);
}

/* A refusal must be the door's: with nothing shut, root's same call ends in another way. */
static void call_is_refused(void **state)
{
    const struct call *call = *state;

    need_sandbox();
    if (call->want > 0 && geteuid() == 0)
        assert_int_not_equal(make_call(NOTHING, call), call->want);
    assert_int_equal(make_call(DOOR, call), call->want);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(calls)];

    for (size_t i = 0; i < COUNT(calls); i++)
        tests[i] = (struct CMUnitTest){calls[i].label, call_is_refused, NULL, NULL, &calls[i]};
    return cmocka_run_group_tests_name("syscalls", tests, NULL, NULL);
}
