/*
 * The machine failed (memory, disk, usage): one line for a person, made where it happened and
 * printed by the command alone.
 */
#ifndef SCANNER_ERROR_H
#define SCANNER_ERROR_H

#include <stdbool.h>

struct error {
    char text[512];
};

/* Writes the line, cut to its room; returns false, so that `return error_set(...)` reads well. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, with ": " and the words for `errno_value` behind. */
bool error_set_errno(struct error *error, int errno_value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
