// Everything that goes on, for all consoles at once: each is told the same in the same order.

import FoundationEssentials

/// Looks at the appliance once a second and at each show when its desk says that it has changed, and
/// tells all onlookers. Each look is one for all of them; shows are looked at while there are any.
actor EventHub {
    private struct Known {
        var row: ShowRow
        /// What was told last of it; nil for one that is settled, which nobody asks for.
        var told: ShowEvent?
        /// The event itself, for whoever comes later.
        var event: String?
    }

    private let directory: any ProgramDirectory
    private let desk: (any ShowDesk)?
    private let second: SecondPerson?

    private var onlookers: [Int: AsyncStream<String>.Continuation] = [:]
    private var nextOnlooker = 0
    private var histories = StreamHistories()
    private var programme = ""
    private var ticks = 0

    private var shows: [String: Known] = [:]
    private var order: [String] = []
    private var following: Task<Void, Never>?
    private var preparing: Task<Void, Never>?
    private var dirty: Set<String> = []
    private var isListDirty = false
    private var isDraining = false

    private var deeds: [Deed] = []
    private var lastDeeds: [String: Deed] = [:]
    private var orderIDs: [String] = []

    init(directory: any ProgramDirectory, desk: (any ShowDesk)?, second: SecondPerson?) {
        self.directory = directory
        self.desk = desk
        self.second = second
    }

    // MARK: Once a second

    /// Ticks until its task is cancelled.
    func run() async {
        let clock = ContinuousClock()
        var due = clock.now
        while !Task.isCancelled {
            tick(atMs: StaffClock.wallMs())
            due = max(due + .seconds(1), clock.now)
            try? await clock.sleep(until: due)
        }
        for onlooker in onlookers.values { onlooker.finish() }
    }

    /// Looks at the streams and the machine.
    func tick(atMs: Int64) {
        let streams = directory.streams()
        histories.note(streams, atMs: atMs)
        ticks += 1
        guard !onlookers.isEmpty else { return }
        programme = Self.event("programme", ProgrammeEvent(streams, directory.machine()))
        send(programme)
        if ticks.isMultiple(of: Limits.heartbeatTickCount) { send(":\n\n") }
    }

    /// The last quarter of an hour of a stream; nil where nothing is known of it.
    func history(of stream: String) -> HistoryAnswer? { histories.answer(of: stream) }

    // MARK: Onlookers

    /// What a new onlooker is sent, everything as it is first.
    func watch() async throws(ShowDeskRefusal) -> AsyncStream<String> {
        guard onlookers.count < Limits.onlookerCountMax else {
            throw .unavailable(
                "\(Limits.onlookerCountMax) are looking on already; close a window and try again")
        }
        nextOnlooker += 1
        let number = nextOnlooker
        let (pieces, continuation) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(Limits.eventCountMax))
        // From here on the shows are followed, and what changes meanwhile is sent once more.
        onlookers[number] = continuation
        continuation.onTermination = { _ in Task { await self.leave(number) } }
        await prepare()
        continuation.yield(beginning())
        return pieces
    }

    /// All there is to know, in one piece.
    private func beginning() -> String {
        var text = "retry: 1000\n\n"
        text += Self.event("programme", ProgrammeEvent(directory.streams(), directory.machine()))
        text += list()
        for id in order { text += shows[id]?.event ?? "" }
        for deed in deeds { text += Self.event("deed", deed) }
        return text
    }

    private func send(_ piece: String) {
        for onlooker in onlookers.values {
            // Whoever doesn't read is let go, and comes back to everything as it is.
            if case .dropped = onlooker.yield(piece) { onlooker.finish() }
        }
    }

    private func leave(_ number: Int) {
        onlookers[number] = nil
        guard onlookers.isEmpty else { return }
        following?.cancel()
        following = nil
        preparing = nil
        shows = [:]
        order = []
    }

    // MARK: Shows

    /// Begins to follow the shows, if nobody has; done when all were looked at.
    private func prepare() async {
        if preparing == nil {
            preparing = Task { await begin() }
        }
        await preparing?.value
    }

    private func begin() async {
        guard let desk else { return }
        // Before anything is looked at: what changes in between is looked at once more.
        let changes = desk.changes()
        following = Task { await follow(changes) }
        await loadList()
        for id in order where shows[id]?.row.isOver == false { await look(at: id) }
    }

    private func follow(_ changes: AsyncStream<String>) async {
        for await id in changes { changed(id) }
        // More changed than could be kept: all is looked at anew.
        guard !Task.isCancelled, !onlookers.isEmpty else { return }
        await begin()
        send(list())
    }

    /// Something has changed about a show, or may have.
    func changed(_ id: String) {
        guard !onlookers.isEmpty else { return }
        dirty.insert(id)
        guard !isDraining else { return }
        isDraining = true
        Task { await drain() }
    }

    private func drain() async {
        while true {
            if let id = dirty.popFirst() {
                await look(at: id)
            } else if isListDirty {
                await loadList()
                send(list())
            } else {
                break
            }
        }
        isDraining = false
    }

    private func loadList() async {
        isListDirty = false
        guard let summaries = try? await desk?.shows() else { return }
        order = summaries.map(\.id)
        let known = shows
        shows = [:]
        for summary in summaries {
            var entry = known[summary.id] ?? Known(row: ShowRow(summary))
            entry.row = ShowRow(summary, version: entry.told?.state.version)
            shows[summary.id] = entry
        }
        // What is new was looked for before it was in the list.
        for id in order where known[id] == nil && shows[id]?.row.isOver == false {
            dirty.insert(id)
        }
    }

    private func look(at id: String) async {
        guard let state = try? await desk?.state(of: id) else {
            // It may be gone; the list tells.
            isListDirty = true
            return
        }
        let deed = lastDeeds[id]
        let event = ShowEvent(
            state: state, by: deed?.by, command: deed?.command,
            settleAsked: second?.wanted(of: id).map {
                .init(by: $0.by, expiresAtMs: $0.expiresAtMs)
            })
        guard var known = shows[id] else {
            isListDirty = true
            return
        }
        guard known.told != event.withoutCountdown else { return }
        if known.row.version != state.version || known.row.phase != state.phase {
            isListDirty = true
        }
        known.told = event.withoutCountdown
        known.row.version = state.version
        known.event = Self.event("show", event)
        shows[id] = known
        if let text = known.event { send(text) }
    }

    private func list() -> String {
        Self.event("shows", ShowRows(shows: order.compactMap { shows[$0]?.row }))
    }

    // MARK: Deeds

    /// Somebody has done something.
    ///
    /// - Parameter orderID: the order's own; one that is repeated was done once.
    func note(_ deed: Deed, orderID: String? = nil) {
        if let orderID {
            guard !orderIDs.contains(orderID) else { return }
            orderIDs.append(orderID)
            if orderIDs.count > Limits.orderIDCountMax { orderIDs.removeFirst() }
        }
        deeds.append(deed)
        if deeds.count > Limits.deedCountMax { deeds.removeFirst() }
        send(Self.event("deed", deed))
        guard let show = deed.show else { return }
        if lastDeeds.count >= Limits.deedCountMax { lastDeeds = [:] }
        lastDeeds[show] = deed
        changed(show)
    }

    // MARK: Text

    private static func event(_ name: String, _ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing that is told can keep it from being encoded, and it has no line ends.
        let data = (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return "event: \(name)\ndata: \(data)\n\n"
    }
}
