// Which of many sockets have something to tell (epoll(7)).

import Glibc
import IORing
import WireBytes

/// An epoll descriptor. Rings have slots instead of descriptors; who hands descriptors on keeps them.
struct EventPoll: ~Copyable {
    /// What is asked of a socket.
    enum Interest {
        case readable
        case both
    }

    /// What a socket has told.
    struct Event {
        let descriptor: Int32
        /// Bytes have come, or it is over: reading tells which.
        let isReadable: Bool
        let isWritable: Bool
    }

    private let descriptor: Int32

    init() throws(RingError) {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC.rawValue))
        guard descriptor >= 0 else { throw .setup(errno: errno, disabledSetting: nil) }
    }

    deinit { close(descriptor) }

    func add(_ other: Int32, _ interest: Interest) { control(EPOLL_CTL_ADD, other, interest) }
    func change(_ other: Int32, _ interest: Interest) { control(EPOLL_CTL_MOD, other, interest) }
    func remove(_ other: Int32) { control(EPOLL_CTL_DEL, other, .readable) }

    /// Waits until something is told, or the time is over.
    func wait(ms: Int) -> [Event] {
        let countMax = SecureDoorSettings.eventCountMax
        var events = [epoll_event](repeating: epoll_event(), count: countMax)
        let count = unsafe epoll_wait(descriptor, &events, Int32(countMax), Int32(ms))
        guard count > 0 else { return [] }
        let writable = EPOLLOUT.rawValue
        return events[..<Int(count)].map { event in
            Event(
                descriptor: unsafe event.data.fd, isReadable: event.events & ~writable != 0,
                isWritable: event.events & writable != 0)
        }
    }

    private func control(_ operation: Int32, _ other: Int32, _ interest: Interest) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (interest == .both ? EPOLLOUT.rawValue : 0)
        unsafe event.data.fd = other
        // It fails only for descriptors that aren't ours, which there are none of here.
        _ = unsafe epoll_ctl(descriptor, operation, other, &event)
    }
}

/// Accepting without waiting.
enum AcceptedSocket {
    /// The next connection of a listener; nil with `errno` where there is none.
    static func next(of listener: Int32) -> (descriptor: Int32, peer: IPEndpoint)? {
        let buffer = PeerAddressBuffer()
        let descriptor = buffer.accept(listener)
        return descriptor >= 0 ? (descriptor, buffer.value) : nil
    }
}
