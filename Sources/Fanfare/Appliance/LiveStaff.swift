// Who the staff are: people and sessions in memory, and in the data folder as digests.

import Access
import ControlRoom
import Game
import Logging
import Settings
import Synchronization

/// The staff of a running appliance. Looking up waits for no disk; what is changed is on disk first.
final class LiveStaff: StaffDirectory {
    private struct State {
        var people: StaffPeople
        var sessions: StaffSessions
        /// When each token of the people's was last seen, ms since 1970.
        var seenMs: [TokenDigest: Int64] = [:]
    }

    /// The operator's own token; nil where none is configured.
    private let master: LiveKey<StaffTokenKind>?
    private let state: Mutex<State>
    private let keeper: StaffKeeper
    private let nowMs: @Sendable () -> Int64
    private let logger: Logger

    /// - Throws: `StaffFileError`.
    init(
        dataPath: String, master: LiveKey<StaffTokenKind>?, logger: Logger,
        nowMs: @escaping @Sendable () -> Int64 = { GameClock.system.wallMs() }
    ) throws(StaffFileError) {
        let file = StaffFile(dataPath: dataPath)
        keeper = StaffKeeper(file: file, lock: try StaffFileLock(dataPath: dataPath))
        let people = try file.people()
        var sessions = StaffSessions()
        do throws(StaffFileError) { sessions = try file.sessions(nowMs: nowMs()) } catch {
            logger.warning("\(error)")
        }
        state = Mutex(State(people: people, sessions: sessions))
        self.master = master
        self.nowMs = nowMs
        self.logger = logger
    }

    // MARK: Looking up

    var isOpen: Bool { master == nil && state.withLock { $0.people.all.isEmpty } }

    func identity(ofToken token: String) -> StaffIdentity? {
        guard let digest = TokenDigest(of: token) else { return nil }
        if let master, master.matches(token) { return .nobodyInParticular(.master) }
        return person(bringing: digest)
    }

    func identity(ofSession id: String) -> StaffIdentity? {
        guard let digest = TokenDigest(of: id),
            let session = state.withLock({ $0.sessions.session(digest, nowMs: nowMs()) })
        else { return nil }
        if let master, master.digest?.isSame(as: session.token) == true {
            return .nobodyInParticular(.master)
        }
        return person(bringing: session.token)
    }

    private func person(bringing digest: TokenDigest) -> StaffIdentity? {
        let nowMs = nowMs()
        return state.withLock { state in
            guard let person = state.people.person(bringing: digest) else { return nil }
            state.seenMs[person.token] = nowMs
            return StaffIdentity(name: person.name, role: person.role, proof: .own)
        }
    }

    func people() -> [StaffRecord] {
        state.withLock { state in
            state.people.all.map { person in
                StaffRecord(
                    name: person.name, role: person.role, createdAtMs: person.createdAtMs,
                    lastSeenAtMs: state.seenMs[person.token])
            }
        }
    }

    /// How many can say that a prize is to be divided: hosts and directors, each by the own token, and
    /// whoever has the operator's, who are one all together.
    var settlerCount: Int {
        let people = state.withLock { $0.people.all }
        return people.count { $0.role >= .host } + (master == nil ? 0 : 1)
    }

    func isPerson(_ name: String) -> Bool {
        state.withLock { $0.people.person(named: name) != nil }
    }

    // MARK: Sessions

    func open(
        by token: String
    ) async throws(StaffRefusal) -> (id: String, identity: StaffIdentity)? {
        guard let identity = identity(ofToken: token), let digest = TokenDigest(of: token) else {
            return nil
        }
        let (id, key) = try Self.newToken()
        state.withLock { $0.sessions.open(key, token: digest, nowMs: nowMs()) }
        await keepSessions()
        return (id, identity)
    }

    private static func newToken() throws(StaffRefusal) -> (token: String, digest: TokenDigest) {
        do throws(SecretError) {
            let token = try TokenDigest.newToken()
            guard let digest = TokenDigest(of: token) else { throw .noDigest }
            return (token, digest)
        } catch { throw .unavailable(error.description) }
    }

    func close(session id: String) async {
        guard let key = TokenDigest(of: id) else { return }
        let isClosed = state.withLock { state in
            let former = state.sessions
            state.sessions.close(key)
            return state.sessions != former
        }
        if isClosed { await keepSessions() }
    }

    /// What can't be kept is good all the same until the appliance is started again.
    private func keepSessions() async {
        let failure = await keeper.keepSessions { [self] in
            let sessions = state.withLock { $0.sessions }
            // A token that an operator chose may be short, and then its digest gives it away.
            guard let master, !master.isLong, let digest = master.digest else { return sessions }
            var kept = sessions
            kept.closeAll(openedBy: digest)
            return kept
        }
        if let failure { logger.warning("\(failure)") }
    }

    // MARK: People

    func add(name: String, role: StaffRole) async throws(StaffRefusal) -> String {
        let (token, digest) = try Self.newToken()
        let person: StaffPerson
        do throws(StaffPeopleError) {
            person = try StaffPerson(
                name: name, role: role, token: digest, createdAtMs: nowMs())
        } catch { throw .invalid(error.description) }
        try await change { [hasMaster = master != nil] people throws(StaffPeopleError) in
            try people.add(person, hasMaster: hasMaster)
        }
        logger.notice("\(person.name) is a \(person.role.rawValue) of the staff from now on")
        return token
    }

    func remove(name: String) async throws(StaffRefusal) {
        let removed = state.withLock { $0.people.person(named: name) }
        try await change { [hasMaster = master != nil] people throws(StaffPeopleError) in
            try people.remove(named: name, hasMaster: hasMaster)
        }
        guard let removed else { return }
        state.withLock { state in
            state.sessions.closeAll(openedBy: removed.token)
            state.seenMs[removed.token] = nil
        }
        await keepSessions()
        logger.notice("\(removed.name) is not of the staff any more")
    }

    private func change(
        _ edit: @escaping @Sendable (inout StaffPeople) throws(StaffPeopleError) -> Void
    ) async throws(StaffRefusal) {
        do {
            try await keeper.change { [self] file in
                var people = state.withLock { $0.people }
                try edit(&people)
                try file.keep(people)
                state.withLock { $0.people = people }
            }
        } catch let error as StaffPeopleError {
            switch error {
            case .badName: throw .invalid(error.description)
            case .unknown: throw .unknown(error.description)
            case .nameTaken, .tooMany, .noDirectorFirst, .lastDirector, .lastPerson:
                throw .notNow(error.description)
            }
        } catch { throw .unavailable("\(error)") }
    }
}

/// Writes the staff's files, one at a time and on a thread of its own.
private actor StaffKeeper {
    private let lane = SlowLane("staff keeper")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let file: StaffFile
    private let lock: StaffFileLock

    init(file: StaffFile, lock: StaffFileLock) {
        self.file = file
        self.lock = lock
    }

    func change(_ body: @Sendable (StaffFile) throws -> Void) throws { try body(file) }

    /// - Parameter newest: the sessions as they are when their turn comes.
    /// - Returns: why they can't be kept; nil if they are.
    func keepSessions(_ newest: @Sendable () -> StaffSessions) -> StaffFileError? {
        do throws(StaffFileError) {
            try file.keep(newest())
            return nil
        } catch { return error }
    }
}
