// Everything that goes on, for all consoles at once: each is told the same in the same order.

import FoundationEssentials

/// Looks at the appliance once a second and at each show when its desk says that it has changed, and
/// tells all onlookers. Each look is one for all of them; shows are looked at while there are any, one
/// look after the other, so that none that is older comes to its end after a newer one.
actor EventHub {
    private struct Onlooker {
        let pieces: AsyncStream<String>.Continuation
        /// Whether everything as it is has been sent: what changes is only worth something after it.
        var hasBegun = false
    }

    private struct Known {
        var summary: ShowSummary
        /// What was told last of it; nil for one that is settled, which nobody asks for.
        var told: ShowEvent?
        /// As it was seen last, for whoever comes later.
        var event: String?
    }

    private let directory: any ProgramDirectory
    private let desk: (any ShowDesk)?
    private let second: SecondPerson?
    private let audit: (any AuditDesk)?

    private var onlookers: [Int: Onlooker] = [:]
    private var nextOnlooker = 0
    private var histories = StreamHistories()

    private var shows: [String: Known] = [:]
    /// In the order of the list; nil until it could be read.
    private var order: [String]?
    /// Takes the desk's changes; nil while nobody looks on, and where it has missed some.
    private var following: Task<Void, Never>?
    /// The looks that are to be, each after the one before it.
    private var looking: Task<Void, Never>?
    /// What is looked at with the next one.
    private var dirty: Set<String> = []
    private var isListDirty = false
    private var isLookDue = false
    /// What couldn't be looked at; with the next tick it is tried again.
    private var owed: Set<String> = []
    private var isListOwed = false

    private var deeds: [Deed] = []
    private var lastDeeds: [String: Deed] = [:]
    private var orderIDs: [String] = []

    /// - Parameter audit: where it is written down what was done to the server; nil for nowhere.
    init(
        directory: any ProgramDirectory, desk: (any ShowDesk)?, second: SecondPerson?,
        audit: (any AuditDesk)? = nil
    ) {
        self.audit = audit
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
            // It throws when the task is cancelled, which is looked at above.
            try? await clock.sleep(until: due)
        }
        for onlooker in onlookers.values { onlooker.pieces.finish() }
    }

    /// Looks at the streams and the machine.
    func tick(atMs: Int64) {
        let streams = directory.streams()
        histories.note(streams, atMs: atMs)
        guard !onlookers.isEmpty else { return }
        send(
            Self.event("programme", ProgrammeEvent(streams: streams, machine: directory.machine())))
        follow()
        dirty.formUnion(owed)
        isListDirty = isListDirty || isListOwed
        owed = []
        isListOwed = false
        if isListDirty || !dirty.isEmpty { lookSoon() }
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
        onlookers[number] = Onlooker(pieces: continuation)
        continuation.onTermination = { _ in Task { await self.leave(number) } }
        follow()
        // A question's countdown has gone on since it was told last.
        await afterLooks { await self.lookAtAll() }.value
        continuation.yield(beginning())
        onlookers[number]?.hasBegun = true
        return pieces
    }

    /// All there is to know, in one piece.
    private func beginning() -> String {
        let programme = ProgrammeEvent(
            streams: directory.streams(), machine: directory.machine())
        var text = "retry: 1000\n\n" + Self.event("programme", programme)
        // Without a list nothing is said of shows, rather than that there are none.
        if desk == nil || order != nil { text += list() }
        for id in order ?? [] { text += shows[id]?.event ?? "" }
        for deed in deeds { text += Self.event("deed", deed) }
        return text
    }

    private func send(_ piece: String) {
        for onlooker in onlookers.values where onlooker.hasBegun {
            // Whoever doesn't read is let go, and comes back to everything as it is.
            if case .dropped = onlooker.pieces.yield(piece) { onlooker.pieces.finish() }
        }
    }

    private func leave(_ number: Int) {
        onlookers[number] = nil
        guard onlookers.isEmpty else { return }
        following?.cancel()
        following = nil
        shows = [:]
        order = nil
        dirty = []
        owed = []
        isListDirty = false
        isListOwed = false
    }

    // MARK: Shows

    /// Takes what the desk says of changes from now on, if nobody does. What was before is looked at.
    private func follow() {
        guard let desk, following == nil else { return }
        let changes = desk.changes()
        following = Task {
            for await id in changes { changed(id) }
            // More changed than could be kept: with the next tick all is looked at anew.
            if !Task.isCancelled { following = nil }
        }
        isListDirty = true
        for (id, known) in shows where !known.summary.isOver { dirty.insert(id) }
    }

    /// Something has changed about a show, or may have.
    func changed(_ id: String) {
        guard !onlookers.isEmpty else { return }
        dirty.insert(id)
        lookSoon()
    }

    private func lookSoon() {
        guard !isLookDue, !onlookers.isEmpty else { return }
        isLookDue = true
        afterLooks { await self.lookAtDirty() }
    }

    /// Does something when all looks that were to be are over.
    @discardableResult
    private func afterLooks(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let former = looking
        let next = Task {
            await former?.value
            await body()
        }
        looking = next
        return next
    }

    private func lookAtDirty() async {
        isLookDue = false
        if isListDirty { await loadList() }
        let due = dirty
        dirty = []
        for id in due { await look(at: id) }
        if isListDirty || !dirty.isEmpty { lookSoon() }
    }

    /// At each show about which something can change.
    private func lookAtAll() async {
        if isListDirty { await loadList() }
        for id in order ?? [] where shows[id]?.summary.isOver == false {
            dirty.remove(id)
            await look(at: id)
        }
        if isListDirty || !dirty.isEmpty { lookSoon() }
    }

    private func loadList() async {
        guard let desk else { return }
        isListDirty = false
        let summaries: [ShowSummary]
        do throws(ShowDeskRefusal) { summaries = try await desk.shows() } catch {
            // `/healthz` says what is the matter with the disk.
            isListOwed = true
            return
        }
        guard !onlookers.isEmpty else { return }
        order = summaries.map(\.id)
        let known = shows
        shows = [:]
        for summary in summaries {
            var entry = known[summary.id] ?? Known(summary: summary)
            entry.summary = summary
            shows[summary.id] = entry
            // What is new was looked for before it was in the list.
            if known[summary.id] == nil, !summary.isOver { dirty.insert(summary.id) }
        }
        send(list())
    }

    private func look(at id: String) async {
        guard let desk else { return }
        let state: ShowState
        do throws(ShowDeskRefusal) { state = try await desk.state(of: id) } catch {
            // One that is gone is in the list no more; what else it is passes.
            if error == .unknownShow { isListDirty = true } else { owed.insert(id) }
            return
        }
        guard !onlookers.isEmpty else { return }
        guard var known = shows[id] else {
            isListDirty = true
            return
        }
        let deed = lastDeeds[id]
        let event = ShowEvent(
            state: state, by: deed?.by, command: deed?.command,
            settleAsked: second?.wanted(of: id).map {
                .init(by: $0.by, expiresAtMs: $0.expiresAtMs)
            })
        let text = Self.event("show", event)
        let isNews = known.told != event.withoutCountdown
        if known.summary.version != state.version || known.summary.phase != state.phase {
            isListDirty = true
        }
        known.event = text
        known.told = event.withoutCountdown
        shows[id] = known
        if isNews { send(text) }
    }

    private func list() -> String {
        Self.event("shows", ShowsEvent(shows: (order ?? []).compactMap { shows[$0]?.summary }))
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

    /// Somebody has done something to the server that has to be known afterwards, too.
    ///
    /// - Parameter whole: what is written down, where that is more than what is told.
    func record(_ deed: Deed, whole: String? = nil) async {
        note(deed)
        await audit?.note(
            AuditLine(
                atMs: deed.atMs, by: deed.by, command: deed.command, text: whole ?? deed.text))
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
