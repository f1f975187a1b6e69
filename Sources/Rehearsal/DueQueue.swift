// What players have to do later, the soonest first.

import HeapModule

/// Tasks by their time. It allocates only when more is due than ever before.
struct DueQueue {
    /// Something to be done.
    struct Task: Equatable, Comparable {
        enum Kind: UInt8 { case answer, ask }

        var dueNs: Int64
        var slot: Int32
        /// That of the player when it was planned; another one means that it isn't to be done.
        var stamp: UInt32
        var kind: Kind

        static func < (one: Task, other: Task) -> Bool { one.dueNs < other.dueNs }
    }

    private var tasks = Heap<Task>()

    var count: Int { tasks.count }

    mutating func add(_ task: Task) { tasks.insert(task) }

    /// Takes the soonest, if its time has come.
    mutating func next(nowNs: Int64) -> Task? {
        guard let first = tasks.min, first.dueNs <= nowNs else { return nil }
        return tasks.removeMin()
    }
}
