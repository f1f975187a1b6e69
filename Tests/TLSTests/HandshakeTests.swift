// Handshakes with OpenSSL's client: the keys taken out are those that it uses.

import COpenSSL
import TLS
import Testing

/// A suite as OpenSSL names it.
struct Offer: Sendable, CustomStringConvertible {
    let name: String
    let suite: CipherSuite
    let version: TLSVersion

    var description: String { name }

    var habits: LibraryClient.Habits {
        var habits = LibraryClient.Habits()
        habits.version = version == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION
        habits.suites = name
        return habits
    }

    static let all = [
        Offer(name: "TLS_AES_128_GCM_SHA256", suite: .aes128GCM, version: .tls13),
        Offer(name: "TLS_AES_256_GCM_SHA384", suite: .aes256GCM, version: .tls13),
        Offer(name: "TLS_CHACHA20_POLY1305_SHA256", suite: .chaCha20Poly1305, version: .tls13),
        Offer(name: "ECDHE-ECDSA-AES128-GCM-SHA256", suite: .aes128GCM, version: .tls12),
        Offer(name: "ECDHE-ECDSA-AES256-GCM-SHA384", suite: .aes256GCM, version: .tls12),
        Offer(name: "ECDHE-ECDSA-CHACHA20-POLY1305", suite: .chaCha20Poly1305, version: .tls12),
    ]
}

@Suite struct HandshakeTests {
    @Test(
        "Each suite, in full and resumed: what either seals the other opens", arguments: Offer.all)
    func suites(offer: Offer) throws {
        let context = try World.context()
        let first = LibraryClient(offer.habits)
        try converse(first, try World.shake(first, context).get(), offer, isResumed: false)
        first.keepSession()
        let second = LibraryClient(offer.habits, resuming: first)
        try converse(second, try World.shake(second, context).get(), offer, isResumed: true)
    }

    private func converse(
        _ client: LibraryClient, _ finished: FinishedHandshake, _ offer: Offer, isResumed: Bool
    ) throws {
        #expect(finished.keys.suite == offer.suite && finished.keys.version == offer.version)
        #expect(finished.isResumed == isResumed && client.isResumed == isResumed)
        let server = try SecureStream(finished.keys)
        for turn in 0..<3 {
            #expect(try server.open(client.write("question \(turn)")) == "question \(turn)")
            #expect(client.read(try server.seal("answer \(turn)")) == "answer \(turn)")
        }
        let long = String(repeating: "0123456789abcdef", count: 4_000)
        #expect(client.read(try server.seal(long)) == long)
        _ = client.read(server.sealClose())
        #expect(unsafe SSL_get_shutdown(client.ssl) & SSL_RECEIVED_SHUTDOWN != 0)
    }

    @Test("Byte by byte it comes to the same", arguments: Offer.all)
    func dripping(offer: Offer) throws {
        let client = LibraryClient(offer.habits)
        let finished = try World.shake(client, try World.context(), piece: 1).get()
        let server = try SecureStream(finished.keys)
        #expect(try server.open(client.write("hello")) == "hello")
        #expect(client.read(try server.seal("hello yourself")) == "hello yourself")
    }

    @Test("What follows the client's Finished at once is handed on as it came")
    func pending() throws {
        let client = LibraryClient(Offer.all[0].habits)
        let server = try Handshake(try World.context())
        guard case .goesOn = unsafe server.receive(client.take([]).span.bytes) else {
            Issue.record("it ended early")
            return
        }
        let last = client.take(server.takeOutbox()) + client.write("GET / HTTP/1.1\r\n")
        guard case .finished(let finished) = unsafe server.receive(last.span.bytes) else {
            Issue.record("it didn't end")
            return
        }
        let stream = try SecureStream(finished.keys)
        #expect(try stream.open(finished.pending) == "GET / HTTP/1.1\r\n")
    }

    @Test("New keys at the client's wish, in both directions")
    func keyUpdate() throws {
        let client = LibraryClient(Offer.all[0].habits)
        let server = try SecureStream(try World.shake(client, try World.context()).get().keys)
        #expect(try server.open(client.updateKeys() + client.write("new keys")) == "new keys")
        #expect(client.read(try server.seal("mine as well")) == "mine as well")
        #expect(client.read(try server.seal("and on")) == "and on")
    }

    @Test(
        "The groups that are spoken, and after a HelloRetryRequest",
        arguments: [
            "X25519", "P-256", "P-384", "P-521:P-384",
        ])
    func groups(groups: String) throws {
        var habits = LibraryClient.Habits()
        habits.groups = groups
        let client = LibraryClient(habits)
        let server = try SecureStream(try World.shake(client, try World.context()).get().keys)
        #expect(try server.open(client.write("hello")) == "hello")
    }

    @Test("ALPN: HTTP/1.1 out of several")
    func protocolChoice() throws {
        var habits = LibraryClient.Habits()
        habits.protocols = ["h2", "http/1.1"]
        let client = LibraryClient(habits)
        _ = try World.shake(client, try World.context()).get()
        #expect(client.chosenProtocol == "http/1.1")
    }

    @Test("ALPN: who wants only others is told so")
    func noCommonProtocol() throws {
        var habits = LibraryClient.Habits()
        habits.protocols = ["h2"]
        let client = LibraryClient(habits)
        let result = try World.shake(client, try World.context())
        #expect(result.failure == .noCommonProtocol)
        #expect(client.reason == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL)
        let publisher = LibraryClient(habits)
        _ = try World.shake(publisher, try World.context(), inside: .rtmp).get()
        #expect(publisher.chosenProtocol == nil)
    }

    @Test(
        "Suites that don't seal their records have no chance",
        arguments: [
            "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA", "AES128-GCM-SHA256",
            "DHE-RSA-AES128-GCM-SHA256",
        ])
    func oldSuites(name: String) throws {
        var habits = LibraryClient.Habits()
        habits.version = TLS1_2_VERSION
        habits.suites = name
        habits.level = 0
        let client = LibraryClient(habits)
        #expect(try World.shake(client, try World.context()).failure == .noCommonSuite)
    }

    @Test(
        "TLS 1.0 and 1.1 are told that they are too old",
        arguments: [
            TLS1_VERSION, TLS1_1_VERSION,
        ])
    func oldVersions(version: Int32) throws {
        var habits = LibraryClient.Habits()
        habits.version = version
        habits.suites = "ALL:@SECLEVEL=0"
        habits.level = 0
        let client = LibraryClient(habits)
        #expect(try World.shake(client, try World.context()).failure == .oldVersion)
        #expect(client.reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION)
    }
}

extension Result where Success == FinishedHandshake, Failure == HandshakeFailure {
    var failure: HandshakeFailure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
