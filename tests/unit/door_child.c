#include "door_child.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "worker/landlock.h"

int errno_of(long status)
{
    return status < 0 ? errno : 0;
}

struct stage empty_stage(void)
{
    struct stage stage = {.fd = -1, .peer = -1};
    struct resolve_options none = {0};

    door_options_init(&stage.door, &none);
    return stage;
}

static void close_landlock(const struct stage *stage)
{
    struct error error;
    int abi;

    REQUIRE(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    REQUIRE(landlock_close(stage->door.tcp_ports, stage->door.tcp_port_count, &abi, &error));
    if (abi < 6)
        _exit(SKIP);
}

void shut(enum shut what, const struct stage *stage)
{
    struct error error = {""};

    if (what == LANDLOCK)
        close_landlock(stage);
    if (what != DOOR)
        return;
    door_warm_libraries();
    if (!door_close(&stage->door, &error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        _exit(BROKEN);
    }
}

int outcome_of(pid_t child)
{
    int status = 0;

    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int try_in_child(enum shut what, attempt *before, attempt *tried)
{
    pid_t child;

    (void)fflush(NULL);
    child = fork();
    if (child == 0) {
        struct stage stage = empty_stage();
        if (before != NULL)
            REQUIRE(before(&stage) == 0);
        shut(what, &stage);
        _exit(tried(&stage));
    }
    return outcome_of(child);
}

void need_sandbox(void)
{
#if !MXSWEEP_SANDBOX
    print_message("built without the sandbox\n");
    skip();
#endif
}

int raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    request.ifr_flags = IFF_UP | IFF_RUNNING;
    return fd < 0 ? errno : errno_of(ioctl(fd, SIOCSIFFLAGS, &request));
}

int bind_to(int fd, uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};

    return errno_of(bind(fd, (const struct sockaddr *)&address, sizeof address));
}
