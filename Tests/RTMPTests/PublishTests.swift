// From createStream to deleteStream: accepted, refused and ended publishes.
import FLV
import RTMP
import TestSupport
import Testing

@Suite struct PublishTests {
    private func connectedPeer(app: String = "live", tcUrl: String = "rtmp://host/live") throws
        -> TestPeer
    {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect(app: app, tcUrl: tcUrl))
        try peer.send(peer.client.command("createStream", 2, .null))
        peer.handler.events = []
        return peer
    }

    @Test func acceptedPublish() throws {
        let peer = try connectedPeer()
        let answers = try peer.send(peer.client.publish("show?key=secret"))
        #expect(answers.map(\.type) == [4, 20])
        #expect(answers[0].body == [0, 0, 0, 0, 0, 1], "StreamBegin 1")
        #expect(answers[1].messageStreamId == 1)
        #expect(answers[1].name == "onStatus")
        #expect(answers[1].code == "NetStream.Publish.Start")
        #expect(answers[1].level == "status")
        #expect(peer.isPublishing && !peer.isClosing && !peer.hasEnded)
        #expect(
            peer.events == [
                .publish(
                    RTMPPublishRequest(
                        app: "live", streamName: "show",
                        query: [.init(name: "key", value: "secret")], tcUrl: "rtmp://host/live",
                        flashVersion: "FMLE/3.0 (compatible; test)"))
            ])
    }

    @Test(arguments: ["NetStream.Publish.BadName", "NetStream.Publish.Denied"])
    func rejectedPublishIsToldWhyAndClosed(code: String) throws {
        let peer = try connectedPeer()
        peer.handler.publishDecision = .reject(code: code, description: "The key is wrong.")
        let answers = try peer.send(peer.client.publish("show"))
        #expect(answers.count == 1)
        #expect(answers[0].name == "onStatus")
        #expect(answers[0].messageStreamId == 1)
        #expect(answers[0].level == "error")
        #expect(answers[0].code == code)
        #expect(answers[0].description == "The key is wrong.")
        #expect(peer.isClosing && !peer.isPublishing)
        #expect(try peer.send(peer.client.message(9, [0x17, 1])).isEmpty)
        #expect(peer.events.count == 1, "no media of a rejected publisher")
    }

    @Test func whatComesBehindAPublishThatIsDecidedLaterIsKept() throws {
        let peer = try connectedPeer()
        peer.handler.publishDecision = .wait
        let bytes = peer.client.publish("show") + peer.client.message(9, [0x17, 1])
        #expect(try peer.send(bytes).isEmpty)
        #expect(peer.isUndecided && !peer.isPublishing && !peer.isClosing)
        #expect(peer.events.count == 1)
        // Still nobody knows: it is asked once more, and waits again.
        #expect(try peer.decide().isEmpty && peer.isUndecided)
        peer.handler.publishDecision = .accept
        let answers = try peer.decide()
        #expect(answers.last?.code == "NetStream.Publish.Start")
        #expect(peer.isPublishing && !peer.isUndecided)
        #expect(peer.events.last == .media(.video, timestampMs: 0, body: [0x17, 1]))
        let count = UInt64(RTMPTestClient.handshake.count)
        #expect(peer.receivedByteCount > count + UInt64(bytes.count))
        // There is nothing left to decide.
        #expect(try peer.decide().isEmpty)
    }

    @Test func aPublishThatIsRefusedLaterIsTheEnd() throws {
        let peer = try connectedPeer()
        peer.handler.publishDecision = .wait
        try peer.send(peer.client.publish("show") + peer.client.message(9, [0x17, 1]))
        peer.handler.publishDecision = .reject(
            code: "NetStream.Publish.Denied", description: "Not tonight.")
        let answers = try peer.decide()
        #expect(answers.map(\.description) == ["Not tonight."])
        #expect(peer.isClosing && !peer.isUndecided)
        #expect(peer.events.count == 2, "no media of a refused publisher")
    }

    /// What is in the same packet as a rejected publish isn't looked at.
    @Test func nothingIsReadBehindARejection() throws {
        let peer = try connectedPeer()
        peer.handler.publishDecision = .reject(
            code: "NetStream.Publish.BadName", description: "No.")
        try peer.send(
            peer.client.publish("show") + peer.client.publish("show")
                + peer.client.message(9, [0x17, 1]) + [UInt8](repeating: 0xFF, count: 500))
        #expect(peer.events.count == 1)
    }

    @Test(arguments: ["live", "record", "append"])
    func publishingTypesAreAllTheSame(type: String) throws {
        let peer = try connectedPeer()
        try peer.send(peer.client.publish("show", type: type))
        #expect(peer.isPublishing)
    }

    @Test func publishingTypeMayBeLeftOut() throws {
        let peer = try connectedPeer()
        try peer.send(
            peer.client.command("publish", 0, .null, .string("show"), messageStreamId: 1))
        #expect(peer.isPublishing)
    }

    @Test func wrappedInAMF3() throws {
        let peer = try connectedPeer()
        try peer.send(peer.client.publish("show", isAMF3: true))
        #expect(peer.isPublishing)
    }

    @Test func theSamePublishAgainIsAnsweredAgain() throws {
        let peer = TestPeer()
        try peer.publish()
        for name in ["show?key=secret", "show", " show?key=other\n"] {
            let answers = try peer.send(peer.client.publish(name))
            #expect(answers.map(\.code) == [nil, "NetStream.Publish.Start"])
        }
        #expect(peer.events.isEmpty, "the handler isn't asked again")
        #expect(peer.isPublishing && !peer.isClosing)
        try peer.send(peer.client.message(9, [0x17, 1]))
        #expect(peer.events.count == 1)
    }

    @Test func theSamePublishOnAnotherMessageStreamGoesOnThere() throws {
        let peer = TestPeer()
        try peer.publish()
        try peer.send(peer.client.command("createStream", 6, .null))
        try peer.send(
            peer.client.command(
                "publish", 7, .null, .string("show?key=secret"), messageStreamId: 2))
        try peer.send(
            peer.client.message(9, [0x17, 1], messageStreamId: 1)
                + peer.client.message(9, [0x17, 2], messageStreamId: 2))
        #expect(
            peer.events == [
                .leftOut(.otherMessageStream(1)),
                .media(.video, timestampMs: 0, body: [0x17, 2]),
            ])
    }

    @Test func anotherPublishIsRefusedAndTheFirstGoesOn() throws {
        let peer = TestPeer()
        try peer.publish()
        let answers = try peer.send(peer.client.publish("other?key=secret"))
        #expect(answers.map(\.code) == ["NetStream.Publish.BadName"])
        let text = try #require(answers.first?.description)
        #expect(text.contains("publishes show") && text.contains("deleteStream"))
        #expect(peer.events == [.refused(reason: text)])
        #expect(peer.isPublishing && !peer.isClosing)
        try peer.send(peer.client.message(9, [0x17, 1]))
        #expect(peer.events.count == 2)
    }

    @Test func publishOnAStreamNeverCreatedIsRefused() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect())
        let answers = try peer.send(peer.client.publish("show"))
        #expect(answers.map(\.code) == ["NetStream.Publish.Failed"])
        #expect(answers[0].description?.contains("createStream") == true)
        #expect(
            peer.isClosing
                && peer.events.dropFirst() == [
                    .refused(reason: answers[0].description ?? "")
                ])
    }

    @Test func publishWithoutANameIsRefused() throws {
        let peer = try connectedPeer()
        let answers = try peer.send(
            peer.client.command("publish", 5, .null, .number(3), messageStreamId: 1))
        #expect(answers.map(\.code) == ["NetStream.Publish.BadName"])
        #expect(peer.events == [.refused(reason: answers[0].description ?? "")])
        #expect(peer.isClosing)
    }

    @Test func playIsRefusedWithTheWayToWatch() throws {
        let peer = try connectedPeer()
        let answers = try peer.send(
            peer.client.command("play", 4, .null, .string("show"), messageStreamId: 1))
        #expect(answers.map(\.code) == ["NetStream.Play.Failed"])
        #expect(answers[0].description?.contains("/live/NAME.flv") == true)
        #expect(peer.isClosing)
    }

    // MARK: The end

    @Test(arguments: [
        ["FCUnpublish"], ["deleteStream"], ["closeStream"], ["FCUnpublish", "deleteStream"],
        ["FCUnpublish", "closeStream", "deleteStream"], ["deleteStream", "FCUnpublish"],
    ])
    func orderlyEndIsToldOnce(commands: [String]) throws {
        let peer = TestPeer()
        try peer.publish()
        var answers: [Answer] = []
        for name in commands {
            let bytes =
                switch name {
                case "FCUnpublish": peer.client.command(name, 6, .null, .string("show"))
                case "deleteStream": peer.client.command(name, 7, .null, .number(1))
                default: peer.client.command(name, 0, .null, messageStreamId: 1)
                }
            answers += try peer.send(bytes)
        }
        #expect(peer.events == [.unpublish(reason: commands[0])])
        #expect(
            answers.filter { $0.name == "onStatus" }.map(\.code) == [
                "NetStream.Unpublish.Success"
            ])
        #expect(peer.hasEnded && !peer.isPublishing)
        #expect(!peer.isClosing, "the peer hangs up first, or GStreamer reports a failure")
        try peer.send(peer.client.message(9, [0x17, 1]))
        #expect(peer.events.count == 1, "no media after the end")
    }

    @Test func deletingAnotherStreamEndsNothing() throws {
        let peer = TestPeer()
        try peer.publish()
        try peer.send(peer.client.command("deleteStream", 7, .null, .number(2)))
        try peer.send(peer.client.command("closeStream", 0, .null, messageStreamId: 2))
        try peer.send(peer.client.command("deleteStream", 7, .null, .number(-.infinity)))
        #expect(peer.isPublishing && peer.events.isEmpty)
    }

    @Test func endWithoutAPublishSaysNothing() throws {
        let peer = try connectedPeer()
        try peer.send(peer.client.command("FCUnpublish", 6, .null, .string("show")))
        try peer.send(peer.client.command("deleteStream", 7, .null, .number(1)))
        #expect(peer.events.isEmpty && !peer.hasEnded)
    }

    /// As encoders with a "stop" and a "start" do it, which keep their connection between.
    @Test(arguments: [
        ["FCUnpublish", "deleteStream"], ["FCUnpublish"], ["deleteStream"], ["closeStream"],
        ["closeStream", "FCUnpublish", "deleteStream"], ["deleteStream", "FCUnpublish"],
    ])
    func publishAfterTheEndIsTaken(ends: [String]) throws {
        let peer = TestPeer()
        try peer.publish()
        for round in 1...20 {
            peer.handler.events = []
            for end in ends {
                switch end {
                case "FCUnpublish":
                    try peer.send(peer.client.command(end, 6, .null, .string("show")))
                case "closeStream":
                    try peer.send(peer.client.command(end, 0, .null, messageStreamId: 1))
                default:
                    try peer.send(peer.client.command(end, 7, .null, .number(1)))
                }
            }
            #expect(peer.hasEnded && !peer.isPublishing && !peer.isClosing)
            try peer.send(peer.client.message(9, [0x17, 1]))
            if ends.contains("deleteStream"), round > 1 {
                let created = try peer.send(peer.client.command("createStream", 8, .null))
                #expect(created.last?.values.last?.numberValue == 1, "the number is free again")
            }
            let answers = try peer.send(peer.client.publish("show?key=secret"))
            #expect(answers.last?.code == "NetStream.Publish.Start")
            #expect(peer.isPublishing && !peer.hasEnded)
            try peer.send(peer.client.message(9, [0x17, 2]))
            guard case .publish(let request) = peer.events.dropFirst().first else {
                Issue.record("\(peer.events)")
                return
            }
            #expect(
                peer.events == [
                    .unpublish(reason: ends[0]), .publish(request),
                    .media(.video, timestampMs: 0, body: [0x17, 2]),
                ])
        }
    }

    @Test func endingAnotherStreamByNameEndsNothing() throws {
        let peer = TestPeer()
        try peer.publish()
        try peer.send(peer.client.command("FCUnpublish", 6, .null, .string("backup")))
        #expect(peer.isPublishing && peer.events.isEmpty)
        try peer.send(peer.client.command("FCUnpublish", 6, .null, .string("show?key=secret")))
        #expect(!peer.isPublishing)
    }

    @Test func serverEndsThePublish() throws {
        let peer = TestPeer()
        try peer.publish()
        let answers = try peer.endPublish(
            code: "NetStream.Publish.Failed", description: "The server is going down.")
        #expect(answers.map(\.name) == ["onStatus"])
        #expect(answers[0].messageStreamId == 1 && answers[0].level == "error")
        #expect(answers[0].description == "The server is going down.")
        #expect(peer.isClosing && !peer.isPublishing)
        #expect(peer.events.isEmpty, "whoever ended it knows")
        try peer.send(peer.client.message(9, [0x17, 1]))
        #expect(peer.events.isEmpty)
        #expect(try peer.endPublish(code: "again", description: "").isEmpty)
    }

    @Test func serverEndsASuccessAsAStatus() throws {
        let peer = TestPeer()
        try peer.publish()
        let answers = try peer.endPublish(
            code: "NetStream.Unpublish.Success", description: "The event is over.")
        #expect(answers.map(\.level) == ["status"])
    }

    @Test func serverEndsBeforeConnectWithoutAWord() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        #expect(try peer.endPublish(code: "x", description: "y").isEmpty)
        #expect(peer.isClosing)
    }
}
