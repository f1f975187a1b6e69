// Calls that glibc declares only to _GNU_SOURCE, which Swift's importer isn't.
#ifndef FANFARE_CLINUX_H
#define FANFARE_CLINUX_H

#include <linux/falloc.h>
#include <linux/memfd.h>
#include <stdint.h>
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

// For how long the peer's receive window was what held up sending, in microseconds; -1 where the
// kernel doesn't say.
int fanfare_window_limited_us(int descriptor, uint64_t *us);

#endif
