/*
 * Landlock: no file, and TCP to a few ports only (Linux 5.13 and later).
 */
#ifndef SCANNER_WORKER_LANDLOCK_H
#define SCANNER_WORKER_LANDLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

/*
 * Takes every right on files that the kernel knows from the calling process, for good; descriptors
 * that are open stay usable. From ABI 4 on TCP connects to the `count` ports alone and binds to
 * none of its choice; from ABI 6 on nothing outside gets a signal or is met on an abstract socket.
 *
 * `*abi` becomes the kernel's ABI; 0 means that there is no Landlock (an old kernel, or switched
 * off), which is no error. PR_SET_NO_NEW_PRIVS must be set.
 */
bool landlock_close(const uint16_t *tcp_ports, size_t count, int *abi, struct error *error);

#endif
