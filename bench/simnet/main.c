#define _GNU_SOURCE /* struct ifreq */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dnssec.h"
#include "options.h"
#include "server.h"
#include "truth.h"

enum { EXIT_USAGE = 2 };

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
    (void)number;
    stop = 1;
}

static bool complain(const char *what)
{
    fprintf(stderr, "simnet: %s: %s\n", what, strerror(errno));
    return false;
}

static bool raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool ok = descriptor >= 0 && ioctl(descriptor, SIOCGIFFLAGS, &request) == 0;

    if (ok && (request.ifr_flags & IFF_UP) == 0) {
        request.ifr_flags |= IFF_UP;
        ok = ioctl(descriptor, SIOCSIFFLAGS, &request) == 0;
    }
    if (!ok)
        complain("cannot set lo up");
    if (descriptor >= 0)
        close(descriptor);
    return ok;
}

static bool write_hints(const char *path)
{
    FILE *file = fopen(path, "w");
    bool ok = file != NULL && fputs(".                   3600000 IN NS a.root-servers.net.\n"
                                    "a.root-servers.net. 3600000 IN A  127.0.1.1\n",
                                    file) >= 0;

    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok || complain(path);
}

static bool write_counts(const struct responder *responder, const char *path)
{
    FILE *file = fopen(path, "w");
    bool ok = file != NULL && counts_write(&responder->counts, &responder->referee, file);

    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok || complain(path);
}

/* The first line has the options that --truth needs to speak of the same world. */
static bool write_hits(const struct responder *responder, const struct options *options)
{
    const char *path = options->hits;
    FILE *file = fopen(path, "w");
    bool ok = file != NULL &&
              fprintf(file, "{\"options\":[\"--seed\",\"%llu\"%s]}\n",
                      (unsigned long long)options->seed, options->sign ? ",\"--sign\"" : "") > 0 &&
              referee_write_hits(&responder->referee, file);

    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok || complain(path);
}

/* Handles a signal that ends us, unless whoever started us had it ignored (as a shell does with
 * SIGINT of what it puts in the background). Blocked but while the loop waits. */
static bool handle_signal(int number, sigset_t *wait_mask)
{
    struct sigaction action;
    sigset_t one;

    if (sigaction(number, NULL, &action) != 0)
        return false;
    if (action.sa_handler == SIG_IGN)
        return true;
    sigemptyset(&one);
    sigaddset(&one, number);
    sigdelset(wait_mask, number);
    action = (struct sigaction){.sa_handler = on_signal};
    return sigprocmask(SIG_BLOCK, &one, NULL) == 0 && sigaction(number, &action, NULL) == 0;
}

static bool prepare_signals(bool stop_with_parent, sigset_t *wait_mask)
{
    if (sigprocmask(SIG_BLOCK, NULL, wait_mask) != 0 || !handle_signal(SIGTERM, wait_mask) ||
        !handle_signal(SIGINT, wait_mask) || !handle_signal(SIGHUP, wait_mask))
        return complain("signals");
    if (stop_with_parent && prctl(PR_SET_PDEATHSIG, SIGTERM) != 0)
        return complain("prctl");
    return true;
}

static bool say_ready(int descriptor)
{
    return write(descriptor, "ready\n", 6) == 6 || complain("cannot say that we are ready");
}

static bool write_zones(const struct responder *responder, const char *path)
{
    FILE *file = fopen(path, "w");
    bool ok = file != NULL && census_write(&responder->referee.census, file);

    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok || complain(path);
}

static bool serve(const struct options *options, struct responder *responder)
{
    struct server *server;
    sigset_t wait_mask;
    bool ok;

    if (!prepare_signals(options->stop_with_parent, &wait_mask) ||
        (options->raise_loopback && !raise_loopback()) ||
        (options->hints != NULL && !write_hints(options->hints)))
        return false;
    if (options->log != NULL && (responder->log = fopen(options->log, "w")) == NULL)
        return complain(options->log);
    server = server_new(responder, options->port);
    if (server == NULL)
        return false;
    ok = say_ready(options->ready_fd) && server_run(server, &wait_mask, &stop);
    server_free(server);
    if (responder->log != NULL && fclose(responder->log) != 0)
        ok = complain(options->log);
    return ok && (options->counts == NULL || write_counts(responder, options->counts)) &&
           (options->hits == NULL || write_hits(responder, options)) &&
           (options->zones == NULL || write_zones(responder, options->zones));
}

static bool tell_truth(const struct world *world, const char *name)
{
    if (strcmp(name, "-") == 0)
        return truth_write_all(world, stdin, stdout) || complain("cannot tell the truth");
    truth_write(world, name, stdout);
    return fflush(stdout) == 0;
}

static bool write_anchor(const struct world *world, const char *path)
{
    FILE *file = fopen(path, "w");
    bool ok = file != NULL && dnssec_write_anchor(world, file);

    if (file != NULL && fclose(file) != 0)
        ok = false;
    return ok || complain(path);
}

static bool make_signer(struct world *world)
{
    world->signer = signer_new(world->seed);
    if (world->signer == NULL)
        fputs("simnet: cannot make keys\n", stderr);
    return world->signer != NULL;
}

int main(int argc, char **argv)
{
    static struct responder responder;
    struct options options;
    struct fixtures *fixtures;
    bool ok;

    if (!options_parse(argc, argv, &options))
        return EXIT_USAGE;
    if (options.help)
        return EXIT_SUCCESS;
    fixtures = fixtures_new();
    if (fixtures == NULL) {
        fputs("simnet: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    responder.world = (struct world){options.seed, fixtures, &options.faults, NULL};
    responder.referee.keeps_hits = options.hits != NULL;
    responder.referee.keeps_zones = options.zones != NULL;
    ok = (!options.sign || make_signer(&responder.world)) &&
         (options.anchor == NULL || write_anchor(&responder.world, options.anchor));
    if (ok)
        ok = options.truth != NULL ? tell_truth(&responder.world, options.truth)
                                   : serve(&options, &responder);
    signer_free(responder.world.signer);
    referee_clear(&responder.referee);
    fixtures_free(fixtures);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
