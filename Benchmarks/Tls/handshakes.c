// Full handshakes at a steady rate: connects, shakes hands with TLS 1.3, and leaves. No session is taken
// up again, so that the server signs every time.
//
// handshakes PORT A_SECOND SECONDS
//
// Prints one line: handshakes a second that were done, how many failed, and how long one took, ms: the
// median and the 99th percentile.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { event_count = 256, in_flight_max = 512, patience_s = 10 };

struct shake {
    int fd;
    SSL *ssl;
    double begun;
};

static int poller, in_flight, done_count, failed_count;
static double *took_ms;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void end(struct shake *shake, int is_done) {
    if (is_done) took_ms[done_count++] = (now() - shake->begun) * 1000;
    else failed_count++;
    // Whoever closes first keeps the port: a reset gives it back at once.
    struct linger reset = {.l_onoff = 1};
    setsockopt(shake->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    SSL_free(shake->ssl);
    close(shake->fd);
    free(shake);
    in_flight--;
}

static void go_on(struct shake *shake) {
    int code = SSL_do_handshake(shake->ssl);
    if (code == 1) return end(shake, 1);
    int error = SSL_get_error(shake->ssl, code);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return end(shake, 0);
    struct epoll_event event = {
        .events = error == SSL_ERROR_WANT_READ ? EPOLLIN : EPOLLOUT, .data.ptr = shake};
    if (epoll_ctl(poller, EPOLL_CTL_MOD, shake->fd, &event) < 0) fail("epoll_ctl");
}

static void begin(SSL_CTX *context, int port) {
    struct shake *shake = calloc(1, sizeof *shake);
    if (!shake) fail("memory");
    shake->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (shake->fd < 0) fail("socket");
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    shake->begun = now();
    if (connect(shake->fd, (struct sockaddr *)&to, sizeof to) < 0 && errno != EINPROGRESS)
        fail("connect");
    shake->ssl = SSL_new(context);
    SSL_set_fd(shake->ssl, shake->fd);
    SSL_set_tlsext_host_name(shake->ssl, "localhost");
    SSL_set_connect_state(shake->ssl);
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = shake};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, shake->fd, &event) < 0) fail("epoll_ctl");
    in_flight++;
}

static int compare(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fprintf(stderr, "usage: handshakes PORT A_SECOND SECONDS\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    int port = atoi(argv[1]);
    double rate = atof(argv[2]), seconds = atof(argv[3]);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    if (!context) fail("OpenSSL");
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    int wanted = (int)(rate * seconds), begun_count = 0;
    took_ms = calloc((size_t)wanted + 1, sizeof *took_ms);
    poller = epoll_create1(EPOLL_CLOEXEC);
    if (!took_ms || poller < 0) fail("memory");
    double start = now();
    while (done_count + failed_count < wanted && now() - start < seconds + patience_s) {
        int due = (int)((now() - start) * rate) + 1;
        while (begun_count < wanted && begun_count < due && in_flight < in_flight_max) {
            begin(context, port);
            begun_count++;
        }
        struct epoll_event events[event_count];
        int count = epoll_wait(poller, events, event_count, 1);
        for (int i = 0; i < count; i++) go_on(events[i].data.ptr);
    }
    double elapsed = now() - start;
    qsort(took_ms, (size_t)done_count, sizeof *took_ms, compare);
    printf("%.1f %d %.1f %.1f\n", done_count / (elapsed > seconds ? elapsed : seconds),
           wanted - done_count, took_ms[done_count / 2], took_ms[done_count * 99 / 100]);
    return 0;
}
