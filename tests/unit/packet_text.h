/*
 * A reply packet from text, so that a test can say what a server said.
 *
 *     !rcode 3                         also !tc, !lie N (N more records than there are in "an")
 *     an 300 x.net CNAME y.net         section (an, au, ar), TTL, owner, type, data as in zone.h
 *     an/3 300 @ A 9.1.1.1             another class; "@" is a pointer to the question's name
 *     an 300 @ MX raw:000a016dc00c     RDATA in hexadecimal, and so may be an owner
 *     au 600 x SOA 900                 only the MINIMUM field matters
 *     au 600 x NSEC A TXT TYPE128      the types of the bitmap
 *     au 600 HASH.x NSEC3 5 aabb A     iterations, salt ("-": none), types
 */
#ifndef TESTS_PACKET_TEXT_H
#define TESTS_PACKET_TEXT_H

#include <mxsweep/answer.h>

/* Appends the reply to (`name`, `type`) that `text` describes; a wrong text fails the test. */
void packet_text(const char *text, struct mxs_name name, uint16_t type, struct mxs_buffer *packet);

#endif
