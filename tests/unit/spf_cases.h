/* The cases S01 to S70 of rules section 6.f, and more: what clients get, and what is found. */
#ifndef TESTS_SPF_CASES_H
#define TESTS_SPF_CASES_H

#include <stddef.h>

struct spf_case {
    const char *label, *zone; /* of ex.test */
    /* "192.0.2.1 pass, 192.0.2.2 fail": check_host(client, ex.test, x@ex.test, helo.ex.test) */
    const char *checks;
    /*
     * "STATE RESULT ALL LOOKUPS VOIDS4/VOIDS6 IPV4/64S/DIRECT OWN_MX STANCE", then "partial" and
     * "dynamic" where they hold; "-" is null
     */
    const char *facts;
    const char *grade;
    const char *findings; /* "severity id name" of the area spf, parted by commas */
};

extern const struct spf_case spf_cases[];
extern const size_t spf_case_count;

#endif
