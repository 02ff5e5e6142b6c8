#include "scarce.h"

#include <stddef.h>

static struct {
    unsigned left; /* allocations until one fails; 0: none will */
    bool all, failed;
} scarce;

/* The names are the linker's, ld(1) --wrap. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

void scarce_begin(unsigned at, bool all)
{
    scarce.left = at;
    scarce.all = all;
    scarce.failed = false;
}

bool scarce_end(void)
{
    scarce.left = 0;
    scarce.all = false;
    return scarce.failed;
}

static bool runs_out(void)
{
    if (scarce.left == 0)
        return scarce.all && scarce.failed;
    scarce.left--;
    if (scarce.left == 0)
        scarce.failed = true;
    return scarce.left == 0;
}

void *__wrap_malloc(size_t size)
{
    return runs_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return runs_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return runs_out() ? NULL : __real_realloc(memory, size);
}
