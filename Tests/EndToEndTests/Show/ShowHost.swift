// A host over the staff API.

import Foundation
import Testing

/// Gives orders for one show and looks at what came of it.
struct ShowHost: Sendable {
    let port: UInt16
    let show: String
    /// For the audit.
    var name = "test"

    /// A request below `/api/v1/shows`.
    func ask(
        _ method: String = "GET", _ path: String = "", body: [UInt8]? = nil,
        type: String = "application/json", fields: [String] = []
    ) throws -> HTTPAnswer {
        let client = try HTTPClient(port: port)
        var all = fields + ["Connection: close", "Fanfare-By: \(name)"]
        if let body { all += ["Content-Type: \(type)", "Content-Length: \(body.count)"] }
        let target = "/api/v1/shows" + path
        try client.connection.send(
            HTTPClient.request(method, target, fields: all) + (body ?? []))
        do {
            return try client.answer(to: method)
        } catch {
            throw TestFailure.unexpected("\(method) \(target): \(error)")
        }
    }

    /// Makes the show, as a draft on the stream `show`.
    @discardableResult
    func create(_ plan: [String: Any] = [:], id: String = UUID().uuidString) throws -> HTTPAnswer {
        var plan = plan
        plan["id"] = show
        plan["stream"] = plan["stream"] ?? "show"
        plan["title"] = plan["title"] ?? "Test"
        let answer = try ask(
            "POST", body: Self.json(plan), fields: ["Idempotency-Key: \(id)"])
        #expect(answer.statusCode == 201, "\(answer.text)")
        return answer
    }

    /// Imports a file of questions.
    @discardableResult
    func importQuestions(
        _ text: String, type: String = "text/csv", method: String = "POST",
        id: String = UUID().uuidString
    ) throws -> HTTPAnswer {
        try ask(
            method, "/\(show)/questions", body: Array(text.utf8), type: type,
            fields: ["Idempotency-Key: \(id)"])
    }

    /// Gives an order, whatever becomes of it.
    func order(
        _ command: String, _ properties: [String: Any] = [:], id: String = UUID().uuidString
    ) throws -> HTTPAnswer {
        var properties = properties
        // Most tests are of what comes then, whoever sees it.
        if command == "open", properties["force"] == nil { properties["force"] = true }
        return try ask(
            "POST", "/\(show)/\(command)", body: Self.json(properties),
            fields: ["Idempotency-Key: \(id)"])
    }

    /// Gives an order that has to be carried out.
    @discardableResult
    func perform(
        _ command: String, _ properties: [String: Any] = [:]
    ) throws -> [String: Any] {
        let answer = try order(command, properties)
        guard answer.statusCode == 200 || answer.statusCode == 202 else {
            throw TestFailure.unexpected("\(command): \(answer.statusCode) \(answer.text)")
        }
        return answer.json
    }

    /// The show at this moment.
    func state() throws -> [String: Any] { try report("") }

    /// A report below the show.
    func report(_ path: String) throws -> [String: Any] {
        let answer = try ask("GET", "/\(show)\(path)")
        guard answer.statusCode == 200 else {
            throw TestFailure.unexpected("\(path): \(answer.statusCode) \(answer.text)")
        }
        return answer.json
    }

    /// Waits until the show is as it should be.
    @discardableResult
    func wait(
        for what: String, within seconds: Double = 20,
        until isReached: ([String: Any]) -> Bool
    ) throws -> [String: Any] {
        let deadline = Deadline(seconds: seconds)
        while true {
            let state = try state()
            if isReached(state) { return state }
            guard !deadline.isOver else {
                throw TestFailure.timedOut(waitingFor: "\(what): \(state)")
            }
            // Each look is a request of its own; this only keeps them from being a load.
            usleep(20_000)
        }
    }

    /// Waits until so many have joined.
    func wait(forPlayers count: Int) throws {
        try wait(for: "\(count) players") {
            ($0["tally"] as? [String: Any])?["players"] as? Int == count
        }
    }

    /// Waits until the question that is on is locked.
    func waitForLock(within seconds: Double = 30) throws {
        try wait(for: "the lock", within: seconds) {
            ($0["question"] as? [String: Any])?["state"] as? String == "locked"
        }
    }

    private static func json(_ object: [String: Any]) -> [UInt8] {
        // What tests give is always JSON.
        [UInt8]((try? JSONSerialization.data(withJSONObject: object)) ?? Data())
    }
}
