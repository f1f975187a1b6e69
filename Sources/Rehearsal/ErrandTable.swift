// Requests of players beside their streams: who asks for what, on which connection.

/// What a player asks for.
enum ErrandKind: UInt8 {
    /// A token.
    case join
    /// A receipt for its answer.
    case answer
    /// Whether it is still in.
    case ask
    /// What the ledger has of it, in the end.
    case check
}

/// A request on a connection of its own.
struct Errand {
    enum State: UInt8 { case free, connecting, waiting, closing }

    var state = State.free
    var task = ErrandTask(kind: .join, slot: 0)
    var generation: UInt32 = 0
    var startedNs: Int64 = 0
    /// What has come of the response so far.
    var bytes: [UInt8] = []
}

/// A request that waits for a connection.
struct ErrandTask {
    var kind: ErrandKind
    /// The player's.
    var slot: Int32
    var tries: UInt8 = 0
}

/// The requests of one ring's players: those on connections, and those that wait.
struct ErrandTable {
    /// The ring's slots from here on are for requests.
    let firstSlot: Int
    var errands: [Errand]
    private var freeIndices: [Int]
    private var urgent = TaskQueue()
    private var patient = TaskQueue()
    /// What failed and is tried again at the next look.
    private var later: [ErrandTask] = []
    private var patientCount = 0

    init(firstSlot: Int, count: Int) {
        self.firstSlot = firstSlot
        errands = Array(repeating: Errand(), count: count)
        freeIndices = Array((0..<count).reversed())
    }

    /// Puts a request behind the others of its urgency.
    mutating func add(_ task: ErrandTask) {
        if task.kind == .answer { urgent.add(task) } else { patient.add(task) }
    }

    /// Has a request tried again a little later; false if it was tried often enough.
    mutating func retry(_ task: ErrandTask) -> Bool {
        guard task.tries + 1 < QuizLimits.tryCountMax else { return false }
        var task = task
        task.tries += 1
        later.append(task)
        return true
    }

    mutating func retryNow() {
        for task in later { patient.add(task) }
        later.removeAll(keepingCapacity: true)
    }

    /// The index of the next request that has a connection; nil if none waits, or none is free.
    mutating func begin(nowNs: Int64) -> Int? {
        guard let index = freeIndices.last else { return nil }
        var task = urgent.next()
        if task == nil, patientCount < QuizLimits.patientErrandCountMax {
            task = patient.next()
            if task != nil { patientCount += 1 }
        }
        guard let task else { return nil }
        freeIndices.removeLast()
        errands[index].task = task
        errands[index].state = .connecting
        errands[index].generation &+= 1
        errands[index].startedNs = nowNs
        errands[index].bytes.removeAll(keepingCapacity: true)
        return index
    }

    /// The connection of a request can be used again.
    mutating func free(_ index: Int) {
        errands[index].state = .free
        if errands[index].task.kind != .answer { patientCount -= 1 }
        freeIndices.append(index)
    }
}

/// First in, first out, without moving what waits.
struct TaskQueue {
    private var tasks: [ErrandTask] = []
    private var first = 0

    mutating func add(_ task: ErrandTask) { tasks.append(task) }

    mutating func next() -> ErrandTask? {
        guard first < tasks.count else { return nil }
        defer {
            first += 1
            if first == tasks.count {
                tasks.removeAll(keepingCapacity: true)
                first = 0
            }
        }
        return tasks[first]
    }
}
