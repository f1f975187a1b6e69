// Events of everything: what consoles are told, in one mind.

import FoundationEssentials
import Testing
import Trivia

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct EventTests {
    /// The next event of a name, those of others passed over.
    private func next(_ name: String, _ reader: EventReader) async throws -> JSONTree {
        while let event = try await reader.next() {
            if event.name == name { return try #require(JSONTree(parsing: Array(event.data.utf8))) }
        }
        throw CancellationError()
    }

    private func order(
        _ server: RunningServer, _ name: String, by fields: [String] = [], id: String? = nil
    ) async throws {
        let answer = try await server.send(
            "POST", "/api/v1/shows/final/\(name)", json: "{\"id\": \"\(id ?? name)\"}",
            fields: fields)
        #expect(answer.status == 200, "\(answer.text)")
    }

    @Test func whoComesIsToldEverythingAsItIs() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let reader = try await EventReader(port: server.port, target: "/api/v1/events")
            #expect(reader.head.contains("text/event-stream"))
            let programme = try await next("programme", reader)
            #expect(programme["streams"]?.items.count == 2)
            #expect(programme["streams"]?.items.first?["feed"]?["videoKbps"] == 900)
            #expect(programme["streams"]?.items.first?["reports"]?["states"]?["playing"] == 1_090)
            #expect(programme["streams"]?.items.first?["framesPerSecond"] == .number(29.9))
            #expect(programme["machine"]?["mergeMs"] == 40)
            let shows = try await next("shows", reader)
            #expect(shows["shows"]?.items.first?["id"] == "final")
            let show = try await next("show", reader)
            #expect(show["id"] == "final" && show["phase"] == "draft" && show["by"] == nil)
            // And then once a second.
            _ = try await next("programme", reader)
        }
    }

    @Test func twoConsolesAreOfOneMind() async throws {
        let desk = StubShowDesk.withShow()
        let staff = StubStaff(people: [("dora", .director), ("hans", .host)])
        try await RunningServer.use(shows: desk, staff: staff) { server in
            let hans = ["Authorization: Bearer hans-token"]
            let dora = ["Authorization: Bearer dora-token"]
            var readers: [EventReader] = []
            for fields in [hans, dora] {
                let reader = try await EventReader(
                    port: server.port, target: "/api/v1/events", fields: fields)
                _ = try await next("show", reader)
                readers.append(reader)
            }
            try await order(server, "lobby", by: hans)
            for reader in readers {
                var show = try await next("show", reader)
                // The desk may be quicker to say so than the order to be answered.
                if show["by"] == nil { show = try await next("show", reader) }
                #expect(show["phase"] == "lobby" && show["by"] == "hans")
                #expect(show["command"] == "lobby" && show["version"] == 2)
            }
            // A repeated order is one deed.
            try await order(server, "lobby", by: hans)
            try await order(server, "open", by: dora)
            let late = try await EventReader(
                port: server.port, target: "/api/v1/events", fields: hans)
            var deeds: [JSONTree] = []
            for _ in 0..<2 { deeds.append(try await next("deed", late)) }
            #expect(deeds.map { $0["by"] } == ["hans", "dora"])
            #expect(deeds.map { $0["text"] } == ["opened the doors", "opened the next question"])
            // Numbers come without an order.
            desk.answer("final", option: 1)
            while true {
                let show = try await next("show", readers[0])
                guard show["question"]?["answeredCount"] == 1 else { continue }
                #expect(show["by"] == "dora")
                break
            }
        }
    }

    @Test func deedsAreOfAllKinds() async throws {
        let staff = StubStaff(people: [("dora", .director)])
        try await RunningServer.use(staff: staff) { server in
            let dora = ["Authorization: Bearer dora-token"]
            let reader = try await EventReader(
                port: server.port, target: "/api/v1/events", fields: dora)
            let streams = "/api/v1/streams/show"
            _ = try await server.send(
                "POST", streams + "/announcements", json: #"{"text": "Hello"}"#, fields: dora)
            _ = try await server.ask(streams + "/publisher", method: "DELETE", fields: dora)
            _ = try await server.send(
                "POST", "/api/v1/staff", json: #"{"name": "finn"}"#, fields: dora)
            _ = try await server.send("POST", "/api/v1/reload", json: "{}", fields: dora)
            for (command, stream) in [
                ("announce", JSONTree.string("show")), ("off", "show"), ("staff-add", nil),
                ("reload", nil),
            ] as [(String, JSONTree?)] {
                let deed = try await next("deed", reader)
                #expect(deed["command"] == .string(command) && deed["by"] == "dora")
                #expect(deed["stream"] == stream)
            }
        }
    }

    @Test func whoIsStruckOffIsToldNothingMore() async throws {
        let staff = StubStaff(people: [("dora", .director), ("hans", .host)])
        try await RunningServer.use(shows: StubShowDesk.withShow(), staff: staff) { server in
            var readers: [EventReader] = []
            for path in ["/api/v1/events", "/api/v1/shows/final/events"] {
                let reader = try await EventReader(
                    port: server.port, target: path,
                    fields: ["Authorization: Bearer hans-token"])
                _ = try await reader.next()
                readers.append(reader)
            }
            try await staff.remove(name: "hans")
            try await order(server, "lobby", by: ["Authorization: Bearer dora-token"])
            for reader in readers {
                while let event = try await reader.next() {
                    #expect(!event.data.contains(#""phase":"lobby""#))
                }
                #expect(reader.isFinished)
            }
        }
    }

    @Test func showsComeAndGo() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let reader = try await EventReader(port: server.port, target: "/api/v1/events")
            _ = try await next("show", reader)
            _ = try await server.send(
                "POST", "/api/v1/shows", json: #"{"title": "x", "stream": "show", "id": "x"}"#,
                fields: ["Idempotency-Key: a"])
            while try await next("shows", reader)["shows"]?.items.count != 2 {}
            while try await next("show", reader)["id"] != "x" {}
            _ = try await server.ask(
                "/api/v1/shows/x", method: "DELETE", fields: ["Idempotency-Key: b"])
            while try await next("shows", reader)["shows"]?.items.count != 1 {}
        }
    }

    // MARK: Looks

    /// The next piece that has an event of a name.
    private func piece(
        with name: String, _ pieces: inout AsyncStream<String>.Iterator
    ) async throws -> String {
        while let piece = await pieces.next() {
            if piece.contains("event: \(name)\n") { return piece }
        }
        throw CancellationError()
    }

    /// The data of the last event of a name in a piece.
    private func last(_ name: String, in piece: String) throws -> JSONTree {
        let data = try #require(piece.split(separator: "event: \(name)\ndata: ").last)
        return try #require(JSONTree(parsing: Array(data.prefix { $0 != "\n" }.utf8)))
    }

    @Test func anOlderLookOvertakesNoNewerOne() async throws {
        let desk = StubShowDesk.withShow()
        let hub = EventHub(directory: StubDirectory(), desk: desk, second: nil)
        let first = try await hub.watch()
        desk.holdLooks()
        // One look has seen the show as it was, when it changes and another comes to look on.
        await hub.changed("final")
        while desk.heldLookCount == 0 { await Task.yield() }
        _ = try desk.perform(
            .openLobby, on: "final", under: OrderTicket(id: "o", by: "dora"))
        await hub.changed("final")
        let second = Task { try await hub.watch() }
        // Time for a second look to get in, if it doesn't wait for the first.
        for _ in 0..<1_000 where desk.heldLookCount < 2 { await Task.yield() }
        desk.letLooksThrough()
        let late = try await second.value
        await hub.note(Deed(by: "dora", show: "final", command: "mark", text: "x"))
        for pieces in [first, late] {
            var pieces = pieces.makeAsyncIterator()
            var versions: [Int] = []
            while true {
                let show = try last("show", in: try await piece(with: "show", &pieces))
                guard case .integer(let version) = show["version"] else { break }
                versions.append(version)
                if show["command"] == "mark" { break }
            }
            #expect(versions == versions.sorted() && versions.last == 2)
        }
    }

    @Test func whoComesLaterSeesTheCountdownAsItIs() async throws {
        let desk = StubShowDesk.withShow()
        for (number, order) in [
            ShowCommand.openLobby, .open(question: nil, isForced: false, isLast: false),
        ]
        .enumerated() {
            _ = try desk.perform(
                order, on: "final", under: OrderTicket(id: "\(number)", by: "dora"))
        }
        let hub = EventHub(directory: StubDirectory(), desk: desk, second: nil)
        var left: [Int] = []
        var streams: [AsyncStream<String>] = []
        for _ in 0..<2 {
            let stream = try await hub.watch()
            streams.append(stream)
            var pieces = stream.makeAsyncIterator()
            let show = try last("show", in: try await piece(with: "show", &pieces))
            guard case .integer(let ms) = show["question"]?["remainingMs"] else { continue }
            left.append(ms)
        }
        #expect(left.count == 2 && left.last ?? 0 < left.first ?? 0)
    }

    @Test func aListThatCantBeReadIsAskedForAgain() async throws {
        let desk = StubShowDesk.withShow()
        desk.breakList(true)
        let hub = EventHub(directory: StubDirectory(), desk: desk, second: nil)
        var pieces = try await hub.watch().makeAsyncIterator()
        let beginning = try await piece(with: "programme", &pieces)
        #expect(!beginning.contains("event: shows"), "nobody knows that there are none")
        await hub.tick(atMs: 1_000)
        desk.breakList(false)
        // Not by itself, but with the next tick.
        await hub.tick(atMs: 2_000)
        let list = try last("shows", in: try await piece(with: "shows", &pieces))
        #expect(list["shows"]?.items.first?["version"] == 1)
        let show = try last("show", in: try await piece(with: "show", &pieces))
        #expect(show["id"] == "final")
    }

    @Test func theDeskIsFollowedWhileSomebodyLooksOn() async throws {
        let desk = StubShowDesk.withShow()
        let hub = EventHub(directory: StubDirectory(), desk: desk, second: nil)
        for _ in 0..<20 {
            var onlookers: [AsyncStream<String>] = []
            for _ in 0..<3 { onlookers.append(try await hub.watch()) }
            #expect(desk.followerCount == 1)
            onlookers = []
            while desk.followerCount > 0 { await Task.yield() }
        }
        // What was missed is looked at anew.
        var pieces = try await hub.watch().makeAsyncIterator()
        _ = try await piece(with: "show", &pieces)
        desk.loseFollowers()
        while desk.followerCount > 0 { await Task.yield() }
        _ = try desk.perform(.openLobby, on: "final", under: OrderTicket(id: "o", by: "dora"))
        while desk.followerCount == 0 {
            await hub.tick(atMs: 1_000)
            await Task.yield()
        }
        let show = try last("show", in: try await piece(with: "show", &pieces))
        #expect(show["phase"] == "lobby")
    }

    // MARK: History

    @Test func aStreamHasAPast() async throws {
        let hub = EventHub(
            directory: StubDirectory(known: [.show]), desk: nil, second: nil)
        #expect(await hub.history(of: "show") == nil)
        await hub.tick(atMs: 1_000)
        await hub.tick(atMs: 2_000)
        // Three seconds in which the machine stood still.
        await hub.tick(atMs: 6_000)
        let history = try #require(await hub.history(of: "show"))
        #expect(history.fromMs == 1_000)
        #expect(history.series.videoKbps == [900, 900, nil, nil, nil, 900])
        #expect(history.series.joins == [nil, 0, nil, nil, nil, 0])
        #expect(history.series.keyframeMs.last == 2_000)
    }

    @Test func thePastIsBounded() {
        var histories = StreamHistories()
        for second in 0..<1_000 { histories.note([.show], atMs: Int64(second) * 1_000) }
        let answer = histories.answer(of: "show")
        #expect(answer?.series.fps.count == 900 && answer?.fromMs == 100_000)
        for number in 0..<100 {
            histories.note([StreamStatus(name: "s\(number)", state: .live)], atMs: 1_000_000)
        }
        #expect(histories.answer(of: "s99") != nil)
        let kept = (0..<100).count { histories.answer(of: "s\($0)") != nil }
        #expect(kept < 65)
        // Those that were gone first went first.
        var others = StreamHistories()
        others.note([StreamStatus(name: "z", state: .live)], atMs: 0)
        for number in 0..<64 {
            others.note([StreamStatus(name: "s\(number)", state: .live)], atMs: 1_000)
        }
        others.note([StreamStatus(name: "a", state: .live)], atMs: 2_000)
        #expect(others.answer(of: "z") == nil && others.answer(of: "a") != nil)
        // Who was away for long begins anew.
        for second in 0..<901 { histories.note([], atMs: Int64(2_000 + second) * 1_000) }
        #expect(histories.answer(of: "s99") == nil)
    }
}
