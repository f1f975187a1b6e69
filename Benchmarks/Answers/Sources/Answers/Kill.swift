// kill -9 in mid-flood with a million answers, and how soon the next answer is accepted.

import Access
import Game
import Glibc
import Ledger
import Synchronization
import Trivia

/// What of a flood was acknowledged, a byte for each answer, in memory that outlives the process.
@safe final class Acknowledged: @unchecked Sendable {
    private let bytes: UnsafeMutableRawPointer
    private let capacity: Int

    init(path: String, capacity: Int) {
        self.capacity = capacity
        let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, capacity) == 0,
            let bytes = unsafe mmap(
                nil, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            unsafe bytes != MAP_FAILED
        else { fatalError("\(path) can't be mapped") }
        close(descriptor)
        unsafe self.bytes = bytes
    }

    deinit { unsafe munmap(bytes, capacity) }

    func note(_ index: Int) {
        unsafe bytes.storeBytes(of: 1, toByteOffset: index, as: UInt8.self)
    }

    func has(_ index: Int) -> Bool { unsafe bytes.load(fromByteOffset: index, as: UInt8.self) == 1 }
}

/// The show of the flood: as many answers as players times questions, and nobody is ever out.
enum Flood {
    static let playerCount = 100_000
    static let questionCount = 11
    /// So many are acknowledged before the kill: a million, and half of another question's.
    static let killAt = 1_050_000

    static func choice(_ player: Int, _ question: Int) -> Int32 {
        Int32((player * 7 + question) % 2)
    }
}

/// The process that is killed.
enum Victim {
    static let word = "--victim"

    static func run(folder: String) throws {
        let acknowledged = Acknowledged(
            path: folder + ".acknowledged", capacity: Flood.playerCount * Flood.questionCount)
        let crowd = try Crowd(
            folder: folder, playerCount: Flood.playerCount, questionCount: Flood.questionCount,
            tuning: GroupTuning(), plan: ShowPlan(title: "Answers", mode: .points)
        ) { batch in
            for entry in batch.entries where entry.isAccepted {
                acknowledged.note(Int(entry.address))
            }
        }
        for question in 0..<Flood.questionCount {
            try crowd.open(question)
            crowd.send(question, perSecond: 0) { Flood.choice($0, question) }
            // The last one stays open: the kill is to come in the midst of it.
            if question < Flood.questionCount - 1 { try crowd.closeQuestion() }
        }
        pause()
    }
}

enum Kill {
    static func run(folder: String) throws {
        Answers.say("\nkill -9 in mid-flood, with a million answers in the ledger")
        let count = Flood.playerCount * Flood.questionCount
        let acknowledged = Acknowledged(path: folder + ".acknowledged", capacity: count)
        let process = start(folder)
        // In the order of sending, so this one says that all before it are written too.
        while !acknowledged.has(Flood.killAt - 1) {
            guard waitpid(process, nil, WNOHANG) == 0 else { fatalError("it ended") }
            usleep(500)
        }
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
        let killedNs = Disk.nowNs()

        let accepted = Atomic<Bool>(false)
        let ledger = try Ledger(folderPath: folder)
        let key = try PlayerKey(validating: String(repeating: "k", count: 32))
        let desk = try GameDesk(
            ledger: ledger, stage: EmptyStage(), settings: DeskSettings(playerKey: key)
        ) { batch in
            if batch.entries.contains(where: \.isAccepted) {
                accepted.store(true, ordering: .releasing)
            }
        }
        let openedNs = Disk.nowNs()
        try desk.start()
        // The last to be sent: if the flood was killed in its midst, it has not answered.
        let player = Flood.playerCount - 1
        let ticket = try desk.admit(
            id: "player-\(player)", name: "Player \(player)", show: "show"
        ).get()
        guard let name = QuestionName("q\(Flood.questionCount - 1)"),
            desk.submit(
                PlayerAnswer(
                    ticket: ticket, question: name, choice: 1, receivedNs: Disk.nowNs(),
                    handover: nil, address: 0))
        else { fatalError("it takes no answer") }
        while !accepted.load(ordering: .acquiring) { usleep(100) }
        let acceptedNs = Disk.nowNs()

        let show = try ledger.load(show: "show").show
        let (kept, missing) = compare(show, acknowledged)
        Answers.say(
            "\(show.acceptedCount) answers; opened in \(seconds(killedNs, openedNs)) s, first "
                + "answer accepted \(seconds(killedNs, acceptedNs)) s after the kill (to reach: 3)")
        Answers.result("kill.accepted", Double(acceptedNs - killedNs) / 1e9, "s")
        Answers.say("\(kept) acknowledged before it, \(missing) of them missing")
        guard missing == 0, kept >= Flood.killAt else { fatalError("answers are missing") }
        let auditNs = Disk.nowNs()
        guard try desk.audit(show: "show").isSound else { fatalError("the audit found something") }
        Answers.say("audited in \(seconds(auditNs, Disk.nowNs())) s")
        desk.stop()
    }

    /// Every answer that was acknowledged has to be there, with the choice it was given.
    private static func compare(
        _ show: Show, _ acknowledged: Acknowledged
    ) -> (kept: Int, missing: Int) {
        var (kept, missing) = (0, 0)
        for player in 0..<Flood.playerCount {
            var choices = [UInt8?](repeating: nil, count: Flood.questionCount)
            for receipt in show.receipts(of: PlayerNumber(rawValue: Int32(player))) {
                choices[Int(receipt.question.rawValue)] = receipt.choice
            }
            for question in 0..<Flood.questionCount
            where acknowledged.has(question * Flood.playerCount + player) {
                kept += 1
                let due = UInt8(Flood.choice(player, question))
                if choices[question] != due { missing += 1 }
            }
        }
        return (kept, missing)
    }

    private static func start(_ folder: String) -> pid_t {
        var process = pid_t()
        let arguments = [CommandLine.arguments[0], folder, Victim.word]
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        defer { for index in arguments.indices { unsafe free(pointers[index]) } }
        let code = unsafe posix_spawn(
            &process, "/proc/self/exe", nil, nil, &pointers, environ)
        guard code == 0 else { fatalError("the process to be killed can't be started") }
        return process
    }

    private static func seconds(_ fromNs: Int64, _ toNs: Int64) -> String {
        Answers.digits(Double(toNs - fromNs) / 1e9)
    }
}
