#include <mxsweep/name.h>

struct special_use {
    struct mxs_name name;
    const char *source;
};

/* A name of one label or more in wire form; the literal's own NUL is the root label. */
#define NAME(literal, label_count)                                                                 \
    {                                                                                              \
        .wire = (const uint8_t *)(literal), .len = sizeof(literal), .labels = (label_count)        \
    }

/*
 * IANA's Special-Use Domain Names, but for those the public DNS serves (example.com, .net, .org and
 * the reverse zones), and the name that ICANN keeps free.
 */
static const struct special_use special_uses[] = {
    {.name = NAME("\003alt", 1), .source = "RFC 9476"},
    {.name = NAME("\007example", 1), .source = "RFC 6761 section 6.5"},
    {.name = NAME("\004home\004arpa", 2), .source = "RFC 8375"},
    {.name = NAME("\010internal", 1), .source = "ICANN board, July 2024"},
    {.name = NAME("\007invalid", 1), .source = "RFC 6761 section 6.4"},
    {.name = NAME("\005local", 1), .source = "RFC 6762 section 3"},
    {.name = NAME("\011localhost", 1), .source = "RFC 6761 section 6.3"},
    {.name = NAME("\005onion", 1), .source = "RFC 7686 section 2"},
    {.name = NAME("\004test", 1), .source = "RFC 6761 section 6.2"},
};

bool mxs_name_is_special_use(struct mxs_name name)
{
    for (size_t i = 0; i < sizeof special_uses / sizeof special_uses[0]; i++)
        if (mxs_name_is_at_or_below(name, special_uses[i].name))
            return true;
    return false;
}
