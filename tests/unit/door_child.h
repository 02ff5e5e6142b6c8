/*
 * Children that shut the door, or a part of it, and then try something: how it ended is told by an
 * exit status, and by the signal that ended them.
 */
#ifndef TESTS_DOOR_CHILD_H
#define TESTS_DOOR_CHILD_H

#include <unistd.h>

#include "unit.h"
#include "worker/door.h"

/** How an attempt ends: 0 it works, an errno, or minus the signal that ended the process. */
enum { WORKS = 0, SKIP = 250 /* the machine lacks what it takes */, BROKEN = 251 };

/** What is shut before the attempt. */
enum shut { NOTHING, LANDLOCK, DOOR };

/** What an attempt finds prepared; made before anything is shut. */
struct stage {
    int fd, peer;
    uint16_t port;            /**< Of a listener, where there is one. */
    struct door_options door; /**< What may be changed for the door. */
};

/** Runs in a child: 0, or the errno of what did not work. */
typedef int attempt(struct stage *stage);

/** Whatever is wrong with the stage itself is no result of the attempt. */
#define REQUIRE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            perror(#condition);                                                                    \
            _exit(BROKEN);                                                                         \
        }                                                                                          \
    } while (0)

int errno_of(long status);

/** A stage with nothing on it, and the door of a sweep without stubs. */
struct stage empty_stage(void);

/** In a child: shuts it. Ends the child with SKIP where this kernel has less than Landlock ABI 6.
 */
void shut(enum shut what, const struct stage *stage);

/** Waits for a child of fork(). */
int outcome_of(pid_t child);

/** The outcome of `tried` in a child of its own, with `what` shut after `before` (or NULL). */
int try_in_child(enum shut what, attempt *before, attempt *tried);

/** Skips the test that runs where there is no door to test. */
void need_sandbox(void);

/** Network interface lo of a new namespace. 0, or an errno. */
int raise_loopback(void);

/** Binds `fd` to 127.0.0.1. 0, or an errno. */
int bind_to(int fd, uint16_t port);

#endif
