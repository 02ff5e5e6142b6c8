#include "wheel.h"

#include <stdlib.h>

void wheel_add(struct wheel *wheel, struct packet *packet, uint64_t due_ms)
{
    struct packet **slot;

    if (due_ms <= wheel->turned_ms)
        due_ms = wheel->turned_ms + 1;
    if (due_ms >= wheel->turned_ms + WHEEL_SLOTS)
        due_ms = wheel->turned_ms + WHEEL_SLOTS - 1;
    slot = &wheel->slots[due_ms % WHEEL_SLOTS];
    packet->next = *slot;
    *slot = packet;
    wheel->count++;
}

struct packet *wheel_take(struct wheel *wheel, uint64_t now_ms)
{
    if (wheel->count == 0) {
        wheel->turned_ms = now_ms;
        return NULL;
    }
    while (wheel->turned_ms < now_ms) {
        struct packet **slot = &wheel->slots[(wheel->turned_ms + 1) % WHEEL_SLOTS];
        struct packet *packet = *slot;
        if (packet != NULL) {
            *slot = packet->next;
            wheel->count--;
            return packet;
        }
        wheel->turned_ms++;
    }
    return NULL;
}

void wheel_clear(struct wheel *wheel)
{
    for (size_t i = 0; i < WHEEL_SLOTS; i++)
        while (wheel->slots[i] != NULL) {
            struct packet *packet = wheel->slots[i];
            wheel->slots[i] = packet->next;
            free(packet);
        }
    wheel->count = 0;
}
