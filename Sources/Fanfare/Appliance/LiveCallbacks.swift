// What the running appliance tells other systems, and asks them.

import Access
import Broadcast
import Callbacks
import Delivery
import Game
import HTTPWire
import IORing
import Ingest
import Ledger
import Logging
import Settings
import Synchronization
import Trivia
import WireBytes

/// Makes events of what happens, and hands questions on. Nothing of it waits.
final class LiveCallbacks: Sendable {
    private let post: CallbackPost?
    let publishAsk: CallbackAsk?
    let playAsk: CallbackAsk?
    let ledger: Ledger
    private let isStopping = Atomic<Bool>(false)
    private let watchSignal: WakeSignal
    private let watchThread = Mutex<PlainThread?>(nil)

    /// How often viewers and shows are looked at, ms.
    private static let watchMs = 500

    /// Does nothing where the settings name nobody to tell or to ask.
    init(_ settings: Settings, ledger: Ledger, logger: Logger) throws {
        self.ledger = ledger
        watchSignal = try WakeSignal()
        let asks = [settings.callbackAskPublish, settings.callbackAskPlay]
        guard !settings.callbackURLs.isEmpty || asks.contains(where: { $0 != nil }) else {
            post = nil
            publishAsk = nil
            playAsk = nil
            return
        }
        let secret = try Self.secret(settings, logger)
        let wallMs: @Sendable () -> Int64 = { GameClock.system.wallMs() }
        post = try Self.post(settings, ledger, secret, wallMs, logger)
        func made(_ url: HTTPURL?, _ load: CallbackAsk.Load) throws -> CallbackAsk? {
            try url.map { url in
                try CallbackAsk(
                    url, secret: secret, timeoutMs: settings.callbackAskTimeoutMs, load: load,
                    wallMs: wallMs
                ) { trouble in logger.warning("\(Self.words(of: trouble, load))") }
            }
        }
        publishAsk = try made(settings.callbackAskPublish, .few)
        playAsk = try made(settings.callbackAskPlay, .many)
    }

    private static func secret(_ settings: Settings, _ logger: Logger) throws -> CallbackSecret {
        if let own = settings.callbackSecret { return own }
        let loaded = try CallbackSecretFile(dataPath: settings.dataPath).load()
        if let warning = loaded.warning { logger.warning("\(warning)") }
        return loaded.key
    }

    private static func post(
        _ settings: Settings, _ ledger: Ledger, _ secret: CallbackSecret,
        _ wallMs: @escaping @Sendable () -> Int64, _ logger: Logger
    ) throws(RingError) -> CallbackPost? {
        guard !settings.callbackURLs.isEmpty else { return nil }
        let kinds = settings.callbackEvents.compactMap { CallbackKind(rawValue: $0.rawValue) }
        return try CallbackPost(
            ledger: ledger, places: settings.callbackURLs, kinds: Set(kinds), secret: secret,
            timeoutMs: settings.callbackTimeoutMs, wallMs: wallMs,
            onTrouble: { log($0, logger) })
    }

    /// What is said of questions without an answer.
    static func words(of trouble: CallbackAsk.Trouble, _ load: CallbackAsk.Load) -> String {
        let times = trouble.count == 1 ? "" : " (\(trouble.count) times since the last line)"
        let whom = load == .few ? "publishers are refused" : "viewers are let in"
        return "\(trouble.place) doesn't answer \(trouble.event)\(times), and \(whom): "
            + trouble.reason
    }

    private static func log(_ trouble: CallbackPost.Trouble, _ logger: Logger) {
        switch trouble {
        case .fails(let place, let event, let reason):
            logger.warning("callback \(event) to \(place) is tried again later: \(reason)")
        case .gaveUp(let place, let event, let reason):
            logger.error(
                "callback \(event) to \(place) is given up: \(reason). See fanfare callbacks list")
        case .lost(let count):
            logger.error(
                "\(count) callbacks found no room in the queue of their place and are lost")
        case .ledger(let reason): logger.error("the queue of callbacks: \(reason)")
        }
    }

    // MARK: Life

    /// Begins to tell and to ask.
    func start(_ programs: Programmes, _ game: GameDesk, _ counters: @escaping CounterReading)
        throws(RingError)
    {
        try publishAsk?.start()
        try playAsk?.start()
        guard let post else { return }
        try post.start()
        let thread = try PlainThread(name: "callback watch") { [self] in
            var watch = CallbackWatch()
            while !isStopping.load(ordering: .acquiring) {
                for event in watch.look(programs, counters(), game.figures()) { post.note(event) }
                watchSignal.wait(ms: Self.watchMs)
            }
            // Nobody watches a server that has ended; the next one tells who comes first again.
            for event in watch.end(atMs: GameClock.system.wallMs()) { post.note(event) }
        }
        watchThread.withLock { $0 = thread }
    }

    typealias CounterReading = @Sendable () -> [ShardCounters]

    /// Tells what has happened up to now at the next start, and asks no more.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        watchSignal.raise()
        let running = watchThread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        running?.join()
        publishAsk?.stop()
        playAsk?.stop()
        post?.stop()
    }

    // MARK: What happens

    func note(_ event: IngestEvent) {
        guard let post else { return }
        let atMs = GameClock.system.wallMs()
        switch event {
        case .published(let stream, let publisher):
            post.note(
                CallbackEvent(
                    .publishBegan, atMs: atMs,
                    [
                        ("stream", .text(stream)), ("address", .text(publisher.address)),
                        ("encoder", publisher.encoder.map { .text($0) }),
                    ]))
        case .unpublished(let stream, let address, let reason),
            .lost(let stream, let address, let reason):
            post.note(
                CallbackEvent(
                    .publishEnded, atMs: atMs,
                    [
                        ("stream", .text(stream)), ("address", .text(address)),
                        ("reason", .text(reason)),
                    ]))
        case .takenOff(let stream, let address):
            post.note(
                CallbackEvent(
                    .publishEnded, atMs: atMs,
                    [
                        ("stream", .text(stream)), ("address", .text(address)),
                        ("reason", .text("the staff have taken it off")),
                    ]))
        case .takenOver(let stream, let from, let by, let silentMs):
            post.note(
                CallbackEvent(
                    .sourceSwitched, atMs: atMs,
                    [
                        ("stream", .text(stream)), ("from", .text(from)), ("to", .text(by)),
                        ("silentMs", .number(silentMs)),
                    ]))
        case .warned(let stream, let warning):
            post.note(
                CallbackEvent(
                    .feedWarning, atMs: atMs,
                    [
                        ("stream", .text(stream)), ("code", .text(warning.code.rawValue)),
                        ("level", .text(warning.level.rawValue)), ("text", .text(warning.text)),
                    ]))
        case .described, .idled, .crowded, .refused, .violated, .banned, .untrustedProxy,
            .silentProxy, .expired, .failed:
            break
        }
    }

    /// Has the queue looked at: something was put back into it.
    func hurry() { post?.hurry() }

    /// What was told so far; nil where nobody is told.
    var counters: CallbackPost.Counters? { post?.counters }

    /// Whether news were lost lately.
    var losesNews: Bool { post?.losesNews ?? false }

    /// Whether somebody is asked who may watch.
    var asksAboutPlays: Bool { playAsk != nil }

    /// Asks whether somebody may watch.
    func askPlay(
        stream: String, host: HostKey, answer: @escaping @Sendable (CallbackVerdict) -> Void
    ) {
        guard let playAsk else { return answer(.allowed) }
        let event = CallbackEvent(
            .playAsked, atMs: GameClock.system.wallMs(),
            [("stream", .text(stream)), ("address", .text(host.description))])
        playAsk.ask(event, answer: answer)
    }

    /// What asks about publishers; nil where nobody is asked.
    var publishAsker: (any PublishAsker)? {
        publishAsk.map { PublishQuestions(ask: $0) }
    }
}

/// Asks whether somebody may publish. Without an answer nobody may: the encoder comes again by itself,
/// and who is asked is asked for a reason.
private struct PublishQuestions: PublishAsker {
    let ask: CallbackAsk

    func ask(
        _ question: PublishQuestion, answer: @escaping @Sendable (PublishVerdict) -> Void
    ) {
        let event = CallbackEvent(
            .publishAsked, atMs: GameClock.system.wallMs(),
            [
                ("stream", .text(question.stream)), ("address", .text(question.address)),
                ("encoder", question.encoder.map { .text($0) }),
            ])
        ask.ask(event) { verdict in
            switch verdict {
            case .allowed: answer(.allowed)
            case .refused(let reason):
                answer(.refused(reason ?? "The producer's system doesn't let you publish this."))
            case .unanswered(let reason):
                answer(
                    .refused(
                        "The producer's system, which decides who publishes, couldn't be asked: "
                            + "\(reason). Try again."))
            }
        }
    }
}

/// What there is to say of viewers and shows since the last look.
struct CallbackWatch {
    private var watched: [String: Int] = [:]
    private var phases: [String: ShowPhase] = [:]
    private var hasLooked = false

    mutating func look(
        _ programs: Programmes, _ counters: [ShardCounters], _ shows: [ShowFigures]
    ) -> [CallbackEvent] {
        var viewers: [String: Int] = [:]
        for (slot, programme) in programs.snapshot().enumerated() {
            guard let programme else { continue }
            viewers[programme.name] = counters.reduce(0) { $0 + $1.viewerCounts[slot] }
        }
        return look(viewers: viewers, shows, atMs: GameClock.system.wallMs())
    }

    /// What there is to say of viewers at the end.
    mutating func end(atMs: Int64) -> [CallbackEvent] { look(viewers: [:], [], atMs: atMs) }

    /// - Parameter viewers: of each stream that is on air.
    mutating func look(
        viewers: [String: Int], _ shows: [ShowFigures], atMs: Int64
    ) -> [CallbackEvent] {
        var events: [CallbackEvent] = []
        for name in Set(viewers.keys).union(watched.keys).sorted() {
            let before = watched[name] ?? 0
            let now = viewers[name] ?? 0
            guard (before == 0) != (now == 0) else { continue }
            events.append(
                CallbackEvent(
                    now > 0 ? .firstViewer : .lastViewer, atMs: atMs,
                    [("stream", .text(name)), ("viewers", .number(Int64(now)))]))
        }
        watched = viewers
        for show in shows where phases[show.id] != show.phase {
            // What was so before this process is no news.
            defer { phases[show.id] = show.phase }
            guard hasLooked else { continue }
            events.append(
                CallbackEvent(
                    .showPhase, atMs: atMs,
                    [
                        ("show", .text(show.id)), ("stream", .text(show.stream)),
                        ("phase", .text(show.phase.rawValue)),
                        ("players", .number(Int64(show.tally.players))),
                    ]))
        }
        let known = Set(shows.map(\.id))
        phases = phases.filter { known.contains($0.key) }
        hasLooked = true
        return events
    }
}
