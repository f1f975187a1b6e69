// Requests of players beside their streams: who asks for what, on which connection.

import DequeModule

/// What a player asks for.
enum SideRequestKind: UInt8 {
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
struct SideConnection {
    enum State: UInt8 { case free, connecting, waiting, closing }

    var state = State.free
    var request = SideRequest(kind: .join, slot: 0)
    var generation: UInt32 = 0
    var startedNs: Int64 = 0
    /// What has come of the response so far.
    var bytes: [UInt8] = []
}

/// A request that waits for a connection.
struct SideRequest {
    var kind: SideRequestKind
    /// The player's.
    var slot: Int32
    var tries: UInt8 = 0
}

/// The requests of one ring's players: those on connections, and those that wait.
struct SideRequestTable {
    /// The ring's slots from here on are for requests.
    let firstSlot: Int
    var connections: [SideConnection]
    private var freeIndices: [Int]
    private var urgent = Deque<SideRequest>()
    private var patient = Deque<SideRequest>()
    /// What failed and is tried again at the next look.
    private var later: [SideRequest] = []
    private var patientCount = 0

    init(firstSlot: Int, count: Int) {
        self.firstSlot = firstSlot
        connections = Array(repeating: SideConnection(), count: count)
        freeIndices = Array((0..<count).reversed())
    }

    /// Puts a request behind the others of its urgency.
    mutating func add(_ request: SideRequest) {
        if request.kind == .answer { urgent.append(request) } else { patient.append(request) }
    }

    /// Has a request tried again a little later; false if it was tried often enough.
    mutating func retry(_ request: SideRequest) -> Bool {
        guard request.tries + 1 < QuizLimits.tryCountMax else { return false }
        var request = request
        request.tries += 1
        later.append(request)
        return true
    }

    mutating func retryNow() {
        for request in later { patient.append(request) }
        later.removeAll(keepingCapacity: true)
    }

    /// The index of the next request that has a connection; nil if none waits, or none is free.
    mutating func begin(nowNs: Int64) -> Int? {
        guard let index = freeIndices.last else { return nil }
        var request = urgent.popFirst()
        if request == nil, patientCount < QuizLimits.patientSideRequestCountMax {
            request = patient.popFirst()
            if request != nil { patientCount += 1 }
        }
        guard let request else { return nil }
        freeIndices.removeLast()
        connections[index].request = request
        connections[index].state = .connecting
        connections[index].generation &+= 1
        connections[index].startedNs = nowNs
        connections[index].bytes.removeAll(keepingCapacity: true)
        return index
    }

    /// The connection of a request can be used again.
    mutating func free(_ index: Int) {
        connections[index].state = .free
        if connections[index].request.kind != .answer { patientCount -= 1 }
        freeIndices.append(index)
    }
}
