/**
 * Answers that are under way: a ring of slots, one per millisecond.
 */
#ifndef SIMNET_WHEEL_H
#define SIMNET_WHEEL_H

#include <stddef.h>
#include <stdint.h>

#include <netinet/in.h>

enum { WHEEL_SLOTS = 4096 }; /**< Milliseconds an answer may take, and no more. */

struct packet {
    struct packet *next;
    struct sockaddr_in peer;
    struct in_addr source;
    size_t len;
    uint8_t bytes[];
};

struct wheel {
    uint64_t turned_ms; /**< Slots up to this time are empty. */
    size_t count;
    struct packet *slots[WHEEL_SLOTS];
};

/** Adds a packet that is due at `due_ms`, which is moved into the ring's span. The wheel owns it.
 */
void wheel_add(struct wheel *wheel, struct packet *packet, uint64_t due_ms);

/** Takes a packet due at `now_ms` or before; NULL: there is none. The caller frees it. */
struct packet *wheel_take(struct wheel *wheel, uint64_t now_ms);

/** Frees what is under way. */
void wheel_clear(struct wheel *wheel);

#endif
