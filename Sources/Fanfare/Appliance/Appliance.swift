// The whole appliance: ingest, programmes, shards and the staff plane, put together.

import Access
import Broadcast
import ControlRoom
import Delivery
import Game
import Glibc
import HTTPWire
import IORing
import Ingest
import Logging
import Settings
import Synchronization
import WireBytes

/// Why the appliance could not start or had to stop.
enum ApplianceError: Error, CustomStringConvertible {
    /// A listener could not be had; the option that names it.
    case listen(option: String, ListenError)
    /// The system refuses a ring.
    case ring(RingError)
    /// A shard gave up in the middle of the show.
    case failed(String)

    var description: String {
        switch self {
        case .listen(let option, let error): "\(error). Choose another address with \(option)"
        case .ring(let error): error.description
        case .failed(let reason): reason
        }
    }
}

/// One event's broadcast, from start-up to shutdown.
struct Appliance {
    let settings: Settings
    let source: SettingsSource
    let log: ServerLog
    let logger = Logger(label: "fanfare")

    /// - Parameters:
    ///   - source: where the settings came from, to be read again at SIGHUP.
    ///   - log: what its loggers write to.
    init(settings: Settings, source: SettingsSource, log: ServerLog) {
        self.settings = settings
        self.source = source
        self.log = log
    }

    /// Goes on air and stays there until SIGINT, SIGTERM or SIGQUIT.
    func run() async throws {
        let causes = AsyncStream<ShutdownCause>.makeStream()
        let service: ServiceManager
        let reloading: Reloading
        do {
            service = try ServiceManager(environment: source.environment, logger: logger)
            reloading = try Reloading(source: source, logger: logger, service: service)
            try ServerSignals.watch { wish in
                switch wish {
                case .stop: causes.continuation.yield(.signal)
                case .reload: reloading.ask()
                case .nothing(let name): logger.notice("\(name) means nothing here and was ignored")
                }
            }
        } catch {
            throw ApplianceError.ring(error)
        }
        DescriptorLimit.raise()

        // Before anything listens: a certificate that is no good is known at once.
        let secure = try SecureSide(settings: settings, logger: logger)
        defer { secure?.stop() }
        let folder = DataFolderNotice(path: settings.dataPath)
        if let note = folder.note { logger.info("\(note)") }
        if let warning = folder.warning { logger.warning("\(warning)") }
        // Before any key is looked for in it: what is wrong is the folder then, not the key.
        try DataFolder.create(settings.dataPath)
        let key = try publishKey()
        let liveKey = key.map { LiveKey($0.key) }
        let liveToken = settings.staffToken.map { LiveKey($0) }
        let programs = Programmes(
            limits: broadcastLimits, seqBase: { UInt64(max(0, GameClock.system.wallMs())) })
        let seen = SeenStreams()
        let ingestLog = IngestLog(logger: logger, keyHint: folder.isNew ? folder.warning : nil)
        let room = try ShowRoom(settings: settings, programs: programs, logger: logger)
        // Before any programme begins: what is said of time is by one clock.
        programs.serverOffsetUs.store(room.game.serverOffsetNs / 1_000, ordering: .relaxed)
        // The threads that there are end with the process.
        try room.game.start()
        let keeper = try LedgerKeeper(ledger: room.ledger, game: room.game, logger: logger)
        defer {
            keeper.stop()
            room.game.stop()
            room.closeLedger(logger)
        }
        // After the ledger: where another server runs on this folder, that is what is to be said.
        let people = try LiveStaff(
            dataPath: settings.dataPath, master: liveToken, logger: logger)
        let callbacks = try LiveCallbacks(settings, ledger: room.ledger, logger: logger)
        defer { callbacks.stop() }
        let addresses = Admission.told(settings, logger)
        let banFile = BanFile(dataPath: settings.dataPath)
        let bans = try keptBans(banFile)
        addresses.change(trusted: settings.trustedProxies)
        addresses.change(bans: bans.ranges)
        var delivery = try deliverySettings()
        let urlKeys = LiveURLKeys(settings) { programs.snapshot().compactMap { $0?.name } }
        delivery.playGate = LivePlayGate(keys: urlKeys, callbacks: callbacks)
        let pages = try LivePages(settings: settings, content: delivery.content, logger: logger)
        let news = try AudienceNews(
            programs: programs, content: delivery.content, everyS: settings.audienceSeconds)
        let shardPool = try startShardPool(
            programs, delivery, addresses: addresses, audience: room.audience
        ) { error in
            causes.continuation.yield(.failure("a shard gave up: \(error)"))
        }
        defer { shardPool.stop() }
        room.stage.countViewers { shardPool.counters }
        try news.start { shardPool.counters }
        try callbacks.start(programs, room.game) { shardPool.counters }
        defer { news.stop() }
        let ingest = try startIngest(
            programs, key: liveKey, bans: bans, urlKeys: urlKeys, callbacks
        ) { event in
            ingestLog.note(event)
            callbacks.note(event)
            if case .published(let stream, _) = event { seen.note(stream) }
            if case .failed(let reason) = event { causes.continuation.yield(.failure(reason)) }
        }
        defer { ingest.stop() }
        try openDoors(secure, shardPool, ingest, addresses)
        room.stage.warn { [feeds = ingest.feeds] in feeds.troubles(of: $0) }
        let demo = try startDemo(programs)
        defer { demo?.stop() }
        if settings.demoQuiz { await prepareDemoShow(room.game) }

        let audience = LiveAudience(
            shardPool: shardPool, ingest: ingest, addresses: addresses, game: room.game,
            file: banFile, bans: bans, trusted: settings.trustedProxies, logger: logger)
        let tending = Task { await audience.tend() }
        let showLogging = Task { await room.showLog.tend(room.game) }
        defer {
            tending.cancel()
            showLogging.cancel()
        }
        reloading.begin(
            settings,
            Reloading.Parts(
                log: log.sink, addresses: addresses, audience: audience, delivery: delivery,
                publishKey: liveKey, staffToken: liveToken, urlKeys: urlKeys, pages: pages,
                certificates: secure?.certificates))
        let directory = LiveDirectory(
            programs: programs, feeds: ingest.feeds, shardPool: shardPool, room: room, log: log,
            seen: seen, meter: MachineMeter(dataPath: settings.dataPath), audience: audience,
            callbacks: callbacks, secure: secure)
        let shows = LiveShowDesk(game: room.game, ledger: room.ledger)
        let rehearsals = makeRehearsals(shardPool, programs, room, urlKeys)
        defer { rehearsals.shutDown() }
        let staff = try staffServer(
            directory, ports: (shardPool.address.port, ingest.address.port), people: people,
            urls: urlKeys, callbacks: callbacks, pages: StaffPages { pages.staff },
            announcements: LiveAnnouncements(programs: programs),
            publishers: LivePublishers(ingest: ingest), reloading: reloading,
            shows: shows, audience: audience, rehearsals: rehearsals, secure: secure
        ) { port in
            let banner = banner(
                shardPool: shardPool, ingest: ingest, staffPort: port, key: key, secure: secure)
            log.show(banner)
            // The last listener of all.
            service.ready(
                .init(shardPool: shardPool, game: room.game, directory: directory))
        }
        let staffTask = Task {
            do {
                try await staff.run()
            } catch {
                causes.continuation.yield(.staffFailure(error))
            }
        }

        var cause: ShutdownCause?
        for await first in causes.stream {
            cause = first
            break
        }
        logger.info("going off air")
        service.stopping()
        addresses.isDraining = true
        programs.shutDown()
        staffTask.cancel()
        // What publishers still have in flight is taken and sent on before viewers are let go.
        demo?.stop()
        secure?.stop()
        ingest.stop()
        shardPool.stop()
        _ = await staffTask.value
        switch cause {
        case .failure(let reason): throw ApplianceError.failed(reason)
        case .staffFailure(let error): throw error
        case .signal, nil: logger.info("off air")
        }
    }

    // MARK: Parts

    private var broadcastLimits: BroadcastLimits {
        var limits = BroadcastLimits()
        limits.programmeCountMax = settings.streamCountMax
        limits.timelineByteCount = settings.timelineMegabytes << 20
        limits.retentionMs = Int64(settings.timelineSeconds) * 1_000
        limits.graceMs = Int64(settings.ingestGraceMs)
        limits.passesScriptData = settings.passScriptData
        limits.targetDelayMs = Int64(settings.targetDelayMs)
        return limits
    }

    /// The key publishers need; nil with open ingest.
    private func publishKey() throws -> (key: StreamKey, path: String?)? {
        if settings.openIngest { return nil }
        if let key = settings.publishKey { return (key, nil) }
        let file = PublishKeyFile(dataPath: settings.dataPath)
        let loaded = try file.load()
        if let warning = loaded.warning { logger.warning("\(warning)") }
        return (loaded.key, file.path)
    }

    /// The bans that are still in force.
    private func keptBans(_ file: BanFile) throws -> HostBans {
        var bans = try file.bans()
        _ = bans.forgetOver(nowMs: GameClock.system.wallMs())
        if !bans.all.isEmpty {
            logger.info("\(bans.all.count) addresses are banned (fanfare bans)")
        }
        return bans
    }

    private func deliverySettings() throws -> DeliverySettings {
        var delivery = DeliverySettings()
        delivery.mergeMsMin = Int64(settings.mergeMinMs)
        delivery.mergeMsMax = Int64(settings.mergeMaxMs)
        delivery.zeroCopy = ZeroCopyPolicy(settings.zeroCopy)
        delivery.mayUseKernelTLS = settings.kernelTLS
        delivery.lagSkipMs = Int64(settings.lagSkipMs)
        delivery.lagDropMs = Int64(settings.lagDropMs)
        delivery.waitForStreamMs = Int64(settings.waitForStreamMs)
        delivery.redirectPort = settings.redirectsHTTP ? settings.https?.port : nil
        delivery.cors = try CORSPolicy(settings: settings)
        if settings.connectionsPerAddressMax == 0 { delivery.requestsPerAddressPerSecondMax = 0 }
        delivery.slotCountMax = DeliverySettings.slotCount(
            descriptorCountMax: DescriptorLimit.current)
        return delivery
    }

    private func startShardPool(
        _ programs: Programmes, _ delivery: DeliverySettings, addresses: Admission,
        audience: Audience, onFailure: @escaping @Sendable (RingError) -> Void
    ) throws -> ShardPool {
        let shardCount = DeliverySettings.shardCount(
            wanted: settings.shardCount, viewerCountMax: settings.viewerCountMax,
            descriptorCountMax: DescriptorLimit.current)
        if shardCount > settings.shardCount {
            logger.info(
                "\(shardCount) shards instead of \(settings.shardCount), as one ring holds at most \(delivery.slotCountMax) connections"
            )
        }
        do throws(ShardPoolError) {
            let pool = try ShardPool(
                shardCount: shardCount, address: settings.http, settings: delivery,
                programs: programs, addresses: addresses,
                audience: audience, isPinned: settings.isPinned,
                onFailure: onFailure)
            if pool.usesKernelTLS {
                logger.notice("the kernel encrypts what viewers get over TLS, as --kernel-tls asks")
            } else if settings.kernelTLS {
                logger.warning("--kernel-tls: this kernel has no TLS; try modprobe tls")
            }
            return pool
        } catch {
            switch error {
            case .listen(let error): throw ApplianceError.listen(option: "--http", error)
            case .ring(let error): throw ApplianceError.ring(error)
            }
        }
    }

    private func startIngest(
        _ programs: Programmes, key: LiveKey<StreamKeyKind>?, bans: HostBans,
        urlKeys: LiveURLKeys, _ callbacks: LiveCallbacks,
        onEvent: @escaping @Sendable (IngestEvent) -> Void
    ) throws -> Ingest {
        var options = ListenerOptions()
        options.backlog = 128
        let listener: Listener
        do throws(ListenError) {
            listener = try Listener(address: settings.rtmp, options: options)
        } catch {
            throw ApplianceError.listen(option: "--rtmp", error)
        }
        var ingest = IngestSettings()
        ingest.takeoverMs = Int64(settings.ingestTakeoverMs)
        ingest.trusted = settings.trustedProxies
        ingest.bans = bans.ranges
        do throws(RingError) {
            return try Ingest(
                listener: listener, settings: ingest, programmes: programs,
                keyCheck: { candidate in
                    guard let key else { return true }
                    return key.matches(candidate ?? "")
                },
                signatureCheck: { signature, stream, host in
                    urlKeys.refusal(signature, for: .push, stream: stream, host: host)
                }, asker: callbacks.publishAsker, onEvent: onEvent)
        } catch {
            throw ApplianceError.ring(error)
        }
    }

    private func staffServer(
        _ directory: LiveDirectory, ports: (audience: UInt16, ingest: UInt16),
        people: LiveStaff, urls: LiveURLKeys, callbacks: LiveCallbacks, pages: StaffPages,
        announcements: LiveAnnouncements, publishers: LivePublishers, reloading: Reloading,
        shows: LiveShowDesk, audience: LiveAudience, rehearsals: LiveRehearsals,
        secure: SecureSide?,
        onListening: @escaping @Sendable (Int) -> Void
    ) throws -> StaffServer {
        let (https, rtmps) = (secure?.address(of: .https), secure?.address(of: .rtmps))
        var facts = ConsoleFacts(
            version: FanfareCommand.version,
            audience: https ?? IPEndpoint(settings.http.address, port: ports.audience),
            ingest: rtmps ?? IPEndpoint(settings.rtmp.address, port: ports.ingest),
            reachableHost: OwnAddress.likely(),
            settleNeedsSecond: settings.settleNeedsSecond)
        facts.isAudienceSecure = https != nil
        facts.isIngestSecure = rtmps != nil
        facts.isStaffSecure = settings.staffTLS
        return try StaffServer(
            address: settings.staff, staff: people, guesses: StaffGuesses(),
            directory: directory, announcements: announcements, publishers: publishers,
            reload: reloading, shows: shows, audience: audience, trusted: { audience.trusted },
            rehearsals: rehearsals,
            readiness: LiveReadiness(
                settings: settings, directory: directory, shows: shows, people: people), urls: urls,
            callbacks: callbacks,
            audit: LiveAudit(ledger: callbacks.ledger, logger: logger), facts: facts, pages: pages,
            certificates: settings.staffTLS ? secure?.certificateSource : nil,
            handshakes: settings.staffTLS
                ? secure?.staffHandshakes { audience.trusted.contains($0) } : nil, logger: logger,
            onListening: onListening)
    }

    private func makeRehearsals(
        _ shardPool: ShardPool, _ programs: Programmes, _ room: ShowRoom, _ urlKeys: LiveURLKeys
    ) -> LiveRehearsals {
        let http = settings.http.address
        let game = room.game
        return LiveRehearsals(
            place: .init(
                audience: IPEndpoint(
                    http.isWildcard ? .loopback : http, port: shardPool.address.port),
                keyPath: "\(settings.dataPath)/rehearsal-key",
                query: { urlKeys.ownQuery($0, forS: $1) },
                hasStream: { programs.programme(named: $0) != nil },
                rehearsalShow: { stream in
                    game.figures().first { show in
                        show.stream == stream && (show.phase == .lobby || show.phase == .live)
                            && game.heldReport(show: show.id)?.plan.isRehearsal == true
                    }?.id
                }), key: room.key)
    }

    private func banner(
        shardPool: ShardPool, ingest: Ingest, staffPort: Int,
        key: (key: StreamKey, path: String?)?, secure: SecureSide?
    ) -> Banner {
        var banner = Banner(
            http: IPEndpoint(settings.http.address, port: shardPool.address.port),
            rtmp: IPEndpoint(settings.rtmp.address, port: ingest.address.port),
            staff: IPEndpoint(settings.staff.address, port: UInt16(staffPort)),
            reachableHost: OwnAddress.likely(), publishKey: key?.key, publishKeyPath: key?.path,
            showsKey: isatty(STDOUT_FILENO) == 1,
            hasStaffToken: settings.staffToken != nil, isDemo: settings.demo,
            hasDemoQuiz: settings.demoQuiz,
            needsPlayURL: settings.playKey != nil || settings.playKeyPrevious != nil)
        banner.https = secure?.address(of: .https)
        banner.rtmps = secure?.address(of: .rtmps)
        banner.secureHost = secure?.likelyHost
        banner.isStaffSecure = settings.staffTLS
        return banner
    }
}

/// Why the appliance goes off air.
private enum ShutdownCause: Sendable {
    case signal
    case failure(String)
    case staffFailure(any Error)
}
