// Which of many sockets have something to tell (epoll(7)).

import CLinux
import Glibc
import IORing
import WireBytes

/// An epoll descriptor. Rings have slots instead of descriptors; who hands descriptors on keeps them.
struct EventPoll: ~Copyable {
    /// What a socket has told.
    struct Event {
        let descriptor: Int32
        /// Bytes have come, or it is over: reading tells which.
        let isReadable: Bool
        let isWritable: Bool
    }

    private let descriptor: Int32

    init() throws(RingError) {
        descriptor = fanfare_epoll_make()
        guard descriptor >= 0 else { throw .setup(errno: errno, disabledSetting: nil) }
    }

    deinit { close(descriptor) }

    // These fail only for descriptors that aren't ours, of which there are none here.
    func add(_ other: Int32) { _ = fanfare_epoll_add(descriptor, other) }
    func change(_ other: Int32, waitsToSend: Bool) {
        _ = fanfare_epoll_change(descriptor, other, waitsToSend ? 1 : 0)
    }
    func remove(_ other: Int32) { _ = fanfare_epoll_remove(descriptor, other) }

    /// Waits until something is told, or the time is over.
    func wait(ms: Int) -> [Event] {
        var events = [fanfare_epoll_event](
            repeating: fanfare_epoll_event(), count: SecureDoorSettings.eventCountMax)
        let count = unsafe fanfare_epoll_wait(descriptor, &events, Int32(ms))
        guard count > 0 else { return [] }
        return events[..<Int(count)].map { event in
            Event(
                descriptor: event.descriptor, isReadable: event.is_readable != 0,
                isWritable: event.is_writable != 0)
        }
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
