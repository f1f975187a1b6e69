// Everything of TLS in one place: certificates, and the doors of viewers and publishers.

import ControlRoom
import Delivery
import Glibc
import IORing
import Ingest
import Logging
import SecureDoor
import Settings
import Synchronization
import TLS
import WireBytes

/// The certificates in force and the doors that show them. There is none where nobody asks for TLS.
final class SecureSide: Sendable {
    /// A listener over TLS.
    enum Door: String, Sendable, CaseIterable {
        case https
        case rtmps

        /// The option that names its address.
        var option: String { "--\(rawValue)" }
        var inside: Handshake.Inside { self == .https ? .http : .rtmp }
    }

    let certificates: CertificateWatch
    private let logger: Logger
    private let doors = Mutex<[Door: SecureDoor]>([:])
    private let staff = Mutex<HandshakeBook?>(nil)

    /// Reads the certificates and begins to watch them; nil where nobody asks for TLS.
    init?(settings: Settings, logger: Logger) throws {
        guard let files = CertificateFiles(settings: settings),
            !settings.secureListeners.isEmpty
        else { return nil }
        self.logger = logger
        certificates = try CertificateWatch(files: files) { [logger] news in
            if news.isGood { logger.notice("\(news)") } else { logger.warning("\(news)") }
        }
        try certificates.start()
    }

    /// Opens a door.
    ///
    /// - Parameters:
    ///   - trusts: whether an address is a proxy's whose PROXY header is believed.
    ///   - onArrival: takes over who has come through, on the door's thread.
    func open(
        _ door: Door, at address: IPEndpoint, options: ListenerOptions,
        trusts: @escaping @Sendable (IPAddress) -> Bool,
        onArrival: @escaping @Sendable (SecureArrival) -> Void
    ) throws {
        let listener: Listener
        do throws(ListenError) {
            listener = try Listener(address: address, options: options)
        } catch {
            throw ApplianceError.listen(option: door.option, error)
        }
        let parts = SecureDoor.Parts(
            inside: door.inside, context: certificateSource,
            trusts: trusts, onArrival: onArrival, onNews: teller(of: door.rawValue))
        do throws(RingError) {
            let opened = try SecureDoor(
                name: "\(door.rawValue)-door", listener: listener,
                settings: SecureDoorSettings(), parts: parts)
            doors.withLock { $0[door] = opened }
        } catch {
            throw ApplianceError.ring(error)
        }
    }

    /// Bounds and counts the staff plane's handshakes from now on.
    func staffHandshakes(
        trusts: @escaping @Sendable (IPAddress) -> Bool
    ) -> any HandshakeWatch {
        let book = HandshakeBook(trusts: trusts, onNews: teller(of: Self.staffName))
        staff.withLock { $0 = book }
        return book
    }

    /// What the staff plane is called in the log and in metrics.
    private static let staffName = "staff"

    private func teller(of name: String) -> @Sendable (DoorFailure, IPEndpoint) -> Void {
        { [logger] failure, peer in
            guard let news = failure.news else { return }
            logger.warning("\(name): \(news) (from \(peer.host); said once a minute)")
        }
    }

    /// The certificates in force, whenever it is asked.
    var certificateSource: @Sendable () -> SecureContext {
        { [certificates] in certificates.live.current }
    }

    /// Where a door listens; nil if it isn't open.
    func address(of door: Door) -> IPEndpoint? { doors.withLock { $0[door]?.address } }

    /// The first name that the first certificate is for and that is one, for addresses in banners.
    var likelyHost: String? {
        certificates.live.current.certificates.first?.facts.names.first { !$0.hasPrefix("*.") }
    }

    /// Lets nobody in any more.
    func stop() {
        let open = doors.withLock { doors in
            defer { doors = [:] }
            return Array(doors.values)
        }
        for door in open { door.stop() }
        certificates.stop()
    }

    /// What isn't broken and still deserves a look, a sentence each.
    var warnings: [String] { certificates.troubles.map(\.description) }

    func metrics() -> [MetricFamily] {
        let staff = staff.withLock { $0 }.map { [(name: Self.staffName, counts: $0.counts)] }
        return SecureMetrics.families(
            doors: doors.withLock { doors in
                doors.map { ($0.key.rawValue, $0.value.counts) }.sorted { $0.0 < $1.0 }
            } + (staff ?? []), certificates: certificates.live.current.certificates,
            tickets: certificates.ticketCounts)
    }
}

extension HandshakeBook: HandshakeWatch {
    /// One that had begun is over.
    public func end(_ peer: IPEndpoint, _ outcome: HandshakeOutcome) {
        switch outcome {
        case .finished(let version, let suite, let isResumed):
            finish(peer, version: version, suite: suite, isResumed: isResumed)
        case .failed(let failure): fail(peer, .handshake(failure))
        case .hungUp: fail(peer, .hungUp)
        case .tooSlow: fail(peer, .tooSlow)
        }
    }
}

extension Appliance {
    /// Opens the doors that the settings ask for: who comes through goes to the shards, or to the
    /// ingest.
    func openDoors(
        _ secure: SecureSide?, _ shardPool: ShardPool, _ ingest: Ingest, _ addresses: Admission
    ) throws {
        guard let secure else { return }
        let trusts: @Sendable (IPAddress) -> Bool = { addresses.trusted.contains($0) }
        if let address = settings.https {
            try secure.open(
                .https, at: address, options: ShardPool.listenerOptions, trusts: trusts
            ) { arrival in
                shardPool.adopt(
                    SecureConnection(
                        descriptor: arrival.descriptor, address: arrival.peer.address,
                        keys: arrival.keys, pending: arrival.pending))
            }
        }
        if let address = settings.rtmps {
            var options = ListenerOptions()
            options.backlog = 128
            try secure.open(.rtmps, at: address, options: options, trusts: trusts) { arrival in
                ingest.adopt(
                    SecurePublisher(
                        descriptor: arrival.descriptor, peer: arrival.peer, keys: arrival.keys,
                        pending: arrival.pending))
            }
        }
    }
}
