/**
 * The packet writer: a DNS message built front to back in a buffer of the caller.
 *
 * A write that does not fit sets `overflow` and nothing more is written; the caller looks once, at
 * the end. The only compression is of owner names that point into the question, so an RRset can be
 * signed from its bytes in the packet.
 */
#ifndef SIMNET_WRITER_H
#define SIMNET_WRITER_H

#include "name.h"

enum { DNS_HEADER_SIZE = 12 };

enum dns_type {
    TYPE_A = 1,
    TYPE_NS = 2,
    TYPE_CNAME = 5,
    TYPE_SOA = 6,
    TYPE_PTR = 12,
    TYPE_HINFO = 13,
    TYPE_MX = 15,
    TYPE_TXT = 16,
    TYPE_AAAA = 28,
    TYPE_OPT = 41,
    TYPE_DS = 43,
    TYPE_RRSIG = 46,
    TYPE_DNSKEY = 48,
    TYPE_NSEC3PARAM = 51,
    TYPE_TLSA = 52,
    TYPE_ANY = 255,
};

/** The sections of RFC 1035 section 4.1 that hold records, in the order they must be written. */
enum section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL };

struct writer {
    uint8_t *bytes;
    size_t len;
    size_t capacity;
    bool overflow;
    const struct name *question; /**< Owners that lie in its `wire` become pointers. */
    uint16_t counts[3];          /**< Records per enum section. */
    size_t rdata_start;
};

void writer_init(struct writer *writer, uint8_t *bytes, size_t capacity);

void writer_u8(struct writer *writer, unsigned value);
void writer_u16(struct writer *writer, unsigned value);
void writer_u32(struct writer *writer, uint32_t value);
void writer_bytes(struct writer *writer, const void *bytes, size_t len);

/** Begins a record of class IN; what is written until `writer_record_end` is its RDATA. */
void writer_record_begin(struct writer *writer, struct span owner, unsigned type, uint32_t ttl_s);

/** Closes the record and counts it in `section`, unless it did not fit. */
void writer_record_end(struct writer *writer, enum section section);

#endif
