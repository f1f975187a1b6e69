// Who may publish: keys, addresses' paths, streams that are taken, and take-overs.

import Access
import Broadcast
import FLV
import IORing
import RTMP
import Testing
import WireBytes

@testable import Ingest

@Suite struct PublishAdmissionTests {
    private static let key = "correct-horse-battery"
    private static let host = HostKey(kind: .v4, value: 1, isLoopback: false)

    /// An admission with programmes of its own.
    private struct Stand {
        let programmes: Programmes
        let admission: PublishAdmission

        init(takeoverMs: Int64 = 1_000) {
            var limits = BroadcastLimits()
            limits.timelineByteCount = 1 << 20
            programmes = Programmes(limits: limits)
            var settings = IngestSettings()
            settings.takeoverMs = takeoverMs
            admission = PublishAdmission(
                programmes: programmes, settings: settings,
                keyCheck: { $0 == PublishAdmissionTests.key },
                signatureCheck: { signature, stream, host in
                    // Signed by the name itself, for this one host.
                    let good = URLSignature { name in
                        ["sig": stream, "exp": "1"]["\(name)"] ?? "x"
                    }
                    if signature == good {
                        return host == PublishAdmissionTests.host ? nil : .expired
                    }
                    return .wrong
                })
        }

        func publish(
            _ name: String = "show", key: String? = PublishAdmissionTests.key, from: String = "a:1",
            host: HostKey = PublishAdmissionTests.host, nowMs: Int64 = 0
        ) throws(PublishAdmission.Refusal) -> (active: ActivePublisher, displaced: ActivePublisher?)
        {
            let query = key.map { [RTMPPublishRequest.QueryItem(name: "key", value: $0)] } ?? []
            return try admission.publish(
                RTMPPublishRequest(
                    app: "live", streamName: name, query: query, flashVersion: "OBS"),
                from: from, host: host, nowMs: nowMs)
        }

        func refusal(_ request: RTMPPublishRequest, nowMs: Int64 = 0) -> String {
            do throws(PublishAdmission.Refusal) {
                _ = try admission.publish(
                    request, from: "a:1", host: PublishAdmissionTests.host, nowMs: nowMs)
                return ""
            } catch {
                return error.text
            }
        }
    }

    // MARK: Signed addresses

    private func signed(
        _ stream: String, by signature: String, more: [RTMPPublishRequest.QueryItem] = []
    ) -> RTMPPublishRequest {
        let items = [("for", "x"), ("exp", "1"), ("addr", "x"), ("sig", signature)]
        return RTMPPublishRequest(
            app: "live", streamName: stream,
            query: items.map { .init(name: $0.0, value: $0.1) } + more)
    }

    @Test func aSignatureDoesInPlaceOfTheKey() throws {
        let stand = Stand()
        #expect(stand.refusal(signed("show", by: "show")) == "")
        #expect(stand.refusal(signed("two", by: "show")) == SignedURLRefusal.wrong.description)
        // A key that came with it counts first.
        let both = signed("two", by: "two", more: [.init(name: "key", value: "wrong")])
        #expect(stand.refusal(both).contains("stream key is wrong"))
        let neither = RTMPPublishRequest(app: "live", streamName: "two")
        #expect(stand.refusal(neither).contains("stream key is missing"))
    }

    @Test func whoTriesSignaturesIsSlowedAndWhoIsLateIsNot() throws {
        let stand = Stand()
        for _ in 0..<(2 * SecretLimits.wrongCountMax) {
            _ = stand.refusal(signed("show", by: "guess"))
        }
        #expect(stand.refusal(signed("show", by: "guess")).contains("Too many wrong signatures"))
        // A right one is let in all the same: nobody else can make it.
        #expect(stand.refusal(signed("show", by: "show")) == "")
        let elsewhere = HostKey(kind: .v4, value: 2, isLoopback: false)
        for _ in 0..<(2 * SecretLimits.wrongCountMax) {
            let refusal = #expect(throws: PublishAdmission.Refusal.self) {
                try stand.admission.publish(
                    signed("two", by: "two"), from: "b:2", host: elsewhere, nowMs: 0)
            }
            #expect(refusal?.text == SignedURLRefusal.expired.description)
        }
    }

    // MARK: Take-over

    @Test func whoHasSentNothingForTheTimeGivesWay() throws {
        let stand = Stand()
        let first = try stand.publish().active
        first.publication.mediaCame(nowMs: 5_000)
        let refusal = #expect(throws: PublishAdmission.Refusal.self) {
            try stand.publish(from: "b:2", nowMs: 5_999)
        }
        #expect(refusal?.code == "NetStream.Publish.BadName")
        #expect(stand.admission.takeDismissed().isEmpty)

        let (second, displaced) = try stand.publish(from: "b:2", nowMs: 6_000)
        #expect(displaced === first)
        #expect(second.publication.displaced?.silentMs == 1_000)
        let dismissed = stand.admission.takeDismissed()
        #expect(dismissed.count == 1 && dismissed[0] === first)
        #expect(first.dismissal?.contains("b:2") == true)
        #expect(stand.admission.takeDismissed().isEmpty, "it is told once")
        // The stream is the second's: the first can neither write to it nor end it.
        let body: [UInt8] = [0x17, 1, 0, 0, 0, 1]
        #expect(throws: TagRefusal.superseded) {
            try first.publication.append(
                .video, timestampMs: 0, body: body.span.bytes, arrivalMs: 6_001)
        }
        stand.admission.ended(first)
        #expect(throws: PublishAdmission.Refusal.self) {
            try stand.publish(from: "c:3", nowMs: 6_500)
        }
        #expect(
            stand.programmes.programme(named: "show")?.status(nowMs: 6_500).publisher?.address
                == "b:2")
        #expect(second.dismissal == nil)
    }

    @Test func aWrongKeyTakesNothingOver() throws {
        let stand = Stand()
        _ = try stand.publish()
        for key in ["wrong", "", nil] {
            #expect(throws: PublishAdmission.Refusal.self) {
                try stand.publish(key: key, from: "b:2", nowMs: 60_000)
            }
        }
        #expect(stand.admission.takeDismissed().isEmpty)
    }

    @Test func theRefusalSaysWhoSinceWhenAndWhatToDo() throws {
        let stand = Stand()
        let first = try stand.publish(from: "192.0.2.7:5000").active
        first.publication.mediaCame(nowMs: 182_000)
        let text = stand.refusal(
            RTMPPublishRequest(
                app: "live", streamName: "show", query: [.init(name: "key", value: Self.key)]),
            nowMs: 182_400)
        for words in [
            "192.0.2.7:5000 (OBS)", "for 3 min 2 s", "silent for 0.4 s", "fanfare stream off show",
            "silent for 1.0 s",
        ] {
            #expect(text.contains(words), "\(text)")
        }
    }

    // MARK: The staff

    @Test func theStaffTakeAPublisherOff() throws {
        let stand = Stand()
        #expect(stand.admission.takeOff("show", nowMs: 0) == .noSuchStream)
        let active = try stand.publish().active
        #expect(stand.admission.takeOff("other", nowMs: 0) == .noSuchStream)
        #expect(
            stand.admission.takeOff("show", nowMs: 100) == .takenOff(address: "a:1", encoder: "OBS")
        )
        #expect(stand.admission.takeDismissed().map(\.stream) == ["show"])
        #expect(active.dismissal?.contains("staff") == true)
        #expect(stand.admission.takeOff("show", nowMs: 200) == .nobody)
        // If its encoder connects again, it is let in.
        #expect(throws: Never.self) { try stand.publish(nowMs: 300) }

        let demo = try stand.programmes.publish(
            name: "demo", publisher: Publisher(address: "demo"), nowMs: 0)
        #expect(stand.admission.takeOff("demo", nowMs: 0) == .builtIn)
        demo.end(nowMs: 0)
    }

    // MARK: Keys and addresses

    @Test func whoGuessesKeysHasToWaitAndOthersDoNot() throws {
        let stand = Stand()
        let other = HostKey(kind: .v4, value: 2, isLoopback: false)
        var lookedAtCount = 0
        for number in 0..<500 {
            let text = stand.refusal(
                RTMPPublishRequest(
                    app: "live", streamName: "show",
                    query: [.init(name: "key", value: "guess\(number)")]), nowMs: Int64(number))
            if text.contains("is wrong") { lookedAtCount += 1 }
        }
        #expect(lookedAtCount > 0 && lookedAtCount < 50)
        let waiting = #expect(throws: PublishAdmission.Refusal.self) {
            try stand.publish(nowMs: 600)
        }
        #expect(waiting?.text.contains("Wait ") == true)
        #expect(throws: Never.self) { try stand.publish("theirs", host: other, nowMs: 600) }
        // A missing key is no guess, and nobody waits for long.
        #expect(throws: Never.self) { try stand.publish(nowMs: 60_000) }
    }

    @Test(arguments: [
        (RTMPPublishRequest(app: "live", streamName: "show"), "The stream key is missing"),
        (RTMPPublishRequest(app: "live", streamName: "show", pathKey: "x"), "in the path"),
        (
            RTMPPublishRequest(
                app: "live", streamName: "event", pathKey: "show",
                query: [.init(name: "key", value: key)]), "no slashes, and \"event/show\" has"
        ),
        (
            RTMPPublishRequest(
                app: "live", streamName: "my show", query: [.init(name: "key", value: key)]),
            "\"my show\" is none"
        ),
        (
            RTMPPublishRequest(
                app: "live", streamName: "直播\n", query: [.init(name: "key", value: key)]),
            "\"???\" is none"
        ),
        (
            RTMPPublishRequest(
                app: "show", streamName: "", query: [.init(name: "key", value: key)]),
            "\"show\" where \"live\" belongs"
        ),
        (RTMPPublishRequest(app: "", streamName: ""), "no application"),
    ])
    func everyRefusalSaysWhatToDo(request: RTMPPublishRequest, words: String) {
        let text = Stand().refusal(request)
        #expect(text.contains(words), "\(text)")
        #expect(text.hasSuffix("."))
        #expect(!text.contains(Self.key), "the key doesn't get into logs")
    }

    @Test func theKeyIsTakenFromThePathAndBeforeAnotherQuestionMark() throws {
        let stand = Stand()
        let path = RTMPPublishRequest(app: "live", streamName: "show", pathKey: Self.key)
        #expect(stand.refusal(path) == "")
        let twice = RTMPPublishRequest(
            app: "live", streamName: "other",
            query: [.init(name: "key", value: Self.key + "?backup=1")])
        #expect(stand.refusal(twice) == "")
    }
}
