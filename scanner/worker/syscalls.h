/*
 * seccomp: the system calls that a worker needs once it is warm, and no other.
 */
#ifndef SCANNER_WORKER_SYSCALLS_H
#define SCANNER_WORKER_SYSCALLS_H

#include "error.h"

/*
 * From now on a call outside the table in syscalls.c ends the process or fails with EPERM, see
 * there. `*closed` is false where the kernel has no such filter, which is no error.
 * PR_SET_NO_NEW_PRIVS must be set.
 */
bool syscalls_close(bool *closed, struct error *error);

#endif
