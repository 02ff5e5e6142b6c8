/**
 * DKIM key records (RFC 6376 section 3.6.1, RFC 8463).
 */
#ifndef SIMNET_DKIM_H
#define SIMNET_DKIM_H

#include <stddef.h>
#include <stdint.h>

enum { DKIM_RECORD_MAX = 1024 };

/**
 * Writes the record that `hash` chooses, at most DKIM_RECORD_MAX bytes; returns its length.
 *
 * RSA keys are well-formed and of their own for each hash: the modulus is odd and as long as it
 * should be, but the product of whatever primes it may be. Ed25519 keys are real ones.
 */
size_t dkim_write(uint64_t hash, char text[DKIM_RECORD_MAX]);

#endif
