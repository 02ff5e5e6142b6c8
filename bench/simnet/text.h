/**
 * The text of TXT records: SPF, DMARC, DKIM, verifications and what else a node publishes.
 */
#ifndef SIMNET_TEXT_H
#define SIMNET_TEXT_H

#include "model.h"

enum { TEXT_MAX = 2048 };

struct text {
    char bytes[TEXT_MAX];
    size_t len;
    size_t split; /**< Length of the first character-string; 0: as long as they can be. */
};

/** Writes TXT record `index` of a node; false past the last. Text that does not fit is cut. */
bool text_write(const struct node *node, unsigned index, struct text *text);

/** Whether the node has TXT records. */
bool text_exists(const struct node *node);

#endif
