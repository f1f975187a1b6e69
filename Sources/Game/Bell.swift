// What wakes the desk's thread.

import Glibc
import Synchronization

/// Rung by any thread, waited for by one. Ringing costs a system call only when somebody sleeps.
@safe final class Bell: @unchecked Sendable {
    private let isRung = Atomic<Bool>(false)
    private let isAsleep = Atomic<Bool>(false)
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func ring() {
        isRung.store(true, ordering: .sequentiallyConsistent)
        guard isAsleep.load(ordering: .sequentiallyConsistent) else { return }
        unsafe pthread_mutex_lock(mutex)
        unsafe pthread_cond_signal(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Sleeps until it is rung, or until the time is over. What was rung before counts.
    func wait(ms: Int) {
        unsafe pthread_mutex_lock(mutex)
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        var until = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &until)
        until.tv_nsec += ms % 1000 * 1_000_000
        until.tv_sec += ms / 1000 + until.tv_nsec / 1_000_000_000
        until.tv_nsec %= 1_000_000_000
        var code: CInt = 0
        while !isRung.load(ordering: .sequentiallyConsistent), code == 0 {
            code = unsafe pthread_cond_timedwait(condition, mutex, &until)
        }
        isAsleep.store(false, ordering: .sequentiallyConsistent)
        isRung.store(false, ordering: .sequentiallyConsistent)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Sleeps for a moment, whatever rings.
    static func nap(us: Int) {
        var time = timespec(tv_sec: us / 1_000_000, tv_nsec: us % 1_000_000 * 1000)
        unsafe nanosleep(&time, nil)
    }
}
