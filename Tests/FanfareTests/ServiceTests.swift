// What systemd is told, by the datagrams that it gets.

import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@testable import Fanfare

/// A service manager's end of the socket.
private final class NotifySocket: Sendable {
    /// What `NOTIFY_SOCKET` says.
    let name: String
    private let descriptor: CInt

    /// - Parameter name: a path, or `@` and an abstract name.
    init(_ name: String) throws {
        self.name = name
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0)
        // Who waits for a datagram that never comes is told so.
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(2 + bytes.count))
            }
        }
        try #require(code == 0)
    }

    deinit { close(descriptor) }

    /// The next datagram's lines.
    func next() throws -> [String] {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        try #require(count >= 0, "nothing was told")
        return String(decoding: buffer[..<count], as: UTF8.self)
            .split(separator: "\n").map(String.init)
    }

    /// The next datagram with such a line.
    func next(with line: String) throws -> [String] {
        while true {
            let lines = try next()
            if lines.contains(line) { return lines }
        }
    }
}

@Suite struct ServiceTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func signs(
        askGame: @escaping @Sendable (@escaping @Sendable () -> Void) -> Bool
    ) -> ServiceManager.LifeSigns {
        // A shard that has just turned, whenever it is looked at.
        .init(
            shardTurnsMs: { [.max] }, askGame: askGame,
            status: { "on air: 1 streams, 2 viewers" })
    }

    @Test(arguments: [true, false])
    func theLifeOfAService(_ isAbstract: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/notify"
        let socket = try NotifySocket(isAbstract ? "@\(path)" : path)
        let service = try ServiceManager(
            environment: [
                "NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "20000",
                "WATCHDOG_PID": "\(getpid())",
            ], logger: Self.quiet)
        service.ready(
            signs {
                $0()
                return true
            })
        #expect(try socket.next() == ["READY=1", "STATUS=on air: 1 streams, 2 viewers"])
        #expect(try socket.next() == ["WATCHDOG=1"])
        service.reloading {}
        let begun = try socket.next(with: "RELOADING=1")
        #expect(begun.count == 2 && begun[1].wholeMatch(of: /MONOTONIC_USEC=\d+/) != nil)
        #expect(try socket.next(with: "READY=1") == ["READY=1"])
        service.stopping()
        #expect(try socket.next(with: "STOPPING=1").count == 2)
    }

    @Test func whileTheGameStandsStillTheWatchdogHearsNothing() throws {
        let folder = try TemporaryFolder()
        let socket = try NotifySocket(folder.path + "/notify")
        let asked = Mutex<[@Sendable () -> Void]>([])
        let looks = Atomic<Int>(0)
        let isWell = Atomic<Bool>(false)
        let service = try ServiceManager(
            environment: ["NOTIFY_SOCKET": socket.name, "WATCHDOG_USEC": "20000"],
            logger: Self.quiet)
        service.ready(
            .init(
                shardTurnsMs: { [.max] },
                askGame: { reply in
                    asked.withLock { $0.append(reply) }
                    // It turns again, and answers whatever it is asked from now on.
                    if isWell.load(ordering: .sequentiallyConsistent) { reply() }
                    return true
                },
                // Another at each look, so that each look is told.
                status: { "look \(looks.wrappingAdd(1, ordering: .relaxed).newValue)" }))
        #expect(try socket.next().first == "READY=1")
        for _ in 0..<5 {
            let lines = try socket.next()
            #expect(lines.count == 1 && lines[0].hasPrefix("STATUS=look "))
        }
        // It is asked once, however long it takes, and then it is well again.
        isWell.store(true, ordering: .sequentiallyConsistent)
        let replies = asked.withLock { $0 }
        #expect(replies.count == 1)
        for reply in replies { reply() }
        while try !socket.next().contains("WATCHDOG=1") {}
        service.stopping()
    }

    @Test func whoNamesNoSocketIsToldNothing() throws {
        let service = try ServiceManager(environment: ["WATCHDOG_USEC": "1000"], logger: Self.quiet)
        service.ready(
            signs { _ in
                Issue.record("nobody wants to know")
                return true
            })
        #expect(service.reloading { 7 } == 7)
        service.stopping()
    }

    @Test(arguments: ["vsock:2:1234", "relative", "@", "/", String(repeating: "/x", count: 60)])
    func aStrangeSocketIsAWarningAndNoEnd(_ name: String) throws {
        let error = #expect(throws: ServiceNotifierError.self) { try ServiceNotifier(name: name) }
        #expect(error?.description.contains("NOTIFY_SOCKET") == true)
        let service = try ServiceManager(
            environment: ["NOTIFY_SOCKET": name], logger: Self.quiet)
        service.stopping()
    }

    @Test func aManagerThatIsGoneIsNoEndEither() throws {
        let folder = try TemporaryFolder()
        let notifier = try ServiceNotifier(name: folder.path + "/nobody")
        #expect(throws: ServiceNotifierError.system(call: "sendto", errno: ENOENT)) {
            try notifier.send(["READY=1"])
        }
    }

    @Test func aWatchdogOfAnotherProcessIsNotOurs() {
        func ms(_ variables: [String: String]) -> Int64? {
            ServiceManager.watchdogMs(variables, 42)
        }
        #expect(ms(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "42"]) == 30_000)
        #expect(ms(["WATCHDOG_USEC": "30000000"]) == 30_000)
        #expect(ms(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "43"]) == nil)
        #expect(ms(["WATCHDOG_USEC": "x"]) == nil && ms(["WATCHDOG_USEC": "0"]) == nil)
        #expect(ms(["WATCHDOG_USEC": "1"]) == 1 && ms([:]) == nil)
    }

    @Test func whoeverStandsStillIsNamed() {
        var pulse = Pulse(intervalMs: 5_000)
        #expect(pulse.silent(shardTurnsMs: [10_000, 10_200], nowMs: 12_000).isEmpty)
        #expect(pulse.silent(shardTurnsMs: [10_000, 4_999], nowMs: 10_000) == ["shard 1"])
        var asked = ([20_000, 21_000] as [Int64]).map { pulse.asksGame(nowMs: $0) }
        #expect(asked == [true, false])
        #expect(pulse.silent(shardTurnsMs: [], nowMs: 24_999).isEmpty)
        #expect(pulse.silent(shardTurnsMs: [], nowMs: 25_000) == ["the game"])
        pulse.gameAnswered()
        #expect(pulse.silent(shardTurnsMs: [], nowMs: 90_000).isEmpty)
        // An inbox that stays full is a game that doesn't turn.
        asked = ([30_000, 35_000] as [Int64]).map { nowMs in
            defer { pulse.gameHadNoRoom() }
            return pulse.asksGame(nowMs: nowMs)
        }
        #expect(asked == [true, true])
        #expect(pulse.silent(shardTurnsMs: [], nowMs: 35_000) == ["the game"])
    }
}
