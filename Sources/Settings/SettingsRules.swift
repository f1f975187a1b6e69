// What settings must be together, beyond what each must be alone.

import Access
import WireBytes

extension Settings {
    /// All places to listen at.
    public var listeners: [(setting: any SettingEntry, address: IPEndpoint)] {
        let catalog = SettingsCatalog.shared
        var all: [(any SettingEntry, IPEndpoint)] = [
            (catalog.http, self.http), (catalog.rtmp, self.rtmp), (catalog.staff, self.staff),
        ]
        if let https = self.https { all.append((catalog.https, https)) }
        if let rtmps = self.rtmps { all.append((catalog.rtmps, rtmps)) }
        return all
    }

    /// The settings that ask for TLS.
    public var secureListeners: [any SettingEntry] {
        let catalog = SettingsCatalog.shared
        var all: [any SettingEntry] = []
        if self.https != nil { all.append(catalog.https) }
        if self.rtmps != nil { all.append(catalog.rtmps) }
        if self.staffTLS { all.append(catalog.staffTLS) }
        return all
    }
}

/// The rules between settings.
enum SettingsRules {
    /// - Throws: `SettingsError.conflict`, naming the setting that is easiest to change.
    static func check(_ settings: Settings) throws(SettingsError) {
        func conflict(_ setting: any SettingEntry, _ problem: String) -> SettingsError {
            let origin = settings.reading(setting.key)?.origin ?? .standard
            return .conflict(key: setting.key, origin: origin, problem: problem)
        }
        if settings.openIngest && !settings.rtmp.isLoopback {
            throw conflict(
                SettingsCatalog.shared.openIngest,
                "publishing without a key is allowed on loopback only, but RTMP listens on "
                    + "\(settings.rtmp): set --rtmp 127.0.0.1:\(settings.rtmp.port), or leave "
                    + "--open-ingest out and use the stream key")
        }
        if settings.openIngest && settings.publishKey != nil {
            throw conflict(
                SettingsCatalog.shared.openIngest,
                "a stream key is set as well (publishKey), which nobody would be asked for: keep "
                    + "one of the two")
        }
        if settings.demoQuiz && !settings.demo {
            throw conflict(
                SettingsCatalog.shared.demoQuiz,
                "the demo quiz is played on the demo stream: set --demo as well, or leave "
                    + "--demo-quiz out")
        }
        if !settings.staff.isLoopback && settings.staffToken == nil {
            throw conflict(
                SettingsCatalog.shared.staff,
                "\(settings.staff) can be reached from other machines, which needs a token: set "
                    + "staffToken in the configuration file, or FANFARE_STAFF_TOKEN (--staff-token "
                    + "would show it to every user of this machine), or use "
                    + "--staff 127.0.0.1:\(settings.staff.port)")
        }
        if settings.mergeMinMs > settings.mergeMaxMs {
            throw conflict(
                SettingsCatalog.shared.mergeMinMs,
                "\(settings.mergeMinMs) ms is more than merge.maxMs, which is "
                    + "\(settings.mergeMaxMs) ms")
        }
        if settings.lagSkipMs >= settings.lagDropMs {
            throw conflict(
                SettingsCatalog.shared.lagSkipMs,
                "\(settings.lagSkipMs) ms is not less than lag.dropMs, which is "
                    + "\(settings.lagDropMs) ms: viewers would be dropped before they could skip")
        }
        if let all = settings.trustedProxies.all.first(where: { $0.prefixBitCount == 0 }) {
            throw conflict(
                SettingsCatalog.shared.trustedProxies,
                "\(all) is everybody, and whoever is trusted chooses the address that limits and "
                    + "bans go by: name the addresses of your proxies alone")
        }
        if settings.redirectsHTTP, settings.https.map({ $0.port == 0 }) ?? true {
            throw conflict(
                SettingsCatalog.shared.redirectsHTTP,
                "there is no port to send anybody to: set --https HOST:PORT as well, or leave "
                    + "--redirect-http out")
        }
        try checkURLKeys(settings)
        try checkCertificates(settings, conflict)
        try checkPorts(settings, conflict)
    }

    /// In Tencent's form nothing but the key says what an address is for: with one key for both,
    /// every viewer could publish. Key and name stand side by side in what is signed, so that a key
    /// that begins with another makes addresses of other streams.
    private static func checkURLKeys(_ settings: Settings) throws(SettingsError) {
        let catalog = SettingsCatalog.shared
        let push = [settings.pushKey, settings.pushKeyPrevious].compactMap { $0 }
        let play = [
            (catalog.playKey, settings.playKey),
            (catalog.playKeyPrevious, settings.playKeyPrevious),
        ]
        for (setting, key) in play {
            guard let key, push.contains(where: { isBeginning($0, key) }) else { continue }
            throw .conflict(
                key: setting.key, origin: settings.reading(setting.key)?.origin ?? .standard,
                problem: "it is the same as a key to push, or one begins with the other, so that "
                    + "whoever may watch could publish: choose another")
        }
        let changes = [
            (catalog.playKeyPrevious, settings.playKey, settings.playKeyPrevious),
            (catalog.pushKeyPrevious, settings.pushKey, settings.pushKeyPrevious),
        ]
        for (setting, key, previous) in changes {
            guard let key, let previous, !key.matches(previous.text), isBeginning(key, previous)
            else { continue }
            throw .conflict(
                key: setting.key, origin: settings.reading(setting.key)?.origin ?? .standard,
                problem: "it begins with the key that follows it, or that with it, so that a URL "
                    + "for one stream could be good for another: choose a new key that is "
                    + "another from its first characters on")
        }
    }

    /// Whether two keys are the same, or one begins with the other.
    private static func isBeginning(_ one: URLKey, _ other: URLKey) -> Bool {
        one.text.utf8.starts(with: other.text.utf8) || other.text.utf8.starts(with: one.text.utf8)
    }

    private static func checkCertificates(
        _ settings: Settings, _ conflict: (any SettingEntry, String) -> SettingsError
    ) throws(SettingsError) {
        let (certificates, keys) = (settings.tlsCertificates.count, settings.tlsKeys.count)
        guard certificates == keys else {
            throw conflict(
                certificates > keys
                    ? SettingsCatalog.shared.tlsCertificates : SettingsCatalog.shared.tlsKeys,
                "\(certificates) certificates and \(keys) private keys are named: give "
                    + "--tls-certificate and --tls-key as many files each, in the same order")
        }
        guard certificates == 0, let first = settings.secureListeners.first else { return }
        throw conflict(
            first,
            "TLS needs a certificate: set --tls-certificate and --tls-key; for a trial, "
                + "fanfare certificate --self-signed NAME makes both")
    }

    private static func checkPorts(
        _ settings: Settings, _ conflict: (any SettingEntry, String) -> SettingsError
    ) throws(SettingsError) {
        let listeners = settings.listeners
        for (index, one) in listeners.enumerated() {
            for other in listeners[..<index] where overlap(one.1, other.1) {
                throw conflict(
                    one.0, "\(one.1) is the same port as that of \(other.0.key), \(other.1)")
            }
        }
    }

    private static func overlap(_ one: IPEndpoint, _ other: IPEndpoint) -> Bool {
        one.port == other.port && one.port != 0
            && (one.address == other.address || one.address.isWildcard
                || other.address.isWildcard)
    }
}
