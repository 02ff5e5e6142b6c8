#include "unit.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>

#include <idn2.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <zstd.h>

#include "door_child.h"

enum { DIES = -SIGSYS };

/* ---- files */

static int open_passwd(struct stage *stage)
{
    (void)stage;
    return errno_of(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int list_root(struct stage *stage)
{
    DIR *folder = opendir("/");

    (void)stage;
    return folder == NULL ? errno : closedir(folder);
}

static int make_folder(struct stage *stage)
{
    char path[64];

    (void)stage;
    (void)snprintf(path, sizeof path, "/tmp/test_door.%d", (int)getpid());
    return mkdir(path, 0700) != 0 ? errno : rmdir(path);
}

static int run_true(struct stage *stage)
{
    char name[] = "true", *arguments[] = {name, NULL}, *environment[] = {NULL};

    (void)stage;
    (void)execve("/bin/true", arguments, environment);
    return errno;
}

/* ---- other processes */

static int probe_parent(struct stage *stage)
{
    (void)stage;
    return errno_of(kill(getppid(), 0));
}

static int signal_self(struct stage *stage)
{
    (void)stage;
    return errno_of(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGTERM));
}

static int abort_parent(struct stage *stage)
{
    return errno_of(syscall(SYS_tgkill, stage->peer, stage->peer, SIGABRT));
}

static int note_parent(struct stage *stage)
{
    stage->peer = (int)getppid();
    return 0;
}

static int call_abort(struct stage *stage)
{
    (void)stage;
    abort();
}

/* ---- sockets */

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static uint16_t port_of(int fd)
{
    struct sockaddr_in address = {0};
    socklen_t len = sizeof address;

    REQUIRE(getsockname(fd, (struct sockaddr *)&address, &len) == 0);
    return ntohs(address.sin_port);
}

static int listen_on(struct stage *stage, uint16_t port)
{
    stage->peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    REQUIRE(stage->peer >= 0);
    REQUIRE(bind_to(stage->peer, port) == 0 && listen(stage->peer, 1) == 0);
    stage->port = port_of(stage->peer);
    return 0;
}

static int listen_somewhere(struct stage *stage)
{
    return listen_on(stage, 0);
}

static int listen_on_stub(struct stage *stage)
{
    char stub[64];
    struct resolve_options resolve = {.stubs = {{stub}, 1}};

    (void)listen_on(stage, 0);
    (void)snprintf(stub, sizeof stub, "example=127.0.0.1@%u", stage->port);
    door_options_init(&stage->door, &resolve);
    return 0;
}

/* Port 53 of a network of its own: no root is needed for that where user namespaces are allowed. */
static int listen_on_53(struct stage *stage)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 || raise_loopback() != 0) {
        perror("no network namespace");
        _exit(SKIP);
    }
    return listen_on(stage, 53);
}

static int connect_tcp(struct stage *stage)
{
    struct sockaddr_in address = loopback(stage->port);
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);

    if (fd < 0)
        return errno;
    return errno_of(connect(fd, (const struct sockaddr *)&address, sizeof address));
}

static int connect_by_sending(struct stage *stage)
{
    struct sockaddr_in address = loopback(stage->port);
    int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);

    if (fd < 0)
        return errno;
    return errno_of(sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL,
                           (const struct sockaddr *)&address, sizeof address));
}

static int bind_tcp(struct stage *stage)
{
    (void)stage;
    return bind_to(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), 43210);
}

static int bind_tcp_to_no_port(struct stage *stage)
{
    (void)stage;
    return bind_to(socket(AF_INET, SOCK_STREAM, IPPROTO_TCP), 0);
}

static int open_udp(struct stage *stage)
{
    stage->peer = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    REQUIRE(bind_to(stage->peer, 0) == 0);
    stage->port = port_of(stage->peer);
    return 0;
}

/* The way of libunbound: a socket for a question, its options, its port, and the wait. */
static int talk_udp(struct stage *stage)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0), omit = IP_PMTUDISC_OMIT;
    struct sockaddr_in address = loopback(stage->port), from;
    socklen_t len = sizeof from;
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char byte;

    if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &omit, sizeof omit) != 0 ||
        bind_to(fd, 0) != 0 || fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) != 0 ||
        sendto(fd, "q", 1, 0, (const struct sockaddr *)&address, sizeof address) != 1 ||
        recvfrom(stage->peer, &byte, 1, 0, (struct sockaddr *)&from, &len) != 1 ||
        sendto(stage->peer, "a", 1, 0, (const struct sockaddr *)&from, len) != 1 ||
        poll(&wait, 1, 5000) != 1 || recv(fd, &byte, 1, 0) != 1 || close(fd) != 0)
        return errno;
    return byte == 'a' ? 0 : BROKEN;
}

static int open_ipv6(struct stage *stage)
{
    int on = 1, mtu = 1280, udp = socket(AF_INET6, SOCK_DGRAM, 0);

    (void)stage;
    if (udp < 0 && errno == EAFNOSUPPORT)
        return SKIP;
    if (udp < 0 || setsockopt(udp, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0 ||
        setsockopt(udp, IPPROTO_IPV6, IPV6_MTU, &mtu, sizeof mtu) != 0)
        return errno;
    return errno_of(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
}

static int open_abstract(struct stage *stage)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t len = sizeof address;

    stage->peer = socket(AF_UNIX, SOCK_STREAM, 0);
    stage->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    (void)snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "test_door.%d",
                   (int)getpid());
    REQUIRE(bind(stage->peer, (const struct sockaddr *)&address, len) == 0);
    return errno_of(listen(stage->peer, 1));
}

static int connect_abstract(struct stage *stage)
{
    struct sockaddr_un address;
    socklen_t len = sizeof address;

    REQUIRE(getsockname(stage->peer, (struct sockaddr *)&address, &len) == 0);
    return errno_of(connect(stage->fd, (const struct sockaddr *)&address, len));
}

static int open_pair(struct stage *stage)
{
    int ends[2];

    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    stage->fd = ends[0];
    stage->peer = ends[1];
    return 0;
}

static int wait_with_epoll(struct stage *stage)
{
    struct epoll_event event = {.events = EPOLLIN};
    int epoll = epoll_create1(EPOLL_CLOEXEC);

    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, stage->fd, &event) != 0 ||
        send(stage->peer, "x", 1, MSG_NOSIGNAL) != 1)
        return errno;
    return epoll_wait(epoll, &event, 1, 5000) == 1 ? 0 : errno;
}

/* ---- what computing needs */

static int use_memory(struct stage *stage)
{
    const size_t size = 64 << 20;
    char *block = malloc(size), *larger;

    (void)stage;
    if (block == NULL)
        return errno;
    memset(block, 1, size);
    larger = realloc(block, 2 * size);
    if (larger == NULL) {
        free(block);
        return errno;
    }
    memset(larger, 2, 2 * size);
    free(larger);
    for (size_t i = 1; i < 1000; i++)
        free(malloc(i * 1000));
    return 0;
}

static int use_clocks(struct stage *stage)
{
    time_t now = time(NULL);
    struct timespec moment;
    struct tm utc;
    char text[64];

    (void)stage;
    if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &moment) != 0)
        return errno;
    tzset();
    if (localtime_r(&now, &utc) == NULL || gmtime_r(&now, &utc) == NULL)
        return errno;
    return strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%Z", &utc) > 0 ? 0 : BROKEN;
}

static int use_random(struct stage *stage)
{
    char bytes[32];

    (void)stage;
    return getrandom(bytes, sizeof bytes, 0) == sizeof bytes ? 0 : errno;
}

static int print_words(struct stage *stage)
{
    (void)stage;
    return fprintf(stderr, "%s, %.3f: printed by a closed worker\n", strerror(ENOSPC), 0.5) > 0
               ? 0
               : errno;
}

/* SubjectPublicKeyInfo of an RSA key of 512 bits, as a DKIM record holds it. */
static const unsigned char rsa_key[] = {
    0x30, 0x5c, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05,
    0x00, 0x03, 0x4b, 0x00, 0x30, 0x48, 0x02, 0x41, 0x00, 0xc7, 0x11, 0x35, 0x5b, 0x77, 0x01, 0x9d,
    0x21, 0x42, 0x86, 0x13, 0x99, 0x0a, 0x5e, 0x3f, 0x60, 0x7b, 0x2c, 0x8d, 0x11, 0xee, 0x4f, 0x90,
    0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf1, 0x21, 0x43, 0x65, 0x87, 0xa9, 0xcb, 0xed, 0x0f,
    0x31, 0x52, 0x73, 0x94, 0xb5, 0xd6, 0xf7, 0x18, 0x39, 0x5a, 0x7b, 0x9c, 0xbd, 0xde, 0xff, 0x10,
    0x21, 0x32, 0x43, 0x54, 0x65, 0x76, 0x87, 0x98, 0xa9, 0x02, 0x03, 0x01, 0x00, 0x01,
};

static int use_openssl(struct stage *stage)
{
    const unsigned char *at = rsa_key;
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, sizeof rsa_key);
    int bits = key == NULL ? 0 : EVP_PKEY_bits(key);

    (void)stage;
    EVP_PKEY_free(key);
    if (EVP_Digest("a", 1, digest, NULL, EVP_sha1(), NULL) != 1 ||
        EVP_Digest("a", 1, digest, NULL, EVP_sha256(), NULL) != 1)
        return BROKEN;
    return bits == 512 ? 0 : BROKEN;
}

static int use_idn2(struct stage *stage)
{
    uint8_t *ascii = NULL;
    char *text = NULL;
    int code = idn2_lookup_u8((const uint8_t *)"fa\xC3\x9F.de", &ascii, IDN2_NONTRANSITIONAL);

    (void)stage;
    if (code == IDN2_OK)
        code = idn2_to_unicode_8z8z((const char *)ascii, &text, 0);
    idn2_free(ascii);
    idn2_free(text);
    return code == IDN2_OK ? 0 : BROKEN;
}

static int compare_ints(const void *a, const void *b)
{
    return *(const int *)a < *(const int *)b ? -1 : 1;
}

static int use_sort(struct stage *stage)
{
    int numbers[5000];

    (void)stage;
    for (int i = 0; i < 5000; i++)
        numbers[i] = i * 7919 % 5003;
    qsort(numbers, 5000, sizeof *numbers, compare_ints);
    return numbers[0] <= numbers[1] ? 0 : BROKEN;
}

static int use_zstd(struct stage *stage)
{
    enum { SIZE = 1 << 20 };
    size_t room = ZSTD_compressBound(SIZE);
    char *raw = calloc(1, SIZE), *packed = malloc(room);
    size_t len = raw == NULL || packed == NULL ? 0 : ZSTD_compress(packed, room, raw, SIZE, 3);

    (void)stage;
    free(raw);
    free(packed);
    return len > 0 && !ZSTD_isError(len) ? 0 : BROKEN;
}

static struct scene {
    const char *label;
    enum shut what;
    int want;
    attempt *before, *tried;
} scenes[] = {
    {"files, nothing shut: open", NOTHING, WORKS, NULL, open_passwd},
    {"files: open", DOOR, DIES, NULL, open_passwd},
    {"files: list a folder", DOOR, DIES, NULL, list_root},
    {"files: run a program", DOOR, DIES, NULL, run_true},
    {"files, Landlock alone: open", LANDLOCK, EACCES, NULL, open_passwd},
    {"files, Landlock alone: list a folder", LANDLOCK, EACCES, NULL, list_root},
    {"files, Landlock alone: make a folder", LANDLOCK, EACCES, NULL, make_folder},
    {"files, Landlock alone: run a program", LANDLOCK, EACCES, NULL, run_true},

    {"processes, nothing shut: the parent", NOTHING, WORKS, NULL, probe_parent},
    {"processes: the parent", DOOR, DIES, NULL, probe_parent},
    {"processes: itself", DOOR, EPERM, NULL, signal_self},
    {"processes: the parent, as abort() does", DOOR, EPERM, note_parent, abort_parent},
    {"processes: abort()", DOOR, -SIGABRT, NULL, call_abort},
    {"processes, Landlock alone: the parent", LANDLOCK, EPERM, NULL, probe_parent},

    {"TCP, nothing shut: connect", NOTHING, WORKS, listen_somewhere, connect_tcp},
    {"TCP, nothing shut: connect by sending", NOTHING, WORKS, listen_somewhere, connect_by_sending},
    {"TCP: connect", DOOR, EACCES, listen_somewhere, connect_tcp},
    {"TCP: connect by sending", DOOR, EPIPE, listen_somewhere, connect_by_sending},
    {"TCP: connect to the port of a stub", DOOR, WORKS, listen_on_stub, connect_tcp},
    {"TCP: connect to port 53", DOOR, WORKS, listen_on_53, connect_tcp},
    {"TCP: bind", DOOR, EACCES, NULL, bind_tcp},
    {"TCP: bind to no port", DOOR, WORKS, NULL, bind_tcp_to_no_port},
    {"Unix sockets, nothing shut: abstract", NOTHING, WORKS, open_abstract, connect_abstract},
    {"UDP: question and answer", DOOR, WORKS, open_udp, talk_udp},
    {"IPv6: UDP and TCP sockets", DOOR, WORKS, NULL, open_ipv6},

    {"the loop: epoll", DOOR, WORKS, open_pair, wait_with_epoll},
    {"memory", DOOR, WORKS, NULL, use_memory},
    {"clocks and time zones", DOOR, WORKS, NULL, use_clocks},
    {"random bytes", DOOR, WORKS, NULL, use_random},
    {"standard error", DOOR, WORKS, NULL, print_words},
    {"OpenSSL: digests and keys", DOOR, WORKS, NULL, use_openssl},
    {"libidn2", DOOR, WORKS, NULL, use_idn2},
    {"a large sort", DOOR, WORKS, NULL, use_sort},
    {"zstd", DOOR, WORKS, NULL, use_zstd},
};

static void ends_as_the_scene_says(void **state)
{
    const struct scene *scene = *state;
    int got;

    if (scene->what == DOOR)
        need_sandbox();
    got = try_in_child(scene->what, scene->before, scene->tried);
    if (got == SKIP) {
        print_message("%s: this machine lacks what it takes\n", scene->label);
        skip();
    }
    assert_int_equal(got, scene->want);
}

/* Landlock's scope is the domain of the caller: a listener made by another process is outside. */
static void foreign_abstract_socket_is_refused(void **state)
{
    struct stage stage = empty_stage();
    pid_t child;
    int got;

    (void)state;
    assert_int_equal(open_abstract(&stage), 0);
    child = fork();
    if (child == 0) {
        shut(LANDLOCK, &stage);
        _exit(connect_abstract(&stage));
    }
    got = outcome_of(child);
    (void)close(stage.fd);
    (void)close(stage.peer);
    if (got == SKIP)
        skip();
    assert_int_equal(got, EPERM);
}

/* ---- options */

static void ports_of_servers(void **state)
{
    const struct resolve_options resolve = {
        .stubs = {{"a=127.0.0.1", "b=::1@5300", "c=127.0.0.1@53", "d=127.0.0.1@70000", "e"}, 5},
        .forwarders = {{"127.0.0.2@5300", "127.0.0.1@853", "::1"}, 3},
    };
    struct door_options options;

    (void)state;
    door_options_init(&options, &resolve);
    assert_int_equal(options.tcp_port_count, 3);
    assert_int_equal(options.tcp_ports[0], 53);
    assert_int_equal(options.tcp_ports[1], 5300);
    assert_int_equal(options.tcp_ports[2], 853);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(scenes) + 2];
    size_t count = 0;

    (void)raise_loopback(); /* in a namespace of its own; elsewhere it is up, or not ours */
    for (size_t i = 0; i < COUNT(scenes); i++)
        tests[count++] =
            (struct CMUnitTest){scenes[i].label, ends_as_the_scene_says, NULL, NULL, &scenes[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(foreign_abstract_socket_is_refused);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(ports_of_servers);
    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
