// How much later a viewer has a frame than the publisher sent it: one program is both.
//
//   delay RTMP_PORT HTTP_PORT VIEWERS SECONDS   through a server (live/show)
//   delay 0         0         VIEWERS SECONDS   straight to as many sockets: the kernel's own part
//
// Each frame carries the time at which it was handed to the kernel. Prints
// "frames N received N mean MS p50 MS p99 MS max MS".
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FRAME = 4000, GOP = 50, INTERVAL_NS = 40000000, WARM_UP_FRAMES = 75, VIEWERS_MAX = 1000 };

static const uint8_t mark[8] = {0xF1, 0xA5, 0x0D, 0xE1, 0xA7, 0x3C, 0x5A, 0x99};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static int dial(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void write_all(int fd, const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = write(fd, bytes, count);
        if (n <= 0) fail("write");
        bytes += n;
        count -= n;
    }
}

static void read_all(int fd, uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = read(fd, bytes, count);
        if (n <= 0) fail("read");
        bytes += n;
        count -= n;
    }
}

// RTMP, as much of it as a publisher needs (Adobe's specification 1.0, sections 5.2, 5.3, 7.2).

static void message(int fd, int chunk_stream, int type, int stream, uint32_t ms,
                    const uint8_t *body, size_t count) {
    static uint8_t out[65536];
    uint8_t head[12] = {chunk_stream, ms >> 16,   ms >> 8, ms,   count >> 16, count >> 8,
                        count,        type,       stream,  0,    0,           0};
    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, body, count);
    write_all(fd, out, sizeof head + count);
}

static size_t put_string(uint8_t *out, const char *text) {
    size_t count = strlen(text);
    out[0] = 2;
    out[1] = count >> 8;
    out[2] = count;
    memcpy(out + 3, text, count);
    return count + 3;
}

static size_t put_number(uint8_t *out, double value) {
    uint64_t bits;
    memcpy(&bits, &value, 8);
    out[0] = 0;
    for (int i = 0; i < 8; i++) out[1 + i] = bits >> (56 - 8 * i);
    return 9;
}

static size_t put_member(uint8_t *out, const char *name, const char *text) {
    size_t count = strlen(name);
    out[0] = count >> 8;
    out[1] = count;
    memcpy(out + 2, name, count);
    return count + 2 + put_string(out + 2 + count, text);
}

static void await(int fd, const char *text) {
    static uint8_t seen[65536];
    size_t count = 0;
    while (!memmem(seen, count, text, strlen(text))) {
        if (count == sizeof seen) fail(text);
        ssize_t n = read(fd, seen + count, sizeof seen - count);
        if (n <= 0) fail(text);
        count += n;
    }
}

static int publish(int port) {
    static uint8_t hello[1537], answer[3073];
    int fd = dial(port);
    hello[0] = 3;
    for (size_t i = 9; i < sizeof hello; i++) hello[i] = i;
    write_all(fd, hello, sizeof hello);
    read_all(fd, answer, sizeof answer);
    write_all(fd, answer + 1, 1536);
    uint8_t body[512], size[4] = {0, 0, 0xFF, 0xFF};
    message(fd, 2, 1, 0, 0, size, 4);
    size_t n = put_string(body, "connect");
    n += put_number(body + n, 1);
    body[n++] = 3;
    n += put_member(body + n, "app", "live");
    n += put_member(body + n, "tcUrl", "rtmp://127.0.0.1/live");
    memcpy(body + n, "\0\0\11", 3);
    message(fd, 3, 20, 0, 0, body, n + 3);
    await(fd, "NetConnection.Connect.Success");
    n = put_string(body, "createStream");
    n += put_number(body + n, 2);
    body[n++] = 5;
    message(fd, 3, 20, 0, 0, body, n);
    await(fd, "_result");
    n = put_string(body, "publish");
    n += put_number(body + n, 3);
    body[n++] = 5;
    n += put_string(body + n, "show");
    n += put_string(body + n, "live");
    message(fd, 4, 20, 1, 0, body, n);
    await(fd, "NetStream.Publish.Start");
    return fd;
}

// A frame with the time in it.
static void send_frame(int fd, int number, int is_direct) {
    static uint8_t body[FRAME];
    memset(body, 0x11, sizeof body);
    body[0] = number % GOP == 0 ? 0x17 : 0x27;
    body[1] = 1;
    body[2] = body[3] = body[4] = 0;
    memcpy(body + 16, mark, sizeof mark);
    memcpy(body + 24, &number, 4);
    int64_t now = now_ns();
    memcpy(body + 28, &now, 8);
    if (is_direct)
        write_all(fd, body, sizeof body);
    else
        message(fd, 6, 9, 1, number * 40, body, sizeof body);
}

static double *delays;
static size_t delay_count, delay_max;

struct viewer {
    int fd;
    size_t kept;
    uint8_t bytes[65536 + 64];
};

// Finds the marks in what has come, however it is cut.
static void look(struct viewer *viewer, size_t count, int64_t now) {
    uint8_t *from = viewer->bytes, *end = viewer->bytes + count, *found;
    while ((found = memmem(from, end - from, mark, sizeof mark)) && found + 20 <= end) {
        int number;
        int64_t sent;
        memcpy(&number, found + 8, 4);
        memcpy(&sent, found + 12, 8);
        if (number >= WARM_UP_FRAMES && delay_count < delay_max)
            delays[delay_count++] = (now - sent) / 1e6;
        from = found + 20;
    }
    if (end - from > 27) from = end - 27;
    viewer->kept = end - from;
    memmove(viewer->bytes, from, viewer->kept);
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: delay RTMP_PORT HTTP_PORT VIEWERS SECONDS\n");
        return 2;
    }
    int rtmp_port = atoi(argv[1]), http_port = atoi(argv[2]), count = atoi(argv[3]);
    int frames = atoi(argv[4]) * 25 + WARM_UP_FRAMES, is_direct = rtmp_port == 0;
    if (count < 1 || count > VIEWERS_MAX || frames <= WARM_UP_FRAMES) {
        fprintf(stderr, "delay: 1 to %d viewers, at least 1 second\n", VIEWERS_MAX);
        return 2;
    }
    delay_max = (size_t)count * frames;
    delays = malloc(delay_max * sizeof *delays);
    struct viewer *viewers = calloc(count, sizeof *viewers);
    int *ends = calloc(count, sizeof *ends);
    int epoll = epoll_create1(0), publisher = -1, listener = -1, port = http_port;
    if (!delays || !viewers || !ends || epoll < 0) fail("memory");
    if (is_direct) {
        struct sockaddr_in address = {.sin_family = AF_INET};
        socklen_t size = sizeof address;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        listener = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, count)) fail("bind");
        getsockname(listener, (struct sockaddr *)&address, &size);
        port = ntohs(address.sin_port);
    } else {
        publisher = publish(rtmp_port);
        const uint8_t header[] = {0x17, 0, 0, 0, 0, 1, 0x42, 0, 0x1E, 0xFF, 0xE1, 0, 0, 0};
        message(publisher, 6, 9, 1, 0, header, sizeof header);
        send_frame(publisher, 0, 0);
    }
    for (int i = 0; i < count; i++) {
        viewers[i].fd = dial(port);
        if (is_direct) {
            ends[i] = accept(listener, NULL, NULL);
        } else {
            static const char request[] = "GET /live/show.flv HTTP/1.1\r\nHost: localhost\r\n\r\n";
            write_all(viewers[i].fd, (const uint8_t *)request, sizeof request - 1);
        }
        fcntl(viewers[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &viewers[i]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, viewers[i].fd, &event)) fail("epoll");
    }
    int64_t due = now_ns();
    for (int number = 1; number <= frames;) {
        int64_t now = now_ns();
        if (now >= due) {
            // Straight to the sockets, every viewer's copy has its own time: one write each.
            if (is_direct)
                for (int i = 0; i < count; i++) send_frame(ends[i], number, 1);
            else
                send_frame(publisher, number, 0);
            number++;
            due += INTERVAL_NS;
            continue;
        }
        struct epoll_event events[64];
        struct timespec wait = {.tv_nsec = due - now};
        int n = epoll_pwait2(epoll, events, 64, &wait, NULL);
        for (int i = 0; i < n; i++) {
            struct viewer *viewer = events[i].data.ptr;
            ssize_t got = read(viewer->fd, viewer->bytes + viewer->kept,
                               sizeof viewer->bytes - viewer->kept);
            if (got == 0) fail("a viewer was sent away");
            if (got > 0) look(viewer, viewer->kept + got, now_ns());
        }
    }
    size_t expected = (size_t)count * (frames - WARM_UP_FRAMES);
    if (delay_count < expected * 9 / 10) {
        fprintf(stderr, "delay: %zu frames received of %zu\n", delay_count, expected);
        return 1;
    }
    qsort(delays, delay_count, sizeof *delays, by_value);
    double sum = 0;
    for (size_t i = 0; i < delay_count; i++) sum += delays[i];
    printf("frames %d received %zu mean %.3f p50 %.3f p99 %.3f max %.3f\n", frames - WARM_UP_FRAMES,
           delay_count, sum / delay_count, delays[delay_count / 2],
           delays[delay_count * 99 / 100], delays[delay_count - 1]);
    return 0;
}
