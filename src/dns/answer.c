#include <mxsweep/answer.h>

static const char *const lookup_texts[] = {
    [MXS_LOOKUP_PENDING] = "pending", [MXS_LOOKUP_OK] = "ok",
    [MXS_LOOKUP_NODATA] = "nodata",   [MXS_LOOKUP_NXDOMAIN] = "nxdomain",
    [MXS_LOOKUP_TEMP] = "temp",       [MXS_LOOKUP_NXDOMAIN_TARGET] = "nxdomain_target",
    [MXS_LOOKUP_BOGUS] = "bogus",     [MXS_LOOKUP_LIMIT] = "limit",
};

static const char *const error_texts[] = {
    [MXS_ERROR_NONE] = "",
    [MXS_ERROR_TIMEOUT] = "timeout",
    [MXS_ERROR_FAILED] = "failed",
    [MXS_ERROR_MALFORMED] = "malformed",
    [MXS_ERROR_ALIAS_LOOP] = "alias_loop",
    [MXS_ERROR_INTERNAL] = "internal",
};

static const char *const dnssec_texts[] = {
    [MXS_DNSSEC_INDETERMINATE] = "indeterminate",
    [MXS_DNSSEC_SECURE] = "secure",
    [MXS_DNSSEC_INSECURE] = "insecure",
    [MXS_DNSSEC_BOGUS] = "bogus",
};

static const char *const existence_texts[] = {
    [MXS_EXISTS_UNKNOWN] = "unknown",
    [MXS_EXISTS_YES] = "yes",
    [MXS_EXISTS_NO] = "no",
    [MXS_EXISTS_UNCERTAIN] = "uncertain",
};

static const struct {
    uint16_t type;
    const char *text;
} type_texts[] = {
    {MXS_TYPE_A, "A"},         {MXS_TYPE_NS, "NS"},         {MXS_TYPE_CNAME, "CNAME"},
    {MXS_TYPE_SOA, "SOA"},     {MXS_TYPE_PTR, "PTR"},       {MXS_TYPE_MX, "MX"},
    {MXS_TYPE_TXT, "TXT"},     {MXS_TYPE_AAAA, "AAAA"},     {MXS_TYPE_DNAME, "DNAME"},
    {MXS_TYPE_RRSIG, "RRSIG"}, {MXS_TYPE_NSEC, "NSEC"},     {MXS_TYPE_NSEC3, "NSEC3"},
    {MXS_TYPE_TLSA, "TLSA"},   {MXS_TYPE_NXNAME, "NXNAME"},
};

const char *mxs_type_text(uint16_t type)
{
    for (size_t i = 0; i < sizeof type_texts / sizeof type_texts[0]; i++)
        if (type_texts[i].type == type)
            return type_texts[i].text;
    return NULL;
}

const char *mxs_lookup_text(enum mxs_lookup lookup)
{
    return lookup_texts[lookup];
}

const char *mxs_error_text(enum mxs_error error)
{
    return error_texts[error];
}

const char *mxs_dnssec_text(enum mxs_dnssec dnssec)
{
    return dnssec_texts[dnssec];
}

const char *mxs_existence_text(enum mxs_existence existence)
{
    return existence_texts[existence];
}

bool mxs_lookup_is_absent(enum mxs_lookup lookup)
{
    switch (lookup) {
    case MXS_LOOKUP_NODATA:
    case MXS_LOOKUP_NXDOMAIN:
    case MXS_LOOKUP_NXDOMAIN_TARGET:
        return true;
    case MXS_LOOKUP_PENDING:
    case MXS_LOOKUP_OK:
    case MXS_LOOKUP_TEMP:
    case MXS_LOOKUP_BOGUS:
    case MXS_LOOKUP_LIMIT:
        break;
    }
    return false;
}

bool mxs_lookup_is_definite(enum mxs_lookup lookup)
{
    return lookup == MXS_LOOKUP_OK || mxs_lookup_is_absent(lookup);
}

void mxs_answer_fail(struct mxs_answer *answer, enum mxs_lookup lookup, enum mxs_error error)
{
    *answer = (struct mxs_answer){
        .name = answer->name,
        .type = answer->type,
        .lookup = lookup,
        .error = lookup == MXS_LOOKUP_TEMP ? error : MXS_ERROR_NONE,
        .dnssec = lookup == MXS_LOOKUP_BOGUS ? MXS_DNSSEC_BOGUS : MXS_DNSSEC_INDETERMINATE,
    };
}
