#include "records/spf_term.h"

#include <string.h>

enum { PREFIX4_MAX = 32, PREFIX6_MAX = 128 };

/* A term being read: where its parts go, and what is wrong with it. */
struct reading {
    struct mxs_spf_term *term;
    struct mxs_spf_fault *fault;
};

/* Every complaint leaves by here, so that `return complain(...)` reads well. */
static bool complain(const struct reading *reading, enum mxs_spf_reason reason, const char *where)
{
    *reading->fault = (struct mxs_spf_fault){reason, (size_t)(where - reading->term->text.ptr)};
    return false;
}

static bool is_qualifier(char c)
{
    return c == '+' || c == '-' || c == '~' || c == '?';
}

static size_t find(mxs_slice text, char c)
{
    const char *found = text.len > 0 ? memchr(text.ptr, c, text.len) : NULL;

    return found == NULL ? text.len : (size_t)(found - text.ptr);
}

/* "/" ( "0" / %x31-39 *DIGIT ), at most `most`: no leading zero. */
static bool read_prefix(mxs_slice text, uint8_t most, uint8_t *prefix)
{
    mxs_slice digits = mxs_slice_from(text, 1);
    uint64_t number;

    if (!mxs_slice_to_number(digits, most, &number) || (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    *prefix = (uint8_t)number;
    return true;
}

/* dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]; empty, or a slash comes first. */
static bool read_dual_prefix(const struct reading *reading, mxs_slice text)
{
    mxs_slice first = {text.ptr, 0}, second;

    if (text.len > 0 && !mxs_slice_starts_with(text, MXS_SLICE("//")))
        first.len = 1 + find(mxs_slice_from(text, 1), '/');
    second = mxs_slice_from(text, first.len);
    if (first.len > 0 && !read_prefix(first, PREFIX4_MAX, &reading->term->prefix4))
        return complain(reading, MXS_SPF_BAD_CIDR, first.ptr);
    if (second.len == 0)
        return true;
    if (!mxs_slice_starts_with(second, MXS_SLICE("//")) ||
        !read_prefix(mxs_slice_from(second, 1), PREFIX6_MAX, &reading->term->prefix6))
        return complain(reading, MXS_SPF_BAD_CIDR, second.ptr);
    return true;
}

/* True for what could only be a prefix length, in a place that takes none. */
static bool is_prefix_like(mxs_slice text)
{
    uint8_t prefix;

    return text.len > 0 && read_prefix(text, UINT8_MAX, &prefix);
}

static bool keep_domain_spec(const struct reading *reading, mxs_slice domain)
{
    struct mxs_spf_term *term = reading->term;
    struct mxs_spf_fault fault;

    if (!mxs_spf_read_domain_spec(domain, &term->macros, &fault))
        return complain(reading, fault.reason, domain.ptr + fault.at);
    term->domain = domain;
    return true;
}

/* ":" or "=" and a domain-spec, and nothing behind it. */
static bool read_domain(const struct reading *reading, mxs_slice text)
{
    mxs_slice domain = mxs_slice_from(text, 1);
    mxs_slice prefix = mxs_slice_from(domain, mxs_spf_domain_spec_len(domain));

    if (domain.len == 0)
        return complain(reading, MXS_SPF_EMPTY_ARG, text.ptr);
    if (is_prefix_like(prefix))
        return complain(reading, MXS_SPF_ARG_NOT_ALLOWED, prefix.ptr);
    return keep_domain_spec(reading, domain);
}

/* From here on `text` is what follows a mechanism's name: empty, or ":" or "/" comes first. */

/* all = "all" */
static bool read_nothing(const struct reading *reading, mxs_slice text)
{
    return text.len == 0 || complain(reading, MXS_SPF_ARG_NOT_ALLOWED, text.ptr);
}

/* include = "include" ":" domain-spec; so exists */
static bool read_target(const struct reading *reading, mxs_slice text)
{
    if (text.len == 0 || text.ptr[0] != ':')
        return complain(reading, MXS_SPF_MISSING_ARG, reading->term->name.ptr);
    return read_domain(reading, text);
}

/* ptr = "ptr" [ ":" domain-spec ] */
static bool read_ptr(const struct reading *reading, mxs_slice text)
{
    if (text.len == 0)
        return true;
    if (text.ptr[0] != ':')
        return complain(reading, MXS_SPF_ARG_NOT_ALLOWED, text.ptr);
    return read_domain(reading, text);
}

/* a = "a" [ ":" domain-spec ] [ dual-cidr-length ]; so mx */
static bool read_host(const struct reading *reading, mxs_slice text)
{
    mxs_slice domain;

    if (text.len == 0 || text.ptr[0] != ':')
        return read_dual_prefix(reading, text);
    domain = mxs_slice_from(text, 1);
    domain.len = mxs_spf_domain_spec_len(domain);
    if (domain.len == 0)
        return complain(reading, MXS_SPF_EMPTY_ARG, text.ptr);
    return keep_domain_spec(reading, domain) &&
           read_dual_prefix(reading, mxs_slice_from(text, 1 + domain.len));
}

/*
 * ":" network [ "/" prefix ]. The presentation form that mxs_address_parse reads is the RFC's:
 * qnum has no leading zeros, and IPv6 is as in RFC 4291 section 2.2.
 */
static bool read_network(const struct reading *reading, mxs_slice text, bool is_ip4)
{
    struct mxs_spf_term *term = reading->term;
    mxs_slice network = mxs_slice_from(text, 1), prefix;

    if (text.len == 0 || text.ptr[0] != ':')
        return complain(reading, MXS_SPF_MISSING_ARG, term->name.ptr);
    network.len = find(network, '/');
    prefix = mxs_slice_from(text, 1 + network.len);
    if (network.len == 0)
        return complain(reading, MXS_SPF_EMPTY_ARG, text.ptr);
    if (!mxs_address_parse(network, &term->address) || term->address.len != (is_ip4 ? 4 : 16))
        return complain(reading, is_ip4 ? MXS_SPF_BAD_IP4 : MXS_SPF_BAD_IP6, network.ptr);
    if (prefix.len > 0 && !read_prefix(prefix, is_ip4 ? PREFIX4_MAX : PREFIX6_MAX,
                                       is_ip4 ? &term->prefix4 : &term->prefix6))
        return complain(reading, MXS_SPF_BAD_CIDR, prefix.ptr);
    return true;
}

static bool read_ip4(const struct reading *reading, mxs_slice text)
{
    return read_network(reading, text, true);
}

static bool read_ip6(const struct reading *reading, mxs_slice text)
{
    return read_network(reading, text, false);
}

/* RFC 7208 section 5. */
static const struct mechanism {
    const char *name;
    bool (*read)(const struct reading *reading, mxs_slice text);
} mechanisms[] = {
    [MXS_SPF_ALL] = {"all", read_nothing}, [MXS_SPF_INCLUDE] = {"include", read_target},
    [MXS_SPF_A] = {"a", read_host},        [MXS_SPF_MX] = {"mx", read_host},
    [MXS_SPF_PTR] = {"ptr", read_ptr},     [MXS_SPF_IP4] = {"ip4", read_ip4},
    [MXS_SPF_IP6] = {"ip6", read_ip6},     [MXS_SPF_EXISTS] = {"exists", read_target},
};
_Static_assert(sizeof mechanisms / sizeof mechanisms[0] == MXS_SPF_REDIRECT, "a row per mechanism");

static enum mxs_spf_qualifier qualifier_of(char c)
{
    switch (c) {
    case '-':
        return MXS_SPF_FAIL;
    case '~':
        return MXS_SPF_SOFTFAIL;
    case '?':
        return MXS_SPF_NEUTRAL;
    default:
        return MXS_SPF_PASS;
    }
}

/* directive = [ qualifier ] mechanism; the name ends at `name_end`. */
static bool read_directive(const struct reading *reading, size_t name_end)
{
    struct mxs_spf_term *term = reading->term;
    size_t name_at = is_qualifier(term->text.ptr[0]) ? 1 : 0;
    mxs_slice name = {term->text.ptr + name_at, name_end - name_at};

    if (name_at == 1 && (name.len == 0 || is_qualifier(name.ptr[0])))
        return complain(reading, MXS_SPF_STRAY_QUALIFIER, term->text.ptr);
    term->qualifier = qualifier_of(term->text.ptr[0]);
    term->name = name;
    for (unsigned i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
        if (!mxs_slice_equal_nocase(name, mxs_slice_of(mechanisms[i].name)))
            continue;
        term->kind = (enum mxs_spf_kind)i;
        return mechanisms[i].read(reading, mxs_slice_from(term->text, name_end));
    }
    return complain(reading, MXS_SPF_UNKNOWN_MECHANISM, name.ptr);
}

/* name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) */
static bool is_modifier_name(mxs_slice name)
{
    if (name.len == 0 || !mxs_is_alpha(name.ptr[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!mxs_is_alphanumeric(name.ptr[i]) && name.ptr[i] != '-' && name.ptr[i] != '_' &&
            name.ptr[i] != '.')
            return false;
    return true;
}

/* modifier = redirect / explanation / unknown-modifier; the equals sign is at `name_end`. */
static bool read_modifier(const struct reading *reading, size_t name_end)
{
    struct mxs_spf_term *term = reading->term;
    mxs_slice name = {term->text.ptr, name_end};
    mxs_slice value = mxs_slice_from(term->text, name_end + 1);
    struct mxs_spf_fault fault;

    if (is_qualifier(term->text.ptr[0]) && is_modifier_name(mxs_slice_from(name, 1)))
        return complain(reading, MXS_SPF_STRAY_QUALIFIER, name.ptr);
    if (!is_modifier_name(name))
        return complain(reading, MXS_SPF_BAD_MODIFIER_NAME, name.ptr);
    term->name = name;
    term->kind = mxs_slice_equal_nocase(name, MXS_SLICE("redirect")) ? MXS_SPF_REDIRECT
                 : mxs_slice_equal_nocase(name, MXS_SLICE("exp"))    ? MXS_SPF_EXP
                                                                     : MXS_SPF_OTHER_MODIFIER;
    if (term->kind != MXS_SPF_OTHER_MODIFIER)
        return read_domain(reading, mxs_slice_from(term->text, name_end));
    if (!mxs_spf_read_macro_string(value, &term->macros, &fault))
        return complain(reading, fault.reason, value.ptr + fault.at);
    term->domain = value;
    return true;
}

/* Every byte of a term is within 0x21 to 0x7E; one that is not is what broke it. */
static bool is_visible(const struct reading *reading, mxs_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c >= 0x80)
            return complain(reading, MXS_SPF_NON_ASCII, text.ptr + i);
        if (c <= 0x20 || c == 0x7F)
            return complain(reading, MXS_SPF_CONTROL_CHAR, text.ptr + i);
    }
    return true;
}

/* Section 4.6.1: a modifier is what has an equals sign before any colon or slash. */
bool mxs_spf_read_term(mxs_slice text, struct mxs_spf_term *term, struct mxs_spf_fault *fault)
{
    const struct reading reading = {term, fault};
    size_t name_end = 0;
    bool is_term;

    *term = (struct mxs_spf_term){.text = text, .prefix4 = PREFIX4_MAX, .prefix6 = PREFIX6_MAX};
    *fault = (struct mxs_spf_fault){0};
    while (name_end < text.len && text.ptr[name_end] != ':' && text.ptr[name_end] != '/' &&
           text.ptr[name_end] != '=')
        name_end++;
    if (!is_visible(&reading, text))
        is_term = false;
    else if (name_end < text.len && text.ptr[name_end] == '=')
        is_term = read_modifier(&reading, name_end);
    else
        is_term = read_directive(&reading, name_end);
    if (!is_term)
        *term = (struct mxs_spf_term){0};
    return is_term;
}
