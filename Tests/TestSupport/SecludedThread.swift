// A thread with a world of its own: mounts or a network that nobody else sees.

import Glibc

/// Threads that leave one of the kernel's namespaces.
public enum SecludedThread {
    private final class Body {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    /// Runs a body on a new thread, and waits for it. What the body leaves behind goes with the thread.
    public static func run(_ body: () throws -> Void) throws {
        var failure: (any Error)?
        withoutActuallyEscaping(body) { body in
            let run = Unmanaged.passRetained(
                Body { do { try body() } catch { failure = error } })
            var thread = pthread_t()
            let code = pthread_create(
                &thread, nil,
                { argument in
                    if let argument {
                        Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                    }
                    return nil
                }, run.toOpaque())
            precondition(code == 0, "no thread to be had")
            pthread_join(thread, nil)
        }
        if let failure { throw failure }
    }

    /// Gives this thread namespaces of its own; glibc declares the call to GNU programs only.
    ///
    /// - Parameter flags: `CLONE_NEWNS` and the like.
    /// - Returns: 0, or -1 with `errno`.
    public static func unshare(_ flags: CInt) -> CInt {
        typealias Call = @convention(c) (CInt) -> CInt
        guard let symbol = dlsym(nil, "unshare") else { return -1 }
        return unsafeBitCast(symbol, to: Call.self)(flags)
    }
}
