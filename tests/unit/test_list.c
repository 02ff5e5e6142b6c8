#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <zlib.h>
#include <zstd.h>

#include <mxsweep/buffer.h>
#include <mxsweep/input.h>

#include "sweep/list.h"

/* Text of a known length, as some rows hold a NUL. */
#define TEXT(literal) ("" literal), sizeof(literal) - 1
#define BOM           "\xEF\xBB\xBF"
#define SOA           " 900 in soa a.nic. b.nic. 1 2 3 4 5\n"

/*
 * Wants are by hand: an entry a line, `rank|text|meta`; a failure is `!` and what the message says
 * after the list's name. Sections 4 and 5 of DESIGN.md, RFC 4180 and RFC 1035 section 5.1 say what
 * an entry is.
 */
static struct row {
    const char *label;
    enum list_format format;
    const char *bytes;
    size_t len;
    const char *want;
    size_t want_len;
} rows[] = {
    /* Plain lists. */
    {"an empty list", LIST_AUTO, TEXT(""), TEXT("")},
    {"names", LIST_AUTO, TEXT("a.com\nB.org.\n"), TEXT("0|a.com|\n0|B.org.|\n")},
    {"a last line without end", LIST_AUTO, TEXT("a.com\nb"), TEXT("0|a.com|\n0|b|\n")},
    {"blank lines", LIST_AUTO, TEXT("\n\r\n \t\v\f\na.com\n\n \n"), TEXT("0|a.com|\n")},
    {"comments", LIST_AUTO, TEXT("#1\n \t#2,3\na.com\n#\nb #no\n"), TEXT("0|a.com|\n0|b #no|\n")},
    {"nothing but comments", LIST_AUTO, TEXT("#1\n\n#2"), TEXT("")},
    {"blanks stay", LIST_AUTO, TEXT(" a.com \t\n"), TEXT("0| a.com \t|\n")},
    {"CR LF", LIST_AUTO, TEXT("a.com\r\nb.com\r\n"), TEXT("0|a.com|\n0|b.com|\n")},
    {"a CR elsewhere stays", LIST_AUTO, TEXT("a\rb\r\r\nc\r"), TEXT("0|a\rb\r|\n0|c|\n")},
    {"a byte order mark", LIST_AUTO, TEXT(BOM "a.com\n"), TEXT("0|a.com|\n")},
    {"nothing after it", LIST_AUTO, TEXT(BOM), TEXT("")},
    {"a mark elsewhere stays", LIST_AUTO, TEXT("a\n" BOM "b\n"), TEXT("0|a|\n0|" BOM "b|\n")},
    {"part of a mark stays", LIST_AUTO, TEXT("\xEF\xBB"), TEXT("0|\xEF\xBB|\n")},
    {"a mark, format given", LIST_PLAIN, TEXT(BOM "a.com"), TEXT("0|a.com|\n")},
    {"NUL and other bytes stay", LIST_AUTO, TEXT("\0a\0\n\x01\xE9\n"),
     TEXT("0|\0a\0|\n0|\x01\xE9|\n")},
    {"no names", LIST_AUTO, TEXT("a@b.c\nhttps://d/e?f\n"), TEXT("0|a@b.c|\n0|https://d/e?f|\n")},
    {"commas in a plain list", LIST_PLAIN, TEXT("1,a.com\n"), TEXT("0|1,a.com|\n")},
    {"a comma further down", LIST_AUTO, TEXT("a.com\n1,b.com\n"), TEXT("0|a.com|\n0|1,b.com|\n")},
    {"a quoted comma alone", LIST_AUTO, TEXT("\"a,b\"\n"), TEXT("0|\"a,b\"|\n")},
    {"an open quote", LIST_AUTO, TEXT("\"a,b\n"), TEXT("0|\"a,b|\n")},
    {"a semicolon in a plain list", LIST_PLAIN, TEXT("; a\nb\n"), TEXT("0|; a|\n0|b|\n")},
    {"it stays when sniffed", LIST_AUTO, TEXT("; a\nb\n"), TEXT("0|; a|\n0|b|\n")},
    {"the first byte of gzip", LIST_AUTO, TEXT("\x1F"), TEXT("0|\x1F|\n")},
    {"three bytes of zstd", LIST_AUTO, TEXT("\x28\xB5\x2F"), TEXT("0|\x28\xB5\x2F|\n")},
    {"as skippable frames begin", LIST_AUTO, TEXT("P*M\n"), TEXT("0|P*M|\n")},
    {"as zip begins", LIST_AUTO, TEXT("PK.com\n"), TEXT("0|PK.com|\n")},

    /* CSV. */
    {"rank and domain", LIST_AUTO, TEXT("1,a.com\n2,B.com\n"), TEXT("1|a.com|\n2|B.com|\n")},
    {"comments and blank lines", LIST_AUTO, TEXT("#x\n\n1,a\r\n #y,z\n\n2,b#\n"),
     TEXT("1|a|\n2|b#|\n")},
    {"more columns", LIST_AUTO, TEXT("1,a.com,x,\n2,b.com,,y\n"),
     TEXT("1|a.com|{\"column3\":\"x\",\"column4\":\"\"}\n"
          "2|b.com|{\"column3\":\"\",\"column4\":\"y\"}\n")},
    {"ranks", LIST_AUTO,
     TEXT("x,a\n-1,a\n1.5,a\n 3 ,a\n18446744073709551615,a\n18446744073709551616,a\n"),
     TEXT("0|a|\n0|a|\n0|a|\n3|a|\n18446744073709551615|a|\n0|a|\n")},
    {"rows too short", LIST_AUTO, TEXT("1,a.com\nb.com\n2\n3,\n,\n\"c\"\n"),
     TEXT("1|a.com|\n0|b.com|\n0|2|\n3||\n0||\n0|c|\n")},
    {"blanks stay in CSV", LIST_AUTO, TEXT("1, a.com \n"), TEXT("1| a.com |\n")},
    {"a header", LIST_AUTO, TEXT("rank,domain\n7,a.com\n"), TEXT("7|a.com|\n")},
    {"in another case", LIST_AUTO, TEXT(" Customer ,RANK, Domain \n4711,7,a.com\n"),
     TEXT("7|a.com|{\"Customer\":\"4711\"}\n")},
    {"origin", LIST_AUTO, TEXT("origin,n\nhttps://a.com,5\n"),
     TEXT("0|https://a.com|{\"n\":\"5\"}\n")},
    {"domain before name", LIST_AUTO, TEXT("name,domain\nx,a.com\n"),
     TEXT("0|a.com|{\"name\":\"x\"}\n")},
    {"origin before name", LIST_AUTO, TEXT("name,origin\nx,a.com\n"),
     TEXT("0|a.com|{\"name\":\"x\"}\n")},
    {"name", LIST_AUTO, TEXT("id,name\n9,a.com\n"), TEXT("0|a.com|{\"id\":\"9\"}\n")},
    {"no header: domains is another word", LIST_AUTO, TEXT("rank,domains\n"), TEXT("0|domains|\n")},
    {"a header alone", LIST_AUTO, TEXT("rank,domain"), TEXT("")},
    {"a header is the first row only", LIST_AUTO, TEXT("domain,a\ndomain,b\n"),
     TEXT("0|domain|{\"a\":\"b\"}\n")},
    {"a mark and quotes", LIST_AUTO, TEXT(BOM "\"domain\",\"note\"\n\"a.com\",\"b,c\"\n"),
     TEXT("0|a.com|{\"note\":\"b,c\"}\n")},
    {"one column, format given", LIST_CSV, TEXT("domain\na.com\n"), TEXT("0|a.com|\n")},
    {"more fields than names", LIST_AUTO, TEXT("domain,c\na.com,1,2\n"),
     TEXT("0|a.com|{\"c\":\"1\",\"column3\":\"2\"}\n")},
    {"fewer", LIST_AUTO, TEXT("domain,c,d\na.com,1\nb.com\n"),
     TEXT("0|a.com|{\"c\":\"1\"}\n0|b.com|\n")},
    {"no field for the domain", LIST_AUTO, TEXT("a,b,domain\n1,2\n"),
     TEXT("0||{\"a\":\"1\",\"b\":\"2\"}\n")},
    {"names empty and twice", LIST_AUTO, TEXT("domain,,c,c\na.com,1,2,3\n"),
     TEXT("0|a.com|{\"column2\":\"1\",\"c\":\"2\",\"column4\":\"3\"}\n")},
    {"names like our own", LIST_AUTO, TEXT("domain,column3,\na.com,1,2\n"),
     TEXT("0|a.com|{\"column3\":\"1\",\"column3_\":\"2\"}\n")},
    {"names equal as JSON", LIST_AUTO, TEXT("domain,\xE9,\xC3\xA9\na.com,1,2\n"),
     TEXT("0|a.com|{\"\\u00e9\":\"1\",\"\xC3\xA9\":\"2\"}\n")},
    {"escapes in JSON", LIST_AUTO, TEXT("domain,\"x\"\"\\\"\na.com,\xE9\x01\0\n"),
     TEXT("0|a.com|{\"x\\\"\\\\\":\"\\u00e9\\u0001\\u0000\"}\n")},
    {"quotes", LIST_AUTO, TEXT("\"1\",\"a\"\"b\",\"c\"\"\"\"d\",\"\"\"\"\n"),
     TEXT("1|a\"b|{\"column3\":\"c\\\"\\\"d\",\"column4\":\"\\\"\"}\n")},
    {"quoted and empty", LIST_AUTO, TEXT("1,\"\",\"\"\n"), TEXT("1||{\"column3\":\"\"}\n")},
    {"a quote inside a field", LIST_AUTO, TEXT("1,a\"b,c\"d\n"),
     TEXT("1|a\"b|{\"column3\":\"c\\\"d\"}\n")},
    {"text after the quote", LIST_AUTO, TEXT("1,\"a,\"b,c\n"),
     TEXT("1|\"a,\"b|{\"column3\":\"c\"}\n")},
    {"a quote left open", LIST_AUTO, TEXT("1,\"a,b\n2,c\n"), TEXT("1|\"a,b|\n2|c|\n")},
    {"three quotes", LIST_AUTO, TEXT("1,\"\"\"\n"), TEXT("1|\"\"\"|\n")},
    {"one quote", LIST_AUTO, TEXT("1,\"\n"), TEXT("1|\"|\n")},
    {"32 extra columns and no more", LIST_AUTO,
     TEXT("1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,"
          "33,domain\n,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,a.com,z\n"),
     TEXT("0|a.com|{\"1\":\"\",\"2\":\"\",\"3\":\"\",\"4\":\"\",\"5\":\"\",\"6\":\"\",\"7\":\"\","
          "\"8\":\"\",\"9\":\"\",\"10\":\"\",\"11\":\"\",\"12\":\"\",\"13\":\"\",\"14\":\"\","
          "\"15\":\"\",\"16\":\"\",\"17\":\"\",\"18\":\"\",\"19\":\"\",\"20\":\"\",\"21\":\"\","
          "\"22\":\"\",\"23\":\"\",\"24\":\"\",\"25\":\"\",\"26\":\"\",\"27\":\"\",\"28\":\"\","
          "\"29\":\"\",\"30\":\"\",\"31\":\"\",\"32\":\"\"}\n")},

    /* Zone files. */
    {"the form of CZDS", LIST_AUTO,
     TEXT("com.\t900\tin\tsoa\ta.nic.\tb.nic.\t1\t2\t3\t4\t5\n"
          "a.com.\t86400\tin\tds\t1 13 2 AB\na.com.\t172800\tin\tns\tns1.x.\n"
          "a.com.\t172800\tin\tns\tns2.x.\nns1.a.com.\t172800\tin\ta\t192.0.2.1\n"
          "b.com.\t172800\tin\tns\tns1.x.\ncom.\t172800\tin\tns\ta.nic.\n"
          "com.\t900\tin\tsoa\ta.nic.\tb.nic.\t1\t2\t3\t4\t5\n"),
     TEXT("0|a.com|\n0|b.com|\n")},
    {"a master file", LIST_AUTO,
     TEXT("$ORIGIN Example.\n$TTL 1h\n@ IN SOA ns hm (\n 1 ; )\n 2 3\n\n4 5 ) ; end\n  NS ns1\n"
          "a 3600 IN NS ns1\n  IN 3600 NS ns2\n\tA 192.0.2.1\nb.c NS x ; comment\n"
          "D.Example. in ns x.\n; e NS x\n \n$ORIGIN sub\ne ns x\n@ ns x\n"),
     TEXT("0|a.Example|\n0|b.c.Example|\n0|D.Example|\n0|e.sub.Example|\n0|sub.Example|\n")},
    {"owners against the one before", LIST_ZONE, TEXT("a NS x\nb NS x\na NS x\n"),
     TEXT("0|a|\n0|b|\n0|a|\n")},
    {"other records between, another case", LIST_ZONE, TEXT("a NS x\nc A x\n A y\nA NS y\n"),
     TEXT("0|a|\n")},
    {"an owner omitted", LIST_ZONE, TEXT("a A x\n NS x\nb A x\n\n\tIN NS x\n"),
     TEXT("0|a|\n0|b|\n")},
    {"owners that are words", LIST_ZONE, TEXT("ns ns x\nin in in ns x\nsoa ns x\n42 ns x\n"),
     TEXT("0|ns|\n0|in|\n0|soa|\n0|42|\n")},
    {"TTL and class", LIST_ZONE, TEXT("a 1h30m ns x\nb CLASS1 1 TYPE2 \\# 1 00\nc ch ns x\n"),
     TEXT("0|a|\n0|b|\n0|c|\n")},
    {"types that only mention NS", LIST_ZONE, TEXT("a RRSIG NS 8\nb NSEC c NS\nc NSX\nd N\n"),
     TEXT("")},
    {"parentheses, quotes and semicolons", LIST_ZONE,
     TEXT("a TXT \"( ; \\\" (\" \\( \\; \\\" ; (\nb ( NS\nc )\nd TXT (\"x)\n) \"NS (\"\ne NS;x\n"
          "f NS(x)\n"),
     TEXT("0|b|\n0|e|\n0|f|\n")},
    {"a quote ends with its line", LIST_ZONE, TEXT("a TXT \"x\nb NS x\nc TXT \\\n NS x\n"),
     TEXT("0|b|\n0|c|\n")},
    {"escapes stay", LIST_ZONE,
     TEXT("$ORIGIN com.\na\\.b NS x\nc\\. NS x\nd\\\\. NS x\n\\@ NS x\ne\\ f\\;g NS x\n\\097 NS "
          "x\n"),
     TEXT("0|a\\.b.com|\n0|c\\..com|\n0|d\\\\|\n0|\\@.com|\n0|e\\ f\\;g.com|\n0|\\097.com|\n")},
    {"the root zone", LIST_AUTO, TEXT("." SOA ". NS x\ncom. NS x\norg NS x\n"),
     TEXT("0|com|\n0|org|\n")},
    {"the root elsewhere", LIST_AUTO, TEXT("com." SOA ". NS x\n"), TEXT("0|.|\n")},
    {"the root without an apex", LIST_ZONE, TEXT(". NS x\n"), TEXT("0|.|\n")},
    {"the root as origin", LIST_AUTO, TEXT("$ORIGIN .\n@ NS x\na NS x\n"), TEXT("0|a|\n")},
    {"$ORIGIN is the apex before a SOA", LIST_AUTO,
     TEXT("$ORIGIN com.\n@ NS x\n$ORIGIN a.com.\n@ NS x\n"), TEXT("0|a.com|\n")},
    {"and not after it", LIST_AUTO, TEXT("com." SOA "$ORIGIN a.com.\n@ NS x\ncom. NS x\n"),
     TEXT("0|a.com|\n")},
    {"two zones", LIST_AUTO, TEXT("com." SOA "a.com. NS x\norg." SOA "ORG. NS x\nb.org. NS x\n"),
     TEXT("0|a.com|\n0|b.org|\n")},
    {"wildcards and underscores", LIST_ZONE, TEXT("*.a NS x\n_b NS x\n"), TEXT("0|*.a|\n0|_b|\n")},
    {"CR LF in a zone file", LIST_AUTO,
     TEXT("com." SOA "a.com. NS\r\n\r\n  NS x\r\nb.com. NS x\r\n"), TEXT("0|a.com|\n0|b.com|\n")},
    {"a last record without end", LIST_ZONE, TEXT("a NS x\nb NS"), TEXT("0|a|\n0|b|\n")},
    {"it begins with NS", LIST_AUTO, TEXT("a.com. 5 IN NS x\nb.com. NS x\n"),
     TEXT("0|a.com|\n0|b.com|\n")},
    {"comments before", LIST_AUTO, TEXT(BOM "; DiG\n\n# x\n;; y\ncom." SOA "# z (\na.com. NS x\n"),
     TEXT("0|a.com|\n")},
    {"zone comments alone", LIST_AUTO, TEXT("; a\n;b\n"), TEXT("")},
    {"no zone: another word", LIST_AUTO, TEXT("a soap\n"), TEXT("0|a soap|\n")},
    {"no zone: one word before it", LIST_AUTO, TEXT("a x soa\n"), TEXT("0|a x soa|\n")},
    {"no zone: no owner", LIST_AUTO, TEXT(" a soa\n"), TEXT("0| a soa|\n")},
    {"a record without type", LIST_ZONE, TEXT("a NS x\n\nb ; NS\nc NS x\n"),
     TEXT("0|a|\n!line 3: no record type\n")},
    {"lines in parentheses count", LIST_ZONE, TEXT("a TXT (\n\n)\nb\n"),
     TEXT("!line 4: no record type\n")},
    {"a type that is none", LIST_ZONE, TEXT("a 5 IN !\n"), TEXT("!line 1: no record type\n")},
    {"broken off in an owner", LIST_ZONE, TEXT("a NS x\nexam"),
     TEXT("0|a|\n!line 2: no record type\n")},
    {"no owner to omit", LIST_ZONE, TEXT(" NS x\n"), TEXT("!line 1: a record without an owner\n")},
    {"$INCLUDE", LIST_AUTO, TEXT("$INCLUDE /etc/passwd\n"),
     TEXT("!line 1: a directive that is not $ORIGIN or $TTL\n")},
    {"$GENERATE", LIST_ZONE, TEXT("a NS x\n$GENERATE 1-2 $ NS x\n"),
     TEXT("0|a|\n!line 2: a directive that is not $ORIGIN or $TTL\n")},
    {"$ORIGIN of nothing", LIST_ZONE, TEXT("$ORIGIN\na NS x\n"), TEXT("!line 1: no record type\n")},
    {"a parenthesis too many", LIST_ZONE, TEXT("a NS x )\n"),
     TEXT("0|a|\n!line 1: a closing parenthesis too many\n")},
    {"a parenthesis left open", LIST_ZONE, TEXT("a NS x\n\nb NS ( x\n(\n)\nc NS x\n"),
     TEXT("0|a|\n0|b|\n!line 3: a parenthesis that is never closed\n")},
    {"and an owner before the end", LIST_ZONE, TEXT("a ( NS"),
     TEXT("0|a|\n!line 1: a parenthesis that is never closed\n")},
};

static const char file_name[] = "list";
static char directory[] = "/tmp/test_list_XXXXXX";

static int enter_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL || chdir(directory) != 0;
}

static int leave_directory(void **state)
{
    (void)state;
    (void)unlink(file_name);
    return rmdir(directory);
}

static void write_file(mxs_slice bytes)
{
    FILE *file = fopen(file_name, "w");

    assert_non_null(file);
    if (bytes.len > 0)
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

/* The two packings; what they make is appended. */
static void pack_gzip(struct mxs_buffer *packed, mxs_slice bytes)
{
    z_stream stream = {0};
    size_t room;

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    room = deflateBound(&stream, (uLong)bytes.len);
    assert_true(mxs_buffer_reserve(packed, room));
    stream.next_in = (Bytef *)bytes.ptr;
    stream.avail_in = (uInt)bytes.len;
    stream.next_out = (Bytef *)packed->ptr + packed->len;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->len += room - stream.avail_out;
    assert_int_equal(deflateEnd(&stream), Z_OK);
}

static void pack_frame(struct mxs_buffer *packed, mxs_slice bytes, int has_checksum)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    size_t room = ZSTD_compressBound(bytes.len), len;

    assert_non_null(context);
    (void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, has_checksum);
    assert_true(mxs_buffer_reserve(packed, room));
    len = ZSTD_compress2(context, packed->ptr + packed->len, room, bytes.ptr, bytes.len);
    assert_false(ZSTD_isError(len));
    packed->len += len;
    (void)ZSTD_freeCCtx(context);
}

static void pack_zstd(struct mxs_buffer *packed, mxs_slice bytes)
{
    pack_frame(packed, bytes, 0);
}

static void pack_zstd_with_sum(struct mxs_buffer *packed, mxs_slice bytes)
{
    pack_frame(packed, bytes, 1);
}

typedef void pack_function(struct mxs_buffer *packed, mxs_slice bytes);

static void describe(const struct list_entry *entry, struct mxs_buffer *got)
{
    mxs_buffer_append_number(got, entry->rank);
    mxs_buffer_append_char(got, '|');
    mxs_buffer_append(got, entry->text);
    mxs_buffer_append_char(got, '|');
    mxs_buffer_append(got, entry->meta);
    mxs_buffer_append_char(got, '\n');
}

/* Reads until it is not an entry that comes; the failure's text without "NAME: ". */
static enum list_status drain(struct list *list, uint64_t *count, struct mxs_buffer *got)
{
    struct list_entry entry;
    struct error error = {""};
    enum list_status status;

    while ((status = list_next(list, &entry, &error)) == LIST_ENTRY || status == LIST_BUSY) {
        if (status == LIST_BUSY)
            continue;
        assert_int_equal(entry.index, (*count)++);
        describe(&entry, got);
    }
    assert_null(entry.text.ptr);
    if (status == LIST_FAILED) {
        const char *reason = strstr(error.text, ": ");
        assert_non_null(reason);
        mxs_buffer_append_char(got, '!');
        mxs_buffer_append(got, mxs_slice_of(reason + 2));
        mxs_buffer_append_char(got, '\n');
    }
    return status;
}

static void read_file(enum list_format format, mxs_slice bytes, struct mxs_buffer *got)
{
    struct error error = {""};
    struct list *list;
    uint64_t count = 0;
    enum list_status status;

    write_file(bytes);
    mxs_buffer_reset(got);
    list = list_open(file_name, format, &error);
    if (list == NULL)
        fail_msg("%s", error.text);
    status = drain(list, &count, got);
    assert_true(status == LIST_END || status == LIST_FAILED);
    list_free(list);
}

/* Opens a pipe as a list; its other end is `*writer`. */
static struct list *open_pipe(enum list_format format, int *writer)
{
    int ends[2];
    char path[32];
    struct error error = {""};
    struct list *list;

    assert_int_equal(pipe(ends), 0);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    list = list_open(path, format, &error);
    assert_non_null(list);
    assert_int_equal(close(ends[0]), 0);
    *writer = ends[1];
    return list;
}

/* Each piece is written when the one before was read and the list said to wait. */
static void read_pipe(enum list_format format, mxs_slice bytes, size_t piece,
                      struct mxs_buffer *got)
{
    int writer;
    struct list *list = open_pipe(format, &writer);
    uint64_t count = 0;
    enum list_status status;

    mxs_buffer_reset(got);
    status = drain(list, &count, got);
    while (bytes.len > 0 && status == LIST_WAIT) {
        size_t len = bytes.len < piece ? bytes.len : piece;
        assert_int_equal(write(writer, bytes.ptr, len), len);
        bytes = mxs_slice_from(bytes, len);
        status = drain(list, &count, got);
    }
    assert_int_equal(close(writer), 0);
    if (status == LIST_WAIT)
        status = drain(list, &count, got);
    assert_true(status == LIST_END || status == LIST_FAILED);
    list_free(list);
}

static void assert_got(const char *how, const struct mxs_buffer *got, mxs_slice want)
{
    if (!mxs_slice_equal(mxs_buffer_slice(got), want))
        fail_msg("%s: got %zu bytes \"%.*s\", want %zu \"%.*s\"", how, got->len,
                 got->len < 2000 ? (int)got->len : 2000, got->ptr != NULL ? got->ptr : "", want.len,
                 want.len < 2000 ? (int)want.len : 2000, want.ptr);
}

/* In two members or frames. */
static void assert_reads_packed(enum list_format format, mxs_slice bytes, mxs_slice want,
                                pack_function *pack)
{
    struct mxs_buffer packed, got;

    mxs_buffer_init(&packed);
    mxs_buffer_init(&got);
    pack(&packed, (mxs_slice){bytes.ptr, bytes.len / 2});
    pack(&packed, mxs_slice_from(bytes, bytes.len / 2));
    read_file(format, mxs_buffer_slice(&packed), &got);
    assert_got("packed file", &got, want);
    read_pipe(format, mxs_buffer_slice(&packed), packed.len < 4096 ? 1 : 4099, &got);
    assert_got("packed pipe", &got, want);
    mxs_buffer_clear(&packed);
    mxs_buffer_clear(&got);
}

/* The same bytes in every way they can come. */
static void assert_reads(enum list_format format, mxs_slice bytes, mxs_slice want)
{
    struct mxs_buffer got;

    mxs_buffer_init(&got);
    read_file(format, bytes, &got);
    assert_got("file", &got, want);
    read_pipe(format, bytes, bytes.len < 4096 ? 1 : 4099, &got);
    assert_got("pipe", &got, want);
    mxs_buffer_clear(&got);
    assert_reads_packed(format, bytes, want, pack_gzip);
    assert_reads_packed(format, bytes, want, pack_zstd);
}

static void reads_as_the_row_says(void **state)
{
    const struct row *row = *state;

    assert_reads(row->format, (mxs_slice){row->bytes, row->len},
                 (mxs_slice){row->want, row->want_len});
}

static void append_run(struct mxs_buffer *buffer, char c, size_t count)
{
    for (size_t i = 0; i < count; i++)
        mxs_buffer_append_char(buffer, c);
}

/* `before`, then `fill` so often, then `after`; the want alike. 65,536 bytes are the window. */
static struct long_row {
    const char *label;
    const char *before;
    char fill;
    size_t count;
    const char *after;
    const char *want_before;
    size_t want_count;
    const char *want_after;
} long_rows[] = {
    {"a line of 4096 bytes", "", 'a', 4096, "\nb\n", "0|", 4096, "|\n0|b|\n"},
    {"and CR LF", "", 'a', 4096, "\r\nb\n", "0|", 4096, "|\n0|b|\n"},
    {"of 4097", "", 'a', 4097, "\nb\n", "0|", 4097, "|\n0|b|\n"},
    {"of 4098", "", 'a', 4098, "\nb\n", "0|", 4097, "|\n0|b|\n"},
    {"of 65535", "", 'a', 65535, "\nb\n", "0|", 4097, "|\n0|b|\n"},
    {"of 65536", "", 'a', 65536, "\nb\n", "0|", 4097, "|\n0|b|\n"},
    {"of 65536 and no end", "", 'a', 65536, "", "0|", 4097, "|\n"},
    {"of 300000", "", 'a', 300000, "\nb\n", "0|", 4097, "|\n0|b|\n"},
    {"of 300000 and no end", "b\n", 'a', 300000, "", "0|b|\n0|", 4097, "|\n"},
    {"the second line", "b\n", 'a', 300000, "\nc\n", "0|b|\n0|", 4097, "|\n0|c|\n"},
    {"a long blank line", "b\n", ' ', 300000, "\nc\n", "0|b|\n", 0, "0|c|\n"},
    {"blanks and at last text", "b\n", ' ', 300000, "a\nc\n", "0|b|\n0|", 4097, "|\n0|c|\n"},
    {"a long comment", "b\n#", 'x', 300000, "\nc\n", "0|b|\n", 0, "0|c|\n"},
    {"a long comment before CSV", "#", 'x', 300000, "\n1,c\n", "", 0, "1|c|\n"},
    {"a window of comments before CSV", "", '\n', 65530, "#\n1234567,c\n", "", 0, "1234567|c|\n"},
    {"a long domain field", "1,", 'a', 70000, ",x\n2,b\n", "1|1,", 4095, "|\n2|b|\n"},
    {"one that the window holds", "1,", 'a', 60000, "\n2,b\n", "1|", 4097, "|\n2|b|\n"},
    {"the domain before a long field", "1,a.com,x,", 'y', 300000, "\n2,b\n",
     "1|a.com|{\"column3\":\"x\"}\n2|b|\n", 0, ""},
    {"the domain after one", "note,domain\n", 'y', 60000, ",a.com\n", "0|a.com|\n", 0, ""},
    {"the domain after one too long", "n,domain\n", 'y', 70000, ",a.com\nx,b\n", "0|", 4097,
     "|\n0|b|{\"n\":\"x\"}\n"},
    {"a long column of 4096 bytes of JSON", "1,a,", 'y', 4096 - 14, "\n", "1|a|{\"column3\":\"",
     4096 - 14, "\"}\n"},
    {"and of one more", "1,a,", 'y', 4096 - 13, ",z\n", "1|a|\n", 0, ""},
    {"a long record", "com." SOA "a.com. TXT ", 'x', 300000, " (\n NS )\nb.com. NS x\n",
     "0|b.com|\n", 0, ""},
    {"a long owner", "$ORIGIN com.\n", 'x', 300000, " NS x\nb NS x\n", "0|", 4097, "|\n0|b.com|\n"},
    {"a long origin", "$ORIGIN ", 'x', 4094, "\nabcd NS x\n", "0|abcd.", 4092, "|\n"},
    {"a long zone comment", ";", ';', 70000, "\na NS x\n", "0|a|\n", 0, ""},
    {"a window of zone comments", ";\n", '\n', 65536, "a.com\n", "!line 65538: no record type\n", 0,
     ""},
};

static void reads_long_lines(void **state)
{
    const struct long_row *row = *state;
    struct mxs_buffer bytes, want;

    mxs_buffer_init(&bytes);
    mxs_buffer_init(&want);
    mxs_buffer_append(&bytes, mxs_slice_of(row->before));
    append_run(&bytes, row->fill, row->count);
    mxs_buffer_append(&bytes, mxs_slice_of(row->after));
    mxs_buffer_append(&want, mxs_slice_of(row->want_before));
    append_run(&want, row->fill, row->want_count);
    mxs_buffer_append(&want, mxs_slice_of(row->want_after));
    assert_reads(LIST_AUTO, mxs_buffer_slice(&bytes), mxs_buffer_slice(&want));
    mxs_buffer_clear(&bytes);
    mxs_buffer_clear(&want);
}

/* A comment that fills the window, then blank lines that fill it again: the format comes last. */
static void looks_past_long_comments(void **state)
{
    struct mxs_buffer bytes;

    (void)state;
    mxs_buffer_init(&bytes);
    mxs_buffer_append_char(&bytes, '#');
    append_run(&bytes, 'x', 70000);
    append_run(&bytes, '\n', 70000);
    mxs_buffer_append(&bytes, MXS_SLICE("1,a.com\n"));
    assert_reads(LIST_AUTO, mxs_buffer_slice(&bytes), MXS_SLICE("1|a.com|\n"));
    mxs_buffer_clear(&bytes);
}

/* A line of blanks that the window forgets, with a letter among them. */
static void remembers_what_it_forgot(void **state)
{
    struct mxs_buffer bytes, want;

    (void)state;
    mxs_buffer_init(&bytes);
    mxs_buffer_init(&want);
    append_run(&bytes, ' ', 40000);
    mxs_buffer_append_char(&bytes, 'a');
    append_run(&bytes, ' ', 100000);
    mxs_buffer_append(&bytes, MXS_SLICE("\n"));
    append_run(&bytes, ' ', 100000);
    mxs_buffer_append(&want, MXS_SLICE("0|"));
    append_run(&want, ' ', MXS_INPUT_MAX + 1);
    mxs_buffer_append(&want, MXS_SLICE("|\n"));
    assert_reads(LIST_AUTO, mxs_buffer_slice(&bytes), mxs_buffer_slice(&want));
    mxs_buffer_clear(&bytes);
    mxs_buffer_clear(&want);
}

/* Files that are refused at once; RFC 8878 section 3.1.1.1.2 for the window descriptor. */
static struct refusal_row {
    const char *label;
    const char *bytes;
    size_t len;
    const char *want;
} refusal_rows[] = {
    {"gzip of no method", TEXT("\x1F\x8B\x07\0\0\0\0\0\0\0"),
     "list: damaged at byte 4: unknown compression method"},
    {"gzip without data", TEXT("\x1F\x8B"),
     "list: damaged at byte 2: it ends before its data does"},
    {"zstd without data", TEXT("\x28\xB5\x2F\xFD"),
     "list: damaged at byte 4: it ends before its data does"},
    {"zstd with a window of 256 MiB", TEXT("\x28\xB5\x2F\xFD\x00\x90\x09\0\0a"),
     "list: damaged at byte 5: Frame requires too much memory for decoding"},
    {"zip", TEXT("PK\3\4\n\0"), "list: is a zip archive: unpack it first"},
    {"xz",
     TEXT("\xFD"
          "7zXZ\0\0"),
     "list: is xz: unpack it first"},
};

static void refuses_the_file(void **state)
{
    const struct refusal_row *row = *state;
    struct error error = {""};

    write_file((mxs_slice){row->bytes, row->len});
    assert_null(list_open(file_name, LIST_AUTO, &error));
    assert_string_equal(error.text, row->want);
}

static void refuses_what_is_no_file(void **state)
{
    struct error error = {""};

    (void)state;
    assert_null(list_open(".", LIST_AUTO, &error));
    assert_string_equal(error.text, ".: is a directory");
    assert_null(list_open("absent", LIST_AUTO, &error));
    assert_memory_equal(error.text, "absent: ", strlen("absent: "));
}

/* 128 MiB are allowed: the frame above with a smaller window holds one raw block, "a". */
static void takes_the_largest_window(void **state)
{
    struct mxs_buffer got;

    (void)state;
    mxs_buffer_init(&got);
    read_file(LIST_AUTO, MXS_SLICE("\x28\xB5\x2F\xFD\x00\x88\x09\0\0a"), &got);
    assert_slice_equal(mxs_buffer_slice(&got), "0|a|\n");
    mxs_buffer_clear(&got);
}

/* What is done to a packed list of 60,000 names, and what it says after the names. */
static struct damage_row {
    const char *label;
    pack_function *pack;
    const char *before; /* put around it */
    size_t before_len;
    const char *after;
    size_t after_len;
    size_t cut;     /* bytes off the end */
    size_t flipped; /* byte from the end that is inverted; 0: none */
    const char *want;
} damage_rows[] = {
    {"gzip, its last byte missing", pack_gzip, TEXT(""), TEXT(""), 1, 0,
     "it ends before its data does"},
    {"zstd, its last byte missing", pack_zstd_with_sum, TEXT(""), TEXT(""), 1, 0,
     "it ends before its data does"},
    {"zstd, its sum missing", pack_zstd_with_sum, TEXT(""), TEXT(""), 4, 0,
     "it ends before its data does"},
    {"gzip, a wrong length", pack_gzip, TEXT(""), TEXT(""), 0, 1, "incorrect length check"},
    {"gzip, a wrong sum", pack_gzip, TEXT(""), TEXT(""), 0, 5, "incorrect data check"},
    {"zstd, a wrong sum", pack_zstd_with_sum, TEXT(""), TEXT(""), 0, 1,
     "Restored data doesn't match checksum"},
    {"gzip, something behind", pack_gzip, TEXT(""), TEXT("xx"), 0, 0, "incorrect header check"},
    {"zstd, something behind", pack_zstd, TEXT(""), TEXT("xxxxxx"), 0, 0,
     "Unknown frame descriptor"},
    {"gzip, whole", pack_gzip, TEXT(""), TEXT(""), 0, 0, NULL},
    {"zstd, whole", pack_zstd, TEXT(""), TEXT(""), 0, 0, NULL},
    {"zstd, frames to skip around", pack_zstd, TEXT("\x50\x2A\x4D\x18\3\0\0\0abc"),
     TEXT("\x5F\x2A\x4D\x18\0\0\0\0"), 0, 0, NULL},
};

static void append_names(struct mxs_buffer *bytes, const char *before, const char *after)
{
    for (unsigned i = 0; i < 60000; i++) {
        mxs_buffer_append(bytes, mxs_slice_of(before));
        mxs_buffer_append_number(bytes, i);
        mxs_buffer_append(bytes, mxs_slice_of(after));
    }
}

static void gives_all_before_the_damage(void **state)
{
    const struct damage_row *row = *state;
    struct mxs_buffer bytes, packed, got, want;

    mxs_buffer_init(&bytes);
    mxs_buffer_init(&packed);
    mxs_buffer_init(&got);
    mxs_buffer_init(&want);
    append_names(&bytes, "n", ".com\n");
    append_names(&want, "0|n", ".com|\n");
    mxs_buffer_append(&packed, (mxs_slice){row->before, row->before_len});
    row->pack(&packed, mxs_buffer_slice(&bytes));
    packed.len -= row->cut;
    if (row->flipped > 0)
        packed.ptr[packed.len - row->flipped] ^= '\xFF';
    mxs_buffer_append(&packed, (mxs_slice){row->after, row->after_len});
    read_file(LIST_AUTO, mxs_buffer_slice(&packed), &got);
    assert_true(got.len >= want.len);
    assert_memory_equal(got.ptr, want.ptr, want.len);
    assert_int_equal(got.len > want.len, row->want != NULL);
    if (row->want != NULL) {
        mxs_slice failure = {got.ptr + want.len, got.len - want.len - 1};
        assert_true(mxs_slice_starts_with(failure, MXS_SLICE("!damaged at byte ")));
        assert_true(mxs_slice_ends_with(failure, mxs_slice_of(row->want)));
    }
    mxs_buffer_clear(&bytes);
    mxs_buffer_clear(&packed);
    mxs_buffer_clear(&got);
    mxs_buffer_clear(&want);
}

/* The line that the break cuts is no entry: "n2" could be the beginning of another name. */
static void gives_no_half_line(void **state)
{
    struct mxs_buffer packed, got;

    (void)state;
    mxs_buffer_init(&packed);
    mxs_buffer_init(&got);
    pack_zstd_with_sum(&packed, MXS_SLICE("n1\nn2"));
    packed.len -= 1;
    read_file(LIST_PLAIN, mxs_buffer_slice(&packed), &got);
    assert_got("half a line", &got,
               MXS_SLICE("0|n1|\n!damaged at byte 17: it ends before its data does\n"));
    mxs_buffer_clear(&packed);
    mxs_buffer_clear(&got);
}

static void ends_and_fails_for_good(void **state)
{
    struct list_entry entry;
    struct error error = {""};
    struct list *list;

    (void)state;
    write_file(MXS_SLICE("a\n"));
    list = list_open(file_name, LIST_PLAIN, &error);
    assert_non_null(list);
    assert_int_equal(list_next(list, &entry, &error), LIST_ENTRY);
    assert_int_equal(list_next(list, &entry, &error), LIST_END);
    assert_int_equal(list_next(list, &entry, &error), LIST_END);
    list_free(list);
    write_file(MXS_SLICE(")\n"));
    list = list_open(file_name, LIST_ZONE, &error);
    assert_non_null(list);
    for (unsigned i = 0; i < 2; i++) {
        error.text[0] = '\0';
        assert_int_equal(list_next(list, &entry, &error), LIST_FAILED);
        assert_string_equal(error.text, "list: line 1: a closing parenthesis too many");
    }
    list_free(list);
}

/* A bomb: 64 MiB of one line in 65 kB, and only its beginning is an entry. */
static void unpacks_in_bounded_memory(void **state)
{
    static char block[1 << 20];
    struct mxs_buffer packed, got;

    (void)state;
    mxs_buffer_init(&packed);
    mxs_buffer_init(&got);
    memset(block, 'a', sizeof block);
    for (unsigned i = 0; i < 64; i++)
        pack_gzip(&packed, (mxs_slice){block, sizeof block});
    read_file(LIST_AUTO, mxs_buffer_slice(&packed), &got);
    assert_int_equal(got.len, strlen("0|") + MXS_INPUT_MAX + 1 + strlen("|\n"));
    mxs_buffer_clear(&packed);
    mxs_buffer_clear(&got);
}

/* FIPS 180-4's example "abc", and a packed list: its bytes, not what they unpack to. */
static void makes_the_digest_of_the_file(void **state)
{
    static const char want[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    unsigned char hash[EVP_MAX_MD_SIZE];
    char hex[65], packed_want[65];
    struct mxs_buffer packed;
    struct list_entry entry;
    struct error error = {""};
    struct list *list;

    (void)state;
    write_file(MXS_SLICE("abc"));
    list = list_open(file_name, LIST_AUTO, &error);
    assert_int_equal(list_next(list, &entry, &error), LIST_ENTRY);
    assert_int_equal(list_next(list, &entry, &error), LIST_END);
    for (unsigned i = 0; i < 2; i++) {
        list_digest(list, hex);
        assert_string_equal(hex, want);
    }
    list_free(list);
    mxs_buffer_init(&packed);
    pack_gzip(&packed, MXS_SLICE("abc"));
    pack_gzip(&packed, MXS_SLICE(""));
    assert_int_equal(EVP_Digest(packed.ptr, packed.len, hash, NULL, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < 32; i++)
        (void)snprintf(packed_want + 2 * i, 3, "%02x", hash[i]);
    write_file(mxs_buffer_slice(&packed));
    list = list_open(file_name, LIST_AUTO, &error);
    assert_int_equal(list_next(list, &entry, &error), LIST_ENTRY);
    assert_int_equal(list_next(list, &entry, &error), LIST_END);
    list_digest(list, hex);
    assert_string_equal(hex, packed_want);
    list_free(list);
    mxs_buffer_clear(&packed);
}

static void tells_its_position(void **state)
{
    struct list_entry entry;
    struct error error = {""};
    uint64_t read, size;
    struct list *list;
    int writer;

    (void)state;
    write_file(MXS_SLICE("a.com\nb.com\n"));
    list = list_open(file_name, LIST_AUTO, &error);
    assert_int_equal(list_next(list, &entry, &error), LIST_ENTRY);
    list_position(list, &read, &size);
    assert_int_equal(read, strlen("a.com\n"));
    assert_int_equal(size, strlen("a.com\nb.com\n"));
    list_free(list);
    list = open_pipe(LIST_AUTO, &writer);
    assert_int_equal(write(writer, "a\nb\n", 4), 4);
    assert_int_equal(list_next(list, &entry, &error), LIST_ENTRY);
    list_position(list, &read, &size);
    assert_int_equal(read, 2);
    assert_int_equal(size, 0);
    assert_int_equal(close(writer), 0);
    list_free(list);
}

static void reads_standard_input(void **state)
{
    struct mxs_buffer got;
    struct error error = {""};
    uint64_t count = 0;
    int kept = dup(STDIN_FILENO), file;
    struct list *list;

    (void)state;
    mxs_buffer_init(&got);
    write_file(MXS_SLICE("a NS x\n)\n"));
    file = open(file_name, O_RDONLY);
    assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
    list = list_open("-", LIST_AUTO, &error);
    assert_non_null(list);
    assert_int_equal(list_fd(list), STDIN_FILENO);
    assert_int_equal(drain(list, &count, &got), LIST_FAILED);
    list_free(list);
    assert_int_equal(fcntl(STDIN_FILENO, F_GETFD), 0); /* it is not ours to close */
    assert_slice_equal(mxs_buffer_slice(&got), "0|a|\n!line 2: a closing parenthesis too many\n");
    if (kept >= 0)
        (void)dup2(kept, STDIN_FILENO);
    (void)close(kept);
    (void)close(file);
    mxs_buffer_clear(&got);
}

/* A zstd frame that is not whole yet: asked often, the list goes on waiting. */
static void waits_as_long_as_it_takes(void **state)
{
    struct mxs_buffer packed, got;
    struct list_entry entry;
    struct error error = {""};
    uint64_t count = 0;
    int writer;
    struct list *list = open_pipe(LIST_AUTO, &writer);

    (void)state;
    mxs_buffer_init(&packed);
    mxs_buffer_init(&got);
    pack_zstd(&packed, MXS_SLICE("a.com\n"));
    assert_int_equal(list_next(list, &entry, &error), LIST_WAIT);
    assert_int_equal(write(writer, packed.ptr, 10), 10);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(list_next(list, &entry, &error), LIST_WAIT);
    assert_int_equal(write(writer, packed.ptr + 10, packed.len - 10), packed.len - 10);
    assert_int_equal(close(writer), 0);
    assert_int_equal(drain(list, &count, &got), LIST_END);
    assert_slice_equal(mxs_buffer_slice(&got), "0|a.com|\n");
    list_free(list);
    mxs_buffer_clear(&packed);
    mxs_buffer_clear(&got);
}

static void frees_nothing(void **state)
{
    (void)state;
    list_free(NULL);
}

static const struct CMUnitTest scenes[] = {
    cmocka_unit_test(looks_past_long_comments),  cmocka_unit_test(remembers_what_it_forgot),
    cmocka_unit_test(refuses_what_is_no_file),   cmocka_unit_test(takes_the_largest_window),
    cmocka_unit_test(gives_no_half_line),        cmocka_unit_test(ends_and_fails_for_good),
    cmocka_unit_test(unpacks_in_bounded_memory), cmocka_unit_test(makes_the_digest_of_the_file),
    cmocka_unit_test(tells_its_position),        cmocka_unit_test(reads_standard_input),
    cmocka_unit_test(waits_as_long_as_it_takes), cmocka_unit_test(frees_nothing),
};

int main(void)
{
    struct CMUnitTest tests[COUNT(rows) + COUNT(long_rows) + COUNT(refusal_rows) +
                            COUNT(damage_rows) + COUNT(scenes)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        tests[count++] =
            (struct CMUnitTest){rows[i].label, reads_as_the_row_says, NULL, NULL, &rows[i]};
    for (size_t i = 0; i < COUNT(long_rows); i++)
        tests[count++] =
            (struct CMUnitTest){long_rows[i].label, reads_long_lines, NULL, NULL, &long_rows[i]};
    for (size_t i = 0; i < COUNT(refusal_rows); i++)
        tests[count++] = (struct CMUnitTest){refusal_rows[i].label, refuses_the_file, NULL, NULL,
                                             &refusal_rows[i]};
    for (size_t i = 0; i < COUNT(damage_rows); i++)
        tests[count++] = (struct CMUnitTest){damage_rows[i].label, gives_all_before_the_damage,
                                             NULL, NULL, &damage_rows[i]};
    for (size_t i = 0; i < COUNT(scenes); i++)
        tests[count++] = scenes[i];
    return cmocka_run_group_tests_name("list", tests, enter_directory, leave_directory);
}
