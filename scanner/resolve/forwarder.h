/*
 * Is the resolver behind --forward fit? Its answers are validated here as well, so it must hand the
 * DNSSEC records on.
 */
#ifndef SCANNER_RESOLVE_FORWARDER_H
#define SCANNER_RESOLVE_FORWARDER_H

#include "resolve/context.h"

/*
 * Asks it for the root's SOA in a process of its own, because this one parses nothing that comes
 * from the DNS. False with the error set when it does not answer, or when its answer cannot be
 * validated. True at once without a forwarder.
 */
bool forwarder_check(const struct resolve_options *options, unsigned timeout_ms,
                     struct error *error);

#endif
