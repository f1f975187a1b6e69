// The door as its owner sees it: started with a listener, stopped in order.

import Glibc
public import IORing
import Synchronization
public import TLS
public import WireBytes

/// Does the handshakes of a listener on a thread of its own, so that they never delay those who watch,
/// and hands over sockets with their keys.
public final class SecureDoor: Sendable {
    /// Where it listens.
    public let address: IPEndpoint
    private let counters = DoorCounters()
    private let stopRequested = Atomic<Bool>(false)
    private let wakeSignal: WakeSignal
    private let thread = Mutex<PlainThread?>(nil)

    /// What a door needs of others.
    public struct Parts: Sendable {
        /// What is spoken inside.
        public var inside: Handshake.Inside
        /// The certificates in force, asked for each connection.
        public var context: @Sendable () -> SecureContext
        /// Whether an address is a proxy of ours, whose PROXY header says whom it brings. What others
        /// say of where they come from isn't believed.
        public var trusts: @Sendable (IPAddress) -> Bool
        /// Takes over who has come through, on the door's thread.
        public var onArrival: @Sendable (SecureArrival) -> Void
        /// Is told what goes wrong: the first of its kind, and then at most one a minute.
        public var onNews: @Sendable (DoorFailure, IPEndpoint) -> Void

        /// All of them.
        public init(
            inside: Handshake.Inside, context: @escaping @Sendable () -> SecureContext,
            trusts: @escaping @Sendable (IPAddress) -> Bool = { _ in false },
            onArrival: @escaping @Sendable (SecureArrival) -> Void,
            onNews: @escaping @Sendable (DoorFailure, IPEndpoint) -> Void = { _, _ in }
        ) {
            self.inside = inside
            self.context = context
            self.trusts = trusts
            self.onArrival = onArrival
            self.onNews = onNews
        }
    }

    /// Starts to listen.
    ///
    /// - Parameter name: its thread's, up to 15 bytes.
    /// - Throws: `RingError` where the system has no thread or descriptor left.
    public init(
        name: String, listener: consuming Listener, settings: SecureDoorSettings, parts: Parts
    ) throws(RingError) {
        address = listener.address
        wakeSignal = try WakeSignal()
        let loop = try DoorLoop(
            listener: listener, wake: wakeSignal.descriptor, settings: settings, parts: parts,
            counters: counters)
        let carried = Mutex<DoorLoop?>(loop)
        let thread = try PlainThread(name: name) { [self] in
            _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, SecureDoorSettings.niceness)
            carried.withLock { loop in
                loop?.run { [self] in stopRequested.load(ordering: .acquiring) }
                loop = nil
            }
        }
        self.thread.withLock { $0 = thread }
    }

    /// What it has seen.
    public var counts: DoorCounts { counters.value }

    /// Takes nobody in any more, ends what is under way and waits for the thread.
    public func stop() {
        stopRequested.store(true, ordering: .releasing)
        var one: UInt64 = 1
        // It can only fail when 2^64 - 2 wake-ups are waiting, and then the door wakes anyway.
        _ = unsafe write(wakeSignal.descriptor, &one, 8)
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }
}
