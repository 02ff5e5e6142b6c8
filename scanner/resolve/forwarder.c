#include "resolve/forwarder.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ev.h>

#include "resolve/resolver.h"

enum { EXIT_FIT, EXIT_STRIPS, EXIT_SILENT, EXIT_BROKEN };

static int verdict_of(const struct mxs_answer *answer)
{
    switch (answer->lookup) {
    case MXS_LOOKUP_OK:
        /* without an anchor nothing is validated, and nothing need be */
        return answer->dnssec == MXS_DNSSEC_INSECURE ? EXIT_STRIPS : EXIT_FIT;
    case MXS_LOOKUP_BOGUS:
        return EXIT_STRIPS;
    case MXS_LOOKUP_NODATA:
    case MXS_LOOKUP_NXDOMAIN:
    case MXS_LOOKUP_NXDOMAIN_TARGET:
    case MXS_LOOKUP_TEMP:
    case MXS_LOOKUP_LIMIT:
    case MXS_LOOKUP_PENDING:
        break;
    }
    return EXIT_SILENT;
}

/* In the child. */
static int ask(const struct resolve_options *options, unsigned timeout_ms)
{
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct mxs_arena arena = {0};
    struct mxs_answer answer = {.name = mxs_name_root, .type = MXS_TYPE_SOA};
    struct question question = {.answer = &answer, .arena = &arena};
    struct error error;
    struct resolver *resolver =
        loop == NULL ? NULL : resolver_new(loop, options, timeout_ms, &error);

    if (resolver == NULL)
        return EXIT_BROKEN;
    resolver_start(resolver, &question);
    while (resolver_next(resolver) == NULL)
        (void)ev_run(loop, EVRUN_ONCE);
    return verdict_of(&answer);
}

bool forwarder_check(const struct resolve_options *options, unsigned timeout_ms,
                     struct error *error)
{
    const char *first = options->forwarders.count > 0 ? options->forwarders.items[0] : NULL;
    int status = 0;
    pid_t pid;

    if (first == NULL)
        return true;
    (void)fflush(NULL);
    pid = fork();
    if (pid == 0)
        _exit(ask(options, timeout_ms));
    if (pid < 0)
        return error_set_errno(error, errno, "no process to ask the forwarder");
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!WIFEXITED(status) || WEXITSTATUS(status) == EXIT_BROKEN)
        return error_set(error, "--forward %s: it could not be asked", first);
    if (WEXITSTATUS(status) == EXIT_SILENT)
        return error_set(error, "--forward %s: it does not answer", first);
    if (WEXITSTATUS(status) == EXIT_STRIPS)
        return error_set(error,
                         "--forward %s: its answers cannot be validated, it strips DNSSEC "
                         "(--trust-anchor none goes on without validation)",
                         first);
    return true;
}
