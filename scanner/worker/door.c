#include "worker/door.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <mxsweep/slice.h>

#include "resolve/roots.h"
#include "worker/landlock.h"
#include "worker/privileges.h"
#include "worker/syscalls.h"

enum { DNS_PORT = 53 };

/* ---- options */

static bool has_port(const struct door_options *options, unsigned port)
{
    for (size_t i = 0; i < options->tcp_port_count; i++)
        if (options->tcp_ports[i] == port)
            return true;
    return false;
}

/* Of an address that cannot be read nothing is asked: context_check() says so. */
static void add_port(struct door_options *options, mxs_slice address)
{
    struct server server;

    if (server_parse(address, &server) && !has_port(options, server.port))
        options->tcp_ports[options->tcp_port_count++] = (uint16_t)server.port;
}

void door_options_init(struct door_options *options, const struct resolve_options *resolve)
{
    *options = (struct door_options){
        .tcp_ports = {DNS_PORT},
        .tcp_port_count = 1,
        .debug = resolve->debug,
    };
    for (size_t i = 0; i < resolve->stubs.count; i++) {
        mxs_slice rest = mxs_slice_of(resolve->stubs.items[i]), zone;
        if (mxs_slice_split(&rest, '=', &zone))
            add_port(options, rest);
    }
    for (size_t i = 0; i < resolve->forwarders.count; i++)
        add_port(options, mxs_slice_of(resolve->forwarders.items[i]));
}

/* ---- warming */

/* SubjectPublicKeyInfo of an Ed25519 key (RFC 8410 section 10.1): the shortest key there is. */
static const unsigned char some_key[] = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00, 0x19, 0xbf, 0x44,
    0x09, 0x69, 0x84, 0xcd, 0xfe, 0x85, 0x41, 0xba, 0xc1, 0x67, 0xdc, 0x3b, 0x96, 0xc8, 0x50,
    0x86, 0xaa, 0x30, 0xb6, 0xb6, 0xcb, 0x0c, 0x5c, 0x38, 0xad, 0x70, 0x31, 0x66, 0xe1,
};

/* Without this the first d2i_PUBKEY() opens openssl.cnf. */
static void warm_openssl(void)
{
    const unsigned char *key = some_key;
    unsigned char digest[EVP_MAX_MD_SIZE];

    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    (void)EVP_Digest("", 0, digest, NULL, EVP_sha1(), NULL);
    (void)EVP_Digest("", 0, digest, NULL, EVP_sha256(), NULL);
    EVP_PKEY_free(d2i_PUBKEY(NULL, &key, sizeof some_key));
}

/* With TZ set and unchanged no function of time looks for /etc/localtime again. */
static void warm_time(void)
{
    time_t now = time(NULL);
    struct tm utc;

    (void)setenv("TZ", "UTC0", 1);
    tzset();
    (void)gmtime_r(&now, &utc);
}

static int compare_bytes(const void *a, const void *b)
{
    return *(const unsigned char *)a - *(const unsigned char *)b;
}

/* A sort of more than 1 KiB asks how much memory the machine has, once (glibc before 2.37). */
static void warm_sort(void)
{
    unsigned char bytes[2048] = {0};

    qsort(bytes, sizeof bytes, 1, compare_bytes);
}

void door_warm_libraries(void)
{
    warm_openssl();
    warm_time();
    warm_sort();
}

/* ---- closing */

#if MXSWEEP_SANDBOX

/* No new rights by exec, no core file with what is in memory, no tracing by the same user. */
static bool seal_process(struct error *error)
{
    const struct rlimit none = {0, 0};

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return error_set_errno(error, errno, "no_new_privs");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return error_set_errno(error, errno, "not dumpable");
    return setrlimit(RLIMIT_CORE, &none) == 0 || error_set_errno(error, errno, "RLIMIT_CORE");
}

bool door_close(const struct door_options *options, struct error *error)
{
    uid_t uid;
    int abi;
    bool filtered;

    if (!privileges_drop(error) || !seal_process(error) ||
        !landlock_close(options->tcp_ports, options->tcp_port_count, &abi, error))
        return false;
    uid = geteuid(); /* later it cannot be asked */
    if (!syscalls_close(&filtered, error))
        return false;
    if (options->debug)
        (void)fprintf(stderr, "mxsweep: worker %d is closed: uid %u, Landlock %s (ABI %d), %s\n",
                      (int)getpid(), (unsigned)uid, abi > 0 ? "on" : "missing", abi,
                      filtered ? "seccomp on" : "seccomp missing");
    return true;
}

#else

bool door_close(const struct door_options *options, struct error *error)
{
    (void)options;
    (void)error;
    return true;
}

#endif
