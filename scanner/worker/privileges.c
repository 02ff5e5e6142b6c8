#include "worker/privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* EINVAL: the user namespace does not map the id. EPERM: the right to change it is not ours. */
static bool may_go_on(int status)
{
    return status == 0 || errno == EINVAL || errno == EPERM;
}

/* Groups before the user: who is no longer root cannot leave them. */
static bool become_nobody(struct error *error)
{
    const uid_t id = PRIVILEGES_NOBODY;

    if (!may_go_on(setgroups(0, NULL)))
        return error_set_errno(error, errno, "setgroups");
    if (!may_go_on(setresgid(id, id, id)))
        return error_set_errno(error, errno, "setresgid");
    if (!may_go_on(setresuid(id, id, id)))
        return error_set_errno(error, errno, "setresuid");
    return true;
}

static bool drop_capabilities(struct error *error)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

    return syscall(SYS_capset, &header, none) == 0 || error_set_errno(error, errno, "capset");
}

/* Tries what must fail now. An id that could not be changed holds no rights: they went before. */
static bool check_no_way_back(struct error *error)
{
    if ((geteuid() != 0 && setresuid(0, 0, 0) == 0) || (getegid() != 0 && setresgid(0, 0, 0) == 0))
        return error_set(error, "root's rights could be taken back");
    return true;
}

bool privileges_drop(struct error *error)
{
    pid_t parent = getppid();
    bool was_root = geteuid() == 0;
    int signal_at_death = 0;

    (void)prctl(PR_GET_PDEATHSIG, &signal_at_death);
    if (was_root && !become_nobody(error))
        return false;
    if (!drop_capabilities(error) || (was_root && !check_no_way_back(error)))
        return false;
    (void)prctl(PR_SET_PDEATHSIG, signal_at_death); /* a change of uid clears it */
    return getppid() == parent || error_set(error, "the supervisor is gone");
}
