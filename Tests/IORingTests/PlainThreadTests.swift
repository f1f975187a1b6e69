// Threads that can't be had are an error with the cure.

import Glibc
import IORing
import Synchronization
import Testing

@Suite struct PlainThreadTests {
    private final class Box: Sendable {
        let error = Mutex<RingError?>(nil)
    }

    /// RLIMIT_NPROC, which is not imported.
    private static let processCount = __rlimit_resource_t(6)

    /// This very thread becomes another user's, whose processes may be none; the others stay root's.
    private static func becomeNobody() -> Bool {
        typealias Call = @convention(c) (Int, UInt, UInt, UInt) -> Int
        guard let symbol = dlsym(nil, "syscall") else { return false }
        // The system's call: the library's would change all threads.
        #if arch(x86_64)
            let call = 117
        #else
            let call = 147
        #endif
        return unsafeBitCast(symbol, to: Call.self)(call, 65_534, 65_534, 65_534) == 0
    }

    @Test(.enabled(if: geteuid() == 0, "needs root"))
    func aThreadThatCannotBeHadIsAnError() throws {
        var limit = rlimit()
        #expect(getrlimit(Self.processCount, &limit) == 0)
        let old = limit
        // Root is above it.
        limit.rlim_cur = 0
        #expect(setrlimit(Self.processCount, &limit) == 0)
        defer {
            var old = old
            setrlimit(Self.processCount, &old)
        }
        let box = Box()
        let nobody = try PlainThread(name: "nobody") {
            guard Self.becomeNobody() else { return }
            do throws(RingError) {
                try PlainThread(name: "one too many") {}.join()
            } catch { box.error.withLock { $0 = error } }
        }
        nobody.join()
        let error = box.error.withLock { $0 }
        #expect(error == .thread(name: "one too many", errno: EAGAIN))
        #expect(error?.description.contains("ulimit -u") == true)
    }
}
