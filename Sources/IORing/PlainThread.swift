// A thread of the system, for what owns a ring.

import CLinux
import Glibc

/// A named thread that can be waited for.
public final class PlainThread: @unchecked Sendable {
    private let handle: pthread_t

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: up to 15 bytes, as `top -H` shows it.
    ///   - processor: where it is to stay; nil for wherever.
    /// - Throws: `RingError.thread` where the system has no more of them.
    public init(
        name: String, processor: Int? = nil, _ run: @escaping @Sendable () -> Void
    ) throws(RingError) {
        var handle = pthread_t()
        let body = unsafe Unmanaged.passRetained(
            Body {
                _ = unsafe fanfare_name_thread(name)
                if let processor { _ = fanfare_pin_thread(UInt32(processor)) }
                run()
            })
        let code = unsafe pthread_create(
            &handle, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            unsafe body.release()
            throw .thread(name: name, errno: code)
        }
        self.handle = handle
    }

    /// Waits until it has ended. At most once.
    public func join() { pthread_join(handle, nil) }
}
