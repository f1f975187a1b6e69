// SIGHUP and the staff's word: the configuration and the key files are read again, and taken on as far
// as can be.

import Access
import ControlRoom
import Delivery
import HTTPWire
import IORing
import Logging
import SecureDoor
import Settings
import Synchronization

/// Reads again what the operator may have changed, each time that somebody asks for it.
final class Reloading: ReloadDesk {
    /// What can be changed while it runs.
    struct Parts: Sendable {
        var log: LogSink
        var addresses: Admission
        var audience: LiveAudience
        var delivery: DeliverySettings
        /// Nil with open ingest.
        var publishKey: LiveKey<StreamKeyKind>?
        /// Nil where no token was configured at the start.
        var staffToken: LiveKey<StaffTokenKind>?
        var urlKeys: LiveURLKeys
        var pages: LivePages
        /// Nil where there is no TLS.
        var certificates: CertificateWatch?
    }

    private struct State {
        var inForce: Settings
        var parts: Parts
    }

    /// Who asks to be told what came of it.
    private typealias Asker = CheckedContinuation<Result<ReloadReport, ReloadRefusal>, Never>

    /// How many may wait for one reload.
    private static let askerCountMax = 16

    private let source: SettingsSource
    private let logger: Logger
    private let service: ServiceManager
    private let askers = Mutex<[Asker]>([])
    /// Nil before there is anything to change.
    private let state = Mutex<State?>(nil)
    private let wakeSignal: WakeSignal

    /// - Throws: `RingError` where the system has no eventfd to give.
    init(
        source: SettingsSource, logger: Logger, service: ServiceManager
    ) throws(RingError) {
        self.source = source
        self.logger = logger
        self.service = service
        wakeSignal = try WakeSignal()
        // A thread of its own, as a file may lie where reading takes its time.
        _ = try PlainThread(name: "reload") { [self] in
            while true {
                wakeSignal.wait()
                let asking = askers.withLock { askers in
                    defer { askers = [] }
                    return askers
                }
                let result = service.reloading { reloaded() }
                for asker in asking { asker.resume(returning: result) }
            }
        }
    }

    /// From now on there is something to reload.
    func begin(_ settings: Settings, _ parts: Parts) {
        state.withLock { $0 = State(inForce: settings, parts: parts) }
    }

    /// Has it done soon.
    func ask() { wakeSignal.raise() }

    func reload(by name: String) async throws(ReloadRefusal) -> ReloadReport {
        logger.notice("a reload was asked for by \(name)")
        let result = await withCheckedContinuation { (asker: Asker) in
            let isTaken = askers.withLock { askers in
                guard askers.count < Self.askerCountMax else { return false }
                askers.append(asker)
                return true
            }
            if isTaken {
                wakeSignal.raise()
            } else {
                asker.resume(
                    returning: .failure(.notNow("many have asked for a reload already; wait")))
            }
        }
        return try result.get()
    }

    private func reloaded() -> Result<ReloadReport, ReloadRefusal> {
        guard let (old, parts) = state.withLock({ $0.map { ($0.inForce, $0.parts) } }) else {
            return .failure(.notNow("the server is still starting, and has just read them"))
        }
        do {
            let new = try source.load()
            var change = SettingsChange(from: old, to: new)
            try apply(new, in: parts, over: old, &change)
            let kept = new.keeping(change.waiting, of: old)
            state.withLock { $0?.inForce = kept }
            parts.pages.reload(kept)
            // Files that were put in another's place have the same names in the settings.
            if !change.taken.contains(where: Self.certificateKeys.contains) {
                parts.certificates?.reload()
            }
            return .success(logged(change, new))
        } catch {
            let words = "nothing was reloaded, and the settings stay as they were: \(error)"
            logger.error("\(words)")
            return .failure(.unusable(words))
        }
    }

    /// Makes what can fail, and gives back the change itself.
    typealias Step = @Sendable (_ new: Settings, _ parts: Parts) throws -> () -> Void

    /// What puts a setting into force, by key: one for each that the catalog declares as reloaded, but
    /// the stream key, which may have changed where its setting hasn't.
    static let steps: [String: Step] = [
        key(\.corsOrigins): { new, parts in
            let cors = try CORSPolicy(settings: new)
            return { parts.delivery.cors = cors }
        },
        key(\.viewerCountMax): changeAdmission, key(\.connectionsPerAddressMax): changeAdmission,
        key(\.trustedProxies): { new, parts in
            { parts.audience.change(trusted: new.trustedProxies) }
        },
        key(\.staffToken): { new, parts in
            { if let token = new.staffToken { _ = parts.staffToken?.replace(by: token) } }
        },
        key(\.playKey): changeURLKeys, key(\.playKeyPrevious): changeURLKeys,
        key(\.pushKey): changeURLKeys, key(\.pushKeyPrevious): changeURLKeys,
        key(\.tlsCertificates): changeCertificates, key(\.tlsKeys): changeCertificates,
        key(\.tlsOCSP): changeCertificates,
        key(\.logLevel): { new, parts in { parts.log.level = new.logLevel } },
    ]

    private static let changeAdmission: Step = { new, parts in
        { parts.addresses.change(limits: AdmissionLimits(settings: new)) }
    }

    private static let changeURLKeys: Step = { new, parts in
        { parts.urlKeys.replace(by: URLKeys(new)) }
    }

    private static let certificateKeys = [
        key(\.tlsCertificates), key(\.tlsKeys), key(\.tlsOCSP),
    ]

    /// Of several that have changed each does the same, and the last one counts.
    private static let changeCertificates: Step = { new, parts in
        guard let watch = parts.certificates, let files = CertificateFiles(settings: new) else {
            return {}
        }
        let context = try watch.prepare(files)
        return { watch.take(files, context) }
    }

    private static func key<Value>(_ name: KeyPath<SettingsCatalog, Setting<Value>>) -> String {
        SettingsCatalog.shared[keyPath: name].key
    }

    /// All of it or nothing: what can fail comes first.
    private func apply(
        _ new: Settings, in parts: Parts, over old: Settings, _ change: inout SettingsChange
    ) throws {
        let key = try publishKey(new, in: parts, over: old)
        let steps = try change.taken.compactMap { try Self.steps[$0]?(new, parts) }
        for step in steps { step() }
        // The key may have changed where its setting hasn't, and the other way round.
        let keySetting = SettingsCatalog.shared.publishKey.key
        guard let key, let live = parts.publishKey else {
            if change.taken.contains(keySetting) { change.waiting.append(keySetting) }
            change.taken.removeAll { $0 == keySetting }
            return
        }
        change.taken.removeAll { $0 == keySetting }
        if live.replace(by: key) { change.taken.append(keySetting) }
    }

    /// The key in force from now on; nil with open ingest. A file that was deleted means a new key.
    private func publishKey(
        _ new: Settings, in parts: Parts, over old: Settings
    ) throws -> StreamKey? {
        guard parts.publishKey != nil, !new.openIngest else { return nil }
        if let own = new.publishKey { return own }
        // The folder in use, not the one that the next start will have.
        let loaded = try PublishKeyFile(dataPath: old.dataPath).load()
        if let warning = loaded.warning { logger.warning("\(warning)") }
        return loaded.key
    }

    private func logged(_ change: SettingsChange, _ new: Settings) -> ReloadReport {
        let report = ReloadReport(
            source: source.filePath
                ?? "the key files, as there is no configuration file (--config)",
            taken: change.taken, waiting: change.waiting,
            warnings: new.warnings + new.secretWarnings)
        for warning in report.warnings { logger.warning("\(warning)") }
        let taken =
            report.taken.isEmpty
            ? "nothing has changed that can be taken on" : report.taken.joined(separator: ", ")
        logger.notice("reloaded from \(report.source): \(taken)")
        if !report.waiting.isEmpty {
            let keys = report.waiting.joined(separator: ", ")
            logger.warning("changed, but in force only after a restart: \(keys)")
        }
        return report
    }
}

extension AdmissionLimits {
    /// As the operator has it.
    init(settings: Settings) {
        self.init()
        countMax = settings.viewerCountMax ?? .max
        let perAddress = settings.connectionsPerAddressMax
        perAddressMax = perAddress == 0 ? .max : perAddress
        perLoopbackAddressMax = max(perLoopbackAddressMax, perAddressMax)
        if perAddress == 0 { perAddressPerSecondMax = 1e12 }
    }
}

extension ZeroCopyPolicy {
    /// As the operator has it.
    init(_ mode: ZeroCopyMode) {
        switch mode {
        case .auto: self = .auto
        case .on: self = .on
        case .off: self = .off
        }
    }
}

extension CORSPolicy {
    /// As the operator has it.
    init(settings: Settings) throws(CORSPolicyError) {
        let origins = settings.corsOrigins
        self = origins == ["*"] ? .anyOrigin : try CORSPolicy(origins: origins)
    }
}
