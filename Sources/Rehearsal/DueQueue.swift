// What players have to do later, the soonest first.

/// A binary heap. It allocates only when more is due than ever before.
struct DueQueue {
    /// Something to be done.
    struct Task: Equatable {
        enum Kind: UInt8 { case answer, ask }

        var dueNs: Int64
        var slot: Int32
        /// That of the player when it was planned; another one means that it isn't to be done.
        var stamp: UInt32
        var kind: Kind
    }

    private var tasks: [Task] = []

    var count: Int { tasks.count }

    mutating func add(_ task: Task) {
        tasks.append(task)
        var index = tasks.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard tasks[index].dueNs < tasks[parent].dueNs else { return }
            tasks.swapAt(index, parent)
            index = parent
        }
    }

    /// Takes the soonest, if its time has come.
    mutating func next(nowNs: Int64) -> Task? {
        guard let first = tasks.first, first.dueNs <= nowNs else { return nil }
        let last = tasks.removeLast()
        guard !tasks.isEmpty else { return first }
        tasks[0] = last
        var index = 0
        while true {
            let left = 2 * index + 1
            guard left < tasks.count else { return first }
            var least = index
            for child in left..<min(left + 2, tasks.count)
            where tasks[child].dueNs < tasks[least].dueNs {
                least = child
            }
            guard least != index else { return first }
            tasks.swapAt(index, least)
            index = least
        }
    }
}
