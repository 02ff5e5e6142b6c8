/* A scene: a zone text, a domain in it, and the posture that comes out. */
#ifndef TESTS_SCENE_H
#define TESTS_SCENE_H

#include <mxsweep/posture.h>

#include "zone.h"

struct scene {
    struct zone *zone;
    struct mxs_arena inputs; /* the domain */
    struct mxs_arena arena;  /* the evaluation, and the texts below */
    struct mxs_input input;
    struct mxs_posture_options options;
    struct mxs_answers answers;
    const struct mxs_posture *posture; /* of the last scene_evaluate() */
    unsigned runs;                     /* how often it ran for that */
};

/* `domain` in presentation form. */
void scene_open(struct scene *scene, const char *zone_text, const char *domain);
void scene_close(struct scene *scene);

/* Evaluates until nothing is pending; NULL when memory is out. */
const struct mxs_posture *scene_evaluate(struct scene *scene, enum zone_mode mode);

/* "info mx.null ex.com\n" for each finding, in the posture's order; valid until the next run. */
const char *scene_findings(struct scene *scene);
/* The same without those of one area, where another is under test. */
const char *scene_findings_but(struct scene *scene, enum mxs_area area);
/* "MX ex.com | TXT ex.com, TXT _dmarc.ex.com": the questions, wave by wave. */
const char *scene_asked(struct scene *scene);
/* "m.ex.com n.ex.com": the hosts whose addresses were asked for. */
const char *scene_hosts(struct scene *scene);
/* The line of the dataset, without what is not the posture's. */
void scene_line(struct scene *scene, struct mxs_buffer *line);

#endif
