/* What an SPF record comes to with all it leads to: rules sections 6.c to 6.f, 16.1, 18.1. */
#include "unit.h"

#include <time.h>

#include "scene.h"
#include "spf_cases.h"

static const char *stance_text(enum mxs_spf_stance stance)
{
    static const char *const texts[] = {
        [MXS_SPF_STANCE_UNKNOWN] = "unknown", [MXS_SPF_STANCE_ABSENT] = "absent",
        [MXS_SPF_STANCE_INVALID] = "invalid", [MXS_SPF_STANCE_OPEN] = "open",
        [MXS_SPF_STANCE_EMPTY] = "empty",     [MXS_SPF_STANCE_AUTHORISES] = "authorises",
        [MXS_SPF_STANCE_NEUTRAL] = "neutral",
    };

    return texts[stance];
}

static void write_facts(const struct mxs_posture *posture, char *text, size_t size)
{
    const struct mxs_spf *spf = &posture->spf_facts;
    const char *own_mx = mxs_own_mx_text(spf->own_mx);

    (void)snprintf(text, size, "%s %s %s %u %u/%u %llu/%llu/%llu %s %s%s%s",
                   mxs_state_text(posture->spf.state), mxs_spf_validity_text(spf->validity),
                   spf->unlisted_known ? mxs_spf_code_text(spf->unlisted) : "-", spf->lookups,
                   spf->voids[0], spf->voids[1], (unsigned long long)spf->ipv4_addresses,
                   (unsigned long long)spf->ipv6_64s, (unsigned long long)spf->direct_ipv4,
                   own_mx != NULL ? own_mx : "-", stance_text(spf->stance),
                   spf->partial ? " partial" : "", spf->dynamic ? " dynamic" : "");
}

static void write_findings(const struct mxs_posture *posture, struct mxs_buffer *text)
{
    for (size_t i = 0; i < posture->findings.count; i++) {
        const struct mxs_finding *finding = &posture->findings.items[i];
        if (mxs_finding_kinds[finding->id].area != MXS_AREA_SPF)
            continue;
        if (text->len > 0)
            mxs_buffer_append(text, MXS_SLICE(", "));
        mxs_buffer_append(text, mxs_slice_of(mxs_severity_text(finding->severity)));
        mxs_buffer_append_char(text, ' ');
        mxs_buffer_append(text,
                          mxs_slice_of(mxs_finding_kinds[finding->id].id + sizeof "spf." - 1));
        mxs_buffer_append_char(text, ' ');
        mxs_name_write(finding->name, text);
    }
}

static void comes_to_what_the_row_says(void **state)
{
    const struct spf_case *row = *state;
    struct scene scene;
    struct mxs_buffer findings;
    char facts[256];

    mxs_buffer_init(&findings);
    scene_open(&scene, row->zone, "ex.test");
    for (int mode = ZONE_AT_ONCE; mode <= ZONE_PENDING_FIRST; mode++) {
        assert_non_null(scene_evaluate(&scene, (enum zone_mode)mode));
        write_facts(scene.posture, facts, sizeof facts);
        mxs_buffer_reset(&findings);
        write_findings(scene.posture, &findings);
        assert_string_equal(facts, row->facts);
        assert_string_equal(mxs_grade_text(scene.posture->grades[MXS_AREA_SPF]), row->grade);
        assert_slice_equal(mxs_buffer_slice(&findings), row->findings);
    }
    mxs_buffer_clear(&findings);
    scene_close(&scene);
}

int main(void)
{
    struct CMUnitTest *tests = calloc(spf_case_count, sizeof *tests);
    int result;

    assert_non_null(tests);
    for (size_t i = 0; i < spf_case_count; i++)
        tests[i] = (struct CMUnitTest){spf_cases[i].label, comes_to_what_the_row_says, NULL, NULL,
                                       (void *)(uintptr_t)&spf_cases[i]};
    result = _cmocka_run_group_tests("spf_tree", tests, spf_case_count, NULL, NULL);
    free(tests);
    return result;
}
