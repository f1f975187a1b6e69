// The staff API of shows, as the commands of the shell use it.

import ControlRoom
import FoundationEssentials
import Trivia

/// What a command may have in its body; what is nil is left out.
struct ShowCommandBody: Encodable, Equatable {
    var question: String?
    var force: Bool?
    var last: Bool?
    var number: Int?
    var correct: String?
    var early: Bool?
    var reason: String?
    var player: String?
    var name: String?
    var address: String?
    var questions: [String]?
    var id: String?
    var expectedVersion: Int?

    /// The same, said once more in so many words.
    func confirmed(_ word: String) -> ShowCommandBody {
        var body = self
        switch word {
        case "early": body.early = true
        default: break
        }
        return body
    }
}

/// A show to be made: its plan, and an id if it has one of its own.
struct ShowCreation: Encodable {
    var id: String?
    var stream: String
    var plan: ShowPlan

    private enum Key: CodingKey { case id, stream }

    func encode(to encoder: any Encoder) throws {
        try plan.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encodeIfPresent(id, forKey: .id)
        try container.encode(stream, forKey: .stream)
    }
}

/// Asks about shows and gives orders. Each order has an id, so that it can be sent again when the
/// connection breaks, and is carried out once.
struct ShowClient {
    var staff: StaffClient
    /// Who gives the orders, for the audit.
    var by: String?

    static let root = "/api/v1/shows"

    static func path(_ show: String, _ rest: String = "") -> String {
        "\(root)/\(show)" + (rest.isEmpty ? "" : "/\(rest)")
    }

    func bytes(_ path: String) throws(StaffCallError) -> [UInt8] {
        try staff.askPatiently(StaffRequest(method: "GET", path: path))
    }

    func get<Value: Decodable>(_ path: String, as _: Value.Type) throws(StaffCallError) -> Value {
        try value(try bytes(path))
    }

    func state(_ show: String) throws(StaffCallError) -> ShowState {
        try get(Self.path(show, "live"), as: ShowState.self)
    }

    func questions(_ show: String) throws(StaffCallError) -> [QuestionRecord] {
        struct List: Decodable { let questions: [QuestionRecord] }
        return try get(Self.path(show, "questions"), as: List.self).questions
    }

    /// A command such as "open".
    func command(
        _ name: String, on show: String, _ body: ShowCommandBody = ShowCommandBody()
    ) throws(StaffCallError) -> OrderReceipt {
        var body = body
        body.id = body.id ?? Self.newID()
        var request = StaffRequest(method: "POST", path: Self.path(show, name), fields: byField)
        request.content = ("application/json", Self.json(body))
        let answer = try staff.askPatiently(request)
        struct Wanted: Decodable {
            let confirm: String
            let by: String
            let expiresAtMs: Int64
        }
        if let wanted = try? JSONDecoder().decode(Wanted.self, from: Data(answer)) {
            throw .refused(
                status: 202,
                reason: "\(wanted.by) has said so, and nothing is divided before another of the "
                    + "staff says so, too, until \(WallClock.text(ms: wanted.expiresAtMs)) (UTC)")
        }
        return try value(answer)
    }

    /// An order whose body is the thing itself: a show, a file of questions.
    func write(
        _ method: String, _ path: String, query: [String] = [],
        content: (type: String, bytes: [UInt8])? = nil, id: String? = nil,
        expectedVersion: Int? = nil
    ) throws(StaffCallError) -> OrderReceipt {
        let items = query + (expectedVersion.map { ["expectedVersion=\($0)"] } ?? [])
        let query = items.isEmpty ? "" : "?" + items.joined(separator: "&")
        let fields = [(name: "Idempotency-Key", value: id ?? Self.newID())] + byField
        return try value(
            try staff.askPatiently(
                StaffRequest(
                    method: method, path: path + query, fields: fields, content: content)))
    }

    /// What is answered to something that is asked with a body, and changes nothing.
    func value<Value: Decodable>(
        _ method: String, _ path: String, query: [String],
        content: (type: String, bytes: [UInt8])
    ) throws(StaffCallError) -> Value {
        try value(
            try staff.askPatiently(
                StaffRequest(
                    method: method, path: path + "?" + query.joined(separator: "&"),
                    content: content)))
    }

    /// A new id for an order, by chance.
    static func newID() -> String { UUID().uuidString.lowercased() }

    static func json(_ value: some Encodable) -> [UInt8] {
        // Nothing that is encoded here can refuse it.
        (try? JSONEncoder().encode(value)).map(Array.init) ?? []
    }

    private var byField: [(name: String, value: String)] {
        by.map { [(name: "Fanfare-By", value: $0)] } ?? []
    }

    private func value<Value: Decodable>(_ bytes: [UInt8]) throws(StaffCallError) -> Value {
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(bytes)) else {
            throw .notOurs(staff.address)
        }
        return value
    }
}
