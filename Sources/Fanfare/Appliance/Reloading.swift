// SIGHUP: the configuration and the key files are read again, and taken on as far as can be.

import Access
import Delivery
import HTTPWire
import IORing
import Logging
import SecureDoor
import Settings
import Synchronization

/// Reads again what the operator may have changed, each time that somebody asks for it.
final class Reloading: Sendable {
    /// What can be changed while it runs.
    struct Parts: Sendable {
        var log: LogSink
        var addresses: Admission
        var delivery: DeliverySettings
        /// Nil with open ingest.
        var publishKey: LiveKey<StreamKeyKind>?
        /// Nil where no token was configured at the start.
        var staffToken: LiveKey<StaffTokenKind>?
        var pages: LivePages
        /// Nil where there is no TLS.
        var certificates: CertificateWatch?
    }

    private struct State {
        var inForce: Settings
        var parts: Parts
    }

    private let source: SettingsSource
    private let logger: Logger
    /// Nil before there is anything to change.
    private let state = Mutex<State?>(nil)
    private let wakeSignal: WakeSignal

    /// - Throws: `RingError` where the system has no eventfd to give.
    init(source: SettingsSource, logger: Logger) throws(RingError) {
        self.source = source
        self.logger = logger
        wakeSignal = try WakeSignal()
        // A thread of its own, as a file may lie where reading takes its time.
        _ = try PlainThread(name: "reload") { [self] in
            while true {
                wakeSignal.wait()
                reload()
            }
        }
    }

    /// From now on there is something to reload.
    func begin(_ settings: Settings, _ parts: Parts) {
        state.withLock { $0 = State(inForce: settings, parts: parts) }
    }

    /// Has it done soon.
    func ask() { wakeSignal.raise() }

    private func reload() {
        guard let (old, parts) = state.withLock({ $0.map { ($0.inForce, $0.parts) } }) else {
            return
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
            log(change, new)
        } catch {
            logger.error("nothing was reloaded, and the settings stay as they were: \(error)")
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
        key(\.staffToken): { new, parts in
            { if let token = new.staffToken { _ = parts.staffToken?.replace(by: token) } }
        },
        key(\.tlsCertificates): changeCertificates, key(\.tlsKeys): changeCertificates,
        key(\.tlsOCSP): changeCertificates,
        key(\.logLevel): { new, parts in { parts.log.level = new.logLevel } },
    ]

    private static let changeAdmission: Step = { new, parts in
        { parts.addresses.change(limits: AdmissionLimits(settings: new)) }
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

    private func log(_ change: SettingsChange, _ new: Settings) {
        for warning in new.warnings + new.secretWarnings { logger.warning("\(warning)") }
        let from = source.filePath ?? "the key files, as there is no configuration file (--config)"
        let taken =
            change.taken.isEmpty
            ? "nothing has changed that can be taken on" : change.taken.joined(separator: ", ")
        logger.notice("reloaded from \(from): \(taken)")
        if !change.waiting.isEmpty {
            let keys = change.waiting.joined(separator: ", ")
            logger.warning("changed, but in force only after a restart: \(keys)")
        }
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
