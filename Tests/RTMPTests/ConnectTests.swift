// connect: what is answered, and what of Enhanced RTMP is agreed on.
import FLV
import RTMP
import Testing

@Suite struct ConnectTests {
    @Test func connectIsAnsweredInTheUsualOrder() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let answers = try peer.send(peer.client.connect())
        #expect(answers.map(\.type) == [5, 6, 1, 20])
        #expect(answers[0].body == [0x00, 0x26, 0x25, 0xA0], "2 500 000 bytes")
        #expect(answers[1].body == [0x00, 0x26, 0x25, 0xA0, 2])
        #expect(answers[2].body == [0, 0, 0x10, 0])
        let values = answers[3].values
        #expect(values[0] == .string("_result"))
        #expect(values[1] == .number(1), "the transaction of the connect")
        #expect(values[2]["capabilities"] == .number(31))
        #expect(values[2]["fmsVer"]?.stringValue != nil)
        #expect(answers[3].code == "NetConnection.Connect.Success")
        #expect(answers[3].level == "status")
        #expect(values[3]["objectEncoding"] == .number(0))
        #expect(
            peer.events == [.connect(app: "live", tcUrl: "rtmp://host/live")])
        #expect(!peer.isClosing)
    }

    @Test func plainClientsHearNothingOfEnhancements() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let answer = try #require(try peer.send(peer.client.connect()).last)
        for name in ["fourCcList", "videoFourCcInfoMap", "audioFourCcInfoMap", "capsEx"] {
            #expect(answer.values[2][name] == nil && answer.values[3][name] == nil)
        }
    }

    @Test func enhancedClientsHearWhatWeTake() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let extra: [AMF0Property] = [
            AMF0Property("fourCcList", .strictArray([.string("*")])),
            AMF0Property("videoFourCcInfoMap", .object([AMF0Property("*", .number(7))])),
            AMF0Property("audioFourCcInfoMap", .object([AMF0Property("Opus", .number(2))])),
            AMF0Property("capsEx", .number(15)),
        ]
        let answer = try #require(try peer.send(peer.client.connect(extra: extra)).last)
        for object in answer.values[2...3] {
            let list = try #require(object["fourCcList"]?.elements)
            #expect(
                Set(list.compactMap(\.stringValue)) == [
                    "hvc1", "av01", "vp09", "avc1", "Opus", "fLaC", "ac-3", "ec-3", "mp4a", ".mp3",
                ])
            let video = try #require(object["videoFourCcInfoMap"]?.properties)
            #expect(video.map(\.name) == ["hvc1", "av01", "vp09", "avc1"])
            #expect(video.allSatisfy { $0.value == .number(4) }, "we forward, we don't decode")
            let audio = try #require(object["audioFourCcInfoMap"]?.properties)
            #expect(audio.map(\.name) == ["Opus", "fLaC", "ac-3", "ec-3", "mp4a", ".mp3"])
            #expect(object["capsEx"] == .number(4), "ModEx; no Reconnect, no Multitrack")
        }
    }

    @Test func onlyWhatWasSentIsAnswered() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let list = AMF0Property("fourCcList", .strictArray([.string("hvc1")]))
        let answer = try #require(try peer.send(peer.client.connect(extra: [list])).last)
        #expect(answer.values[3]["fourCcList"] != nil)
        #expect(answer.values[3]["capsEx"] == nil)
        #expect(answer.values[3]["videoFourCcInfoMap"] == nil)
    }

    @Test(arguments: [
        ("live", "live"), ("/live/", "live"), ("live?key=x", "live"), ("live/?key=x", "live"),
        ("live/inner", "live"), ("", "live"), ("vod", "vod"),
    ])
    func appIsCleaned(sent: String, app: String) throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        try peer.send(peer.client.connect(app: sent))
        #expect(peer.events == [.connect(app: app, tcUrl: "rtmp://host/live")])
    }

    @Test func wrappedInAMF3() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let answer = try #require(try peer.send(peer.client.connect(isAMF3: true)).last)
        #expect(answer.type == 20, "answered in AMF0, as objectEncoding 0 says")
        #expect(answer.values[3]["objectEncoding"] == .number(0))
    }

    @Test func rejectedAppIsToldWhyAndClosed() throws {
        let peer = TestPeer()
        peer.handler.connectDecision = .reject(
            code: "NetConnection.Connect.InvalidApp", description: "There is no app radio.")
        try peer.send(RTMPTestClient.handshake)
        let answer = try #require(try peer.send(peer.client.connect(app: "radio")).last)
        #expect(answer.name == "_error")
        #expect(answer.values[1] == .number(1))
        #expect(answer.code == "NetConnection.Connect.InvalidApp")
        #expect(answer.level == "error")
        #expect(answer.description == "There is no app radio.")
        #expect(peer.isClosing)
        #expect(try peer.send(peer.client.command("createStream", 2, .null)).isEmpty)
        #expect(peer.events.count == 1, "what comes later is ignored")
    }

    @Test func secondConnectIsAnOffence() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect())
        let (error, lastWord) = try peer.offend(peer.client.connect())
        #expect(error == .connectedTwice)
        #expect(lastWord.last?.name == "onStatus")
        #expect(lastWord.last?.level == "error")
        #expect(lastWord.last?.description == error?.description)
        #expect(peer.isClosing)
    }

    @Test func commandsBeforeConnectAreAnOffence() throws {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake)
        let (error, lastWord) = try peer.offend(peer.client.command("create\u{7}Stream", 2, .null))
        #expect(error == .commandBeforeConnect(name: "create?Stream"), "safe to log")
        #expect(lastWord.isEmpty)
    }
}
