#include "posture/spf_terms.h"

#include <string.h>

static const char *const code_texts[] = {
    [MXS_SPF_RESULT_NONE] = "none",           [MXS_SPF_RESULT_NEUTRAL] = "neutral",
    [MXS_SPF_RESULT_PASS] = "pass",           [MXS_SPF_RESULT_FAIL] = "fail",
    [MXS_SPF_RESULT_SOFTFAIL] = "softfail",   [MXS_SPF_RESULT_TEMPERROR] = "temperror",
    [MXS_SPF_RESULT_PERMERROR] = "permerror",
};

const char *mxs_spf_code_text(enum mxs_spf_code code)
{
    return code_texts[code];
}

/* A domain whose record is being evaluated. */
struct visit {
    struct mxs_name name;
    mxs_slice text;
    bool explain; /* an explanation from here is the sender's: not inside an include */
};

static enum mxs_spf_code evaluate(struct mxs_spf_check *check, const struct visit *visit,
                                  struct mxs_spf_result *result);

static enum mxs_spf_code code_of_qualifier(enum mxs_spf_qualifier qualifier)
{
    static const enum mxs_spf_code codes[] = {
        [MXS_SPF_PASS] = MXS_SPF_RESULT_PASS,
        [MXS_SPF_FAIL] = MXS_SPF_RESULT_FAIL,
        [MXS_SPF_SOFTFAIL] = MXS_SPF_RESULT_SOFTFAIL,
        [MXS_SPF_NEUTRAL] = MXS_SPF_RESULT_NEUTRAL,
    };

    return codes[qualifier];
}

static enum mxs_spf_code permerror(struct mxs_spf_check *check, const char *reason)
{
    check->reason = reason;
    return MXS_SPF_RESULT_PERMERROR;
}

/* Section 5.2. */
static enum mxs_spf_match match_include(struct mxs_spf_check *check,
                                        const struct mxs_spf_term *term,
                                        struct mxs_spf_result *result)
{
    struct visit inner = {.explain = false};
    mxs_slice domain = check->scope.values['d' - 'a'];
    enum mxs_spf_code code;

    if (!mxs_spf_target(check, term, &inner.name, &inner.text))
        return MXS_SPF_NO_MATCH;
    code = evaluate(check, &inner, result);
    mxs_spf_scope_set(&check->scope, 'd', domain);
    switch (code) {
    case MXS_SPF_RESULT_PASS:
        return MXS_SPF_MATCH;
    case MXS_SPF_RESULT_FAIL:
    case MXS_SPF_RESULT_SOFTFAIL:
    case MXS_SPF_RESULT_NEUTRAL:
        return MXS_SPF_NO_MATCH;
    case MXS_SPF_RESULT_NONE:
        return mxs_spf_fail(check, MXS_SPF_PERM, "include_none");
    case MXS_SPF_RESULT_PERMERROR:
        return MXS_SPF_PERM;
    case MXS_SPF_RESULT_TEMPERROR:
        break;
    }
    return MXS_SPF_TEMP;
}

/* Section 6.1. */
static enum mxs_spf_code follow_redirect(struct mxs_spf_check *check, const struct visit *visit,
                                         const struct mxs_spf_term *term,
                                         struct mxs_spf_result *result)
{
    struct visit target = {.explain = visit->explain};
    enum mxs_spf_code code;

    if (mxs_spf_spend(check, term) == MXS_SPF_PERM)
        return MXS_SPF_RESULT_PERMERROR;
    if (!mxs_spf_target(check, term, &target.name, &target.text))
        return permerror(check, "redirect_none");
    if (check->asker->pending)
        return MXS_SPF_RESULT_TEMPERROR;
    code = evaluate(check, &target, result);
    return code == MXS_SPF_RESULT_NONE ? permerror(check, "redirect_none") : code;
}

/* Section 6.2: whatever is wrong with it, there is no explanation then. */
static mxs_slice explain(struct mxs_spf_check *check, const struct mxs_spf_record *record)
{
    const mxs_slice nothing = {NULL, 0};
    const struct mxs_spf_term *exp = mxs_spf_first(record, MXS_SPF_EXP);
    const struct mxs_answer *answer;
    struct mxs_name name;
    mxs_slice text;

    if (exp == NULL || !mxs_spf_target(check, exp, &name, &text))
        return nothing;
    answer = mxs_spf_ask(check->asker, name, MXS_TYPE_TXT);
    if (answer->lookup != MXS_LOOKUP_OK || answer->count != 1)
        return nothing;
    mxs_spf_prepare_p(check, answer->records[0].text);
    return mxs_spf_expand_explanation(check->arena, &check->scope, answer->records[0].text);
}

/* A modifier never matches. */
static enum mxs_spf_match match_mechanism(struct mxs_spf_check *check,
                                          const struct mxs_spf_term *term,
                                          struct mxs_spf_result *result)
{
    enum mxs_spf_match match;

    if (term->kind >= MXS_SPF_REDIRECT)
        return MXS_SPF_NO_MATCH;
    match = mxs_spf_spend(check, term);
    if (match == MXS_SPF_PERM)
        return match;
    match = term->kind == MXS_SPF_INCLUDE ? match_include(check, term, result)
                                          : mxs_spf_match_term(check, term);
    return check->asker->pending ? MXS_SPF_TEMP : match;
}

/* Sections 4.6 and 4.7: from left to right, the first that matches decides. */
static enum mxs_spf_code evaluate_terms(struct mxs_spf_check *check, const struct visit *visit,
                                        const struct mxs_spf_record *record,
                                        struct mxs_spf_result *result)
{
    const struct mxs_spf_term *redirect;

    for (unsigned i = 0; i < record->term_count; i++) {
        const struct mxs_spf_term *term = &record->terms[i];
        switch (match_mechanism(check, term, result)) {
        case MXS_SPF_NO_MATCH:
            continue;
        case MXS_SPF_TEMP:
            return MXS_SPF_RESULT_TEMPERROR;
        case MXS_SPF_PERM:
            return MXS_SPF_RESULT_PERMERROR;
        case MXS_SPF_MATCH:
            break;
        }
        result->mechanism = term->text;
        if (term->qualifier == MXS_SPF_FAIL && visit->explain)
            result->explanation = explain(check, record);
        return code_of_qualifier(term->qualifier);
    }
    redirect = mxs_spf_first(record, MXS_SPF_REDIRECT);
    if (redirect != NULL)
        return follow_redirect(check, visit, redirect, result);
    result->mechanism = (mxs_slice){NULL, 0};
    return MXS_SPF_RESULT_NEUTRAL;
}

/* Sections 4.4 and 4.5. Depth is bounded: every way in here has spent a look-up. */
static enum mxs_spf_code evaluate(struct mxs_spf_check *check, const struct visit *visit,
                                  struct mxs_spf_result *result)
{
    const struct mxs_answer *answer = mxs_spf_ask(check->asker, visit->name, MXS_TYPE_TXT);
    const struct mxs_spf_source *source = mxs_spf_read(check->records, answer);

    mxs_spf_scope_set(&check->scope, 'd', visit->text);
    switch (source->state) {
    case MXS_STATE_FOUND:
        return evaluate_terms(check, visit, source->record, result);
    case MXS_STATE_NONE:
        if (check->lookups > 0 && mxs_lookup_is_absent(answer->lookup))
            check->voids++; /* permerror anyway, but for another reason */
        return MXS_SPF_RESULT_NONE;
    case MXS_STATE_MULTIPLE:
    case MXS_STATE_INVALID:
        return permerror(check, mxs_spf_source_reason(source));
    case MXS_STATE_UNKNOWN:
        break;
    }
    check->reason = mxs_spf_source_reason(source);
    return MXS_SPF_RESULT_TEMPERROR;
}

/* Section 5: an IPv4-mapped address, ::ffff:192.0.2.1, is the IPv4 address in it. */
static struct mxs_address unmap(const struct mxs_address *address)
{
    static const uint8_t prefix[12] = {[10] = 0xFF, [11] = 0xFF};

    if (address->len == 16 && memcmp(address->octets, prefix, sizeof prefix) == 0)
        return mxs_address_from_octets(address->octets + sizeof prefix, 4);
    return *address;
}

static mxs_slice or_else(mxs_slice text, mxs_slice other)
{
    return text.len > 0 ? text : other;
}

static mxs_slice decimal(struct mxs_arena *arena, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    return mxs_arena_copy(arena, (mxs_slice){digits + at, sizeof digits - at});
}

static mxs_slice cut(mxs_slice text, size_t max)
{
    return text.len <= max ? text : (mxs_slice){text.ptr, max};
}

/* Section 7.2; d and p depend on the domain in hand. */
static void set_scope(struct mxs_spf_check *check, const struct mxs_spf_request *request)
{
    struct mxs_spf_scope *scope = &check->scope;
    mxs_slice local =
        cut(or_else(request->sender_local, MXS_SLICE("postmaster")), MXS_SPF_LOCAL_PART_MAX);
    mxs_slice domain = cut(request->sender_domain, MXS_NAME_MAX);
    size_t len = local.len + 1 + domain.len;
    char *sender = mxs_arena_alloc(check->arena, len);

    if (sender == NULL)
        return;
    memcpy(sender, local.ptr, local.len);
    sender[local.len] = '@';
    if (domain.len > 0)
        memcpy(sender + local.len + 1, domain.ptr, domain.len);
    mxs_spf_scope_set(scope, 's', (mxs_slice){sender, len});
    mxs_spf_scope_set(scope, 'l', local);
    mxs_spf_scope_set(scope, 'o', domain);
    mxs_spf_scope_set(scope, 'h', cut(request->helo, MXS_NAME_MAX));
    mxs_spf_scope_set(scope, 'r', or_else(request->receiver, MXS_SLICE("unknown")));
    mxs_spf_scope_set(scope, 't', decimal(check->arena, request->time_s));
    mxs_spf_scope_address(check->arena, scope, &check->address);
}

/* Section 4.3: a domain of one label, or none at all, has no policy. */
static bool is_checkable(struct mxs_arena *arena, mxs_slice domain, struct mxs_name *name)
{
    if (mxs_slice_starts_with(domain, MXS_SLICE("[")))
        return false; /* an address literal */
    return mxs_name_parse_plain(arena, domain, name) == MXS_NAME_OK && name->labels >= 2;
}

void mxs_spf_check_shared(struct mxs_arena *arena, struct mxs_spf_asker *asker,
                          struct mxs_spf_records *records, const struct mxs_spf_request *request,
                          struct mxs_spf_result *result)
{
    struct mxs_spf_check check = {.arena = arena, .asker = asker, .records = records};
    struct visit visit = {.text = request->domain, .explain = true};

    *result = (struct mxs_spf_result){.domain = request->domain};
    if (!is_checkable(arena, request->domain, &visit.name))
        return;
    if (mxs_slice_ends_with(visit.text, MXS_SLICE(".")))
        visit.text.len--;
    check.address = unmap(&request->address);
    set_scope(&check, request);
    result->result = evaluate(&check, &visit, result);
    result->lookups = check.lookups;
    result->void_lookups = check.voids;
    if (result->result == MXS_SPF_RESULT_TEMPERROR || result->result == MXS_SPF_RESULT_PERMERROR) {
        result->reason = check.reason;
        result->mechanism = (mxs_slice){NULL, 0};
    }
}

void mxs_spf_check_host(struct mxs_arena *arena, struct mxs_answers *answers,
                        const struct mxs_spf_request *request, struct mxs_spf_result *result)
{
    struct mxs_spf_asker asker = mxs_spf_asker_of(answers, MXS_QUESTIONS_MAX);
    struct mxs_spf_records records = {.arena = arena};

    mxs_spf_check_shared(arena, &asker, &records, request, result);
}

struct mxs_spf_request mxs_spf_request_of(const struct mxs_address *address, mxs_slice sender,
                                          mxs_slice helo)
{
    struct mxs_spf_request request = {.address = *address, .helo = helo};
    size_t at = sender.len;

    while (at > 0 && sender.ptr[at - 1] != '@')
        at--;
    if (sender.len == 0) {
        request.sender_domain = helo;
    } else {
        request.sender_domain = mxs_slice_from(sender, at);
        request.sender_local = (mxs_slice){sender.ptr, at == 0 ? 0 : at - 1};
    }
    request.domain = request.sender_domain;
    return request;
}
