/**
 * Proofs that something does not exist: NSEC, NSEC3 and compact denial, made for the name at hand.
 *
 * Online signers prove no more than they must: a record spans from just before a name to just
 * after it. All write to the authority section, and nothing where signing is not active.
 */
#ifndef SIMNET_DENIAL_H
#define SIMNET_DENIAL_H

#include "dnssec.h"

/** `name` is there (`node`) without records of the type. Its node may be a wildcard's. */
void denial_nodata(const struct signing *signing, struct writer *writer, const struct name *name,
                   const struct node *node);

/** `name` does not exist; its closest existing ancestor is its last `encloser` labels. */
void denial_nxdomain(const struct signing *signing, struct writer *writer, const struct name *name,
                     unsigned encloser);

/** `name` was answered from the wildcard below its last `encloser` labels: nothing is nearer. */
void denial_wildcard(const struct signing *signing, struct writer *writer, const struct name *name,
                     unsigned encloser);

/** The delegation at the last `labels` labels of `name` is not signed. */
void denial_no_ds(const struct signing *signing, struct writer *writer, const struct name *name,
                  unsigned labels);

#endif
