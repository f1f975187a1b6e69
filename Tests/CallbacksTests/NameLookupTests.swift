// Names: looked up beside the calls, remembered, and never waited for beyond a deadline.

import Glibc
import HTTPWire
import IORing
import Synchronization
import TestSupport
import Testing
import WireBytes

@testable import Callbacks

@Suite(.timeLimit(.minutes(5))) struct NameLookupTests {
    /// A resolver that says what a test has it say, or nothing for as long as it is held.
    private final class Resolver: Sendable {
        private let state = Mutex((asked: 0, answer: [IPAddress](), held: [WakeSignal]()))
        private let clock = Atomic<Int64>(1)

        var askedCount: Int { state.withLock { $0.asked } }
        func answer(_ addresses: String...) {
            state.withLock { $0.answer = addresses.compactMap { IPAddress($0) } }
        }
        func hold() throws -> WakeSignal {
            let signal = try WakeSignal()
            state.withLock { $0.held.append(signal) }
            return signal
        }
        func pass(ms: Int64) { clock.add(ms, ordering: .relaxed) }

        var names: NameLookup {
            NameLookup(
                resolve: { [self] _ in
                    let held = state.withLock { state in
                        state.asked += 1
                        return state.held.popLast()
                    }
                    held?.wait()
                    return state.withLock { $0.answer }
                }, nowMs: { [self] in clock.load(ordering: .relaxed) })
        }
    }

    private func deadline(ms: Int64 = 60_000, isStopping: Bool = false) -> CallDeadline {
        CallDeadline(ms: ms) { isStopping }
    }

    @Test func anAddressIsNoName() throws {
        let resolver = Resolver()
        for host in ["192.0.2.7", "2001:db8::1"] {
            #expect(
                try resolver.names.addresses(of: host, deadline: deadline())
                    == [#require(IPAddress(host))])
        }
        #expect(resolver.askedCount == 0)
    }

    @Test func whatWasFoundIsRememberedForAWhile() throws {
        let resolver = Resolver()
        let names = resolver.names
        resolver.answer("192.0.2.7", "192.0.2.8")
        for _ in 0..<3 {
            let found = try names.addresses(of: "a.example", deadline: deadline())
            #expect(found.map(\.description) == ["192.0.2.7", "192.0.2.8"])
        }
        #expect(resolver.askedCount == 1)
        resolver.pass(ms: CallbackLimits.nameFreshMs)
        resolver.answer("192.0.2.9")
        let newer = try names.addresses(of: "a.example", deadline: deadline())
        #expect(newer.map(\.description) == ["192.0.2.9"] && resolver.askedCount == 2)
        // Better than none while nobody can be asked, but not for ever.
        resolver.answer()
        resolver.pass(ms: CallbackLimits.nameFreshMs)
        let kept = try names.addresses(of: "a.example", deadline: deadline())
        #expect(kept.map(\.description) == ["192.0.2.9"] && resolver.askedCount == 3)
        resolver.pass(ms: CallbackLimits.nameKeptMs)
        #expect(throws: CallError.unknownName(host: "a.example")) {
            try names.addresses(of: "a.example", deadline: deadline())
        }
    }

    @Test func aSilentServerIsNotWaitedForBeyondTheDeadline() throws {
        let resolver = Resolver()
        let names = resolver.names
        let held = try resolver.hold()
        resolver.answer("192.0.2.7")
        // Nobody else is asked the same meanwhile.
        for _ in 0..<2 {
            #expect(throws: CallError.tooLate(ms: 100)) {
                try names.addresses(of: "a.example", deadline: deadline(ms: 100))
            }
        }
        #expect(throws: CallError.stopped) {
            try names.addresses(of: "a.example", deadline: deadline(isStopping: true))
        }
        #expect(resolver.askedCount == 1)
        held.raise()
        let found = try names.addresses(of: "a.example", deadline: deadline())
        #expect(found.map(\.description) == ["192.0.2.7"] && resolver.askedCount == 1)
        // With something to go by, a later silence doesn't take all of the time.
        resolver.pass(ms: CallbackLimits.nameFreshMs)
        let again = try resolver.hold()
        defer { again.raise() }
        let kept = try names.addresses(of: "a.example", deadline: deadline(ms: 400))
        #expect(kept.map(\.description) == ["192.0.2.7"])
    }

    /// A socket that listens at an address of loopback and takes nobody any more: who connects waits.
    private final class FullListener {
        private var descriptors: [CInt] = []

        init(_ address: IPAddress, port: UInt16) {
            let endpoint = IPEndpoint(address, port: port)
            let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
            let listener = socket(AF_INET, kind, 0)
            descriptors.append(listener)
            #expect(endpoint.withSocketName { bind(listener, $0, $1) } == 0)
            #expect(listen(listener, 0) == 0)
            for _ in 0..<4 {
                let filler = socket(AF_INET, kind, 0)
                descriptors.append(filler)
                _ = endpoint.withSocketName { connect(filler, $0, $1) }
            }
        }

        deinit { for descriptor in descriptors { close(descriptor) } }
    }

    @Test func anAddressThatDoesNotAnswerLeavesTimeForTheNext() throws {
        let receiver = CallbackReceiver { _, _ in CallbackReceiver.status(204) }
        let full = FullListener(try #require(IPAddress("127.0.0.2")), port: receiver.port)
        let resolver = Resolver()
        resolver.answer("127.0.0.2", "127.0.0.1")
        let url = try #require(HTTPURL("http://a.example:\(receiver.port)/"))
        let socket = try CallSocket(
            to: url, deadline: deadline(ms: 2_000), names: resolver.names)
        try socket.send(Array("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n".utf8))
        var bytes: [UInt8] = []
        #expect(try socket.receive(into: &bytes))
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 204"))
        withExtendedLifetime(full) {}
    }
}
