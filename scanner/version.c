#include "version.h"

#include <stdio.h>

#include <ev.h>
#include <idn2.h>
#include <libpsl.h>
#include <openssl/crypto.h>
#include <unbound.h>
#include <zstd.h>

#include <mxsweep/line.h>

static const char *libev_version(void)
{
    static char text[16];

    (void)snprintf(text, sizeof text, "%d.%d", ev_version_major(), ev_version_minor());
    return text;
}

static const char *idn2_version(void)
{
    return idn2_check_version(NULL);
}

static const char *openssl_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

static const struct {
    const char *name;
    const char *(*version)(void);
} libraries[] = {
    {"libunbound", ub_version}, {"libev", libev_version},    {"libzstd", ZSTD_versionString},
    {"libidn2", idn2_version},  {"libpsl", psl_get_version}, {"libcrypto", openssl_version},
};

bool version_library(size_t index, const char **name, const char **version)
{
    if (index >= sizeof libraries / sizeof libraries[0])
        return false;
    *name = libraries[index].name;
    *version = libraries[index].version();
    return true;
}

void version_print(void)
{
    const char *name, *version;

    (void)printf("mxsweep %s (rules %s, schema %s, workers %s)\n", MXSWEEP_VERSION,
                 MXS_RULES_VERSION, MXS_SCHEMA,
                 MXSWEEP_SANDBOX ? "closed" : "not closed: built with MXSWEEP_SANDBOX=OFF");
    for (size_t i = 0; version_library(i, &name, &version); i++)
        (void)printf("  %s %s\n", name, version);
}
