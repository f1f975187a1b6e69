// A server that is killed at chosen moments of a show, and looked at after each time.

import Foundation
import Testing

/// How far a show is, as its host has had it acknowledged.
struct ShowStep: Equatable, Sendable {
    var phase: String
    /// The question that is on, and how far it is.
    var question: String?
    var state: String?

    init(_ phase: String, _ question: String? = nil, _ state: String? = nil) {
        self.phase = phase
        self.question = question
        self.state = state
    }

    /// As the staff API tells it.
    init(_ json: [String: Any]) {
        phase = json["phase"] as? String ?? ""
        let on = json["question"] as? [String: Any]
        question = (on?["question"] as? [String: Any])?["id"] as? String
        state = on?["state"] as? String
    }
}

/// Kills the server, starts it again, and checks that nothing is lost.
final class KillStage: Sendable {
    struct State {
        var isDown = false
        var isArmed = false
        var done: ShowStep
        var pending: ShowStep?
        var killCount = 0
        var problems: [String] = []
    }

    let server: RestartingServer
    private let host: ShowHost
    private let crowd: PlayerCrowd
    private let state: Monitor<State>

    init(_ server: RestartingServer, _ host: ShowHost, _ crowd: PlayerCrowd, at step: ShowStep) {
        self.server = server
        self.host = host
        self.crowd = crowd
        state = Monitor(State(done: step))
    }

    var problems: [String] { state.withLock { $0.problems } }
    var killCount: Int { state.withLock { $0.killCount } }

    /// Kills it after so long.
    func arm(afterMs: Double) {
        state.withLock { $0.isArmed = true }
        Thread.detachNewThread { [self] in
            let atMs = MachineClock.nowMs + afterMs
            while MachineClock.nowMs < atMs { usleep(1_000) }
            let (done, pending) = state.withLock { state in
                state.isDown = true
                return (state.done, state.pending)
            }
            server.kill()
            do {
                try server.start()
                try check(done, pending)
            } catch {
                state.withLock { $0.problems.append("after a restart: \(error)") }
            }
            state.withLock { state in
                state.killCount += 1
                state.isDown = false
                state.isArmed = false
            }
        }
    }

    /// Waits until what was armed is over.
    func waitForRestart() throws {
        guard state.wait(within: 40, until: { !$0.isArmed }) else {
            throw TestFailure.timedOut(waitingFor: "a restart: \(server.log)")
        }
    }

    /// Gives an order until it is acknowledged; it has one id all the time.
    func perform(
        _ command: String, _ properties: [String: Any] = [:], reaching step: ShowStep
    ) throws {
        state.withLock { $0.pending = step }
        let id = UUID().uuidString
        let deadline = Deadline(seconds: 40)
        while true {
            _ = state.wait(within: 40) { !$0.isDown }
            do {
                let answer = try host.order(command, properties, id: id)
                guard answer.statusCode == 200 else {
                    throw TestFailure.unexpected("\(command): \(answer.text)")
                }
                break
            } catch {
                // Only a server that goes away may fail to answer.
                let mayFail = state.withLock { $0.isArmed }
                guard mayFail, !deadline.isOver else { throw error }
            }
        }
        state.withLock { state in
            state.done = step
            state.pending = nil
        }
    }

    /// The same phase, and every acknowledged answer.
    private func check(_ done: ShowStep, _ pending: ShowStep?) throws {
        let found = ShowStep(try host.state())
        if found != done && found != pending {
            state.withLock {
                $0.problems.append(
                    "\(found) where \(done) was done and \(String(describing: pending)) asked for")
            }
        }
        let held = crowd.look { players in
            players.map { player in
                let accepted = player.sent.filter { $0.receipt?.isAccepted == true }
                return (player.id, player.token, accepted.map { "\($0.question) \($0.choice)" })
            }
        }
        let door = PlayerDoor(port: server.httpPort)
        for (id, token, accepted) in held where !accepted.isEmpty {
            let receipts = try door.enter(token)["receipts"] as? [[String: Any]] ?? []
            let kept = receipts.map { "\($0["question"] ?? "") \($0["choice"] ?? "")" }
            if !Set(accepted).isSubset(of: kept) {
                state.withLock { $0.problems.append("\(id) holds \(accepted), kept are \(kept)") }
            }
            if Set(kept).count != kept.count {
                state.withLock { $0.problems.append("\(id) has answers twice: \(kept)") }
            }
        }
    }
}
