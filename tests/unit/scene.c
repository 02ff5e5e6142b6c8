#include "scene.h"

#include "unit.h"

#include <mxsweep/line.h>

enum { RUNS_MAX = 12 };

void scene_open(struct scene *scene, const char *zone_text, const char *domain)
{
    mxs_slice text = mxs_slice_of(domain);

    *scene = (struct scene){0};
    mxs_arena_init(&scene->inputs);
    mxs_arena_init(&scene->arena);
    scene->zone = zone_new(zone_text);
    scene->input.text = text;
    scene->input.scannable = true;
    mxs_findings_init(&scene->input.findings, &scene->inputs);
    assert_int_equal(mxs_name_parse(&scene->inputs, text, &scene->input.domain), MXS_NAME_OK);
}

void scene_close(struct scene *scene)
{
    zone_free(scene->zone);
    mxs_arena_clear(&scene->inputs);
    mxs_arena_clear(&scene->arena);
}

const struct mxs_posture *scene_evaluate(struct scene *scene, enum zone_mode mode)
{
    zone_restart(scene->zone, mode);
    mxs_answers_init(&scene->answers, zone_source(scene->zone));
    for (scene->runs = 1;; scene->runs++) {
        assert_true(scene->runs <= RUNS_MAX);
        mxs_arena_reset(&scene->arena);
        scene->posture =
            mxs_posture_evaluate(&scene->arena, &scene->input, &scene->options, &scene->answers);
        if (!scene->answers.pending || scene->posture == NULL)
            return scene->posture;
        assert_true(zone_settle(scene->zone) > 0);
    }
}

/* What was written, in the evaluation's arena; empties the buffer. */
static const char *keep(struct scene *scene, struct mxs_buffer *buffer)
{
    mxs_slice copy;

    mxs_buffer_append_char(buffer, '\0');
    assert_false(buffer->failed);
    copy = mxs_arena_copy(&scene->arena, mxs_buffer_slice(buffer));
    assert_non_null(copy.ptr);
    mxs_buffer_clear(buffer);
    return copy.ptr;
}

const char *scene_findings(struct scene *scene)
{
    return scene_findings_but(scene, MXS_AREA_COUNT);
}

const char *scene_findings_but(struct scene *scene, enum mxs_area area)
{
    const struct mxs_findings *findings = &scene->posture->findings;
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    for (size_t i = 0; i < findings->count; i++) {
        const struct mxs_finding *finding = &findings->items[i];
        if (mxs_finding_kinds[finding->id].area == area)
            continue;
        mxs_buffer_append(&text, mxs_slice_of(mxs_severity_text(finding->severity)));
        mxs_buffer_append_char(&text, ' ');
        mxs_buffer_append(&text, mxs_slice_of(mxs_finding_kinds[finding->id].id));
        mxs_buffer_append_char(&text, ' ');
        if (finding->name.wire != NULL)
            mxs_name_write(finding->name, &text);
        mxs_buffer_append_char(&text, '\n');
    }
    return keep(scene, &text);
}

const char *scene_asked(struct scene *scene)
{
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    for (unsigned i = 0; i < zone_question_count(scene->zone); i++) {
        const struct mxs_answer *question = zone_question(scene->zone, i);
        bool same = i > 0 && zone_wave(scene->zone, i) == zone_wave(scene->zone, i - 1);
        if (i > 0)
            mxs_buffer_append(&text, mxs_slice_of(same ? ", " : " | "));
        mxs_buffer_append(&text, mxs_slice_of(mxs_type_text(question->type)));
        mxs_buffer_append_char(&text, ' ');
        mxs_name_write(question->name, &text);
    }
    return keep(scene, &text);
}

const char *scene_hosts(struct scene *scene)
{
    struct mxs_buffer text;

    mxs_buffer_init(&text);
    for (unsigned i = 0; i < scene->posture->mx.host_count; i++) {
        if (i > 0)
            mxs_buffer_append_char(&text, ' ');
        mxs_name_write(scene->posture->mx.hosts[i].name, &text);
    }
    return keep(scene, &text);
}

void scene_line(struct scene *scene, struct mxs_buffer *line)
{
    struct mxs_line data = {
        .scanned_at = MXS_SLICE("2026-11-24T12:00:00Z"),
        .input = &scene->input,
        .posture = scene->posture,
    };

    mxs_buffer_reset(line);
    mxs_line_write(&data, line);
}
