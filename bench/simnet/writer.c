#include "writer.h"

#include <string.h>

enum { CLASS_IN = 1, POINTER_MARK = 0xc000 };

void writer_init(struct writer *writer, uint8_t *bytes, size_t capacity)
{
    *writer = (struct writer){.capacity = capacity};
    writer->bytes = bytes;
}

void writer_bytes(struct writer *writer, const void *bytes, size_t len)
{
    if (writer->overflow || len > writer->capacity - writer->len) {
        writer->overflow = true;
        return;
    }
    memcpy(writer->bytes + writer->len, bytes, len);
    writer->len += len;
}

void writer_u8(struct writer *writer, unsigned value)
{
    uint8_t byte = (uint8_t)value;

    writer_bytes(writer, &byte, 1);
}

void writer_u16(struct writer *writer, unsigned value)
{
    uint8_t bytes[2] = {(uint8_t)(value >> 8), (uint8_t)value};

    writer_bytes(writer, bytes, sizeof bytes);
}

void writer_u32(struct writer *writer, uint32_t value)
{
    writer_u16(writer, value >> 16);
    writer_u16(writer, value & 0xffff);
}

static void write_owner(struct writer *writer, struct span owner)
{
    uintptr_t at = (uintptr_t)owner.ptr;
    uintptr_t first = writer->question == NULL ? 0 : (uintptr_t)writer->question->wire;

    if (owner.len > 1 && writer->question != NULL && at >= first &&
        at < first + writer->question->len)
        writer_u16(writer, POINTER_MARK | (unsigned)(DNS_HEADER_SIZE + (at - first)));
    else
        writer_bytes(writer, owner.ptr, owner.len);
}

void writer_record_begin(struct writer *writer, struct span owner, unsigned type, uint32_t ttl_s)
{
    write_owner(writer, owner);
    writer_u16(writer, type);
    writer_u16(writer, CLASS_IN);
    writer_u32(writer, ttl_s);
    writer_u16(writer, 0); /* RDLENGTH, filled in at the end */
    writer->rdata_start = writer->len;
}

void writer_record_end(struct writer *writer, enum section section)
{
    size_t len = writer->len - writer->rdata_start;

    if (writer->overflow)
        return;
    writer->bytes[writer->rdata_start - 2] = (uint8_t)(len >> 8);
    writer->bytes[writer->rdata_start - 1] = (uint8_t)len;
    writer->counts[section]++;
}
