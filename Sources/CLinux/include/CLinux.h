// Calls that glibc declares only to _GNU_SOURCE, which Swift's importer isn't.
#ifndef FANFARE_CLINUX_H
#define FANFARE_CLINUX_H

#include <linux/falloc.h>
#include <linux/memfd.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int fanfare_memfd_create(const char *name) {
    return (int)syscall(SYS_memfd_create, name, MFD_CLOEXEC);
}

// Gives the pages of a range back to the system; they read as zero from then on.
static inline int fanfare_punch_hole(int descriptor, long offset, long length) {
    return (int)syscall(SYS_fallocate, descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                        offset, length);
}

// Names the calling thread, for top -H and perf; the kernel keeps 15 bytes.
static inline int fanfare_name_thread(const char *name) {
    return prctl(PR_SET_NAME, name, 0, 0, 0);
}

// Keeps the calling thread on one of the first 64 processors.
static inline int fanfare_pin_thread(unsigned processor) {
    unsigned long mask = 1ul << (processor & 63);
    return (int)syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask);
}

// Which of many sockets have something to tell (epoll(7)): those that may be read, or written as well.
static inline int fanfare_epoll_make(void) { return epoll_create1(EPOLL_CLOEXEC); }

static inline int fanfare_epoll_set(int epoll, int operation, int descriptor, int writes) {
    struct epoll_event event = {.events = EPOLLIN | (writes ? EPOLLOUT : 0), .data.fd = descriptor};
    return epoll_ctl(epoll, operation, descriptor, &event);
}

static inline int fanfare_epoll_add(int epoll, int descriptor) {
    return fanfare_epoll_set(epoll, EPOLL_CTL_ADD, descriptor, 0);
}

static inline int fanfare_epoll_change(int epoll, int descriptor, int writes) {
    return fanfare_epoll_set(epoll, EPOLL_CTL_MOD, descriptor, writes);
}

static inline int fanfare_epoll_remove(int epoll, int descriptor) {
    return fanfare_epoll_set(epoll, EPOLL_CTL_DEL, descriptor, 0);
}

struct fanfare_epoll_event {
    int descriptor;
    // Reading tells whether bytes have come or it is over.
    int is_readable;
    int is_writable;
};

// The number of events, of at most 64.
static inline int fanfare_epoll_wait(int epoll, struct fanfare_epoll_event *events, int ms) {
    struct epoll_event told[64];
    int count = epoll_wait(epoll, told, 64, ms);
    for (int index = 0; index < count; index++) {
        events[index].descriptor = told[index].data.fd;
        events[index].is_readable = (told[index].events & ~(unsigned)EPOLLOUT) != 0;
        events[index].is_writable = (told[index].events & EPOLLOUT) != 0;
    }
    return count;
}

// For how long the peer's receive window was what held up sending, in microseconds; -1 where the
// kernel doesn't say.
int fanfare_window_limited_us(int descriptor, uint64_t *us);

#endif
