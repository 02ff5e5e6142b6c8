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
    char reason[128] = "";
    size_t len;
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    if (strerror_r(errno_value, reason, sizeof reason) != 0)
        (void)snprintf(reason, sizeof reason, "error %d", errno_value);
    len = strlen(error->text);
    (void)snprintf(error->text + len, sizeof error->text - len, ": %s", reason);
    return false;
}
