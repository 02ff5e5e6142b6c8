/*
 * The fixture "a zone text goes in": a piece of the DNS as text, and a source of answers that says
 * of it what a validating resolver would say.
 *
 * One record per line, absolute names, blanks between the fields:
 *
 *     ex.com MX 10 m.ex.com
 *     ex.com TXT "v=spf1 " "-all"        character-strings, with \DDD and \X
 *     ex.com TXT v=spf1 -all             or the rest of the line as one string
 *     m.ex.com A 9.1.1.1                 also AAAA CNAME DNAME PTR NS, and TYPE99 without data
 *
 * and markers:
 *
 *     !zone ex.com signed                a zone cut: signed, unsigned, bogus or unanchored
 *     !fail m.ex.com A temp:timeout      temp:REASON, bogus or limit; on the way of an alias, too
 *     !uncertain x.ex.com                a signer that hides whether this name exists
 *     !ttl 60                            of the records that follow (3600)
 *
 * All the text is one tree below the root, which is unsigned: what it does not hold does not exist.
 * Wildcards are RFC 4592's. A wrong text fails the test.
 */
#ifndef TESTS_ZONE_H
#define TESTS_ZONE_H

#include <mxsweep/answers.h>

enum zone_mode {
    ZONE_AT_ONCE,       /* every question is answered when it is asked */
    ZONE_PENDING_FIRST, /* every new question is pending until zone_settle() */
};

struct zone;

struct zone *zone_new(const char *text);
void zone_free(struct zone *zone);

/* Forgets all questions, as a new resolver would; what zone_fail() said stays. */
void zone_restart(struct zone *zone, enum zone_mode mode);

struct mxs_answers_source zone_source(struct zone *zone);

/* Answers what is pending and begins the next wave. Returns how many questions that were. */
unsigned zone_settle(struct zone *zone);

/* The questions asked since the restart, in their order. */
unsigned zone_question_count(const struct zone *zone);
const struct mxs_answer *zone_question(const struct zone *zone, unsigned index);
/* The wave, from 0, that question `index` was asked in. */
unsigned zone_wave(const struct zone *zone, unsigned index);

/* Lets the question (`name`, `type`) fail from the next restart on; up to four. */
void zone_fail(struct zone *zone, struct mxs_name name, uint16_t type, enum mxs_lookup lookup);
/* Takes back every zone_fail(). */
void zone_heal(struct zone *zone);

#endif
