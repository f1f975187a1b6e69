// A crowd that costs its processor little: it shakes hands, asks for a stream, and throws away what
// comes without opening it, so that what is measured is the server. One viewer more opens all of it,
// and sees that it is a stream.
//
// crowd PORT PATH VIEWERS SECONDS plain|1.3|1.2 PID [FILE]
//
// Writes a line a second to FILE, once all have come: the time by the monotonic clock, s; the longest
// that anybody waited for bytes in that second, ms; and how many were lost so far.
// Prints one line: viewers, bytes a second of all, CPU-s per GB of PID and its children, bytes of
// resident memory that one viewer more needs, viewers lost, and whether the one that opens records saw a stream.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { connecting_max = 64, event_count = 256, join_ms_max = 120000 };

struct viewer {
    int fd;
    SSL *ssl;
    double heard;
    enum { idle, connecting, shaking, watching, gone } state;
};

static struct viewer *viewers;
static int viewer_count, invited_count, shaking_count, watching_count, lost_count, next_viewer;
static int is_tls, port;
static uint64_t byte_count;
static double longest_pause;
static char request[512];
static SSL_CTX *context;
static int poller;

static void fail(const char *what) {
    fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// CPU seconds of a process and of all that it started and that is still there.
static double cpu_of(const char *pids) {
    double sum = 0;
    char list[256];
    snprintf(list, sizeof list, "%s", pids);
    for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) {
        char path[64], text[1024];
        snprintf(path, sizeof path, "/proc/%s/stat", pid);
        FILE *file = fopen(path, "r");
        if (!file) fail(path);
        size_t count = fread(text, 1, sizeof text - 1, file);
        fclose(file);
        text[count] = 0;
        char *end = strrchr(text, ')');
        unsigned long user = 0, system = 0;
        if (!end || sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                           &system) != 2)
            fail("the process's times");
        sum += (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
    }
    return sum;
}

static long resident_of(const char *pids) {
    long sum = 0;
    char list[256];
    snprintf(list, sizeof list, "%s", pids);
    for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) {
        char path[64];
        long all = 0, resident = 0;
        snprintf(path, sizeof path, "/proc/%s/statm", pid);
        FILE *file = fopen(path, "r");
        if (!file || fscanf(file, "%ld %ld", &all, &resident) != 2) fail(path);
        fclose(file);
        sum += resident * sysconf(_SC_PAGESIZE);
    }
    return sum;
}

static void watch(struct viewer *viewer, uint32_t events, int operation) {
    struct epoll_event event = {.events = events, .data.ptr = viewer};
    if (epoll_ctl(poller, operation, viewer->fd, &event) < 0) fail("epoll_ctl");
}

static void lose(struct viewer *viewer) {
    if (viewer->state == watching) watching_count--; else shaking_count--;
    if (viewer->ssl) SSL_free(viewer->ssl);
    viewer->ssl = NULL;
    close(viewer->fd);
    viewer->state = gone;
    lost_count++;
}

static void begin(struct viewer *viewer) {
    viewer->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (viewer->fd < 0) fail("socket");
    // Sources of their own: one address has no more than some 28 000 ports.
    struct sockaddr_in from = {.sin_family = AF_INET};
    from.sin_addr.s_addr = htonl(0x7f000002u + (uint32_t)((viewer - viewers) / 5000));
    int one = 1;
    setsockopt(viewer->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(viewer->fd, (struct sockaddr *)&from, sizeof from) < 0) fail("bind");
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(viewer->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
        fail("connect");
    viewer->state = connecting;
    shaking_count++;
    watch(viewer, EPOLLOUT, EPOLL_CTL_ADD);
}

// Goes on with a handshake, asks, and forgets its keys: what comes is counted and not opened.
static void shake(struct viewer *viewer) {
    if (viewer->state == connecting) {
        viewer->state = shaking;
        if (is_tls) {
            viewer->ssl = SSL_new(context);
            SSL_set_fd(viewer->ssl, viewer->fd);
            SSL_set_tlsext_host_name(viewer->ssl, "localhost");
            SSL_set_connect_state(viewer->ssl);
        }
    }
    int sent;
    if (is_tls) {
        int code = SSL_do_handshake(viewer->ssl);
        if (code != 1) {
            int error = SSL_get_error(viewer->ssl, code);
            if (error == SSL_ERROR_WANT_READ) watch(viewer, EPOLLIN, EPOLL_CTL_MOD);
            else if (error == SSL_ERROR_WANT_WRITE) watch(viewer, EPOLLOUT, EPOLL_CTL_MOD);
            else lose(viewer);
            return;
        }
        sent = SSL_write(viewer->ssl, request, (int)strlen(request));
        // The socket stays, without what made its keys.
        SSL_set_quiet_shutdown(viewer->ssl, 1);
        SSL_free(viewer->ssl);
        viewer->ssl = NULL;
    } else {
        sent = (int)send(viewer->fd, request, strlen(request), MSG_NOSIGNAL);
    }
    if (sent != (int)strlen(request)) return lose(viewer);
    viewer->state = watching;
    shaking_count--;
    watching_count++;
    watch(viewer, EPOLLIN, EPOLL_CTL_MOD);
}

static void discard(struct viewer *viewer) {
    static char nothing[64];
    ssize_t count = recv(viewer->fd, nothing, 1 << 20, MSG_TRUNC | MSG_DONTWAIT);
    if (count > 0) {
        double time = now();
        if (viewer->heard > 0 && time - viewer->heard > longest_pause)
            longest_pause = time - viewer->heard;
        viewer->heard = time;
        byte_count += (uint64_t)count;
    } else if (count == 0 || errno != EAGAIN) lose(viewer);
}

static void turn(int wait_ms) {
    struct epoll_event events[event_count];
    int count = epoll_wait(poller, events, event_count, wait_ms);
    for (int i = 0; i < count; i++) {
        struct viewer *viewer = events[i].data.ptr;
        if (viewer->state == watching) discard(viewer);
        else if (viewer->state != gone) shake(viewer);
    }
    while (shaking_count < connecting_max && next_viewer < invited_count)
        begin(&viewers[next_viewer++]);
}

// One viewer that opens what it gets: the stream's head has to be in it.
static const char *witness(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval patience = {.tv_sec = 10};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) return "no connection";
    SSL *ssl = NULL;
    if (is_tls) {
        ssl = SSL_new(context);
        SSL_set_fd(ssl, fd);
        SSL_set_tlsext_host_name(ssl, "localhost");
        if (SSL_connect(ssl) != 1) return "no handshake";
        SSL_write(ssl, request, (int)strlen(request));
    } else if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0) {
        return "no request";
    }
    static char text[1 << 18];
    size_t have = 0;
    while (have < sizeof text) {
        int room = (int)(sizeof text - have);
        ssize_t count = is_tls ? SSL_read(ssl, text + have, room)
                               : recv(fd, text + have, (size_t)room, 0);
        if (count <= 0) break;
        have += (size_t)count;
    }
    if (ssl) SSL_free(ssl);
    close(fd);
    if (have < sizeof text) return "it broke off";
    // A proxy may send it in chunks, whose lengths stand between the head and the stream.
    return memmem(text, 4096, "FLV\1", 4) ? "a stream" : "no stream";
}

int main(int argc, char **argv) {
    if (argc != 7 && argc != 8) {
        fprintf(stderr,
                "usage: crowd PORT PATH VIEWERS SECONDS plain|1.3|1.2 PID[,PID...] [FILE]\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    port = atoi(argv[1]);
    viewer_count = atoi(argv[3]);
    double seconds = atof(argv[4]);
    is_tls = strcmp(argv[5], "plain") != 0;
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", argv[2]);
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if ((rlim_t)viewer_count + 100 > limit.rlim_cur) {
        fprintf(stderr, "crowd: ulimit -n is %lu; raise it\n", (unsigned long)limit.rlim_cur);
        return 1;
    }
    if (is_tls) {
        context = SSL_CTX_new(TLS_client_method());
        // A trial's certificate is its own; and with AES-128-GCM the figures are of one suite.
        SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
        int version = strcmp(argv[5], "1.2") == 0 ? TLS1_2_VERSION : TLS1_3_VERSION;
        SSL_CTX_set_min_proto_version(context, version);
        SSL_CTX_set_max_proto_version(context, version);
        SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");
        SSL_CTX_set_cipher_list(
            context, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256");
    }
    viewers = calloc((size_t)viewer_count, sizeof *viewers);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!viewers || poller < 0) fail("memory");
    const char *seen = witness();
    double start = now();
    long half_resident = 0;
    // Memory is what the second half of them adds: what the process needs once, it has by then.
    for (int half = 0; half < 2; half++) {
        invited_count = half == 0 ? viewer_count / 2 : viewer_count;
        while (watching_count + lost_count < invited_count) {
            turn(100);
            if ((now() - start) * 1000 > join_ms_max) {
                fprintf(stderr, "crowd: only %d of %d joined\n", watching_count, viewer_count);
                return 1;
            }
        }
        if (half == 1) break;
        for (double end = now() + 2; now() < end;) turn(100);
        half_resident = resident_of(argv[6]);
    }
    double joined = now() - start;
    // The newest GOPs that everybody is sent at first are no part of it.
    for (double end = now() + 3; now() < end;) turn(100);
    long resident = resident_of(argv[6]) - half_resident;
    int added_count = viewer_count - viewer_count / 2;
    uint64_t bytes = byte_count;
    double cpu = cpu_of(argv[6]);
    start = now();
    // It never sleeps while it measures: on loopback whoever sends pays for waking it up, which no
    // network card asks for, and pays more of it the longer a send takes to seal.
    FILE *seconds_file = argc > 7 ? fopen(argv[7], "w") : NULL;
    if (argc > 7 && !seconds_file) fail(argv[7]);
    double second = start;
    longest_pause = 0;
    while (now() - start < seconds) {
        turn(0);
        if (!seconds_file || now() - second < 1) continue;
        second += 1;
        // Who has heard nothing at all in this second waits still.
        for (int i = 0; i < viewer_count; i++)
            if (viewers[i].state == watching && now() - viewers[i].heard > longest_pause)
                longest_pause = now() - viewers[i].heard;
        fprintf(seconds_file, "%.3f %.0f %d\n", now(), longest_pause * 1000, lost_count);
        fflush(seconds_file);
        longest_pause = 0;
    }
    if (seconds_file) fclose(seconds_file);
    double elapsed = now() - start;
    bytes = byte_count - bytes;
    cpu = cpu_of(argv[6]) - cpu;
    printf("%d %.0f %.4f %.0f %d %.1f \"%s\"\n", watching_count, (double)bytes / elapsed,
           cpu / ((double)bytes / 1e9), (double)resident / added_count,
           lost_count, joined, seen);
    return strcmp(seen, "a stream") != 0 || watching_count == 0;
}
