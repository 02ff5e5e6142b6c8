/*
 * Static analysis against check_host(): for random zones the two agree on random addresses
 * (rules section 18.1).
 */
#include "unit.h"

#include <mxsweep/posture.h>

#include "posture/spf_tree.h"
#include "zone.h"

enum { ZONES = 1000, CLIENTS = 24, NAMES = 7 };

static uint64_t random_state = 88172645463325252U;

static uint32_t pick(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 11) % below;
}

static void add_text(struct mxs_buffer *text, const char *string)
{
    mxs_buffer_append(text, mxs_slice_of(string));
}

static void add_number(struct mxs_buffer *text, uint32_t number)
{
    mxs_buffer_append_number(text, number);
}

/* "n3.test": a name that may have a record, hosts, exchanges, or nothing. */
static void add_name(struct mxs_buffer *text)
{
    add_text(text, "n");
    add_number(text, pick(NAMES + 1));
    add_text(text, ".test");
}

/* Addresses are few, so that blocks and clients meet. */
static void add_ipv4(struct mxs_buffer *text)
{
    add_text(text, "10.0.");
    add_number(text, pick(2));
    add_text(text, ".");
    add_number(text, pick(64));
}

static void add_ipv6(struct mxs_buffer *text)
{
    add_text(text, "2001:db8::");
    add_number(text, pick(100));
}

static void add_network(struct mxs_buffer *text)
{
    bool ipv4 = pick(3) > 0;

    add_text(text, ipv4 ? "ip4:" : "ip6:");
    if (ipv4)
        add_ipv4(text);
    else
        add_ipv6(text);
    if (pick(2) == 0)
        return;
    add_text(text, "/");
    add_number(text, ipv4 ? 32 - pick(10) : 128 - pick(9));
}

static void add_term(struct mxs_buffer *text, bool dynamic)
{
    static const char *const qualifiers[] = {"", "", "", "-", "~", "?"};
    static const char *const named[] = {"a:", "mx:", "include:", "include:", "exists:"};
    uint32_t kind = pick(12);

    mxs_buffer_append_char(text, ' ');
    add_text(text, qualifiers[pick(6)]);
    if (kind < 5) {
        add_network(text);
    } else if (dynamic && kind == 5) {
        add_text(text, pick(2) == 0 ? "exists:%{l}.%{d}" : "include:%{l}.test");
    } else if (kind == 6) {
        add_text(text, pick(2) == 0 ? "a/30//126" : "mx");
    } else if (kind == 7) {
        add_text(text, pick(3) > 0 ? "include:%{v}.test" : "a:x..test");
    } else {
        add_text(text, named[pick(5)]);
        add_name(text);
    }
}

static void add_record(struct mxs_buffer *text, bool dynamic)
{
    add_text(text, " TXT v=spf1");
    for (uint32_t n = pick(6); n > 0; n--)
        add_term(text, dynamic);
    switch (pick(4)) {
    case 0:
        break;
    case 1:
        add_text(text, " redirect=");
        add_name(text);
        break;
    default:
        add_text(text, pick(2) == 0 ? " -all" : " ?all");
        break;
    }
    add_text(text, "\n");
}

/* What stands at a name: a record for one in two, addresses, exchanges, failures. */
static void add_owner(struct mxs_buffer *text, const char *owner, bool dynamic)
{
    if (pick(4) > 0) {
        add_text(text, owner);
        add_record(text, dynamic);
    }
    for (uint32_t n = pick(3); n > 0; n--) {
        add_text(text, owner);
        add_text(text, pick(2) == 0 ? " A " : " AAAA ");
        if (text->ptr[text->len - 2] == 'A' && text->ptr[text->len - 3] == ' ')
            add_ipv4(text);
        else
            add_ipv6(text);
        add_text(text, "\n");
    }
    for (uint32_t n = pick(16) == 0 ? 12 : pick(3); n > 0; n--) {
        add_text(text, owner);
        add_text(text, " MX ");
        add_number(text, n);
        add_text(text, " ");
        add_name(text);
        add_text(text, "\n");
    }
    if (pick(20) == 0) {
        static const char *const types[] = {" TXT", " A", " AAAA", " MX"};
        add_text(text, "!fail ");
        add_text(text, owner);
        add_text(text, types[pick(4)]);
        add_text(text, " temp:failed\n");
    }
}

static void make_zone(struct mxs_buffer *text, bool dynamic)
{
    char owner[16];

    mxs_buffer_reset(text);
    for (unsigned i = 0; i < NAMES; i++) {
        (void)snprintf(owner, sizeof owner, "n%u.test", i);
        add_owner(text, owner, dynamic);
    }
    add_owner(text, "in-addr.test", false);
    add_owner(text, "ip6.test", false);
    if (pick(2) == 0)
        add_owner(text, "x.test", false);
    if (pick(2) == 0)
        add_text(text, "x.n0.test A 127.0.0.2\n");
    mxs_buffer_append_char(text, '\0');
    assert_false(text->failed);
}

/* A zone, its tree from n0.test, and what was compared. */
struct trial {
    struct zone *zone;
    struct mxs_arena arena;
    struct mxs_answers answers;
    struct mxs_spf_tree *tree;
    struct mxs_spf_result result;
    struct mxs_address client;
    unsigned compared, skipped;
};

static void open_trial(struct trial *trial, const char *text)
{
    struct mxs_name root;

    trial->zone = zone_new(text);
    zone_restart(trial->zone, ZONE_AT_ONCE);
    mxs_arena_init(&trial->arena);
    mxs_answers_init(&trial->answers, zone_source(trial->zone));
    trial->tree = mxs_arena_alloc(&trial->arena, sizeof *trial->tree);
    assert_non_null(trial->tree);
    assert_int_equal(mxs_name_parse(&trial->arena, MXS_SLICE("n0.test"), &root), MXS_NAME_OK);
    mxs_spf_tree_init(trial->tree, &trial->arena, &trial->answers);
    assert_true(mxs_spf_tree_gather(trial->tree, root));
    mxs_spf_summarise(trial->tree, trial->tree->nodes[0]);
}

static void close_trial(struct trial *trial)
{
    zone_free(trial->zone);
    mxs_arena_clear(&trial->arena);
}

static void choose_client(struct trial *trial)
{
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    if (pick(2) == 0)
        add_ipv4(&text);
    else
        add_ipv6(&text);
    assert_true(mxs_address_parse(mxs_buffer_slice(&text), &trial->client));
    mxs_buffer_clear(&text);
}

static void check_client(struct trial *trial)
{
    struct mxs_answers answers;
    struct mxs_spf_request request =
        mxs_spf_request_of(&trial->client, MXS_SLICE("x@n0.test"), MXS_SLICE("h.test"));

    zone_restart(trial->zone, ZONE_AT_ONCE);
    mxs_answers_init(&answers, zone_source(trial->zone));
    mxs_answers_begin(&answers);
    mxs_spf_check_host(&trial->arena, &answers, &request, &trial->result);
}

static const struct mxs_spf_side *side_of(const struct trial *trial)
{
    return &trial->tree->nodes[0]
                ->summary->sides[trial->client.len == 4 ? MXS_SPF_IPV4 : MXS_SPF_IPV6];
}

/* Every client is in exactly one class that no term of the message decides. */
static const struct mxs_spf_class *class_of(const struct trial *trial)
{
    const struct mxs_spf_side *side = side_of(trial);
    const struct mxs_spf_class *found = NULL;

    for (unsigned i = 0; i < side->class_count; i++) {
        const struct mxs_spf_class *class = &side->classes[i];
        if ((class->part.doubt & MXS_SPF_MAYBE) != 0 ||
            !mxs_address_set_contains(&class->part.set, &trial->client))
            continue;
        assert_null(found);
        found = class;
    }
    assert_non_null(found);
    return found;
}

static void compare(struct trial *trial, const char *zone)
{
    const struct mxs_spf_class *class = class_of(trial);

    check_client(trial);
    if ((class->part.doubt & MXS_SPF_UNSURE) != 0) {
        trial->skipped++;
        return;
    }
    trial->compared++;
    if (class->result != trial->result.result)
        fail_msg("sets say %s, check_host %s (%s) of 4:%u.%u / 6:%u in\n%s",
                 mxs_spf_code_text(class->result), mxs_spf_code_text(trial->result.result),
                 trial->result.reason ? trial->result.reason : "", trial->client.octets[2],
                 trial->client.octets[3], trial->client.octets[15], zone);
    if (class->result == MXS_SPF_RESULT_PERMERROR || class->result == MXS_SPF_RESULT_NONE)
        return;
    assert_int_equal(class->part.lookups, trial->result.lookups);
    assert_int_equal(class->part.voids, trial->result.void_lookups);
}

static void agrees_with_check_host(void **state)
{
    struct trial trial = {0};
    struct mxs_buffer text;

    (void)state;
    mxs_buffer_init(&text);
    for (unsigned round = 0; round < ZONES; round++) {
        make_zone(&text, false);
        open_trial(&trial, text.ptr);
        for (unsigned i = 0; i < CLIENTS; i++) {
            choose_client(&trial);
            compare(&trial, text.ptr);
        }
        close_trial(&trial);
    }
    mxs_buffer_clear(&text);
    print_message("%u clients compared, %u behind a failure\n", trial.compared, trial.skipped);
    assert_true(trial.compared > ZONES * CLIENTS / 2);
}

/* With terms that depend on the message: what check_host says is among what may be. */
static bool may_be(const struct trial *trial)
{
    const struct mxs_spf_side *side = side_of(trial);
    const char *reason = trial->result.reason;

    for (unsigned i = 0; i < side->class_count; i++) {
        const struct mxs_spf_class *class = &side->classes[i];
        if (mxs_address_set_contains(&class->part.set, &trial->client) &&
            (class->result == trial->result.result || (class->part.doubt & MXS_SPF_UNSURE) != 0 ||
             class->result == MXS_SPF_RESULT_TEMPERROR))
            return true;
    }
    return reason != NULL &&
           (strcmp(reason, "too_many_voids") == 0 || strcmp(reason, "too_many_lookups") == 0 ||
            trial->result.result == MXS_SPF_RESULT_TEMPERROR ||
            trial->result.result == MXS_SPF_RESULT_PERMERROR);
}

static void allows_what_the_message_decides(void **state)
{
    struct trial trial = {0};
    struct mxs_buffer text;

    (void)state;
    mxs_buffer_init(&text);
    for (unsigned round = 0; round < ZONES / 2; round++) {
        make_zone(&text, true);
        open_trial(&trial, text.ptr);
        for (unsigned i = 0; i < CLIENTS; i++) {
            choose_client(&trial);
            (void)class_of(&trial);
            check_client(&trial);
            if (!may_be(&trial))
                fail_msg("check_host says %s in\n%s", mxs_spf_code_text(trial.result.result),
                         text.ptr);
        }
        close_trial(&trial);
    }
    mxs_buffer_clear(&text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_check_host),
        cmocka_unit_test(allows_what_the_message_decides),
    };

    return cmocka_run_group_tests_name("spf_sets", tests, NULL, NULL);
}
