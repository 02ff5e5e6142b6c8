/**
 * The truth about a name: what a faultless scanner must find, told by the model without packets.
 */
#ifndef SIMNET_TRUTH_H
#define SIMNET_TRUTH_H

#include <stdio.h>

#include "model.h"

/**
 * Writes one JSON line on `text`, a domain name:
 *
 *     {"domain":"example.com","recv":"mx","mx":["mx1.example.com"],"txt":2,"spf_records":1,
 *      "dmarc":"ok","dmarc_records":1}
 *
 * `recv` is the class of the receiving side (nonexistent null mx broken implicit none), `dmarc` the
 * outcome at _dmarc (ok nodata nxdomain nxdomain_target), the counts are of TXT records there that
 * an SPF or DMARC reader selects. What is no name is {"domain":...,"recv":null}.
 */
void truth_write(const struct world *world, const char *text, FILE *file);

/** The same for each line of `names`. False when reading or writing failed. */
bool truth_write_all(const struct world *world, FILE *names, FILE *file);

#endif
