// A staff that is known by its tokens: each person's is the name with "-token".

import Access
import Synchronization

@testable import ControlRoom

/// People in memory. Without a master token and without people it is open.
final class StubStaff: StaffDirectory {
    private struct State {
        var people: [StaffRecord] = []
        var sessions: [String: String] = [:]
    }

    private let master: (@Sendable (String) -> Bool)?
    private let state: Mutex<State>
    /// Whether the list is read-only, as on a full disk.
    private let failure: StaffRefusal?

    init(
        people: [(name: String, role: StaffRole)] = [], failure: StaffRefusal? = nil,
        master: (@Sendable (String) -> Bool)? = nil
    ) {
        self.master = master
        self.failure = failure
        let records = people.map { StaffRecord(name: $0.name, role: $0.role, createdAtMs: 1) }
        state = Mutex(State(people: records))
    }

    /// Opens a session past all checks.
    func session(of token: String) -> String {
        state.withLock { state in
            let id = "session-\(state.sessions.count)"
            state.sessions[id] = token
            return id
        }
    }

    var isOpen: Bool { master == nil && state.withLock { $0.people.isEmpty } }

    func identity(ofToken token: String) -> StaffIdentity? {
        if master?(token) == true { return .nobodyInParticular(.master) }
        let found = state.withLock { $0.people.first { "\($0.name)-token" == token } }
        return found.map { StaffIdentity(name: $0.name, role: $0.role, proof: .own) }
    }

    func identity(ofSession id: String) -> StaffIdentity? {
        state.withLock { $0.sessions[id] }.flatMap { identity(ofToken: $0) }
    }

    func open(
        by token: String
    ) async throws(StaffRefusal) -> (id: String, identity: StaffIdentity)? {
        guard let identity = identity(ofToken: token) else { return nil }
        if let failure { throw failure }
        return (session(of: token), identity)
    }

    func close(session id: String) async { state.withLock { $0.sessions[id] = nil } }

    func people() -> [StaffRecord] { state.withLock { $0.people } }

    func isPerson(_ name: String) -> Bool {
        state.withLock { $0.people.contains { $0.name == name } }
    }

    func add(name: String, role: StaffRole) async throws(StaffRefusal) -> String {
        if let failure { throw failure }
        state.withLock {
            $0.people.append(StaffRecord(name: name, role: role, createdAtMs: 2))
        }
        return "\(name)-token"
    }

    func remove(name: String) async throws(StaffRefusal) {
        if let failure { throw failure }
        guard isPerson(name) else { throw .unknown("there is no \(name)") }
        state.withLock { state in state.people.removeAll { $0.name == name } }
    }
}
