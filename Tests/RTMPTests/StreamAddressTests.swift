// Addresses and keys as encoders, forms and people's clipboards leave them.
import FLV
import RTMP
import Testing

@Suite struct StreamAddressTests {
    private func request(
        name: String, app: String = "live", tcUrl: String = ""
    ) throws -> RTMPPublishRequest? {
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect(app: app, tcUrl: tcUrl))
        try peer.send(
            peer.client.command("createStream", 2, .null) + peer.client.publish(name))
        guard case .publish(let request) = peer.events.last else {
            Issue.record("the handler wasn't asked for \(name)")
            return nil
        }
        return request
    }

    @Test(arguments: [
        ("show?txSecret=ab&txTime=CD", "live", "rtmp://host/live?x=1"),
        ("show", "live?txSecret=ab&txTime=CD", ""),
        ("show?x=1", "live", "rtmp://host/live?txSecret=ab&txTime=CD"),
        ("show?txSecret=ab&txTime=CD", "live?txSecret=x&txTime=y", ""),
        ("rtmp://host/live/show?txSecret=ab&txTime=CD", "live", "rtmp://host/live"),
    ])
    func signaturesAreFoundThere(name: String, app: String, tcUrl: String) throws {
        let request = try #require(try request(name: name, app: app, tcUrl: tcUrl))
        #expect(request.streamName == "show" && request.key == nil)
        #expect(request.query.first { $0.name == "txSecret" }?.value == "ab")
        #expect(request.query.first { $0.name == "txTime" }?.value == "CD")
    }

    /// ffmpeg and GStreamer cut at the last slash, and a signature may have one.
    @Test(arguments: [
        ("live/show?for=push", "show&exp=17&sig=a-_b", ""),
        ("live/show?exp=17&for=push", "show&sig=a-_b", "rtmp://host/live/show?exp=17&for=push"),
        ("", "show&exp=17&sig=a-_b", "rtmp://host/live/show?for=push"),
        ("live/_definst_/show?for=push", "show&exp=17&sig=a-_b", ""),
        ("live", "show?for=push/show&exp=17&sig=a-_b", ""),
        ("live", "show?for=push%2Fshow&exp=17&sig=a-_b", ""),
        ("live", "rtmp://host/live/show?for=push/show&exp=17&sig=a-_b", ""),
    ])
    func aSignatureIsFoundThoughItWasCut(app: String, name: String, tcUrl: String) throws {
        let request = try #require(try request(name: name, app: app, tcUrl: tcUrl))
        #expect(request.app == "live" && request.streamName == "show")
        #expect(request.key == nil && request.pathKey == nil)
        for (item, value) in [("for", "push/show"), ("exp", "17"), ("sig", "a-_b")] {
            #expect(request.query.first { $0.name == item }?.value == value, "\(item)")
        }
    }

    @Test func aKeyBehindTheNameIsNoPartOfAnotherQuery() throws {
        let request = try #require(try request(name: "k", app: "live/show?x=1"))
        #expect(request.streamName == "show" && request.key == "k")
    }

    @Test func aKeyCountsBeforeASignature() throws {
        let request = try #require(
            try request(name: "show?sig=x&exp=1", app: "live?key=k", tcUrl: ""))
        #expect(request.key == "k")
    }

    @Test(arguments: [
        ("show?key=a%20b%2Bc+d", "live", "rtmp://host/live", "show", "a b+c+d"),
        ("show?x=1&key=k&key=l", "live", "rtmp://host/live", "show", "k"),
        ("show", "live?key=k", "rtmp://host/live?key=other", "show", "k"),
        ("show", "live", "rtmp://host/live?key=k", "show", "k"),
        ("show?x=1", "live?key=k", "rtmp://host/live", "show", "k"),
        ("show?x=1", "live?y=k", "rtmp://host/live", "show", nil),
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
        let request = try #require(try request(name: name, app: app, tcUrl: tcUrl))
        #expect(request.streamName == streamName)
        #expect(request.key == key)
        #expect(request.app == "live")
    }

    /// What a form or a person adds is not part of the name or key.
    @Test(arguments: [
        "show?key=k ", "show?key=k\n", "show?key=k\r\n", " show?key=k", "\tshow ?key=k\u{FEFF}",
        "show?key= k", "show?key=k%0A", "show?key=k%20", "show%3Fkey%3Dk", "show%3fkey%3dk%0d%0a",
        "show?key%3Dk", "%2Fshow?key=k", "%2Fshow%3Fkey=k", "/show?key=k", "show/?key=k",
        "flv:show?key=k", "mp4:show?key=k", "show?x=1&key=k&z=%41",
        "rtmp://host/live/show?key=k", "rtmp://host:1935/live/show/k\n",
        "show/k", "show/k ", "show%2Fk", "show//k/",
    ])
    func clipboardsAndForms(name: String) throws {
        let request = try #require(try request(name: name, tcUrl: "rtmp://host/live"))
        #expect(request.app == "live" && request.streamName == "show" && request.key == "k")
    }

    /// Devices cut an address where they like.
    @Test(arguments: [
        ("live/show", "k", ""), ("live/show", "?key=k", ""), ("live/show?key=k", "", ""),
        ("live?key=k", "show", ""), ("live?key=k\n", "show", ""), ("live/", "/show?key=k", ""),
        ("live\n", "show?key=k", ""), (" live", "show?key=k", ""), ("/live/show/", "/k/", ""),
        ("live/_definst_", "show?key=k", ""), ("live/_definst_/show", "k", ""),
        ("", "show?key=k", "rtmp://host/live"), ("", "live/show?key=k", "rtmp://host"),
        ("", "live/show/k", "rtmp://host/"), ("live%2Fshow", "k", ""),
        ("live%3Fkey%3Dk", "show", ""),
        ("", "", "rtmp://host/live/show/k"), ("live/show/k", "", ""),
    ])
    func cutAnywhere(app: String, name: String, tcUrl: String) throws {
        let request = try #require(try request(name: name, app: app, tcUrl: tcUrl))
        #expect(request.app == "live" && request.streamName == "show" && request.key == "k")
    }

    @Test func aKeyInThePathMayHaveSlashesAndTheQueryWins() throws {
        #expect(try request(name: "show/a/b")?.key == "a/b")
        #expect(try request(name: "show?key=a/b")?.key == "a/b")
        #expect(try request(name: "show?key=a%2Fb%3Fc")?.key == "a/b?c")
        #expect(try request(name: "show?key=a://b")?.key == "a://b")
        let nested = try #require(try request(name: "show?key=k", app: "live/event"))
        #expect(nested.streamName == "event" && nested.pathKey == "show" && nested.queryKey == "k")
    }

    @Test func queriesAreBounded() throws {
        let query = (0..<100).map { "n\($0)=\($0)" }.joined(separator: "&")
        let request = try request(name: "show?" + query)
        #expect(request?.query.count == RTMPLimits().queryItemCountMax)
    }

    @Test func addressesAreBounded() throws {
        let long = String(repeating: "x", count: 3_000)
        for connect in [("live/" + long, ""), ("live", "rtmp://host/" + long)] {
            let peer = TestPeer()
            try peer.send(RTMPTestClient.handshake)
            let error = try peer.offend(
                peer.client.connect(app: connect.0, tcUrl: connect.1)
            ).error
            #expect(error?.description.contains("address has 30") == true)
            #expect(peer.events.isEmpty)
        }
        let peer = TestPeer()
        try peer.send(RTMPTestClient.handshake + peer.client.connect())
        try peer.send(peer.client.command("createStream", 2, .null))
        let answers = try peer.send(peer.client.publish("show?key=" + long))
        #expect(answers.last?.description?.contains("3009 bytes") == true)
        #expect(peer.isClosing && peer.events.count == 2)
    }

    /// It goes into logs and answers of the staff's API.
    @Test func theEncodersNameIsShortAndPrintable() throws {
        let peer = TestPeer()
        let name = "OBS\n[error] forged" + String(repeating: "x", count: 5_000)
        let object = AMF0Value.object([
            AMF0Property("app", .string("live")), AMF0Property("flashVer", .string(name)),
        ])
        try peer.send(RTMPTestClient.handshake + peer.client.command("connect", 1, object))
        try peer.send(
            peer.client.command("createStream", 2, .null) + peer.client.publish("show"))
        guard case .publish(let request) = peer.events.last else {
            Issue.record("\(peer.events)")
            return
        }
        let version = try #require(request.flashVersion)
        #expect(version.hasPrefix("OBS?[error]") && version.utf8.count <= 64)
    }
}
