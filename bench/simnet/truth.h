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
 *      "dmarc":"ok","dmarc_records":1,"signed":false,
 *      "needs":["example.com","ns1.dnshost4.com"],"servers":["127.64.0.17"],"faults":[{"zone":...,"fault":"servfail"}],
 *      "unknown_allowed":true}
 *
 * `recv` is the class of the receiving side (nonexistent null mx broken implicit none), `dmarc` the
 * outcome at _dmarc (ok nodata nxdomain nxdomain_target), the counts are of TXT records there that
 * an SPF or DMARC reader selects. A signed zone has `denial` too (nsec nsec3 compact): where it is
 * compact, a name that does not exist is NOERROR to who asks for signatures, with a proof that says
 * so. `needs` are the names a look-up leans on, `faults` what goes
 * wrong in their zones, as the options have it; `unknown_allowed` says whether a correct scanner
 * may have no answer because of them. What is no name is {"domain":...,"recv":null}.
 */
void truth_write(const struct world *world, const char *text, FILE *file);

/** The same for each line of `names`. False when reading or writing failed. */
bool truth_write_all(const struct world *world, FILE *names, FILE *file);

#endif
