#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "door_child.h"
#include "worker/privileges.h"

static bool has_no_capability(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

    return syscall(SYS_capget, &header, data) == 0 &&
           (data[0].effective | data[0].permitted | data[0].inheritable) == 0 &&
           (data[1].effective | data[1].permitted | data[1].inheritable) == 0;
}

/* False in a user namespace like that of `unshare -Urn`. */
static bool is_nobody_mapped(void)
{
    unsigned inside = 0, outside = 0, count = 0;
    FILE *map = fopen("/proc/self/uid_map", "re");
    bool read = map != NULL && fscanf(map, "%u %u %u", &inside, &outside, &count) == 3;

    if (map != NULL)
        (void)fclose(map);
    return read && inside == 0 && count > PRIVILEGES_NOBODY;
}

static void drop(void)
{
    struct error error = {""};

    if (!privileges_drop(&error)) {
        (void)fprintf(stderr, "%s\n", error.text);
        _exit(BROKEN);
    }
}

static int become_nobody(struct stage *stage)
{
    uid_t real, effective, saved;
    gid_t group;
    int signal = 0;

    (void)stage;
    if (geteuid() != 0 || !is_nobody_mapped())
        return SKIP;
    REQUIRE(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    drop();
    REQUIRE(getresuid(&real, &effective, &saved) == 0);
    REQUIRE(real == PRIVILEGES_NOBODY && effective == real && saved == real);
    REQUIRE(getresgid(&group, &group, &group) == 0 && group == PRIVILEGES_NOBODY);
    REQUIRE(getgroups(0, NULL) == 0 && has_no_capability());
    REQUIRE(setuid(0) != 0 && seteuid(0) != 0 && setgid(0) != 0);
    REQUIRE(prctl(PR_GET_PDEATHSIG, &signal) == 0 && signal == SIGKILL);
    return 0;
}

static bool write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    (void)close(fd);
    return written;
}

/* As in `unshare -Urn`: uid 0 with every capability, and no uid to change to. */
static int stay_without_rights(struct stage *stage)
{
    char map[32];
    int fd;

    (void)stage;
    (void)snprintf(map, sizeof map, "0 %u 1", (unsigned)geteuid());
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || !write_text("/proc/self/uid_map", map))
        return SKIP;
    REQUIRE(geteuid() == 0 && raise_loopback() == 0 && !has_no_capability());
    drop();
    REQUIRE(geteuid() == 0 && has_no_capability());
    fd = socket(AF_INET, SOCK_DGRAM, 0);
    return bind_to(fd, 53) == EACCES ? 0 : BROKEN;
}

static void check(attempt *tried)
{
    int got = try_in_child(NOTHING, NULL, tried);

    if (got == SKIP) {
        print_message("this machine lacks what it takes\n");
        skip();
    }
    assert_int_equal(got, WORKS);
}

static void root_becomes_nobody(void **state)
{
    (void)state;
    check(become_nobody);
}

static void lone_root_loses_its_rights(void **state)
{
    (void)state;
    check(stay_without_rights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_becomes_nobody),
        cmocka_unit_test(lone_root_loses_its_rights),
    };

    return cmocka_run_group_tests_name("privileges", tests, NULL, NULL);
}
