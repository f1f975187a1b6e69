// Live numbers as server-sent events: at once, at each change, and to an orderly end.

import FoundationEssentials
import Testing
import Trivia

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct LiveEventTests {
    private static let path = "/api/v1/shows/final/events"

    private func state(_ event: EventReader.Event?) throws -> ShowState {
        let event = try #require(event)
        #expect(event.name == "state")
        let state = try JSONDecoder().decode(ShowState.self, from: Data(event.data.utf8))
        #expect(event.id?.hasPrefix("\(state.version).") == true)
        return state
    }

    private func order(_ server: RunningServer, _ name: String) async throws {
        let answer = try await server.send(
            "POST", "/api/v1/shows/final/\(name)", json: "{\"id\": \"\(name)\"}")
        #expect(answer.status == 200)
    }

    @Test func bothHostsSeeWhatOneDoes() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            let one = try await EventReader(port: server.port, target: Self.path)
            let other = try await EventReader(
                port: server.port, target: Self.path, fields: ["Last-Event-ID: 7.3"])
            #expect(one.head.contains("text/event-stream"))
            #expect(one.head.contains("no-store"))
            // Whoever comes back is given the show as it is, whatever it saw last.
            for reader in [one, other] {
                #expect(try state(try await reader.next()).phase == .draft)
            }
            try await order(server, "lobby")
            for reader in [one, other] {
                #expect(try state(try await reader.next()).phase == .lobby)
            }
            try await order(server, "open")
            let first = try state(try await one.next())
            #expect(first.question?.answeredCount == 0 && first.question?.remainingMs != nil)
            // No order makes these known: the desk says that they have changed.
            desk.answer("final", option: 1)
            let second = try state(try await one.next())
            #expect(second.question?.counts == [0, 1, 0])
            #expect(second.version == first.version)
        }
    }

    @Test func itEndsWithTheServerAndInOrder() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let reader = try await EventReader(port: server.port, target: Self.path)
            _ = try await reader.next()
            server.task.cancel()
            #expect(try await reader.next() == nil)
            try await server.task.value
            #expect(reader.isFinished, "the body was cut off")
        }
    }

    @Test func itEndsWithTheShow() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            let reader = try await EventReader(port: server.port, target: Self.path)
            _ = try await reader.next()
            let gone = try await server.ask(
                "/api/v1/shows/final", method: "DELETE", fields: ["Idempotency-Key: x"])
            #expect(gone.status == 200)
            #expect(try await reader.next() == nil)
            #expect(reader.isFinished)
        }
    }

    @Test func liveNumbersCanBeAskedFor() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            for name in ["lobby", "open"] { try await order(server, name) }
            desk.answer("final", option: 0)
            let answer = try await server.ask("/api/v1/shows/final/live")
            let state = try JSONDecoder().decode(ShowState.self, from: Data(answer.body))
            #expect(state.question?.counts == [1, 0, 0])
            #expect(state.tally == PlayerTally(players: 3, survivors: 2, spectators: 1))
            // Nothing is left of an onlooker who only asked for the head.
            #expect(try await server.ask(Self.path, method: "HEAD").status == 200)
        }
    }

    @Test func onlookersAreLimitedAndTheirPlacesAreGivenBack() async throws {
        let hub = LiveHub(desk: StubShowDesk.withShow())
        var streams: [AsyncStream<String>] = []
        for _ in 0..<Limits.onlookerCountMax { streams.append(try await hub.watch("final")) }
        await #expect(throws: ShowDeskRefusal.self) { try await hub.watch("final") }
        streams = []
        // They leave one by one, on tasks of their own.
        var last: AsyncStream<String>?
        while last == nil {
            last = try? await hub.watch("final")
            await Task.yield()
        }
        #expect(last != nil)
    }

    /// The next piece that isn't a comment, as comes on a machine that takes long.
    private func nextState(_ pieces: inout AsyncStream<String>.Iterator) async -> String? {
        while let piece = await pieces.next() {
            if !piece.hasPrefix(":") { return piece }
        }
        return nil
    }

    @Test func whoeverDoesNotReadIsLetGo() async throws {
        let desk = StubShowDesk.withShow()
        let hub = LiveHub(desk: desk)
        let stream = try await hub.watch("final")
        // Changes while a look is under way are one, so a second onlooker shows how far it is.
        var reader = try await hub.watch("final").makeAsyncIterator()
        _ = await reader.next()
        for number in 0..<40 {
            let order: ShowCommand = number % 2 == 0 ? .shuffle : .resume
            _ = try desk.perform(order, on: "final", under: OrderTicket(id: "\(number)"))
            #expect(await nextState(&reader)?.contains("event: state") == true)
        }
        var count = 0
        for await _ in stream { count += 1 }
        #expect(count == 32)
    }

    @Test func nothingIsLookedAtWhileNothingChanges() async throws {
        let desk = StubShowDesk.withShow()
        let hub = LiveHub(desk: desk)
        var reader = try await hub.watch("final").makeAsyncIterator()
        #expect(await reader.next()?.hasPrefix("retry: 1000") == true)
        #expect(desk.lookCount == 1)
        for number in 1...5 {
            _ = try desk.perform(.shuffle, on: "final", under: OrderTicket(id: "\(number)"))
            #expect(await nextState(&reader)?.contains("id: \(number + 1).\(number)\n") == true)
            // One look for each change, whatever time went by meanwhile.
            #expect(desk.lookCount == 1 + number)
        }
    }

    @Test func theDeskIsWatchedOnceForAllAndLetGoOfWithTheLast() async throws {
        let desk = StubShowDesk.withShow()
        let hub = LiveHub(desk: desk)
        var streams: [AsyncStream<String>] = []
        for _ in 0..<3 { streams.append(try await hub.watch("final")) }
        _ = try desk.perform(.shuffle, on: "final", under: OrderTicket(id: "a"))
        #expect(desk.watcherCount == 1)
        streams = []
        var number = 0
        while desk.watcherCount > 0 {
            number += 1
            _ = try desk.perform(.resume, on: "final", under: OrderTicket(id: "b\(number)"))
            await Task.yield()
        }
        #expect(desk.watcherCount == 0)
    }
}
