// liburing's static inlines for Swift, and what Swift can't import or liburing 2.3 (Debian 12)
// does not name.
//
// The order of these includes matters: <linux/io_uring.h> before <liburing.h>, after
// <sys/types.h>, or a fresh build clashes with Glibc's and SystemPackage's modules.
#ifndef FANFARE_CLIBURING_H
#define FANFARE_CLIBURING_H

#include <sys/types.h>
#include <linux/io_uring.h>
#include <liburing.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

// Set-up flags in the order we would like them; DEFER_TASKRUN needs 6.1.
static const unsigned fanfare_setup_deferred =
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL |
    IORING_SETUP_CQSIZE;
static const unsigned fanfare_setup_cooperative =
    IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE;

static const unsigned fanfare_sqe_fixed_file = IOSQE_FIXED_FILE;
static const unsigned fanfare_sqe_skip_success = IOSQE_CQE_SKIP_SUCCESS;
static const unsigned fanfare_sqe_buffer_select = IOSQE_BUFFER_SELECT;
static const unsigned fanfare_cqe_buffer = IORING_CQE_F_BUFFER;
static const unsigned fanfare_cqe_buffer_shift = IORING_CQE_BUFFER_SHIFT;
static const unsigned fanfare_cqe_more = IORING_CQE_F_MORE;

static const int fanfare_op_send_zc = IORING_OP_SEND_ZC;
static const int fanfare_eventfd_flags = EFD_CLOEXEC;

// A plain poll mask: liburing 2.3 takes it in the machine's byte order.
static inline void fanfare_prep_poll_out(struct io_uring_sqe *sqe, int slot) {
    io_uring_prep_poll_add(sqe, slot, POLLOUT);
    sqe->flags |= IOSQE_FIXED_FILE;
}

// The provided-buffer ring ends in a flexible array, which Swift does not import.
static inline void fanfare_buffer_ring_init(struct io_uring_buf_ring *ring) {
    io_uring_buf_ring_init(ring);
}
static inline void fanfare_buffer_ring_add(struct io_uring_buf_ring *ring, void *address,
                                           unsigned length, unsigned short id, unsigned entries,
                                           int offset) {
    io_uring_buf_ring_add(ring, address, length, id, (int)entries - 1, offset);
}
static inline void fanfare_buffer_ring_advance(struct io_uring_buf_ring *ring, int count) {
    io_uring_buf_ring_advance(ring, count);
}
static inline int fanfare_register_buffer_ring(struct io_uring *ring, void *memory,
                                               unsigned entries, unsigned short group) {
    struct io_uring_buf_reg registration;
    memset(&registration, 0, sizeof registration);
    registration.ring_addr = (unsigned long)memory;
    registration.ring_entries = entries;
    registration.bgid = group;
    return io_uring_register_buf_ring(ring, &registration, 0);
}

// Completions, one at a time; the inline of liburing 2.3 that does it is a macro.
static inline struct io_uring_cqe *fanfare_peek(struct io_uring *ring) {
    unsigned head = *ring->cq.khead;
    if (head == io_uring_smp_load_acquire(ring->cq.ktail)) return 0;
    return &ring->cq.cqes[head & *ring->cq.kring_mask];
}
static inline void fanfare_seen(struct io_uring *ring) { io_uring_cq_advance(ring, 1); }

#endif
