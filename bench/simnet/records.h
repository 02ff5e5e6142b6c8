/**
 * Records of a node, by type, written to a packet.
 */
#ifndef SIMNET_RECORDS_H
#define SIMNET_RECORDS_H

#include "delegation.h"
#include "text.h"
#include "writer.h"

/** Writes the records of `type` at `owner` to the answer section; none is no mistake. */
void records_write(struct writer *writer, struct span owner, const struct node *node,
                   unsigned type);

/** Whether the node has records of `type`, CNAME among them. */
bool records_exist(const struct node *node, unsigned type);

void records_write_cname(struct writer *writer, struct span owner, const struct name *target);
void records_write_ptr(struct writer *writer, struct span owner, const struct name *target);

/** What ANY gets: a HINFO record that says so (RFC 8482 section 4.2). */
void records_write_any(struct writer *writer, struct span owner);

/** A name server's records: NS in `section`. */
void records_write_ns(struct writer *writer, enum section section, struct span owner,
                      const struct servers *servers);
/** ... and the addresses in the additional section. */
void records_write_glue(struct writer *writer, const struct servers *servers);

void records_write_soa(struct writer *writer, enum section section, struct span owner,
                       const struct servers *servers);

#endif
