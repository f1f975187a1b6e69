// Signed addresses by the staff API.

import Access
import FoundationEssentials
import Testing
import WireBytes

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct URLTests {
    private func made(
        _ json: String, urls: StubURLs = StubURLs(hasPushKey: true),
        facts: ConsoleFacts = ConsoleFacts()
    ) async throws -> (status: Int, text: String, urls: [String: String]) {
        try await RunningServer.use(urls: urls, facts: facts) { server in
            let answer = try await server.send("POST", "/api/v1/urls", json: json)
            let made = try? JSONDecoder().decode(SignedURLAnswer.self, from: Data(answer.body))
            return (answer.status, answer.text, made?.urls ?? [:])
        }
    }

    @Test func aURLToWatchComesInAllItsForms() async throws {
        let facts = ConsoleFacts(audience: IPEndpoint(.any, port: 8080), reachableHost: "192.0.2.1")
        let body = #"{"role": "play", "stream": "show", "validS": 60}"#
        let made = try await made(body, facts: facts)
        #expect(made.status == 201)
        #expect(
            made.urls == [
                "flv": "http://192.0.2.1:8080/live/show.flv?own=play",
                "ws": "ws://192.0.2.1:8080/live/show.flv?own=play",
                "page": "http://192.0.2.1:8080/watch/show?own=play",
            ])
    }

    @Test func aURLToPushIsSplitForOBS() async throws {
        let body = """
            {"role": "push", "stream": "show", "validS": 60, "form": "tencent",
             "host": "in.example.com"}
            """
        let made = try await made(body)
        #expect(made.status == 201)
        #expect(
            made.urls == [
                "server": "rtmp://in.example.com/live", "streamKey": "show?tencent=push",
                "rtmp": "rtmp://in.example.com/live/show?tencent=push",
            ])
    }

    @Test func whatCannotBeIsRefusedInWords() async throws {
        for (body, words) in [
            (#"{"stream": "show", "validS": 60}"#, "needs \\\"role\\\""),
            (#"{"role": "look", "stream": "show", "validS": 60}"#, "\\\"play\\\" or \\\"push\\\""),
            (#"{"role": "play", "stream": "a/b", "validS": 60}"#, "no stream of this name"),
            (#"{"role": "play", "stream": "show", "validS": 0}"#, "from 1 to 31622400"),
            (#"{"role": "play", "stream": "show", "validS": 9, "address": "x"}"#, "192.0.2.7"),
            (#"{"role": "play", "stream": "show", "validS": 9, "host": "a b"}"#, "a name or an"),
            (#"{"role": "play", "stream": "show", "validS": 9, "for": "x"}"#, "has no \\\"for\\\""),
            (
                #"{"role": "play", "stream": "s", "validS": 9, "form": "tencent", "address": "::1"}"#,
                "leave out one"
            ),
        ] {
            let made = try await made(body)
            #expect(made.status == 400 && made.text.contains(words), "\(made.text)")
        }
        let push = #"{"role": "push", "stream": "show", "validS": 60}"#
        let none = try await made(push, urls: StubURLs())
        #expect(none.status == 409 && none.text.contains("there is no pushKey"))
    }

    @Test func theConsoleIsToldWhatItNeedsToWatch() async throws {
        for isSigned in [true, false] {
            try await RunningServer.use(urls: StubURLs(isPlaySigned: isSigned)) { server in
                let watch = try await server.ask("/api/v1/streams/show/watch")
                #expect(watch.text == #"{"query":"\#(isSigned ? "own=play" : "")"}"#)
                let session = try await server.ask("/api/v1/session")
                #expect(session.text.contains(#""playIsSigned":\#(isSigned)"#))
            }
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct URLRoleTests {
    @Test func onlyADirectorMakesURLsToPush() async throws {
        let staff = StubStaff(people: [("hans", .host), ("dora", .director), ("mona", .monitor)])
        try await RunningServer.use(staff: staff, urls: StubURLs(hasPushKey: true)) { server in
            func status(_ who: String, _ role: String) async throws -> Int {
                try await server.send(
                    "POST", "/api/v1/urls",
                    json: #"{"role": "\#(role)", "stream": "show", "validS": 60}"#,
                    fields: ["Authorization: Bearer \(who)-token"]
                ).status
            }
            let push = [try await status("dora", "push"), try await status("hans", "push")]
            let play = [try await status("hans", "play"), try await status("mona", "play")]
            #expect(push == [201, 403] && play == [201, 403])
        }
    }
}
