// Crowds that the console sends: the appliance runs itself as a child, one at a time.

import Access
import ControlRoom
import FoundationEssentials
import Game
import Glibc
import Settings
import Synchronization
import Trivia
import WireBytes

/// Starts `fanfare rehearse` and keeps what came of the last few. Starting one takes its time, so that
/// it has a thread of its own.
actor LiveRehearsals: RehearsalDesk {
    /// Where a crowd goes, and who it is.
    struct Place: Sendable {
        /// The audience plane, on this machine.
        var audience: IPEndpoint
        /// The program; itself.
        var program = "/proc/self/exe"
        /// What players' tokens are signed with: a file for the child alone.
        var keyPath: String
        /// What a stream's address needs besides, to be watched for so many seconds; mostly nothing.
        var query: @Sendable (_ stream: String, _ seconds: Int) -> String = { _, _ in "" }
        /// Which streams there are.
        var hasStream: @Sendable (String) -> Bool
        /// The rehearsal show whose doors are open on a stream; nil where there is none.
        var rehearsalShow: @Sendable (String) -> String?
    }

    private let lane = SlowLane("rehearsals")
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe lane.asUnownedSerialExecutor()
    }

    private let place: Place
    private let key: PlayerKey
    private var known: [RehearsalRecord] = []
    private var running: CrowdProcess?
    private var serial = 0
    /// Those who are gone at the end whatever happens.
    private nonisolated let children = Mutex<[CrowdProcess]>([])

    /// Records that are kept.
    private static let recordCountMax = 10
    /// How much longer than it lasts its address is good, s.
    private static let signedMoreS = 120
    /// Viewers who come in a second.
    private static let rampPerSecond = 1_000

    /// - Parameter key: what players' tokens are signed with.
    init(place: Place, key: PlayerKey) {
        self.place = place
        self.key = key
    }

    func begin(
        _ wish: RehearsalWish, by: String
    ) async throws(RehearsalRefusal) -> RehearsalRecord {
        guard running == nil else {
            throw .notNow("a crowd is there already; wait for its report, or send it home first")
        }
        guard place.hasStream(wish.stream) else {
            throw .notNow("nothing is on air on \(wish.stream); bring its feed in first")
        }
        let query = place.query(wish.stream, wish.seconds + Self.signedMoreS)
        var arguments = [
            "rehearse", "--for-console", "--i-own-this-server", "--url",
            "http://\(place.audience)/live/\(wish.stream).flv\(query)", "--viewers",
            "\(wish.viewers)",
            "--for", "\(wish.seconds)s", "--ramp", "\(Self.rampPerSecond)",
        ]
        if wish.players > 0 { arguments += try playing(wish) }
        serial += 1
        let nowMs = GameClock.system.wallMs()
        let record = RehearsalRecord(
            id: "r-\(nowMs)-\(serial)", by: by, wish: wish, startedAtMs: nowMs)
        do throws(CrowdProcessError) {
            let child = try CrowdProcess(path: place.program, arguments: arguments) { output in
                Task { await self.end(record.id, output) }
            }
            running = child
            children.withLock { $0 = [child] }
        } catch {
            unsafe unlink(place.keyPath)
            throw .notNow("\(error)")
        }
        known.insert(record, at: 0)
        if known.count > Self.recordCountMax { known.removeLast() }
        return record
    }

    /// Simulated players answer in a rehearsal only: in a show they would win the prize.
    private func playing(_ wish: RehearsalWish) throws(RehearsalRefusal) -> [String] {
        guard let show = place.rehearsalShow(wish.stream) else {
            throw .notNow(
                "players need a rehearsal show on \(wish.stream) whose doors are open: make one "
                    + "with isRehearsal, and open its lobby")
        }
        do throws(PrivateFileError) {
            try PrivateFile.replace(place.keyPath, with: Array("\(key.text)\n".utf8))
        } catch { throw .notNow("cannot write \(place.keyPath): \(error)") }
        let share = Double(wish.players) / Double(wish.viewers)
        return ["--answers", "\(share)", "--show", show, "--player-key", place.keyPath]
    }

    private func end(_ id: String, _ output: CrowdProcess.Output) {
        running = nil
        children.withLock { $0 = [] }
        unsafe unlink(place.keyPath)
        guard let index = known.firstIndex(where: { $0.id == id }) else { return }
        known[index].endedAtMs = GameClock.system.wallMs()
        known[index].log = Self.text(output.log)
        if let report = try? JSONDecoder().decode(CrowdReport.self, from: Data(output.report)) {
            known[index].state = .done
            known[index].progress = 1
            known[index].report = report
            known[index].verdict = report.isClean ? .clean : .trouble
        } else {
            known[index].state = .failed
            let last = known[index].log.split(separator: "\n").last.map(String.init)
            known[index].error = known[index].error ?? last ?? "the crowd ended without a word"
        }
    }

    func records() async -> [RehearsalRecord] {
        guard let running, known.first?.state == .running else { return known }
        var records = known
        records[0].log = Self.text(running.saidSoFar.log)
        // It comes, watches, and if it plays is asked in the end for what it has receipts of.
        let wantedMs =
            Double(records[0].viewers) / Double(Self.rampPerSecond) * 1_000
            + Double(records[0].seconds) * 1_000 + 1_000
        let elapsedMs = Double(GameClock.system.wallMs() - records[0].startedAtMs)
        records[0].progress = min(0.99, max(0, elapsedMs / wantedMs))
        return records
    }

    func stop(_ id: String) async throws(RehearsalRefusal) {
        guard let index = known.firstIndex(where: { $0.id == id }) else { throw .unknown }
        guard known[index].state == .running else { return }
        known[index].error = "it was sent home"
        running?.stop()
    }

    /// Sends everybody home: the appliance ends.
    nonisolated func shutDown() {
        for child in children.withLock({ $0 }) { child.stop() }
        unsafe unlink(place.keyPath)
    }

    /// What it said, as a text that is one.
    private static func text(_ log: [UInt8]) -> String { String(decoding: log, as: UTF8.self) }
}
