#include "sweep/list_zone.h"

#include <string.h>

void list_zone_init(struct list_zone *zone)
{
    zone->line = 1;
}

static enum list_zone_event fail(struct list_zone *zone, const char *why)
{
    zone->failure = why;
    return LIST_ZONE_BAD;
}

static mxs_slice slice_of(const struct list_zone_text *text)
{
    return (mxs_slice){text->bytes, text->len};
}

static void append(struct list_zone_text *text, mxs_slice bytes)
{
    size_t room = sizeof text->bytes - text->len;

    if (bytes.len > room)
        bytes.len = room;
    if (bytes.len > 0)
        memcpy(text->bytes + text->len, bytes.ptr, bytes.len);
    text->len += bytes.len;
}

static void set(struct list_zone_text *text, mxs_slice bytes)
{
    text->len = 0;
    append(text, bytes);
}

static bool is_type(mxs_slice field, mxs_slice name, mxs_slice number)
{
    return mxs_slice_equal_nocase(field, name) || mxs_slice_equal_nocase(field, number);
}

static bool is_ns(mxs_slice field)
{
    return is_type(field, MXS_SLICE("NS"), MXS_SLICE("TYPE2"));
}

static bool is_soa(mxs_slice field)
{
    return is_type(field, MXS_SLICE("SOA"), MXS_SLICE("TYPE6"));
}

/* [<TTL>] [<class>] in either order; a TTL may have BIND's units (1h30m). */
static bool is_ttl_or_class(mxs_slice field)
{
    static const char *const classes[] = {"IN", "CH", "HS", "CS"};

    if (field.len > 0 && mxs_is_digit(field.ptr[0]))
        return true;
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        if (mxs_slice_equal_nocase(field, mxs_slice_of(classes[i])))
            return true;
    return mxs_slice_starts_with_nocase(field, MXS_SLICE("CLASS"));
}

/* True when the name ends with a dot that is no escaped one. */
static bool is_absolute(mxs_slice name)
{
    size_t backslashes = 0;

    if (name.len == 0 || name.ptr[name.len - 1] != '.')
        return false;
    while (backslashes < name.len - 1 && name.ptr[name.len - 2 - backslashes] == '\\')
        backslashes++;
    return backslashes % 2 == 0;
}

/* The name without its final dot, so "" for the root, into `result`, which is not the origin. */
static void make_absolute(const struct list_zone *zone, mxs_slice name,
                          struct list_zone_text *result)
{
    mxs_slice origin = slice_of(&zone->origin);

    if (is_absolute(name)) {
        set(result, (mxs_slice){name.ptr, name.len - 1});
    } else if (mxs_slice_equal(name, MXS_SLICE("@"))) {
        set(result, origin);
    } else {
        set(result, name);
        if (origin.len > 0)
            append(result, MXS_SLICE("."));
        append(result, origin);
    }
}

static void set_apex(struct list_zone *zone, const struct list_zone_text *name)
{
    zone->has_apex = true;
    set(&zone->apex, slice_of(name));
}

static enum list_zone_event read_directive(struct list_zone *zone, mxs_slice field)
{
    if (mxs_slice_equal_nocase(field, MXS_SLICE("$ORIGIN")))
        zone->next = LIST_ZONE_ORIGIN;
    else if (mxs_slice_equal_nocase(field, MXS_SLICE("$TTL")))
        zone->next = LIST_ZONE_RDATA;
    else
        return fail(zone, "a directive that is not $ORIGIN or $TTL");
    return LIST_ZONE_MORE;
}

static enum list_zone_event read_owner(struct list_zone *zone, mxs_slice field)
{
    if (field.ptr[0] == '$')
        return read_directive(zone, field);
    make_absolute(zone, field, &zone->owner);
    zone->has_owner = true;
    zone->next = LIST_ZONE_TYPE;
    return LIST_ZONE_MORE;
}

static enum list_zone_event read_origin(struct list_zone *zone, mxs_slice field)
{
    struct list_zone_text origin;

    make_absolute(zone, field, &origin);
    set(&zone->origin, slice_of(&origin));
    if (!zone->has_apex)
        set_apex(zone, &zone->origin);
    zone->next = LIST_ZONE_RDATA;
    return LIST_ZONE_MORE;
}

/* The owner of an NS record: a delegation, unless it is the apex or was just given. */
static enum list_zone_event read_ns(struct list_zone *zone)
{
    mxs_slice owner = slice_of(&zone->owner);

    if (zone->has_apex && mxs_slice_equal_nocase(owner, slice_of(&zone->apex)))
        return LIST_ZONE_MORE;
    if (zone->has_given && mxs_slice_equal_nocase(owner, slice_of(&zone->given)))
        return LIST_ZONE_MORE;
    zone->has_given = true;
    set(&zone->given, owner);
    return LIST_ZONE_GIVES;
}

static enum list_zone_event read_type(struct list_zone *zone, mxs_slice field)
{
    if (is_ttl_or_class(field))
        return LIST_ZONE_MORE;
    if (!zone->has_owner)
        return fail(zone, "a record without an owner");
    if (!mxs_is_alpha(field.ptr[0]))
        return fail(zone, "no record type");
    zone->next = LIST_ZONE_RDATA;
    if (is_soa(field))
        set_apex(zone, &zone->owner);
    return is_ns(field) ? read_ns(zone) : LIST_ZONE_MORE;
}

static enum list_zone_event end_field(struct list_zone *zone)
{
    mxs_slice field = slice_of(&zone->field);

    if (!zone->in_field)
        return LIST_ZONE_MORE;
    zone->in_field = false;
    zone->has_fields = true;
    switch (zone->next) {
    case LIST_ZONE_OWNER:
        return read_owner(zone, field);
    case LIST_ZONE_TYPE:
        return read_type(zone, field);
    case LIST_ZONE_ORIGIN:
        return read_origin(zone, field);
    case LIST_ZONE_RDATA:
        break;
    }
    return LIST_ZONE_MORE;
}

static enum list_zone_event end_line(struct list_zone *zone)
{
    enum list_zone_event event;

    zone->in_quote = zone->escaped = zone->in_comment = false;
    event = end_field(zone);
    if (event == LIST_ZONE_BAD || zone->depth > 0) {
        zone->line += event != LIST_ZONE_BAD;
        return event;
    }
    if (zone->has_fields && zone->next != LIST_ZONE_RDATA)
        return fail(zone, "no record type");
    zone->line++;
    zone->in_record = zone->has_fields = false;
    return event;
}

/* What the first character of a record says: an omitted owner is the one before it. */
static void begin_record(struct list_zone *zone, char c)
{
    zone->in_record = true;
    zone->in_comment = c == '#';
    zone->next = mxs_is_blank(c) ? LIST_ZONE_TYPE : LIST_ZONE_OWNER;
}

static void add_to_field(struct list_zone *zone, char c)
{
    if (!zone->in_field) {
        zone->in_field = true;
        zone->field.len = 0;
    }
    if (zone->next != LIST_ZONE_RDATA && zone->field.len < sizeof zone->field.bytes)
        zone->field.bytes[zone->field.len++] = c;
}

static enum list_zone_event read_parenthesis(struct list_zone *zone, char c)
{
    enum list_zone_event event = end_field(zone);

    if (event == LIST_ZONE_BAD)
        return event;
    if (c == ')' && zone->depth == 0)
        return fail(zone, "a closing parenthesis too many");
    if (c == '(' && zone->depth == 0)
        zone->opened = zone->line;
    zone->depth += c == '(' ? 1U : UINT64_MAX;
    return event;
}

/* A character outside quotes, escapes and comments. */
static enum list_zone_event read_bare(struct list_zone *zone, char c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
        return end_field(zone);
    case ';':
        zone->in_comment = true;
        return end_field(zone);
    case '(':
    case ')':
        return read_parenthesis(zone, c);
    case '"':
        zone->in_quote = true;
        break;
    case '\\':
        zone->escaped = true;
        break;
    default:
        break;
    }
    add_to_field(zone, c);
    return LIST_ZONE_MORE;
}

static enum list_zone_event read_char(struct list_zone *zone, char c)
{
    if (c == '\n')
        return end_line(zone);
    if (!zone->in_record)
        begin_record(zone, c);
    if (zone->in_comment)
        return LIST_ZONE_MORE;
    if (zone->escaped) {
        zone->escaped = false;
    } else if (zone->in_quote) {
        zone->in_quote = c != '"';
        zone->escaped = c == '\\';
    } else {
        return read_bare(zone, c);
    }
    add_to_field(zone, c);
    return LIST_ZONE_MORE;
}

enum list_zone_event list_zone_feed(struct list_zone *zone, mxs_slice *bytes, mxs_slice *owner)
{
    enum list_zone_event event = LIST_ZONE_MORE;
    size_t used = 0;

    while (used < bytes->len && event == LIST_ZONE_MORE)
        event = read_char(zone, bytes->ptr[used++]);
    *bytes = mxs_slice_from(*bytes, used);
    *owner = slice_of(&zone->given);
    if (event == LIST_ZONE_GIVES && owner->len == 0)
        *owner = MXS_SLICE(".");
    return event;
}

enum list_zone_event list_zone_finish(struct list_zone *zone, mxs_slice *owner)
{
    mxs_slice end = MXS_SLICE("\n");
    enum list_zone_event event = list_zone_feed(zone, &end, owner);

    if (event != LIST_ZONE_MORE || zone->depth == 0)
        return event;
    zone->line = zone->opened;
    return fail(zone, "a parenthesis that is never closed");
}

static mxs_slice next_field(mxs_slice *rest)
{
    mxs_slice field = mxs_slice_trim(*rest);
    size_t len = 0;

    while (len < field.len && !mxs_is_blank(field.ptr[len]))
        len++;
    *rest = mxs_slice_from(field, len);
    field.len = len;
    return field;
}

static bool is_directive(mxs_slice field)
{
    static const char *const names[] = {"$ORIGIN", "$TTL", "$INCLUDE", "$GENERATE"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (mxs_slice_equal_nocase(field, mxs_slice_of(names[i])))
            return true;
    return false;
}

bool list_zone_begins(mxs_slice line)
{
    mxs_slice rest = line;
    mxs_slice field = next_field(&rest);

    if (field.len == 0 || field.ptr != line.ptr) /* the first record cannot omit its owner */
        return false;
    if (is_directive(field))
        return true;
    do {
        field = next_field(&rest);
    } while (is_ttl_or_class(field));
    return is_soa(field) || is_ns(field);
}
