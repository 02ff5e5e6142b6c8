/*
 * An entry of a list, any bytes. The first byte chooses the options; the rest is the entry.
 *
 * Held: the domain is a name that reads back from its text, at most 255 octets; what is not asked
 * about has a finding that says why; a second reading gives the same, and reading the result again
 * changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include <mxsweep/input.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static bool has_error(const struct mxs_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].severity == MXS_SEVERITY_ERROR)
            return true;
    return false;
}

static bool same_findings(const struct mxs_findings *a, const struct mxs_findings *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        const struct mxs_finding *x = &a->items[i], *y = &b->items[i];
        if (x->id != y->id || x->severity != y->severity || x->arg_count != y->arg_count)
            return false;
        for (unsigned k = 0; k < x->arg_count; k++)
            if (strcmp(x->args[k].key, y->args[k].key) != 0 ||
                !mxs_slice_equal(x->args[k].text, y->args[k].text))
                return false;
    }
    return true;
}

static bool same_domain(struct mxs_name a, struct mxs_name b)
{
    if (a.wire == NULL || b.wire == NULL)
        return a.wire == b.wire;
    return mxs_name_equal(a, b);
}

/* Nothing is left unasked without a word, and nothing refused is asked. */
static void check_verdict(const struct mxs_input *input, const struct mxs_input_options *options)
{
    bool error = has_error(&input->findings);
    bool special = mxs_findings_has(&input->findings, MXS_FINDING_INPUT_SPECIAL_USE);

    require(input->scannable == (!error && (!special || options->special_use)));
    require(error == (input->domain.wire == NULL));
    require(error ? !special : special == mxs_name_is_special_use(input->domain));
    require(input->unicode.ptr == NULL || !error);
}

static void check_domain(struct mxs_arena *arena, struct mxs_name name)
{
    mxs_slice text = mxs_name_text(arena, name);
    struct mxs_name again;

    require(name.len >= 3 && name.len <= MXS_NAME_MAX && name.labels >= 1);
    require(mxs_name_parse(arena, text, &again) == MXS_NAME_OK);
    require(mxs_name_equal(name, again));
    for (size_t i = 0; i < name.len; i++)
        require(name.wire[i] < 0x80);
}

/* The octets of the labels as an entry: the domain stands for itself, so it must be a fixed point.
 */
static void check_fixed_point(struct mxs_arena *arena, const struct mxs_input *input,
                              const struct mxs_input_options *options)
{
    char text[MXS_NAME_MAX + 1];
    struct mxs_input again;
    size_t len = 0;

    for (unsigned i = 0; i < input->domain.labels; i++) {
        mxs_slice label = mxs_name_label(input->domain, i);
        memcpy(text + len, label.ptr, label.len);
        len += label.len;
        text[len++] = '.';
    }
    require(mxs_input_read(arena, (mxs_slice){text, len}, options, &again));
    require(same_domain(input->domain, again.domain));
    require(input->scannable == again.scannable);
    require(mxs_slice_equal(input->unicode, again.unicode));
    if (input->unicode.ptr != NULL) {
        require(mxs_slice_is_utf8(input->unicode));
        require(mxs_input_read(arena, input->unicode, options, &again));
        require(same_domain(input->domain, again.domain));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mxs_input_options options = {0};
    struct mxs_input first, second;
    struct mxs_arena arena;
    mxs_slice entry;

    if (size == 0)
        return 0;
    options.lenient = (data[0] & 1) != 0;
    options.special_use = (data[0] & 2) != 0;
    options.psl = (data[0] & 4) != 0 ? psl_builtin() : NULL;
    entry = (mxs_slice){(const char *)data + 1, size - 1};
    mxs_arena_init(&arena);
    require(mxs_input_read(&arena, entry, &options, &first));
    require(mxs_input_read(&arena, entry, &options, &second));
    require(first.text.len == (entry.len < MXS_INPUT_MAX ? entry.len : MXS_INPUT_MAX));
    require(same_findings(&first.findings, &second.findings));
    require(same_domain(first.domain, second.domain));
    require(mxs_slice_equal(first.unicode, second.unicode));
    check_verdict(&first, &options);
    if (first.domain.wire != NULL) {
        check_domain(&arena, first.domain);
        check_fixed_point(&arena, &first, &options);
    }
    mxs_arena_clear(&arena);
    return 0;
}
