#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool error_set(struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

bool error_set_errno(struct error *error, int errno_value, const char *format, ...)
{
    size_t len;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    len = strlen(error->text);
    (void)snprintf(error->text + len, sizeof error->text - len, ": %s",
                   strerror(errno_value)); /* one thread: its buffer is ours */
    return false;
}
