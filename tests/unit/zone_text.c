#include "zone_text.h"

#include "unit.h"

#include <mxsweep/arena.h>

static const uint32_t default_ttl_s = 3600;

/* Takes the next word of `*rest`; what is left begins without blanks. */
static mxs_slice take_word(mxs_slice *rest)
{
    mxs_slice word;

    *rest = mxs_slice_trim(*rest);
    if (!mxs_slice_split(rest, ' ', &word))
        return (mxs_slice){NULL, 0};
    *rest = mxs_slice_trim(*rest);
    return word;
}

static uint64_t take_number(mxs_slice *rest, uint64_t max)
{
    uint64_t number;
    mxs_slice word = take_word(rest);

    if (!mxs_slice_to_number(word, max, &number))
        fail_msg("zone text: no number: \"%.*s\"", (int)word.len, word.ptr ? word.ptr : "");
    return number;
}

static struct mxs_name take_name(struct mxs_arena *arena, mxs_slice *rest)
{
    struct mxs_name name;
    mxs_slice word = take_word(rest);

    if (mxs_name_parse(arena, word, &name) != MXS_NAME_OK)
        fail_msg("zone text: no name: \"%.*s\"", (int)word.len, word.ptr ? word.ptr : "");
    return name;
}

static uint16_t take_type(mxs_slice *rest)
{
    static const uint16_t known[] = {MXS_TYPE_A,    MXS_TYPE_NS,  MXS_TYPE_CNAME, MXS_TYPE_PTR,
                                     MXS_TYPE_MX,   MXS_TYPE_TXT, MXS_TYPE_AAAA,  MXS_TYPE_DNAME,
                                     MXS_TYPE_TLSA, MXS_TYPE_SOA};
    mxs_slice word = take_word(rest);
    uint64_t number = 0;

    for (size_t i = 0; i < COUNT(known); i++)
        if (mxs_slice_equal(word, mxs_slice_of(mxs_type_text(known[i]))))
            return known[i];
    if (!mxs_slice_starts_with(word, MXS_SLICE("TYPE")) ||
        !mxs_slice_to_number(mxs_slice_from(word, 4), UINT16_MAX, &number))
        fail_msg("zone text: no type: \"%.*s\"", (int)word.len, word.ptr ? word.ptr : "");
    return (uint16_t)number;
}

/* One octet of a quoted string, escapes undone. */
static char take_octet(mxs_slice *rest)
{
    uint64_t code;
    char c = rest->ptr[0];

    *rest = mxs_slice_from(*rest, 1);
    if (c != '\\')
        return c;
    assert_true(rest->len > 0);
    if (rest->len >= 3 && mxs_slice_to_number((mxs_slice){rest->ptr, 3}, UINT8_MAX, &code)) {
        *rest = mxs_slice_from(*rest, 3);
        return (char)code;
    }
    c = rest->ptr[0];
    *rest = mxs_slice_from(*rest, 1);
    return c;
}

static void add_string(struct mxs_buffer *rdata, struct mxs_buffer *text, mxs_slice string)
{
    assert_true(string.len <= UINT8_MAX);
    mxs_buffer_append_char(rdata, (char)string.len);
    mxs_buffer_append(rdata, string);
    mxs_buffer_append(text, string);
}

static void take_strings(mxs_slice *rest, struct mxs_buffer *rdata, struct mxs_buffer *text)
{
    while (rest->len > 0) {
        char string[UINT8_MAX];
        size_t len = 0;
        assert_true(rest->ptr[0] == '"');
        *rest = mxs_slice_from(*rest, 1);
        while (rest->len > 0 && rest->ptr[0] != '"') {
            assert_true(len < sizeof string);
            string[len++] = take_octet(rest);
        }
        assert_true(rest->len > 0);
        *rest = mxs_slice_trim(mxs_slice_from(*rest, 1));
        add_string(rdata, text, (mxs_slice){string, len});
    }
}

static void take_txt(struct mxs_arena *arena, mxs_slice *rest, struct mxs_record *record)
{
    struct mxs_buffer rdata, text;

    mxs_buffer_init(&rdata);
    mxs_buffer_init(&text);
    if (rest->len > 0 && rest->ptr[0] == '"') {
        take_strings(rest, &rdata, &text);
    } else {
        add_string(&rdata, &text, *rest);
        *rest = (mxs_slice){NULL, 0};
    }
    record->rdata = mxs_arena_copy(arena, mxs_buffer_slice(&rdata));
    record->text = mxs_arena_copy(arena, mxs_buffer_slice(&text));
    mxs_buffer_clear(&rdata);
    mxs_buffer_clear(&text);
}

static void take_mx(struct mxs_arena *arena, mxs_slice *rest, struct mxs_record *record)
{
    char *rdata;

    record->preference = (uint16_t)take_number(rest, UINT16_MAX);
    record->name = take_name(arena, rest);
    rdata = mxs_arena_alloc(arena, record->name.len + 2U);
    assert_non_null(rdata);
    rdata[0] = (char)(record->preference >> 8);
    rdata[1] = (char)(record->preference & 0xFF);
    memcpy(rdata + 2, record->name.wire, record->name.len);
    record->rdata = (mxs_slice){rdata, record->name.len + 2U};
}

static void take_address(struct mxs_arena *arena, mxs_slice *rest, uint8_t len,
                         struct mxs_record *record)
{
    assert_true(mxs_address_parse(take_word(rest), &record->address));
    assert_int_equal(record->address.len, len);
    record->rdata = mxs_arena_copy(
        arena, (mxs_slice){(const char *)record->address.octets, record->address.len});
}

static void take_data(struct mxs_arena *arena, mxs_slice *rest, struct zone_line *line)
{
    struct mxs_record *record = &line->record;

    switch (line->type) {
    case MXS_TYPE_A:
        take_address(arena, rest, 4, record);
        break;
    case MXS_TYPE_AAAA:
        take_address(arena, rest, 16, record);
        break;
    case MXS_TYPE_MX:
        take_mx(arena, rest, record);
        break;
    case MXS_TYPE_TXT:
        take_txt(arena, rest, record);
        break;
    case MXS_TYPE_CNAME:
    case MXS_TYPE_DNAME:
    case MXS_TYPE_PTR:
    case MXS_TYPE_NS:
        record->name = take_name(arena, rest);
        record->rdata = (mxs_slice){(const char *)record->name.wire, record->name.len};
        break;
    default:
        break; /* its presence is all that counts */
    }
}

static void take_outcome(mxs_slice *rest, struct zone_line *line)
{
    mxs_slice word = take_word(rest), class;

    assert_true(mxs_slice_split(&word, ':', &class));
    for (int i = MXS_LOOKUP_TEMP; i <= MXS_LOOKUP_LIMIT; i++)
        if (mxs_slice_equal(class, mxs_slice_of(mxs_lookup_text((enum mxs_lookup)i))))
            line->lookup = (enum mxs_lookup)i;
    for (int i = MXS_ERROR_TIMEOUT; i <= MXS_ERROR_INTERNAL; i++)
        if (mxs_slice_equal(word, mxs_slice_of(mxs_error_text((enum mxs_error)i))))
            line->error = (enum mxs_error)i;
    assert_true(line->lookup != MXS_LOOKUP_PENDING);
    assert_int_equal(line->lookup == MXS_LOOKUP_TEMP, line->error != MXS_ERROR_NONE);
}

static enum mxs_dnssec take_status(mxs_slice *rest)
{
    static const struct {
        const char *text;
        enum mxs_dnssec dnssec;
    } words[] = {{"signed", MXS_DNSSEC_SECURE},
                 {"unsigned", MXS_DNSSEC_INSECURE},
                 {"bogus", MXS_DNSSEC_BOGUS},
                 {"unanchored", MXS_DNSSEC_INDETERMINATE}};
    mxs_slice word = take_word(rest);

    for (size_t i = 0; i < COUNT(words); i++)
        if (mxs_slice_equal(word, mxs_slice_of(words[i].text)))
            return words[i].dnssec;
    fail_msg("zone text: no status: \"%.*s\"", (int)word.len, word.ptr ? word.ptr : "");
    return MXS_DNSSEC_INDETERMINATE;
}

static void take_marker(struct mxs_arena *arena, mxs_slice word, mxs_slice *rest,
                        struct zone_line *line)
{
    line->name = take_name(arena, rest);
    if (mxs_slice_equal(word, MXS_SLICE("!zone"))) {
        line->kind = ZONE_LINE_CUT;
        line->dnssec = take_status(rest);
    } else if (mxs_slice_equal(word, MXS_SLICE("!fail"))) {
        line->kind = ZONE_LINE_FAIL;
        line->type = take_type(rest);
        take_outcome(rest, line);
    } else {
        assert_true(mxs_slice_equal(word, MXS_SLICE("!uncertain")));
        line->kind = ZONE_LINE_UNCERTAIN;
    }
}

static void take_line(struct mxs_arena *arena, mxs_slice rest, struct zone_line *line)
{
    mxs_slice whole = rest, word;

    if (rest.ptr[0] == '!') {
        word = take_word(&rest);
        take_marker(arena, word, &rest, line);
    } else {
        line->name = take_name(arena, &rest);
        line->type = take_type(&rest);
        take_data(arena, &rest, line);
    }
    if (rest.len > 0)
        fail_msg("zone text: too much in \"%.*s\"", (int)whole.len, whole.ptr);
}

struct zone_line *zone_text_read(struct mxs_arena *arena, const char *text)
{
    struct zone_line *first = NULL, **end = &first;
    mxs_slice rest = mxs_slice_of(text), line;
    uint32_t ttl_s = default_ttl_s;

    while (mxs_slice_split(&rest, '\n', &line)) {
        line = mxs_slice_trim(line);
        if (line.len == 0)
            continue;
        if (mxs_slice_starts_with(line, MXS_SLICE("!ttl "))) {
            line = mxs_slice_from(line, 5);
            ttl_s = (uint32_t)take_number(&line, INT32_MAX);
            continue;
        }
        *end = mxs_arena_alloc(arena, sizeof **end);
        assert_non_null(*end);
        (*end)->ttl_s = ttl_s;
        take_line(arena, line, *end);
        end = &(*end)->next;
    }
    return first;
}
