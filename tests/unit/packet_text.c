#include "packet_text.h"

#include "unit.h"
#include "zone_text.h"

enum { HEADER_LEN = 12 };

static void put(struct mxs_buffer *out, const void *bytes, size_t len)
{
    mxs_buffer_append(out, (mxs_slice){bytes, len});
}

static void put_u8(struct mxs_buffer *out, unsigned value)
{
    mxs_buffer_append_char(out, (char)value);
}

static void put_u16(struct mxs_buffer *out, unsigned value)
{
    put_u8(out, value >> 8 & 0xFF);
    put_u8(out, value & 0xFF);
}

static void put_u32(struct mxs_buffer *out, uint64_t value)
{
    put_u16(out, (unsigned)(value >> 16 & 0xFFFF));
    put_u16(out, (unsigned)(value & 0xFFFF));
}

static mxs_slice take_word(mxs_slice *rest)
{
    mxs_slice word;

    *rest = mxs_slice_trim(*rest);
    assert_true(mxs_slice_split(rest, ' ', &word));
    return word;
}

static uint64_t take_number(mxs_slice *rest)
{
    uint64_t number;

    assert_true(mxs_slice_to_number(take_word(rest), UINT32_MAX, &number));
    return number;
}

static unsigned hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = strchr(digits, c);

    assert_true(c != '\0' && at != NULL);
    return (unsigned)(at - digits);
}

static void put_hex(struct mxs_buffer *out, mxs_slice hex)
{
    assert_int_equal(hex.len % 2, 0);
    for (size_t i = 0; i < hex.len; i += 2)
        put_u8(out, hex_digit(hex.ptr[i]) << 4 | hex_digit(hex.ptr[i + 1]));
}

static uint16_t type_of(mxs_slice word)
{
    uint64_t number = 0;

    for (uint16_t type = 1; type < 256; type++) {
        const char *text = mxs_type_text(type);
        if (text != NULL && mxs_slice_equal(word, mxs_slice_of(text)))
            return type;
    }
    if (!mxs_slice_starts_with(word, MXS_SLICE("TYPE")) ||
        !mxs_slice_to_number(mxs_slice_from(word, 4), UINT16_MAX, &number))
        fail_msg("packet text: no type: \"%.*s\"", (int)word.len, word.ptr);
    return (uint16_t)number;
}

/* RFC 4034 section 4.1.2; the types in ascending order. */
static void put_bitmap(struct mxs_buffer *out, mxs_slice rest)
{
    uint8_t bits[32] = {0};
    unsigned window = 0, len = 0;

    for (rest = mxs_slice_trim(rest); rest.len > 0; rest = mxs_slice_trim(rest)) {
        unsigned type = type_of(take_word(&rest));
        if (type >> 8 != window && len > 0) {
            put_u8(out, window);
            put_u8(out, len);
            put(out, bits, len);
            memset(bits, 0, sizeof bits);
        }
        window = type >> 8;
        bits[(type & 0xFF) / 8] |= (uint8_t)(0x80U >> type % 8);
        len = (type & 0xFF) / 8 + 1;
    }
    if (len == 0)
        return;
    put_u8(out, window);
    put_u8(out, len);
    put(out, bits, len);
}

static void put_soa(struct mxs_buffer *out, mxs_slice rest)
{
    put(out, "\0\0", 2); /* MNAME and RNAME: the root */
    for (int i = 0; i < 4; i++)
        put_u32(out, 7);
    put_u32(out, take_number(&rest));
}

static void put_nsec3(struct mxs_buffer *out, mxs_slice rest)
{
    static const char next[20];
    unsigned iterations = (unsigned)take_number(&rest);
    mxs_slice salt = take_word(&rest);

    if (mxs_slice_equal(salt, MXS_SLICE("-")))
        salt.len = 0;
    put_u8(out, 1); /* SHA-1 */
    put_u8(out, 0);
    put_u16(out, iterations);
    put_u8(out, (unsigned)salt.len / 2);
    put_hex(out, salt);
    put_u8(out, sizeof next);
    put(out, next, sizeof next);
    put_bitmap(out, rest);
}

/* A record in the form that zone texts have. */
static void put_plain(struct mxs_buffer *out, uint16_t type, mxs_slice rest)
{
    struct mxs_arena arena;
    char line[2048];
    int len = snprintf(line, sizeof line, "x %s %.*s", mxs_type_text(type), (int)rest.len,
                       rest.ptr ? rest.ptr : "");

    assert_true(len > 0 && (size_t)len < sizeof line);
    mxs_arena_init(&arena);
    mxs_buffer_append(out, zone_text_read(&arena, line)->record.rdata);
    mxs_arena_clear(&arena);
}

static void put_rdata(struct mxs_buffer *out, uint16_t type, mxs_slice rest)
{
    rest = mxs_slice_trim(rest);
    if (mxs_slice_starts_with(rest, MXS_SLICE("raw:")))
        put_hex(out, mxs_slice_from(rest, 4));
    else if (type == MXS_TYPE_SOA)
        put_soa(out, rest);
    else if (type == MXS_TYPE_NSEC) {
        put_u8(out, 0); /* the next name: the root */
        put_bitmap(out, rest);
    } else if (type == MXS_TYPE_NSEC3)
        put_nsec3(out, rest);
    else
        put_plain(out, type, rest);
}

static void put_owner(struct mxs_buffer *out, mxs_slice word)
{
    struct mxs_arena arena;
    struct mxs_name name;

    if (mxs_slice_equal(word, MXS_SLICE("@"))) {
        put_u16(out, 0xC000 | HEADER_LEN);
        return;
    }
    if (mxs_slice_starts_with(word, MXS_SLICE("raw:"))) {
        put_hex(out, mxs_slice_from(word, 4));
        return;
    }
    mxs_arena_init(&arena);
    assert_int_equal(mxs_name_parse(&arena, word, &name), MXS_NAME_OK);
    put(out, name.wire, name.len);
    mxs_arena_clear(&arena);
}

/* Adds to one of the counts of the header: 6 answers, 8 authority, 10 additional. */
static void count_up(struct mxs_buffer *out, size_t start, size_t at, unsigned by)
{
    unsigned char *field = (unsigned char *)out->ptr + start + at;
    unsigned count = ((unsigned)field[0] << 8 | field[1]) + by;

    field[0] = (unsigned char)(count >> 8);
    field[1] = (unsigned char)(count & 0xFF);
}

static void put_record(struct mxs_buffer *out, size_t start, mxs_slice rest)
{
    static const struct {
        const char *section;
        size_t at;
    } sections[] = {{"an", 6}, {"au", 8}, {"ar", 10}};
    mxs_slice class = take_word(&rest), section;
    uint64_t class_number = 1, ttl_s = 0;
    size_t rdata_at;

    assert_true(mxs_slice_split(&class, '/', &section));
    if (class.len > 0)
        assert_true(mxs_slice_to_number(class, UINT16_MAX, &class_number));
    for (size_t i = 0; i < COUNT(sections); i++)
        if (mxs_slice_equal(section, mxs_slice_of(sections[i].section)))
            count_up(out, start, sections[i].at, 1);
    ttl_s = take_number(&rest);
    put_owner(out, take_word(&rest));
    uint16_t type = type_of(take_word(&rest));
    put_u16(out, type);
    put_u16(out, (unsigned)class_number);
    put_u32(out, ttl_s);
    put_u16(out, 0);
    rdata_at = out->len;
    put_rdata(out, type, rest);
    count_up(out, rdata_at - 2, 0, (unsigned)(out->len - rdata_at));
}

static void take_marker(struct mxs_buffer *out, size_t start, mxs_slice rest)
{
    mxs_slice word = take_word(&rest);

    if (mxs_slice_equal(word, MXS_SLICE("!rcode")))
        out->ptr[start + 3] = (char)(out->ptr[start + 3] | (char)take_number(&rest));
    else if (mxs_slice_equal(word, MXS_SLICE("!tc")))
        out->ptr[start + 2] = (char)(out->ptr[start + 2] | 2);
    else if (mxs_slice_equal(word, MXS_SLICE("!lie")))
        count_up(out, start, 6, (unsigned)take_number(&rest));
    else
        fail_msg("packet text: \"%.*s\"", (int)word.len, word.ptr);
}

void packet_text(const char *text, struct mxs_name name, uint16_t type, struct mxs_buffer *packet)
{
    size_t start = packet->len;
    mxs_slice rest = mxs_slice_of(text), line;

    /* an id, a response with RD and RA, one question */
    put(packet, "\x12\x34\x81\x80\0\1\0\0\0\0\0\0", HEADER_LEN);
    put(packet, name.wire, name.len);
    put_u16(packet, type);
    put_u16(packet, 1);
    while (mxs_slice_split(&rest, '\n', &line)) {
        if (line.len == 0)
            continue;
        if (line.ptr[0] == '!')
            take_marker(packet, start, line);
        else
            put_record(packet, start, line);
    }
    assert_false(packet->failed);
}
