// Nothing that players can get before the reveal tells the right answer.

import FLV
import Foundation
import Testing

@Suite("Secrets", .ownThread)
struct SecretTests {
    /// Stands in explanations and in questions that aren't open.
    private static let marker = "Xylophone"

    /// All that one player's side got of a show.
    private struct Haul {
        /// Every byte, of everything.
        var bytes: [UInt8] = []
        /// The same without what differs from run to run: times, counters, dates.
        var lines: [String] = []

        mutating func add(_ name: String, _ answer: HTTPAnswer) {
            // The document names what there is to be told, the reveal's properties among it.
            if !name.hasSuffix("openapi.json") { bytes += Array(answer.head.utf8) + answer.body }
            let head = answer.head.split(separator: "\r\n").filter {
                !$0.hasPrefix("Date:") && !$0.hasPrefix("ETag:")
            }
            lines.append("\(name): \(head.joined(separator: " | ")) \(Self.still(answer.text))")
        }

        /// A JSON text with its times and counters taken out.
        static func still(_ json: String) -> String {
            json.replacing(/"(seq|pts|deadlinePts|deadlineAtMs)":[0-9]+/) { "\"\($0.1)\":0" }
                .replacing(/Content-Length: [0-9]+/) { _ in "" }
        }
    }

    @Test("Two shows that differ in the right answers alone can't be told apart before the reveal")
    func leaks() throws {
        let one = try haul(correct: [0, 1, 2])
        let other = try haul(correct: [3, 0, 1])
        for (line, its) in zip(one.lines, other.lines) { #expect(line == its) }
        #expect(one.lines.count == other.lines.count)
        for haul in [one, other] {
            let text = String(decoding: haul.bytes, as: UTF8.self)
            for word in [Self.marker, "correct", "explanation"] {
                #expect(!text.contains(word), "\(word) was told")
            }
            // It would have been found.
            #expect(text.contains("What about q1?"))
            #expect(text.contains("deadlineAtMs"))
        }
    }

    /// Plays a show up to the lock of its first question.
    private func haul(correct: [Int]) throws -> Haul {
        let source = try Source.clip.get()
        var haul = Haul()
        let arguments = ["--guests", "--player-key", PlayerTokens.key]
        try ServerProcess.run(arguments) { server in
            let publisher = try RTMPClient.publishing(port: server.rtmpPort)
            try publisher.send(source.headers + source.frames[..<30])
            let host = ShowHost(port: server.staffPort, show: "quiz")
            try host.create(["lagMsMax": 0])
            let sheet = QuestionSheet(
                entries: correct.enumerated().map { index, option in
                    .init(
                        id: index == 0 ? "q1" : "\(Self.marker)\(index)", optionCount: 4,
                        correct: option, windowMs: 60_000, explanation: Self.marker)
                })
            #expect(try host.importQuestions(sheet.csv).statusCode == 200)
            try host.perform("lobby")
            let token = try PlayerTokens.mint("ann", show: "quiz")
            let socket = try WebSocketPlayer(port: server.httpPort, token: token)
            let viewer = try ViewerClient(port: server.httpPort)
            let door = PlayerDoor(port: server.httpPort)
            let others = try ["bob", "cleo"].map { try PlayerTokens.mint($0, show: "quiz") }
            for other in others + [token] { try door.enter(other) }
            try host.wait(forPlayers: 3)
            func publish(_ range: Range<Int>) throws {
                try publisher.send(source.frames[range])
                guard let last = source.frames[range].last else { return }
                try viewer.wait(for: "a frame") { stream in
                    stream.tags.contains { $0.type == last.type && $0.body == last.body }
                }
                try socket.wait(for: "a frame") { walker in
                    walker.tags.contains {
                        $0.type == last.type.rawValue && $0.byteCount == last.body.count
                    }
                }
            }
            func ask(_ name: String) throws {
                for path in [
                    "/api/v1/state", "/api/v1/state?stream=show", "/api/v1/shows",
                    "/api/v1/shows/quiz", "/api/v1/shows/quiz/questions.json",
                    "/api/v1/openapi.json", "/metrics", "/live/quiz.json",
                ] {
                    haul.add("\(name) \(path)", try HTTPClient.ask(port: server.httpPort, path))
                }
                for other in others { haul.add("\(name) me", try door.me(other)) }
            }
            try publish(30..<60)
            try ask("lobby")
            try host.perform("open")
            try viewer.wait(for: "the question") {
                $0.tags.contains { ViewedCue($0, at: 0) != nil }
            }
            try socket.wait(for: "the question") { $0.cues.contains { $0.phase == "question" } }
            try ask("question")
            for choice in 0...3 {
                haul.add(
                    "answer \(choice)", try door.answer("q1", choice, token: others[choice % 2]))
            }
            for choice in [0, 0, 3, 9] {
                try socket.answer("q1", choice)
                haul.lines.append("\(choice): \(try socket.nextText().sorted { $0.key < $1.key })")
            }
            haul.add("join", try door.post("/api/v1/join", "{}"))
            try publish(60..<120)
            try ask("answered")
            try host.perform("lock", ["force": true])
            try socket.wait(for: "the lock") { $0.cues.contains { $0.phase == "locked" } }
            try ask("locked")
            haul.add("late", try door.answer("q1", 0, token: others[0]))
            try publish(120..<150)
            let stream = viewer.stream
            haul.bytes += Array(stream.head.utf8) + stream.bytes + socket.bytes
            haul.lines += Self.lines(stream)
            haul.lines += socket.walker.cues.filter { $0.phase != "lobby" }.map {
                Self.line($0.object)
            }
            // From here on it may be told, and is.
            try host.perform("reveal")
            try viewer.wait(for: "the reveal") { stream in
                String(decoding: stream.bytes, as: UTF8.self).contains(Self.marker)
            }
        }
        return haul
    }

    /// A stream's tags, one by one. Of the lobby it says how many have come, which is said anew
    /// from time to time.
    private static func lines(_ stream: ViewedStream) -> [String] {
        stream.tags.compactMap { tag in
            let values = tag.type == .script ? tag.scriptValues : []
            // When the programme began is another time for each server.
            if values.first == .string("onMetaData"), values.count == 2 {
                return (values[1].properties ?? []).map { property in
                    property.name == "serverStartMs"
                        ? property.name : "\(property.name) \(property.value)"
                }.joined(separator: ", ")
            }
            guard values.first == .string("onQuiz"), values.count == 2 else {
                return "\(tag.type) \(tag.timestampMs) \(tag.body.count) \(tag.body.hashValue)"
            }
            return values[1]["phase"] == .string("lobby") ? nil : line(values[1])
        }
    }

    private static func line(_ cue: AMF0Value) -> String {
        let still: Set<String> = ["seq", "pts", "deadlinePts"]
        return (cue.properties ?? []).map { property in
            still.contains(property.name) ? property.name : "\(property.name) \(property.value)"
        }.joined(separator: ", ")
    }
}
