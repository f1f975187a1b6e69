// Telling and asking a real receiver: one that works, one that doesn't, and one that comes back.

import Access
import HTTPWire
import IORing
import Ledger
import Synchronization
import TestSupport
import Testing

@testable import Callbacks

@Suite(.timeLimit(.minutes(5))) struct CallbackPostTests {
    /// A post to some receivers, with a ledger of its own.
    private final class Stand {
        let folder: TemporaryFolder
        let ledger: Ledger
        let post: CallbackPost
        let troubles: Box

        init(
            _ urls: [String], after before: Stand? = nil,
            kinds: Set<CallbackKind> = Set(CallbackKind.allCases), timeoutMs: Int = 5_000
        ) throws {
            folder = try before?.folder ?? TemporaryFolder()
            ledger = try before?.ledger ?? Ledger(folderPath: folder.path)
            let places = try urls.map { try #require(HTTPURL($0)) }
            let box = Box()
            let onTrouble: @Sendable (CallbackPost.Trouble) -> Void = { trouble in
                box.troubles.withLock { $0.append(trouble) }
            }
            troubles = box
            post = try CallbackPost(
                ledger: ledger, places: places, kinds: kinds,
                secret: try CallbackSecret(validating: "a-secret-of-callbacks"),
                timeoutMs: timeoutMs, wallMs: { MonotonicClock.nowMs() }, onTrouble: onTrouble)
            try post.start()
        }

        final class Box: Sendable {
            let troubles = Mutex([CallbackPost.Trouble]())
        }

        func note(_ stream: String, _ kind: CallbackKind = .publishBegan) {
            post.note(CallbackEvent(kind, atMs: 7, [("stream", .text(stream))]))
        }

        func wait(until isReached: (CallbackPost.Counters) -> Bool) -> CallbackPost.Counters {
            var leftMs = 30_000
            while leftMs > 0, !isReached(post.counters) {
                MonotonicClock.sleep(ms: 5)
                leftMs -= 5
            }
            return post.counters
        }
    }

    @Test func everyPlaceIsToldInOrderAndSigned() throws {
        let receivers = (0..<2).map { _ in CallbackReceiver { _, _ in CallbackReceiver.status(204) }
        }
        let stand = try Stand(receivers.map { $0.url("/told?by=fanfare") })
        defer { stand.post.stop() }
        for stream in ["a", "b", "c"] { stand.note(stream) }
        for receiver in receivers {
            let requests = receiver.wait { $0.count == 3 }
            #expect(requests.map { $0.text("stream") } == ["a", "b", "c"])
            #expect(requests.allSatisfy { $0.line == "POST /told?by=fanfare HTTP/1.1" })
            #expect(requests.allSatisfy { $0.fields["content-type"] == "application/json" })
            #expect(requests.allSatisfy { $0.fields["fanfare-event"] == "publish.began" })
            #expect(requests.allSatisfy { $0.fields["fanfare-id"] == $0.text("id") })
            #expect(Set(requests.map { $0.fields["fanfare-id"] }).count == 3)
            for request in requests {
                let time = request.fields["fanfare-time"] ?? ""
                #expect(request.fields["fanfare-signature"]?.hasPrefix("sha256=") == true)
                #expect(Int64(time) != nil)
            }
        }
        #expect(stand.wait { $0.told == 6 } == .init(told: 6))
        #expect(try stand.ledger.callbackCounts() == CallbackCounts(waiting: 0, dead: 0))
    }

    @Test func onlyWhatWasAskedForIsTold() throws {
        let receiver = CallbackReceiver { _, _ in CallbackReceiver.status(200) }
        let stand = try Stand([receiver.url()], kinds: [.showPhase])
        defer { stand.post.stop() }
        stand.note("a", .publishBegan)
        stand.note("b", .showPhase)
        #expect(receiver.wait { !$0.isEmpty }.map { $0.text("stream") } == ["b"])
    }

    /// Whatever a receiver does wrong, it is told again, under the same id.
    @Test(arguments: ["500", "302", "hang up", "half", "nonsense", "long", "slow"])
    func whatGoesWrongIsToldAgain(how: String) throws {
        let receiver = CallbackReceiver { _, number in
            guard number == 0 else { return CallbackReceiver.status(200) }
            switch how {
            case "500": return CallbackReceiver.status(500)
            case "302":
                return CallbackReceiver.status(302, fields: "Location: http://127.0.0.1:1/\r\n")
            case "hang up": return .hangUp
            case "half": return .text("HTTP/1.1 200 O")
            case "nonsense": return .text("SSH-2.0-OpenSSH\r\n\r\n")
            case "long":
                return .text("HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 99_999))
            default: return .silence
            }
        }
        let stand = try Stand([receiver.url()], timeoutMs: 300)
        defer { stand.post.stop() }
        stand.note("a")
        let requests = receiver.wait { $0.count == 2 }
        #expect(requests.count == 2)
        #expect(requests.first?.fields["fanfare-id"] == requests.last?.fields["fanfare-id"])
        #expect(requests.first?.body == requests.last?.body)
        let counters = stand.wait { $0.told == 1 }
        #expect(counters.told == 1 && counters.failed >= 1 && counters.lost == 0)
        let words = [
            "500": "it answers 500", "302": "elsewhere", "slow": "no answer within 300 ms",
        ]
        let said = stand.troubles.troubles.withLock { $0 }
        if let words = words[how] {
            guard case .fails(_, "publish.began", let reason)? = said.first else {
                Issue.record("\(said)")
                return
            }
            #expect(reason.contains(words))
        }
    }

    @Test func aPlaceThatIsDownHoldsUpNobodyElse() throws {
        let receiver = CallbackReceiver { _, _ in CallbackReceiver.status(200) }
        let down = CallbackReceiver { _, _ in .silence }
        down.stop()
        let stand = try Stand([down.url(), receiver.url()])
        defer { stand.post.stop() }
        for stream in ["a", "b"] { stand.note(stream) }
        #expect(receiver.wait { $0.count == 2 }.count == 2)
        _ = stand.wait { $0.failed >= 2 && $0.told == 2 }
        #expect(try stand.ledger.callbackCounts().waiting == 2)
        let rows = try stand.ledger.callbacks(dead: false, countMax: 9)
        #expect(rows.allSatisfy { $0.failure.contains("can't be reached") })
    }

    @Test func whatWasNotToldIsToldByWhoComesNext() throws {
        let receiver = CallbackReceiver { _, number in
            number < 1 ? .hangUp : CallbackReceiver.status(200)
        }
        let before = try Stand([receiver.url()])
        before.note("a")
        before.note("b")
        receiver.wait { !$0.isEmpty }
        before.post.stop()
        let stand = try Stand([receiver.url()], after: before)
        defer { stand.post.stop() }
        // What was being told at the end may be told twice.
        let requests = receiver.wait { requests in
            requests.count { $0.text("stream") == "a" } >= 2
                && requests.contains { $0.text("stream") == "b" }
        }
        let first = requests.filter { $0.text("stream") == "a" }
        #expect(first.count >= 2 && Set(first.map { $0.fields["fanfare-id"] }).count == 1)
        _ = stand.wait { $0.told >= 1 }
    }

    @Test func aPlaceThatIsNamedNoMoreIsGivenUp() throws {
        let down = CallbackReceiver { _, _ in .silence }
        down.stop()
        let before = try Stand([down.url()])
        before.note("a")
        _ = before.wait { $0.failed >= 1 }
        before.post.stop()
        let receiver = CallbackReceiver { _, _ in CallbackReceiver.status(200) }
        let stand = try Stand([receiver.url()], after: before)
        defer { stand.post.stop() }
        #expect(stand.wait { $0.gaveUp == 1 }.gaveUp == 1)
        #expect(try stand.ledger.callbackCounts() == CallbackCounts(waiting: 0, dead: 1))
    }

    @Test func theEndDoesNotWaitForASlowReceiver() throws {
        let receiver = CallbackReceiver { _, _ in .silence }
        let stand = try Stand([receiver.url()], timeoutMs: 60_000)
        stand.note("a")
        receiver.wait { !$0.isEmpty }
        stand.note("b")
        stand.post.stop()
        // Both are kept: the one that was being told, and the one that came last.
        #expect(try stand.ledger.callbackCounts() == CallbackCounts(waiting: 2, dead: 0))
    }
}
