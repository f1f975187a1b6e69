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
                        publishingType: "live", flashVersion: "FMLE/3.0 (compatible; test)"))
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

    @Test(arguments: [
        ("show?key=a%20b%2Bc+d", "live", "rtmp://host/live", "show", "a b+c+d"),
        ("show?x=1&key=k&key=l", "live", "rtmp://host/live", "show", "k"),
        ("show", "live?key=k", "rtmp://host/live?key=other", "show", "k"),
        ("show", "live", "rtmp://host/live?key=k", "show", "k"),
        ("show?x=1", "live?key=k", "rtmp://host/live", "show", nil),
        ("show?key", "live", "rtmp://host/live", "show", ""),
        ("show?key=", "live", "rtmp://host/live", "show", ""),
        ("show?key=%zz%4", "live", "rtmp://host/live", "show", "%zz%4"),
        ("show?%6bey=k", "live", "rtmp://host/live", "show", "k"),
        ("show?key=a=b?c", "live", "rtmp://host/live", "show", "a=b?c"),
        ("show?key=%C3%A4%ff", "live", "rtmp://host/live", "show", "ä\u{FFFD}"),
        ("/show/", "live", "", "show", nil),
        ("", "live", "", "", nil),
        ("?key=k", "live", "", "", "k"),
    ])
    func keysAreFoundWhereEncodersPutThem(
        name: String, app: String, tcUrl: String, streamName: String, key: String?
    ) throws {
        let peer = try connectedPeer(app: app, tcUrl: tcUrl)
        try peer.send(peer.client.publish(name))
        guard case .publish(let request) = peer.events.first else {
            Issue.record("the handler wasn't asked")
            return
        }
        #expect(request.streamName == streamName)
        #expect(request.key == key)
        #expect(request.app == "live")
    }

    @Test func queriesAreBounded() throws {
        let peer = try connectedPeer()
        let query = (0..<1000).map { "n\($0)=\($0)" }.joined(separator: "&")
        try peer.send(peer.client.publish("show?" + query))
        guard case .publish(let request) = peer.events.first else {
            Issue.record("the handler wasn't asked")
            return
        }
        #expect(request.query.count == RTMPLimits().queryItemCountMax)
    }

    @Test(arguments: ["live", "record", "append"])
    func publishingTypes(type: String) throws {
        let peer = try connectedPeer()
        try peer.send(peer.client.publish("show", type: type))
        guard case .publish(let request) = peer.events.first else {
            Issue.record("the handler wasn't asked")
            return
        }
        #expect(request.publishingType == type)
    }

    @Test func publishingTypeMayBeLeftOut() throws {
        let peer = try connectedPeer()
        try peer.send(
            peer.client.command("publish", 0, .null, .string("show"), messageStreamId: 1))
        guard case .publish(let request) = peer.events.first else {
            Issue.record("the handler wasn't asked")
            return
        }
        #expect(request.publishingType == "live")
    }

    @Test func wrappedInAMF3() throws {
        let peer = try connectedPeer()
        try peer.send(peer.client.publish("show", isAMF3: true))
        #expect(peer.isPublishing)
    }

    @Test func secondPublishIsRefused() throws {
        let peer = TestPeer()
        try peer.publish()
        let answers = try peer.send(peer.client.publish("other"))
        #expect(answers.map(\.code) == ["NetStream.Publish.BadName"])
        #expect(peer.events.isEmpty, "the handler isn't asked again")
        #expect(peer.isClosing)
        #expect(peer.isPublishing, "the stream ends like on a disconnect")
    }

    @Test func publishOnAStreamNeverCreatedIsRefused() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect())
        let answers = try peer.send(peer.client.publish("show"))
        #expect(answers.map(\.code) == ["NetStream.Publish.Failed"])
        #expect(answers[0].description?.contains("createStream") == true)
        #expect(peer.isClosing && peer.events.count == 1)
    }

    @Test func publishWithoutANameIsRefused() throws {
        let peer = try connectedPeer()
        let answers = try peer.send(
            peer.client.command("publish", 5, .null, .number(3), messageStreamId: 1))
        #expect(answers.map(\.code) == ["NetStream.Publish.BadName"])
        #expect(peer.events.isEmpty && peer.isClosing)
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

    @Test func publishAfterTheEndIsRefused() throws {
        let peer = TestPeer()
        try peer.publish()
        try peer.send(peer.client.command("deleteStream", 7, .null, .number(1)))
        let answers = try peer.send(peer.client.publish("show"))
        #expect(answers.map(\.code) == ["NetStream.Publish.BadName"])
        #expect(peer.isClosing && peer.events == [.unpublish(reason: "deleteStream")])
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
