// The floor: what fanning one FLV out to a crowd costs on a bare ring, with nothing else.
//
// floor PORT FILE.flv MERGE_MS SLOTS
//
// Every connection is answered with the same head and then gets the file's tags in real time,
// over and over, a merge interval's worth in a send, the crowd spread over 16 phases, as the
// server does it. No HTTP is understood, no viewer is ever late, nothing is counted.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PHASES = 16, ENTRIES = 256, OP_ACCEPT = 1, OP_READ, OP_HEAD, OP_SEND, OP_CLOSE };

struct viewer {
    uint64_t cursor;
    char live;
};

static struct io_uring ring;
static struct viewer *viewers;
static unsigned slot_count;
static int listener;
// The file's tags twice in a row, so that a send never has to be cut at the end.
static char *bytes;
static uint64_t file_bytes;
static uint64_t *tag_end;
static uint32_t *tag_ms;
static unsigned tag_count;
static uint32_t loop_ms;
static char request[4096];
static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: video/x-flv\r\n"
                           "Connection: close\r\n\r\nFLV\1\5\0\0\0\11\0\0\0\0";

static void die(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}

static void load(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    unsigned char *raw = malloc(size);
    if (fread(raw, 1, size, file) != (size_t)size) die(path);
    fclose(file);
    file_bytes = size - 13;
    bytes = malloc(file_bytes * 2);
    memcpy(bytes, raw + 13, file_bytes);
    memcpy(bytes + file_bytes, raw + 13, file_bytes);
    tag_end = malloc(sizeof *tag_end * (size / 15 + 1));
    tag_ms = malloc(sizeof *tag_ms * (size / 15 + 1));
    for (uint64_t at = 0; at + 15 <= file_bytes;) {
        unsigned char *tag = raw + 13 + at;
        at += 15 + (tag[1] << 16 | tag[2] << 8 | tag[3]);
        tag_end[tag_count] = at;
        tag_ms[tag_count++] = tag[4] << 16 | tag[5] << 8 | tag[6] | (uint32_t)tag[7] << 24;
    }
    loop_ms = tag_ms[tag_count - 1] + 20;
    free(raw);
}

// How many bytes there are at a time, as whole tags.
static uint64_t head_at(uint64_t ms) {
    static unsigned next;
    static uint64_t rounds;
    while (rounds * loop_ms + tag_ms[next] <= ms)
        if (++next == tag_count) {
            next = 0;
            rounds++;
        }
    return rounds * file_bytes + (next ? tag_end[next - 1] : 0);
}

static struct io_uring_sqe *entry(void) {
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
    if (sqe) return sqe;
    io_uring_submit_and_get_events(&ring);
    return io_uring_get_sqe(&ring);
}

static void tag_entry(struct io_uring_sqe *sqe, unsigned op, unsigned slot, unsigned flags) {
    sqe->flags |= flags;
    sqe->user_data = (uint64_t)op << 32 | slot;
}

static void arm_accept(void) {
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_multishot_accept_direct(sqe, listener, NULL, NULL, 0);
    tag_entry(sqe, OP_ACCEPT, 0, 0);
}

static void drop(unsigned slot) {
    viewers[slot].live = 0;
    struct io_uring_sqe *sqe = entry();
    io_uring_prep_close_direct(sqe, slot);
    tag_entry(sqe, OP_CLOSE, slot, IOSQE_CQE_SKIP_SUCCESS);
}

static void completed(struct io_uring_cqe *cqe, uint64_t head_bytes) {
    unsigned op = cqe->user_data >> 32, slot = (unsigned)cqe->user_data;
    struct io_uring_sqe *sqe;
    switch (op) {
    case OP_ACCEPT:
        if (cqe->res >= 0) {
            sqe = entry();
            io_uring_prep_recv(sqe, cqe->res, request, sizeof request, 0);
            tag_entry(sqe, OP_READ, cqe->res, IOSQE_FIXED_FILE);
        }
        if (!(cqe->flags & IORING_CQE_F_MORE)) arm_accept();
        break;
    case OP_READ:
        if (cqe->res <= 0) {
            drop(slot);
            break;
        }
        viewers[slot].cursor = head_bytes;
        viewers[slot].live = 1;
        sqe = entry();
        io_uring_prep_send(sqe, slot, head, sizeof head - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        tag_entry(sqe, OP_HEAD, slot, IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS);
        break;
    case OP_HEAD:
    case OP_SEND:
        // A short send in a run on an idle loopback is not the floor's business.
        if (cqe->res < 0 && cqe->res != -EAGAIN && viewers[slot].live) drop(slot);
        break;
    }
}

static void drain(uint64_t head_bytes) {
    struct io_uring_cqe *cqe;
    unsigned at, count = 0;
    io_uring_for_each_cqe(&ring, at, cqe) {
        completed(cqe, head_bytes);
        count++;
    }
    io_uring_cq_advance(&ring, count);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: floor PORT FILE.flv MERGE_MS SLOTS\n");
        return 2;
    }
    load(argv[2]);
    uint64_t step_ns = strtoull(argv[3], NULL, 10) * 1000000ull / PHASES;
    slot_count = strtoul(argv[4], NULL, 10);
    viewers = calloc(slot_count, sizeof *viewers);

    listener = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1, low = 128 << 10;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(listener, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &low, sizeof low);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(atoi(argv[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address)) die("bind");
    if (listen(listener, 4096)) die("listen");

    struct io_uring_params parameters = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN |
                 IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE,
        .cq_entries = 8192};
    if (io_uring_queue_init_params(ENTRIES, &ring, &parameters)) die("io_uring");
    io_uring_register_ring_fd(&ring);
    if (io_uring_register_files_sparse(&ring, slot_count)) die("direct descriptors");
    arm_accept();

    uint64_t start = now_ns(), due = start;
    for (unsigned phase = 0;; phase = (phase + 1) % PHASES) {
        uint64_t now = now_ns();
        uint64_t head_bytes = head_at((now - start) / 1000000);
        while (now < due) {
            struct __kernel_timespec wait = {.tv_sec = (due - now) / 1000000000,
                                             .tv_nsec = (due - now) % 1000000000};
            struct io_uring_cqe *cqe;
            io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &wait, NULL);
            drain(head_bytes);
            now = now_ns();
        }
        due = due + step_ns < now ? now : due + step_ns;
        head_bytes = head_at((now - start) / 1000000);
        for (unsigned slot = phase; slot < slot_count; slot += PHASES) {
            struct viewer *viewer = &viewers[slot];
            if (!viewer->live || viewer->cursor == head_bytes) continue;
            struct io_uring_sqe *sqe = entry();
            io_uring_prep_send(sqe, slot, bytes + viewer->cursor % file_bytes,
                               head_bytes - viewer->cursor,
                               MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL);
            tag_entry(sqe, OP_SEND, slot, IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS);
            viewer->cursor = head_bytes;
        }
        io_uring_submit_and_get_events(&ring);
        drain(head_bytes);
    }
}
