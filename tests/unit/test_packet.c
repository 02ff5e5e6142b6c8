/* Reading replies: RFC 1035 section 4, 2308, 6604, 9824; rules sections 1.1 and 1.4. */
#include "unit.h"

#include <mxsweep/packet.h>

#include "answer_text.h"
#include "packet_properties.h"
#include "packet_text.h"
#include "scarce.h"

enum {
    NONE = MXS_DNSSEC_INSECURE,
    SIGNED = MXS_DNSSEC_SECURE,
    A = MXS_TYPE_A,
    MX = MXS_TYPE_MX,
    TXT = MXS_TYPE_TXT,
};

#define SOA       "au 900 com SOA 900\n"
#define MALFORMED "temp/malformed indeterminate unknown 0"
#define FAILED    "temp/failed indeterminate unknown 0"

/* @ -> a1.x -> ... -> a15.x -> end.x: 16 aliases. */
#define ALIAS(from, to) "an 300 " from " CNAME " to "\n"
#define CHAIN_TAIL                                                                                 \
    "an 300 a1.x CNAME a2.x\nan 300 a2.x CNAME a3.x\n"                                             \
    "an 300 a3.x CNAME a4.x\nan 300 a4.x CNAME a5.x\n"                                             \
    "an 300 a5.x CNAME a6.x\nan 300 a6.x CNAME a7.x\n"                                             \
    "an 300 a7.x CNAME a8.x\nan 300 a8.x CNAME a9.x\n"                                             \
    "an 300 a9.x CNAME a10.x\nan 300 a10.x CNAME a11.x\n"                                          \
    "an 300 a11.x CNAME a12.x\nan 300 a12.x CNAME a13.x\n"                                         \
    "an 300 a13.x CNAME a14.x\nan 300 a14.x CNAME a15.x\n"                                         \
    "an 300 a15.x CNAME end.x\nan 300 end.x A 9.1.1.1\n"
/* Hashes of ghost.ex.com: ldns-nsec3-hash -a 1 -t ITERATIONS [-s aabb] ghost.ex.com. */
#define GHOST_0   "cbkvufinoe0iegr12ftcdka960gatmum.ex.com"
#define GHOST_5   "p19bpha77enp5n1ga0c03a9khg94h39q.ex.com"
#define GHOST_150 "147hggmto3aplbdph2a88a8v4qr59pue.ex.com"
#define GHOST_151 "r7s2ab0i8jbr7p1anj5pjqd1g6fo2qoo.ex.com"
#define GONE_0    "22r2rf1vgvurmjdnfth9nvaabc3m974u.net"
/* The label of GHOST_0 in upper case, in hexadecimal: 32 octets, then a pointer to ex.com. */
#define GHOST_0_CAPS                                                                               \
    "raw:2043424b565546494e4f453049454752313246544344"                                             \
    "4b4139363047"                                                                                 \
    "41544d554dc012"

struct row {
    const char *label, *name;
    uint16_t type;
    unsigned dnssec;
    const char *packet, *want;
};

/* Positive answers and aliases; wants by hand. "@" is the question's name. */
static struct row positive[] = {
    {"MX in order", "ex.com", MX, NONE,
     "an 300 @ MX 20 b.ex.com\nan 60 @ MX 10 c.ex.com\nan 300 @ MX 20 a.ex.com\n",
     "ok insecure yes 60 {10 c.ex.com} {20 a.ex.com} {20 b.ex.com}"},
    {"A in order", "ex.com", A, NONE, "an 300 @ A 200.1.1.1\nan 300 @ A 9.1.1.1\n",
     "ok insecure yes 300 {9.1.1.1} {200.1.1.1}"},
    {"AAAA", "ex.com", MXS_TYPE_AAAA, SIGNED, "an 300 @ AAAA 2620::1\n",
     "ok secure yes 300 {2620::1}"},
    {"no trust anchor", "ex.com", A, MXS_DNSSEC_INDETERMINATE, "an 300 @ A 9.1.1.1\n",
     "ok indeterminate yes 300 {9.1.1.1}"},
    {"a text of three strings", "ex.com", TXT, NONE, "an 300 @ TXT \"v=spf1 \" \"\" \"-all\"\n",
     "ok insecure yes 300 {v=spf1 -all}"},
    {"two texts, bytewise", "ex.com", TXT, NONE, "an 300 @ TXT b\nan 300 @ TXT a\n",
     "ok insecure yes 300 {a} {b}"},
    {"an empty string", "ex.com", TXT, NONE, "an 300 @ TXT \"\"\n", "ok insecure yes 300 {}"},
    {"PTR", "1.1.1.9.in-addr.arpa", MXS_TYPE_PTR, NONE, "an 300 @ PTR M.ex.com\n",
     "ok insecure yes 300 {m.ex.com}"},
    {"NS", "ex.com", MXS_TYPE_NS, NONE, "an 300 @ NS ns.ex.com\n",
     "ok insecure yes 300 {ns.ex.com}"},
    {"a type that is not taken apart", "ex.com", MXS_TYPE_TLSA, NONE,
     "an 300 @ TLSA raw:030101aa\n", "ok insecure yes 300 {}"},
    {"the null MX", "ex.com", MX, NONE, "an 300 @ MX 0 .\n", "ok insecure yes 300 {0 .}"},
    {"an owner in capitals", "ex.com", A, NONE, "an 300 raw:02455803436f4d00 A 9.1.1.1\n",
     "ok insecure yes 300 {9.1.1.1}"},
    {"a target in capitals", "ex.com", MX, NONE, "an 300 @ MX raw:000a014dc00c\n",
     "ok insecure yes 300 {10 m.ex.com}"},
    {"a pointer to a pointer", "ex.com", MX, NONE,
     "an 300 @ MX raw:000a016dc00c\nan 300 @ MX raw:0014016ec026\n",
     "ok insecure yes 300 {10 m.ex.com} {20 n.m.ex.com}"},
    {"other owners", "ex.com", A, NONE, "an 1 y.ex.com A 9.1.1.2\nan 300 @ A 9.1.1.1\n",
     "ok insecure yes 300 {9.1.1.1}"},
    {"other types", "ex.com", A, NONE, "an 1 @ RRSIG raw:00\nan 300 @ A 9.1.1.1\n",
     "ok insecure yes 300 {9.1.1.1}"},
    {"another class", "ex.com", A, NONE, "an/3 1 @ A 9.1.1.2\nan 300 @ A 9.1.1.1\n",
     "ok insecure yes 300 {9.1.1.1}"},
    {"only another class", "ex.com", A, NONE, "an/3 1 @ A 9.1.1.2\n", "nodata insecure yes 0"},
    {"an alias of another class", "ex.com", A, NONE, "an/3 1 @ CNAME y.x\nan 300 y.x A 9.1.1.2\n",
     "nodata insecure yes 0"},
    {"an alias", "ex.com", A, NONE, "an 60 @ CNAME y.net\nan 300 y.net A 9.1.1.1\n",
     "ok insecure yes 60 >y.net {9.1.1.1}"},
    {"aliases out of order", "ex.com", A, NONE,
     "an 300 z.net A 9.1.1.1\nan 30 y.net CNAME z.net\nan 60 @ CNAME y.net\n",
     "ok insecure yes 30 >z.net {9.1.1.1}"},
    {"an alias by DNAME", "a.ex.com", A, NONE,
     "an 300 ex.com DNAME y.net\nan 300 @ CNAME a.y.net\nan 300 a.y.net A 9.1.1.1\n",
     "ok insecure yes 300 >a.y.net {9.1.1.1}"},
    {"an alias elsewhere", "ex.com", A, NONE, "an 9 y.net CNAME z.net\nan 300 @ A 9.1.1.1\n",
     "ok insecure yes 300 {9.1.1.1}"},
    {"CNAME itself is asked for", "ex.com", MXS_TYPE_CNAME, NONE, "an 300 @ CNAME y.net\n",
     "ok insecure yes 300 {y.net}"},
    {"16 aliases", "ex.com", A, NONE, ALIAS("@", "a1.x") CHAIN_TAIL,
     "ok insecure yes 300 >end.x {9.1.1.1}"},
    {"17 aliases", "ex.com", A, NONE, ALIAS("@", "a0.x") ALIAS("a0.x", "a1.x") CHAIN_TAIL,
     "temp/alias_loop indeterminate unknown 0"},
    {"a loop", "ex.com", A, NONE, ALIAS("@", "y.x") ALIAS("y.x", "ex.com"),
     "temp/alias_loop indeterminate unknown 0"},
    {"an alias to itself", "ex.com", A, NONE, ALIAS("@", "ex.com"),
     "temp/alias_loop indeterminate unknown 0"},
    {"the highest TTL", "ex.com", A, NONE, "an 2147483647 @ A 9.1.1.1\n",
     "ok insecure yes 2147483647 {9.1.1.1}"},
    {"the high bit of a TTL, RFC 2181 section 8", "ex.com", A, NONE, "an 2147483648 @ A 9.1.1.1\n",
     "ok insecure yes 0 {9.1.1.1}"},
    {"the rest of the packet is not read", "ex.com", A, NONE,
     "an 300 @ A 9.1.1.1\nar 5 x A raw:09\n", "ok insecure yes 300 {9.1.1.1}"},
};

/* RFC 2308 section 5, RFC 6604 section 3; rules section 1.1. */
static struct row negative[] = {
    {"nodata, the SOA's TTL", "ex.com", A, NONE, "au 60 com SOA 900\n", "nodata insecure yes 60"},
    {"nodata, the SOA's minimum", "ex.com", A, NONE, "au 900 com SOA 60\n",
     "nodata insecure yes 60"},
    {"nodata without a SOA", "ex.com", A, NONE, "", "nodata insecure yes 0"},
    {"nodata behind an alias", "ex.com", A, NONE, "an 60 @ CNAME y.net\n" SOA,
     "nodata insecure yes 60 >y.net"},
    {"nxdomain", "ex.com", A, NONE, "!rcode 3\n" SOA, "nxdomain insecure no 900"},
    {"nxdomain, signed", "ex.com", A, SIGNED, "!rcode 3\n" SOA, "nxdomain secure no! 900"},
    {"nxdomain behind an alias", "ex.com", A, NONE, "!rcode 3\nan 60 @ CNAME y.net\n" SOA,
     "nxdomain_target insecure yes 60 >y.net"},
    {"nxdomain behind two", "ex.com", A, NONE,
     "!rcode 3\nan 60 y.net CNAME z.net\nan 70 @ CNAME y.net\n" SOA,
     "nxdomain_target insecure yes 60 >z.net"},
    {"nxdomain, an alias elsewhere", "ex.com", A, NONE, "!rcode 3\nan 60 y.net CNAME z.net\n" SOA,
     "nxdomain insecure no 900"},
    {"nxdomain and yet a record", "ex.com", A, NONE, "!rcode 3\nan 60 @ A 9.1.1.1\n", MALFORMED},
    {"nxdomain and yet a record behind an alias", "ex.com", A, NONE,
     "!rcode 3\nan 60 @ CNAME y.net\nan 60 y.net A 9.1.1.1\n", MALFORMED},
    {"FORMERR", "ex.com", A, NONE, "!rcode 1\nan 60 @ A 9.1.1.1\n", FAILED},
    {"SERVFAIL", "ex.com", A, NONE, "!rcode 2\n" SOA, FAILED},
    {"NOTIMP", "ex.com", A, NONE, "!rcode 4\n", FAILED},
    {"REFUSED", "ex.com", A, SIGNED, "!rcode 5\n" SOA, FAILED},
    {"the highest RCODE", "ex.com", A, NONE, "!rcode 15\n", FAILED},
    {"cut by the server", "ex.com", A, NONE, "!tc\nan 60 @ A 9.1.1.1\n", MALFORMED},
    {"cut to nothing is not nodata", "ex.com", A, NONE, "!tc\n", MALFORMED},
};

/* What cannot be read is never absent. */
static struct row broken[] = {
    {"fewer records than promised", "ex.com", A, NONE, "!lie 1\nan 60 @ A 9.1.1.1\n", MALFORMED},
    {"no record at all but one promised", "ex.com", A, NONE, "!lie 1\n", MALFORMED},
    {"A of three octets", "ex.com", A, NONE, "an 60 @ A raw:090101\n", MALFORMED},
    {"A of five octets", "ex.com", A, NONE, "an 60 @ A raw:0901010101\n", MALFORMED},
    {"A of none", "ex.com", A, NONE, "an 60 @ A raw:\n", MALFORMED},
    {"AAAA of fifteen", "ex.com", MXS_TYPE_AAAA, NONE,
     "an 60 @ AAAA raw:262000000000000000000000000000\n", MALFORMED},
    {"MX without a target", "ex.com", MX, NONE, "an 60 @ MX raw:000a\n", MALFORMED},
    {"MX of one octet", "ex.com", MX, NONE, "an 60 @ MX raw:00\n", MALFORMED},
    {"a target that ends too early", "ex.com", MX, NONE, "an 60 @ MX raw:000a016dc00c00\n",
     MALFORMED},
    {"a target that ends too late", "ex.com", MX, NONE, "an 60 @ MX raw:000a026d\n" SOA, MALFORMED},
    {"a pointer to itself", "ex.com", MX, NONE, "an 60 @ MX raw:000ac026\n", MALFORMED},
    {"two pointers in a ring", "ex.com", MX, NONE, "an 60 @ MX raw:000ac028c026\n", MALFORMED},
    {"a pointer behind the packet", "ex.com", MX, NONE, "an 60 @ MX raw:000affff\n", MALFORMED},
    {"half a pointer", "ex.com", MX, NONE, "an 60 @ MX raw:000ac0\n", MALFORMED},
    {"an extended label", "ex.com", MX, NONE, "an 60 @ MX raw:000a4101c00c\n", MALFORMED},
    {"an owner that is a ring", "ex.com", A, NONE, "an 60 raw:c018 A 9.1.1.1\n", MALFORMED},
    {"one bad record spoils all", "ex.com", A, NONE, "an 60 @ A 9.1.1.1\nan 60 @ A raw:09\n",
     MALFORMED},
    {"a bad record of another name does not", "ex.com", A, NONE,
     "an 60 @ A 9.1.1.1\nan 60 y.x A raw:09\n", "ok insecure yes 60 {9.1.1.1}"},
    {"an empty string at the end", "ex.com", TXT, NONE, "an 60 @ TXT raw:0361626300\n" SOA,
     "ok insecure yes 60 {abc}"},
    {"a string over the end", "ex.com", TXT, NONE, "an 60 @ TXT raw:04616263\n" SOA, MALFORMED},
    {"a second string over the end", "ex.com", TXT, NONE, "an 60 @ TXT raw:016101\n" SOA,
     MALFORMED},
    {"an alias that cannot be read", "ex.com", A, NONE, "an 60 @ CNAME raw:0479\n" SOA, MALFORMED},
    {"an authority section that cannot be read", "ex.com", A, NONE, "au 60 raw:c018 SOA 900\n",
     MALFORMED},
};

/* RFC 9824 sections 3 and 4, rules section 1.4. TYPE128 is NXNAME. */
static struct row denial[] = {
    {"NXNAME", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC RRSIG NSEC NXNAME\n" SOA,
     "nxdomain secure no! 900"},
    {"NXNAME and RCODE 3", "ghost.ex.com", A, SIGNED, "!rcode 3\nau 900 @ NSEC RRSIG NSEC NXNAME\n",
     "nxdomain secure no! 0"},
    {"NXNAME, but insecure", "ghost.ex.com", A, NONE, "au 900 @ NSEC RRSIG NSEC NXNAME\n" SOA,
     "nodata insecure yes 900"},
    {"NXNAME, but nobody validated", "ghost.ex.com", A, MXS_DNSSEC_INDETERMINATE,
     "au 900 @ NSEC RRSIG NSEC NXNAME\n" SOA, "nodata indeterminate yes 900"},
    {"NXNAME of another name", "ghost.ex.com", A, SIGNED, "au 900 ex.com NSEC NXNAME\n" SOA,
     "nodata secure yes! 900"},
    {"NXNAME in the answer section", "ghost.ex.com", A, SIGNED, "an 900 @ NSEC NXNAME\n" SOA,
     "nodata secure yes! 900"},
    {"RRSIG and NSEC alone", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC RRSIG NSEC\n" SOA,
     "nodata secure uncertain! 900"},
    {"RRSIG and NSEC alone, insecure", "ghost.ex.com", A, NONE, "au 900 @ NSEC RRSIG NSEC\n" SOA,
     "nodata insecure yes 900"},
    {"another type beside them", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC TXT RRSIG NSEC\n" SOA,
     "nodata secure yes! 900"},
    {"another window", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC RRSIG NSEC TYPE384\n" SOA,
     "nodata secure yes! 900"},
    {"NSEC alone", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC NSEC\n" SOA, "nodata secure yes! 900"},
    {"an NSEC that covers", "ghost.ex.com", A, SIGNED,
     "!rcode 3\nau 900 ex.com NSEC A RRSIG NSEC\n" SOA, "nxdomain secure no! 900"},
    {"a bitmap that cannot be read", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC raw:000011\n" SOA,
     "nodata secure yes! 900"},
    {"a window of no octets", "ghost.ex.com", A, SIGNED, "au 900 @ NSEC raw:000000\n" SOA,
     "nodata secure yes! 900"},
    {"behind an alias", "ex.com", A, SIGNED,
     "an 60 @ CNAME gone.net\nau 900 gone.net NSEC RRSIG NSEC NXNAME\n" SOA,
     "nxdomain_target secure yes 60 >gone.net"},
    {"of the alias, not of its target", "ex.com", A, SIGNED,
     "an 60 @ CNAME gone.net\nau 900 @ NSEC RRSIG NSEC NXNAME\n" SOA,
     "nodata secure yes 60 >gone.net"},
    {"a target that is uncertain: the alias exists", "ex.com", A, SIGNED,
     "an 60 @ CNAME gone.net\nau 900 gone.net NSEC RRSIG NSEC\n" SOA,
     "nodata secure yes 60 >gone.net"},
    {"NSEC3, NXNAME", "ghost.ex.com", A, SIGNED, "au 900 " GHOST_0 " NSEC3 0 - NXNAME\n" SOA,
     "nxdomain secure no! 900"},
    {"NSEC3 in capitals", "ghost.ex.com", A, SIGNED,
     "au 900 " GHOST_0_CAPS " NSEC3 0 - NXNAME\n" SOA, "nxdomain secure no! 900"},
    {"NSEC3, salted", "ghost.ex.com", A, SIGNED, "au 900 " GHOST_5 " NSEC3 5 aabb NXNAME\n" SOA,
     "nxdomain secure no! 900"},
    {"NSEC3, the most iterations", "ghost.ex.com", A, SIGNED,
     "au 900 " GHOST_150 " NSEC3 150 aabb NXNAME\n" SOA, "nxdomain secure no! 900"},
    {"NSEC3, too many iterations", "ghost.ex.com", A, SIGNED,
     "au 900 " GHOST_151 " NSEC3 151 aabb NXNAME\n" SOA, "nodata secure yes! 900"},
    {"NSEC3 with another salt", "ghost.ex.com", A, SIGNED,
     "au 900 " GHOST_5 " NSEC3 5 aabc NXNAME\n" SOA, "nodata secure yes! 900"},
    {"NSEC3, no type: it exists", "ghost.ex.com", A, SIGNED, "au 900 " GHOST_0 " NSEC3 0 -\n" SOA,
     "nodata secure yes! 900"},
    {"NSEC3, a type", "ghost.ex.com", A, SIGNED, "au 900 " GHOST_0 " NSEC3 0 - TXT RRSIG\n" SOA,
     "nodata secure yes! 900"},
    {"NSEC3 of another name", "ex.com", A, SIGNED, "au 900 " GHOST_0 " NSEC3 0 - NXNAME\n" SOA,
     "nodata secure yes! 900"},
    {"the second NSEC3", "ghost.ex.com", A, SIGNED,
     "au 900 " GONE_0 " NSEC3 0 - A\nau 900 " GHOST_0 " NSEC3 0 - NXNAME\n" SOA,
     "nxdomain secure no! 900"},
    {"NSEC3 behind an alias", "ex.com", A, SIGNED,
     "an 60 @ CNAME gone.net\nau 900 " GONE_0 " NSEC3 0 - NXNAME\n" SOA,
     "nxdomain_target secure yes 60 >gone.net"},
    {"NSEC3, insecure", "ghost.ex.com", A, NONE, "au 900 " GHOST_0 " NSEC3 0 - NXNAME\n" SOA,
     "nodata insecure yes 900"},
    {"an NSEC3 that is too short", "ghost.ex.com", A, SIGNED,
     "au 900 " GHOST_0 " NSEC3 raw:01000000\n" SOA, "nodata secure yes! 900"},
    {"a salt over the end", "ghost.ex.com", A, SIGNED,
     "au 900 " GHOST_0 " NSEC3 raw:0100000009aa\n" SOA, "nodata secure yes! 900"},
};

/* The packet of a row, in a block of its exact size. */
struct reply {
    struct mxs_arena arena;
    struct mxs_name name;
    mxs_slice bytes;
};

static void open_reply(struct reply *reply, const struct row *row)
{
    struct mxs_buffer packet;

    mxs_arena_init(&reply->arena);
    mxs_buffer_init(&packet);
    assert_int_equal(mxs_name_parse(&reply->arena, mxs_slice_of(row->name), &reply->name),
                     MXS_NAME_OK);
    packet_text(row->packet, reply->name, row->type, &packet);
    reply->bytes = exact_copy(packet.ptr, packet.len);
    mxs_buffer_clear(&packet);
}

static void close_reply(struct reply *reply)
{
    free((char *)reply->bytes.ptr);
    mxs_arena_clear(&reply->arena);
}

static struct mxs_packet packet_of(mxs_slice bytes, unsigned dnssec)
{
    return (struct mxs_packet){
        .bytes = (const uint8_t *)bytes.ptr, .len = bytes.len, .dnssec = (enum mxs_dnssec)dnssec};
}

static void assert_answer(struct reply *reply, mxs_slice bytes, const struct row *row,
                          const char *want)
{
    struct mxs_packet packet = packet_of(bytes, row->dnssec);
    struct mxs_answer answer = {.name = reply->name, .type = row->type};
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    assert_true(mxs_packet_read(&packet, &reply->arena, &answer));
    answer_text(&answer, &text);
    assert_slice_equal(mxs_buffer_slice(&text), want);
    mxs_buffer_clear(&text);
}

static void reads_as_the_row_says(void **state)
{
    const struct row *row = *state;
    struct reply reply;

    open_reply(&reply, row);
    assert_answer(&reply, reply.bytes, row, row->want);
    close_reply(&reply);
}

/* Each prefix of a packet is malformed, unless only the additional section is cut. */
static void is_never_fooled_by_a_cut(void **state)
{
    const struct row *row = *state;
    bool additional = strstr(row->packet, "\nar ") != NULL;
    struct reply reply;

    open_reply(&reply, row);
    for (size_t len = 0; len < reply.bytes.len; len++) {
        mxs_slice prefix = exact_copy(reply.bytes.ptr, len);
        struct mxs_packet packet = packet_of(prefix, row->dnssec);
        struct mxs_answer answer = {.name = reply.name, .type = row->type};
        assert_true(mxs_packet_read(&packet, &reply.arena, &answer));
        if (mxs_lookup_is_definite(answer.lookup) && additional)
            assert_answer(&reply, prefix, row, row->want);
        else
            assert_answer(&reply, prefix, row, MALFORMED);
        free((char *)prefix.ptr);
    }
    close_reply(&reply);
}

/* One octet changed: the properties hold still, whatever it means now. */
static void is_sound_with_an_octet_changed(void **state)
{
    static const uint8_t values[] = {0x00, 0x01, 0x03, 0x3F, 0x40, 0x80, 0xC0, 0xFF};
    const struct row *row = *state;
    struct reply reply;

    open_reply(&reply, row);
    for (size_t at = 0; at < reply.bytes.len; at++)
        for (size_t i = 0; i < COUNT(values); i++) {
            mxs_slice changed = exact_copy(reply.bytes.ptr, reply.bytes.len);
            ((char *)changed.ptr)[at] = (char)values[i];
            struct mxs_packet packet = packet_of(changed, row->dnssec);
            packet_properties(&packet, reply.name, row->type);
            free((char *)changed.ptr);
        }
    close_reply(&reply);
}

/* `count` records of `rdata_len` octets each; TXT ones are whole strings. */
static enum mxs_lookup lookup_of_many(uint16_t type, unsigned count, unsigned rdata_len)
{
    struct reply reply;
    struct mxs_answer answer;
    struct mxs_buffer bytes;
    uint8_t *counts;

    mxs_arena_init(&reply.arena);
    mxs_buffer_init(&bytes);
    packet_text("", mxs_name_root, type, &bytes);
    for (unsigned i = 0; i < count; i++) {
        uint8_t head[] = {0, (uint8_t)(type >> 8),      (uint8_t)type,     0, 1, 0, 0, 0,
                          9, (uint8_t)(rdata_len >> 8), (uint8_t)rdata_len};
        mxs_buffer_append(&bytes, (mxs_slice){(const char *)head, sizeof head});
        for (unsigned at = 0; at < rdata_len; at++) /* strings of 15, preferences, the root */
            mxs_buffer_append_char(&bytes, type == TXT && at % 16 == 0 ? 15 : 0);
    }
    counts = (uint8_t *)bytes.ptr + 6;
    counts[0] = (uint8_t)(count >> 8);
    counts[1] = (uint8_t)count;
    struct mxs_packet packet = packet_of(mxs_buffer_slice(&bytes), NONE);
    answer = (struct mxs_answer){.name = mxs_name_root, .type = type};
    assert_true(mxs_packet_read(&packet, &reply.arena, &answer));
    assert_int_equal(answer.count, answer.lookup == MXS_LOOKUP_OK ? count : 0);
    mxs_buffer_clear(&bytes);
    mxs_arena_clear(&reply.arena);
    return answer.lookup;
}

/* Rules section 17.4 and packet.h: 100 texts of 64 KiB together, 1,000 records of other types. */
static void stops_at_its_caps(void **state)
{
    (void)state;
    assert_int_equal(lookup_of_many(TXT, 100, 16), MXS_LOOKUP_OK);
    assert_int_equal(lookup_of_many(TXT, 101, 16), MXS_LOOKUP_LIMIT);
    assert_int_equal(lookup_of_many(TXT, 64, 1024), MXS_LOOKUP_OK);
    assert_int_equal(lookup_of_many(TXT, 65, 1024), MXS_LOOKUP_LIMIT);
    assert_int_equal(lookup_of_many(MX, 1000, 3), MXS_LOOKUP_OK);
    assert_int_equal(lookup_of_many(MX, 1001, 3), MXS_LOOKUP_LIMIT);
}

/* A bogus reply holds what the attacker wants us to see; rules I5. */
static void does_not_look_into_a_bogus_packet(void **state)
{
    static const struct row row = {
        "", "ex.com", A, MXS_DNSSEC_BOGUS, "an 300 @ A 9.1.1.1\n", "bogus bogus unknown 0"};
    struct reply reply;
    char words[] = "signature expired";

    (void)state;
    open_reply(&reply, &row);
    struct mxs_packet packet = packet_of(reply.bytes, row.dnssec);
    struct mxs_answer answer = {.name = reply.name, .type = A};
    assert_answer(&reply, reply.bytes, &row, row.want);
    packet.why_bogus = (mxs_slice){words, sizeof words - 1};
    assert_true(mxs_packet_read(&packet, &reply.arena, &answer));
    memset(words, 'x', sizeof words - 1);
    assert_slice_equal(answer.why_bogus, "signature expired"); /* a copy */
    packet.len = 0;
    packet.bytes = NULL;
    assert_answer(&reply, (mxs_slice){NULL, 0}, &row, row.want);
    close_reply(&reply);
}

/* The answer lives on when the packet is gone. */
static void copies_what_it_keeps(void **state)
{
    static const struct row row = {
        "", "ex.com", MX, NONE, "an 300 @ CNAME y.net\nan 300 y.net MX 10 m.ex.com\n", ""};
    struct reply reply;
    struct mxs_buffer text;

    (void)state;
    mxs_buffer_init(&text);
    open_reply(&reply, &row);
    struct mxs_packet packet = packet_of(reply.bytes, row.dnssec);
    struct mxs_answer answer = {.name = reply.name, .type = MX};
    assert_true(mxs_packet_read(&packet, &reply.arena, &answer));
    assert_int_equal(answer.size, reply.bytes.len);
    memset((char *)reply.bytes.ptr, 0xFF, reply.bytes.len);
    answer_text(&answer, &text);
    assert_slice_equal(mxs_buffer_slice(&text), "ok insecure yes 300 >y.net {10 m.ex.com}");
    assert_int_equal(answer.records[0].rdata.len, 2 + 10);
    mxs_buffer_clear(&text);
    close_reply(&reply);
}

/* Memory that runs out is the machine's failure: false, and temp/internal, never absent. */
static void says_when_memory_is_out(void **state)
{
    static const struct row row = {
        "", "ex.com", TXT, SIGNED, "an 9 @ CNAME y.net\nan 9 y.net TXT \"a\" \"b\"\n", ""};
    struct reply reply;
    bool failed = true;

    (void)state;
    open_reply(&reply, &row);
    for (unsigned at = 1; failed; at++) {
        struct mxs_packet packet = packet_of(reply.bytes, row.dnssec);
        struct mxs_answer answer = {.name = reply.name, .type = TXT};
        struct mxs_arena arena;
        mxs_arena_init(&arena);
        (void)mxs_arena_alloc(&arena, 400); /* little is left of the first block of 512 */
        scarce_begin(at, true);
        bool whole = mxs_packet_read(&packet, &arena, &answer);
        failed = scarce_end();
        assert_int_equal(whole, !failed);
        assert_int_equal(answer.lookup, failed ? MXS_LOOKUP_TEMP : MXS_LOOKUP_OK);
        assert_int_equal(answer.error, failed ? MXS_ERROR_INTERNAL : MXS_ERROR_NONE);
        mxs_arena_clear(&arena);
    }
    close_reply(&reply);
}

static size_t add_tests(struct CMUnitTest *tests, struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tests[3 * i] =
            (struct CMUnitTest){rows[i].label, reads_as_the_row_says, NULL, NULL, &rows[i]};
        tests[3 * i + 1] =
            (struct CMUnitTest){rows[i].label, is_never_fooled_by_a_cut, NULL, NULL, &rows[i]};
        tests[3 * i + 2] = (struct CMUnitTest){rows[i].label, is_sound_with_an_octet_changed, NULL,
                                               NULL, &rows[i]};
    }
    return 3 * count;
}

int main(void)
{
    static const struct CMUnitTest extra[] = {
        cmocka_unit_test(stops_at_its_caps),
        cmocka_unit_test(does_not_look_into_a_bogus_packet),
        cmocka_unit_test(copies_what_it_keeps),
        cmocka_unit_test(says_when_memory_is_out),
    };
    struct CMUnitTest
        tests[3 * (COUNT(positive) + COUNT(negative) + COUNT(broken) + COUNT(denial)) +
              COUNT(extra)];
    size_t count = 0;

    count += add_tests(tests + count, positive, COUNT(positive));
    count += add_tests(tests + count, negative, COUNT(negative));
    count += add_tests(tests + count, broken, COUNT(broken));
    count += add_tests(tests + count, denial, COUNT(denial));
    for (size_t i = 0; i < COUNT(extra); i++)
        tests[count++] = extra[i];
    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
