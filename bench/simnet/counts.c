#include "counts.h"

#include <inttypes.h>

#include <sys/resource.h>

static const char *const server_names[] = {
    [ZONE_ROOT] = "root",       [ZONE_TLD] = "tld",           [ZONE_IN_ADDR] = "in_addr_arpa",
    [ZONE_SLASH_8] = "slash_8", [ZONE_SLASH_24] = "slash_24", [ZONE_DOMAIN] = "domain",
    [ZONE_KIND_COUNT] = "none",
};
_Static_assert(sizeof server_names / sizeof server_names[0] == ZONE_KIND_COUNT + 1, "a name each");

static const struct {
    unsigned type;
    const char *name;
} type_names[] = {
    {1, "A"},     {2, "NS"},     {5, "CNAME"}, {6, "SOA"},   {12, "PTR"},    {15, "MX"},
    {16, "TXT"},  {28, "AAAA"},  {33, "SRV"},  {43, "DS"},   {48, "DNSKEY"}, {52, "TLSA"},
    {64, "SVCB"}, {65, "HTTPS"}, {99, "SPF"},  {255, "ANY"}, {257, "CAA"},
};

void counts_note(struct counts *counts, unsigned type, enum zone_kind server, bool tcp)
{
    if (tcp)
        counts->tcp++;
    else
        counts->udp++;
    if (type < COUNTS_TYPES)
        counts->by_type[type]++;
    else
        counts->other_types++;
    counts->by_server[server]++;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void write_types(const struct counts *counts, FILE *file)
{
    uint64_t other = counts->other_types, total = 0, named = 0;

    for (size_t i = 0; i < COUNTS_TYPES; i++)
        total += counts->by_type[i];
    fputs("\"by_type\":{", file);
    for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++) {
        uint64_t count = counts->by_type[type_names[i].type];
        named += count;
        if (count > 0)
            fprintf(file, "\"%s\":%" PRIu64 ",", type_names[i].name, count);
    }
    fprintf(file, "\"other\":%" PRIu64 "}", other + total - named);
}

static void write_peaks(const struct referee *referee, FILE *file)
{
    fputs(",\"peak_per_second\":{", file);
    for (size_t i = 0; i <= ZONE_KIND_COUNT; i++) {
        const struct peak *peak = &referee->peaks[i];
        fprintf(file, "%s\"%s\":{\"server\":\"%u.%u.%u.%u\",\"queries\":%u}", i > 0 ? "," : "",
                server_names[i], peak->server >> 24, peak->server >> 16 & 255,
                peak->server >> 8 & 255, peak->server & 255, peak->count);
    }
    fputs("},\"faults\":{", file);
    for (size_t i = 0; i < FAULT_COUNT; i++)
        fprintf(file, "%s\"%s\":%" PRIu64, i > 0 ? "," : "", faults_name((enum fault)i),
                referee->by_fault[i]);
    fputs("}", file);
}

bool counts_write(const struct counts *counts, const struct referee *referee, FILE *file)
{
    struct rusage usage = {0};
    uint64_t queries = counts->udp + counts->tcp;
    double cpu;

    getrusage(RUSAGE_SELF, &usage);
    cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    fprintf(file,
            "{\"queries\":%" PRIu64 ",\"udp\":%" PRIu64 ",\"tcp\":%" PRIu64
            ",\"tcp_connections\":%" PRIu64 ",\"truncated\":%" PRIu64 ",\"unanswered\":%" PRIu64
            ",\"ignored\":%" PRIu64 ",\"unsent\":%" PRIu64 ",\"dropped\":%" PRIu64 ",",
            queries, counts->udp, counts->tcp, counts->connections, counts->truncated,
            counts->unanswered, counts->ignored, counts->unsent, counts->dropped);
    write_types(counts, file);
    fputs(",\"by_server\":{", file);
    for (size_t i = 0; i <= ZONE_KIND_COUNT; i++)
        fprintf(file, "%s\"%s\":%" PRIu64, i > 0 ? "," : "", server_names[i], counts->by_server[i]);
    fputs("},\"by_rcode\":{", file);
    for (size_t i = 0; i <= 5; i++)
        fprintf(file, "%s\"%zu\":%" PRIu64, i > 0 ? "," : "", i, counts->rcodes[i]);
    fputs("}", file);
    write_peaks(referee, file);
    fprintf(file,
            ",\"cpu_user_s\":%.6f,\"cpu_system_s\":%.6f,\"cpu_us_per_query\":%.3f,"
            "\"peak_rss_kib\":%ld}\n",
            seconds(usage.ru_utime), seconds(usage.ru_stime),
            queries > 0 ? cpu * 1e6 / (double)queries : 0.0, usage.ru_maxrss);
    return fflush(file) == 0 && !ferror(file);
}
