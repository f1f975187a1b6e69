// The staff plane's listener: Hummingbird on one thread, apart from the audience.

import Glibc
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
public import TLS
public import WireBytes

/// Serves health, metrics and the staff API on a listener of its own.
public struct StaffServer: Service {
    private let address: IPEndpoint
    private let staff: (any StaffDirectory)?
    private let guesses: (any GuessWatch)?
    var door = StaffDoor()
    private let directory: any ProgramDirectory
    private let announcements: any AnnouncementDesk
    private let publishers: (any PublisherDesk)?
    private let reload: (any ReloadDesk)?
    private let shows: (any ShowDesk)?
    private let audience: (any AudienceDesk)?
    private let trusted: @Sendable () -> AddressRanges
    private let rehearsals: (any RehearsalDesk)?
    private let readiness: (any ReadinessDesk)?
    private let urls: (any URLDesk)?
    private let callbacks: (any CallbackDesk)?
    private let audit: (any AuditDesk)?
    private let facts: ConsoleFacts
    private let pages: StaffPages
    /// The certificates in force, asked for each connection; nil in the clear.
    private let certificates: (@Sendable () -> SecureContext)?
    private let handshakes: (any HandshakeWatch)?
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) -> Void
    /// What running requests get to finish when it ends, ms.
    var shutdownMs = Limits.shutdownMs

    /// A server that does not listen before `run`.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - staff: who the staff are. Nil if nobody needs a token, which only a loopback address
    ///     allows.
    ///   - guesses: slows whoever brings wrong tokens; nil slows nobody.
    ///   - directory: where streams and counters are looked up.
    ///   - announcements: where announcements go.
    ///   - publishers: where publishers are taken off air; nil where that can't be done.
    ///   - reload: where settings are read again; nil where that can't be done.
    ///   - shows: where shows are run; nil where none are.
    ///   - audience: where viewers are looked at and sent away; nil where they aren't.
    ///   - trusted: the proxies whose X-Forwarded-For is believed.
    ///   - rehearsals: where simulated crowds come from; nil where none do.
    ///   - readiness: who looks whether a show can begin; needed where crowds come from somewhere.
    ///   - urls: where addresses are signed; nil where none are.
    ///   - callbacks: where what others are told is looked after; nil where nobody does.
    ///   - audit: where it is kept what the staff have done; nil where it isn't.
    ///   - facts: what the console has to know of the appliance.
    ///   - pages: the console.
    ///   - certificates: the certificates in force, asked for each connection; nil speaks no TLS.
    ///   - handshakes: who bounds and counts handshakes; nil where nobody does.
    ///   - logger: for the staff plane's own records.
    ///   - onListening: called once with the real port, when requests are being answered.
    /// - Throws: `StaffServerError.tokenMissing`.
    public init(
        address: IPEndpoint, staff: (any StaffDirectory)?,
        guesses: (any GuessWatch)? = nil, directory: any ProgramDirectory,
        announcements: any AnnouncementDesk, publishers: (any PublisherDesk)? = nil,
        reload: (any ReloadDesk)? = nil,
        shows: (any ShowDesk)? = nil, audience: (any AudienceDesk)? = nil,
        trusted: @escaping @Sendable () -> AddressRanges = { AddressRanges() },
        rehearsals: (any RehearsalDesk)? = nil,
        readiness: (any ReadinessDesk)? = nil, urls: (any URLDesk)? = nil,
        callbacks: (any CallbackDesk)? = nil, audit: (any AuditDesk)? = nil,
        facts: ConsoleFacts = ConsoleFacts(),
        pages: StaffPages = StaffPages(),
        certificates: (@Sendable () -> SecureContext)? = nil,
        handshakes: (any HandshakeWatch)? = nil, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) throws(StaffServerError) {
        guard address.isLoopback || staff?.isOpen == false else { throw .tokenMissing(address) }
        self.address = address
        self.staff = staff
        self.guesses = guesses
        self.directory = directory
        self.announcements = announcements
        self.publishers = publishers
        self.reload = reload
        self.shows = shows
        self.audience = audience
        self.trusted = trusted
        self.rehearsals = rehearsals
        self.readiness = readiness
        self.urls = urls
        self.callbacks = callbacks
        self.audit = audit
        self.facts = facts
        self.pages = pages
        self.certificates = certificates
        self.handshakes = handshakes
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the task is cancelled or a graceful shutdown begins, and returns within a
    /// second of either: running requests get half a second to finish.
    ///
    /// - Throws: `StaffServerError` if it cannot listen.
    public func run() async throws {
        let second = facts.settleNeedsSecond ? SecondPerson() : nil
        let events = EventHub(directory: directory, desk: shows, second: second, audit: audit)
        var configuration = ServiceGroupConfiguration(
            services: [application(events, second)], logger: frameworkLogger)
        configuration.maximumGracefulShutdownDuration = .milliseconds(shutdownMs)
        let group = ServiceGroup(configuration: configuration)
        // In a task of its own, so that a cancellation is an orderly end here as well: the framework
        // takes one for a failure of its connections and logs it as an error.
        let serving = Task { try await group.run() }
        let sweeping = Task { [door] in
            while !Task.isCancelled {
                // It throws when the task is cancelled, which is looked at above.
                try? await Task.sleep(for: .milliseconds(Limits.sweepMs))
                door.closeOverdue(nowMs: StaffClock.nowMs())
            }
        }
        let watching = Task { await events.run() }
        defer {
            sweeping.cancel()
            watching.cancel()
        }
        do {
            try await withTaskCancellationHandler {
                try await serving.value
            } onCancel: {
                Task { await group.triggerGracefulShutdown() }
            }
        } catch is CancellationError {
            return
        } catch {
            throw explained(error)
        }
    }

    /// The one thread of the staff plane. It lives as long as the process: stopping it while the last
    /// connections close is a race that gains nothing.
    private static let thread = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private func application(
        _ events: EventHub, _ second: SecondPerson?
    ) -> some ApplicationProtocol {
        let routes = StaffRoutes(
            directory: directory, announcements: announcements, publishers: publishers,
            reload: reload,
            shows: shows.map { desk in
                ShowRoutes(desk: desk, hub: LiveHub(desk: desk), events: events, second: second)
            }, audience: audience.map { AudienceRoutes(desk: $0, events: events) },
            people: PeopleRoutes(
                staff: staff, guesses: guesses, facts: facts, events: events, trusted: trusted,
                isPlaySigned: { [urls] in urls?.isPlaySigned ?? false }),
            events: events,
            rehearsals: rehearsals.flatMap { desk in
                readiness.map { RehearsalRoutes(desk: desk, readiness: $0, events: events) }
            },
            urls: urls.map { URLRoutes(desk: $0, facts: facts, events: events) },
            callbacks: callbacks.map { CallbackRoutes(desk: $0, events: events) },
            audit: audit.map { AuditRoutes(desk: $0) }, pages: pages)
        return Application(
            router: routes.router(door: door),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        StaffGateInstaller(
                            door: door, trusted: trusted, certificates: certificates,
                            handshakes: handshakes)
                    ])),
            configuration: .init(address: .hostname(address.host, port: Int(address.port))),
            onServerRunning: { [onListening, address] channel in
                onListening(channel.localAddress?.port ?? Int(address.port))
            },
            eventLoopGroupProvider: .shared(Self.thread),
            logger: frameworkLogger)
    }

    /// The framework announces at "info" what our banner already says.
    private var frameworkLogger: Logger {
        var quieter = logger
        if quieter.logLevel == .info { quieter.logLevel = .notice }
        return quieter
    }

    private func explained(_ error: any Error) -> any Error {
        guard let error = error as? IOError else { return error }
        return switch error.errnoCode {
        case EADDRINUSE: StaffServerError.addressInUse(address)
        case EADDRNOTAVAIL: StaffServerError.addressNotAvailable(address)
        case EACCES, EPERM: StaffServerError.notPermitted(address)
        default: StaffServerError.cannotListen(address, reason: "\(error)")
        }
    }
}
