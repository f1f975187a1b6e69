// The commands around a publish, known and unknown.
import FLV
import RTMP
import Testing

@Suite struct CommandTests {
    private func connectedPeer() throws -> TestPeer {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect())
        return peer
    }

    @Test func createStreamCounts() throws {
        let peer = try connectedPeer()
        for expected in 1...8 {
            let answers = try peer.send(peer.client.command("createStream", 9, .null))
            #expect(
                answers.map(\.values) == [
                    [.string("_result"), .number(9), .null, .number(Double(expected))]
                ])
        }
        let answers = try peer.send(peer.client.command("createStream", 9, .null))
        #expect(answers.map(\.name) == ["_error"])
        #expect(!peer.isClosing)
    }

    @Test func fcPublishIsAnswered() throws {
        let peer = try connectedPeer()
        let answers = try peer.send(peer.client.command("FCPublish", 3, .null, .string("show")))
        #expect(answers.map(\.name) == ["_result", "onFCPublish"])
        #expect(answers[0].values[1] == .number(3))
        #expect(answers[1].code == "NetStream.Publish.Start")
    }

    @Test func fcUnpublishIsAnswered() throws {
        let peer = TestPeer()
        try peer.publish()
        let answers = try peer.send(peer.client.command("FCUnpublish", 6, .null, .string("show")))
        #expect(answers.map(\.name) == ["_result", "onFCUnpublish", "onStatus"])
        #expect(answers[2].messageStreamId == 1)
    }

    @Test(arguments: ["releaseStream", "_checkbw", "getStreamLength"])
    func harmlessCallsSucceed(name: String) throws {
        let peer = try connectedPeer()
        let answers = try peer.send(peer.client.command(name, 4, .null, .string("show")))
        #expect(answers.map(\.name) == ["_result"])
        #expect(answers[0].values[1] == .number(4))
        #expect(try peer.send(peer.client.command(name, 0, .null)).isEmpty, "none was wanted")
    }

    @Test func unknownCallsFailPolitely() throws {
        let peer = try connectedPeer()
        let answers = try peer.send(peer.client.command("make\nTea", 4, .null))
        #expect(answers.map(\.name) == ["_error"])
        #expect(answers[0].values[1] == .number(4))
        #expect(answers[0].code == "NetConnection.Call.Failed")
        #expect(answers[0].description == "There is no command make?Tea.")
        #expect(try peer.send(peer.client.command("makeTea", 0, .null)).isEmpty)
        #expect(!peer.isClosing)
    }

    @Test(arguments: ["_result", "_error", "onStatus"])
    func answersToUsAreNotAnswered(name: String) throws {
        let peer = try connectedPeer()
        #expect(try peer.send(peer.client.command(name, 4, .null)).isEmpty)
        #expect(!peer.isClosing)
    }

    @Test func transactionMayBeLeftOut() throws {
        let peer = TestPeer()
        try peer.publish()
        let body = AMF0.encode(.string("closeStream"), .null)
        try peer.send(peer.client.message(20, body, chunkStreamId: 3))
        #expect(peer.events == [.unpublish(reason: "closeStream")])
    }

    @Test func wrapperByteMayBeLeftOut() throws {
        let peer = try connectedPeer()
        let body = AMF0.encode(.string("createStream"), .number(2), .null)
        let answers = try peer.send(
            peer.client.message(17, body, chunkStreamId: 3, messageStreamId: 0))
        #expect(answers.map(\.name) == ["_result"])
    }
}
