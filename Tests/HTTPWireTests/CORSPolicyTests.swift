// Which pages may read the streams.

import HTTPWire
import Testing

@Suite struct CORSPolicyTests {
    private func request(origin: String?) -> [UInt8] {
        let field = origin.map { "Origin: \($0)\n" } ?? ""
        return wire("OPTIONS /live/a.flv HTTP/1.1\nHost: a\n\(field)\n")
    }

    private func allowed(_ policy: CORSPolicy, origin: String?) throws -> String? {
        let bytes = request(origin: origin)
        let head = try #require(try parseRequest(bytes))
        return policy.allowedOrigin(for: head, in: bytes.span.bytes)
    }

    @Test func theStarAllowsEverybody() throws {
        for policy in [CORSPolicy.anyOrigin, try CORSPolicy(origins: ["https://a.example", "*"])] {
            #expect(try allowed(policy, origin: "https://b.example") == "*")
            #expect(try allowed(policy, origin: nil) == "*")
            #expect(!policy.variesByOrigin)
        }
    }

    @Test func aListAllowsItsOwnOnly() throws {
        let policy = try CORSPolicy(origins: ["https://A.example:8443", "http://[::1]", "null"])
        #expect(policy.variesByOrigin)
        #expect(try allowed(policy, origin: "https://a.example:8443") == "https://a.example:8443")
        #expect(try allowed(policy, origin: "HTTPS://A.EXAMPLE:8443") == "https://a.example:8443")
        #expect(try allowed(policy, origin: "http://[::1]") == "http://[::1]")
        #expect(try allowed(policy, origin: "null") == "null")
        for other in [
            "https://a.example", "http://a.example:8443", "https://a.example:84433",
            "https://b.a.example:8443", "https://a.example:8443.evil.example", "*", "",
        ] {
            #expect(try allowed(policy, origin: other) == nil)
        }
        #expect(try allowed(policy, origin: nil) == nil)
    }

    @Test func anEmptyListAllowsNobody() throws {
        let policy = try CORSPolicy(origins: [])
        #expect(try allowed(policy, origin: "https://a.example") == nil)
        #expect(policy.variesByOrigin)
    }

    @Test(arguments: [
        "a.example", "https://", "https:/a", "://a", "https://a/b", "https://a b", "",
        "https://a:b",
        "https://*.example.com/", "java script://a",
    ])
    func whatIsNoOriginIsNamed(entry: String) {
        #expect(throws: CORSPolicyError.notAnOrigin(entry)) {
            try CORSPolicy(origins: ["https://fine.example", entry])
        }
        #expect(CORSPolicyError.notAnOrigin(entry).description.contains("\"\(entry)\""))
    }

    @Test func aListIsBounded() throws {
        let origins = (0..<257).map { "https://a\($0).example" }
        let policy = try CORSPolicy(origins: Array(origins.prefix(256)))
        #expect(try allowed(policy, origin: "https://a255.example") != nil)
        #expect(throws: CORSPolicyError.tooManyOrigins(count: 257)) {
            try CORSPolicy(origins: origins)
        }
    }

    @Test func aPreflightIsAnsweredWithoutABody() throws {
        let bytes = request(origin: "https://a.example")
        let head = try #require(try parseRequest(bytes))
        let policy = try CORSPolicy(origins: ["https://a.example"])
        let response = policy.optionsResponse(for: head, in: bytes.span.bytes)
        let answer = String(decoding: response.bytes(), as: UTF8.self)
        #expect(
            answer
                == "HTTP/1.1 204 No Content\r\nAllow: GET, HEAD, OPTIONS\r\n"
                + "Access-Control-Allow-Origin: https://a.example\r\nVary: Origin\r\n"
                + "Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"
                + "Access-Control-Allow-Headers: Authorization, Content-Type, Range\r\n"
                + "Access-Control-Max-Age: 86400\r\nConnection: keep-alive\r\n\r\n")
    }

    @Test func aForeignPageLearnsOnlyWhatIsAllowed() throws {
        let bytes = request(origin: "https://b.example")
        let head = try #require(try parseRequest(bytes))
        let policy = try CORSPolicy(origins: ["https://a.example"])
        let response = policy.optionsResponse(for: head, in: bytes.span.bytes, methods: [.post])
        #expect(response.fields == [.init("Allow", "POST, OPTIONS"), .init("Vary", "Origin")])
    }
}
