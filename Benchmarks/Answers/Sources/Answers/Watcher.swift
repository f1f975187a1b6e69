// A host who looks at the show again and again, as the console's live numbers do.

import Game
import Glibc
import IORing
import Synchronization

/// Asks for a report 20 times a second, and times it.
final class Watcher: Sendable {
    private let isStopping = Atomic<Bool>(false)
    private let looksMs = Mutex<[Double]>([])
    private let thread = Mutex<PlainThread?>(nil)

    init(_ desk: GameDesk) throws {
        try thread.withLock { thread throws in
            thread = try PlainThread(name: "watcher") { [self] in
                while !isStopping.load(ordering: .relaxed) {
                    let startNs = Disk.nowNs()
                    let report = desk.heldReport(show: "show")
                    let ms = Double(Disk.nowNs() - startNs) / 1e6
                    guard report != nil else { fatalError("the show is gone") }
                    looksMs.withLock { $0.append(ms) }
                    usleep(50_000)
                }
            }
        }
    }

    /// Ends it.
    ///
    /// - Returns: how long each look took, ms, in order.
    func stop() -> [Double] {
        isStopping.store(true, ordering: .relaxed)
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
        return looksMs.withLock { $0.sorted() }
    }
}
