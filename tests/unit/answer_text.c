#include "answer_text.h"

static void append(struct mxs_buffer *text, const char *string)
{
    mxs_buffer_append(text, mxs_slice_of(string));
}

static void append_record(const struct mxs_answer *answer, const struct mxs_record *record,
                          struct mxs_buffer *text)
{
    append(text, " {");
    if (answer->type == MXS_TYPE_MX) {
        mxs_buffer_append_number(text, record->preference);
        append(text, " ");
    }
    if (record->name.wire != NULL)
        mxs_name_write(record->name, text);
    if (record->address.len != 0)
        mxs_address_write(&record->address, text);
    mxs_buffer_append(text, record->text);
    append(text, "}");
}

void answer_text(const struct mxs_answer *answer, struct mxs_buffer *text)
{
    append(text, mxs_lookup_text(answer->lookup));
    if (answer->error != MXS_ERROR_NONE) {
        append(text, "/");
        append(text, mxs_error_text(answer->error));
    }
    append(text, " ");
    append(text, mxs_dnssec_text(answer->dnssec));
    append(text, " ");
    append(text, mxs_existence_text(answer->exists));
    append(text, answer->exists_by_dnssec ? "! " : " ");
    mxs_buffer_append_number(text, answer->ttl_s);
    if (answer->alias.wire != NULL) {
        append(text, " >");
        mxs_name_write(answer->alias, text);
    }
    for (unsigned i = 0; i < answer->count; i++)
        append_record(answer, &answer->records[i], text);
}
