// Certificates by name, tickets by time, and what is wrong with files.

import COpenSSL
import TLS
import Testing

@Suite struct SecureContextTests {
    private func subject(_ context: SecureContext, _ host: String?) throws -> String {
        var habits = LibraryClient.Habits()
        habits.host = host
        let client = LibraryClient(habits)
        let finished = try World.shake(client, context).get()
        #expect(finished.serverName == host?.lowercased())
        return client.serverSubject
    }

    @Test("A host's own certificate, else a wildcard's, else the first")
    func names() throws {
        let first = try World.identity(["first.example"])
        let wildcard = try World.identity(["*.shows.example"])
        let quiz = try World.identity(["quiz.shows.example"])
        let context = try World.context([first, wildcard, quiz])
        #expect(try subject(context, "quiz.shows.example") == "/CN=quiz.shows.example")
        #expect(try subject(context, "Other.Shows.example") == "/CN=*.shows.example")
        #expect(try subject(context, "a.b.shows.example") == "/CN=first.example")
        #expect(try subject(context, "nobody.example") == "/CN=first.example")
        #expect(try subject(context, nil) == "/CN=first.example")
    }

    @Test("RSA and EC for the same name: each client gets the one that it can check")
    func twoKinds() throws {
        let ec = try World.identity(["example.com"])
        let rsa = try World.rsaIdentity("example.com")
        let context = try World.context([ec, rsa])
        for (suite, subject) in [
            ("ECDHE-ECDSA-AES128-GCM-SHA256", "/CN=example.com"),
            ("ECDHE-RSA-AES128-GCM-SHA256", "/CN=rsa"),
            ("ECDHE-RSA-CHACHA20-POLY1305", "/CN=rsa"),
        ] {
            var habits = LibraryClient.Habits()
            habits.version = TLS1_2_VERSION
            habits.suites = suite
            habits.host = "example.com"
            let client = LibraryClient(habits)
            let server = try SecureStream(try World.shake(client, context).get().keys)
            #expect(client.serverSubject == subject)
            #expect(try server.open(client.write("hello")) == "hello")
        }
    }

    @Test("A session begun with one certificate goes on under another context's")
    func ticketsOutliveContexts() throws {
        let tickets = try TicketKeys(nowS: testNowS)
        let first = try World.context(tickets: tickets)
        let client = LibraryClient(Offer.all[0].habits)
        let server = try SecureStream(try World.shake(client, first).get().keys)
        _ = client.read(try server.seal("with the tickets"))
        client.keepSession()
        let second = try World.context(tickets: tickets)
        let again = LibraryClient(Offer.all[0].habits, resuming: client)
        #expect(try World.shake(again, second).get().isResumed)
    }

    @Test("A ticket is taken for twelve hours at least, and not for ever", arguments: Offer.all)
    func ticketRotation(offer: Offer) throws {
        let tickets = try TicketKeys(nowS: testNowS)
        let context = try World.context(tickets: tickets)
        // A client of TLS 1.3 uses a session once.
        let clients = try (0..<3).map { _ in
            let client = LibraryClient(offer.habits)
            let server = try SecureStream(try World.shake(client, context).get().keys)
            _ = client.read(try server.seal("with the tickets"))
            client.keepSession()
            return client
        }
        for (client, hours) in zip(clients, [6, 12, 18]) {
            tickets.rotate(nowS: testNowS + Int64(hours) * 3_600)
            let again = LibraryClient(offer.habits, resuming: client)
            let isResumed = try World.shake(again, context).get().isResumed
            #expect(isResumed == (hours < 18), "after \(hours) hours")
        }
        #expect(tickets.counts.taken == 2 && tickets.counts.unknown == 1)
    }

    @Test("No certificate is no context")
    func nothing() throws {
        #expect(throws: IdentityError.nothing) { try World.context([]) }
    }

    @Test("An answer that is none isn't handed out, and nothing else suffers")
    func badStaple() throws {
        let context = try SecureContext(
            identities: [try World.identity(["example.com"])],
            tickets: try TicketKeys(nowS: testNowS), staple: [1, 2, 3])
        #expect(context.stapleError == .unreadable)
        var habits = LibraryClient.Habits()
        habits.wantsStaple = true
        let client = LibraryClient(habits)
        _ = try World.shake(client, context).get()
        #expect(client.staple == -1)
    }
}

@Suite struct CertificateIdentityTests {
    private func load(
        _ chain: [UInt8], _ key: [UInt8], nowS: Int64 = testNowS
    ) throws -> CertificateIdentity {
        var key = key
        let loaded = Result {
            try CertificateIdentity(
                chain: chain, key: &key, file: "a.pem", keyFile: "a.key", nowS: nowS)
        }
        #expect(key.isEmpty, "a key that was read is wiped")
        return try loaded.get()
    }

    private func make() throws -> (certificate: [UInt8], key: [UInt8]) {
        try SelfSigned.make(
            names: ["example.com", "*.example.com", "192.0.2.7", "2001:db8::1"], days: 30,
            nowS: testNowS)
    }

    @Test("It says for whom it is and until when")
    func facts() throws {
        let (certificate, key) = try make()
        let facts = try load(certificate, key).certificate.facts
        #expect(
            facts.names == ["example.com", "*.example.com", "192.0.2.7", "2001:DB8:0:0:0:0:0:1"])
        #expect(facts.subject == "CN=example.com" && facts.issuer == facts.subject)
        #expect(facts.isSelfSigned && facts.key == "EC 256 bits")
        #expect(facts.notAfterS == testNowS + 30 * 86_400)
        #expect(facts.daysLeft(nowS: testNowS) == 30)
        #expect(facts.daysLeft(nowS: facts.notAfterS + 1) == -1)
        #expect(facts.fingerprint.count == 64)
    }

    @Test("What is wrong is said with the file's name")
    func errors() throws {
        let (certificate, key) = try make()
        let (_, other) = try SelfSigned.make(names: ["b"], days: 1, nowS: testNowS)
        #expect(throws: IdentityError.keyDoesNotFit(certificate: "a.pem", key: "a.key")) {
            try load(certificate, other)
        }
        #expect(throws: IdentityError.noCertificate(file: "a.pem")) { try load(key, key) }
        #expect(throws: IdentityError.noKey(file: "a.key")) { try load(certificate, certificate) }
        #expect(throws: IdentityError.notYetGood(file: "a.pem")) {
            try load(certificate, key, nowS: testNowS - 86_400)
        }
        let expired = #expect(throws: IdentityError.self) {
            try load(certificate, key, nowS: testNowS + 31 * 86_400)
        }
        #expect(expired?.description.contains("a.pem was good until") == true)
        let text = String(decoding: certificate, as: UTF8.self)
        let broken = text.replacing("MII", with: "MIX")
        #expect(throws: IdentityError.self) { try load(Array(broken.utf8), key) }
    }

    @Test(
        "Names that aren't any make no certificate",
        arguments: [
            [], [""], ["a b"], ["a,DNS:b"], ["-a"], ["a..b"], ["*"], ["a.*.b"], ["a/b"],
            [String(repeating: "a", count: 64)],
        ])
    func badNames(names: [String]) {
        #expect(throws: SelfSignedError.self) {
            try SelfSigned.make(names: names, days: 1, nowS: testNowS)
        }
    }
}

@Suite struct SecureClientTests {
    /// Carries bytes between a client of ours and a handshake of ours.
    private func shake(
        _ client: SecureClient, _ context: SecureContext
    ) throws -> FinishedHandshake {
        let server = try Handshake(context)
        for _ in 0..<8 {
            _ = try client.shake()
            let sent = client.takeOutbox()
            let progress = unsafe server.receive(sent.span.bytes)
            let answer = server.takeOutbox()
            unsafe client.receive(answer.span.bytes)
            if case .finished(let finished) = progress { return finished }
        }
        throw World.Stuck()
    }

    private func world(_ names: [String]) throws -> (context: SecureContext, pem: [UInt8]) {
        // Of now: this client looks at the clock of the machine.
        let nowS = World.wallS()
        var (certificate, key) = try SelfSigned.make(names: names, days: 2, nowS: nowS)
        let identity = try CertificateIdentity(
            chain: certificate, key: &key, file: "a.pem", keyFile: "a.key", nowS: nowS)
        return (try World.context([identity]), certificate)
    }

    @Test(
        "Who is named in a certificate that is trusted is spoken to",
        arguments: [
            "example.com", "127.0.0.1",
        ])
    func trusted(server: String) throws {
        let (context, pem) = try world(["example.com", "127.0.0.1"])
        let client = try SecureClient(server: server, authorities: pem)
        let stream = try SecureStream(try shake(client, context).keys)
        let question = Array("question".utf8)
        try unsafe client.write(question.span.bytes)
        #expect(try stream.open(client.takeOutbox()) == "question")
        var answer: [UInt8] = []
        let sealed = try stream.seal("answer")
        unsafe client.receive(sealed.span.bytes)
        #expect(try !client.read(into: &answer))
        let last = stream.sealClose()
        unsafe client.receive(last.span.bytes)
        #expect(try client.read(into: &answer))
        #expect(String(decoding: answer, as: UTF8.self) == "answer")
    }

    @Test("Another's certificate, and one that nobody vouches for, are refused")
    func untrusted() throws {
        let (context, pem) = try world(["example.com"])
        let other = try SecureClient(server: "other.example", authorities: pem)
        let stranger = try SecureClient(server: "example.com")
        for client in [other, stranger] {
            let error = #expect(throws: SecureClientError.self) { try shake(client, context) }
            guard case .untrusted? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }
}
