// What settings must be together, beyond what each must be alone.

import WireBytes

/// The rules between settings.
enum SettingsRules {
    /// - Throws: `SettingsError.conflict`, naming the setting that is easiest to change.
    static func check(_ settings: Settings) throws(SettingsError) {
        func conflict(_ setting: some SettingEntry, _ problem: String) -> SettingsError {
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
        try checkURLKeys(settings)
        try checkPorts(settings, conflict)
    }

    /// In Tencent's form nothing but the key says what an address is for: with one key for both,
    /// every viewer could publish.
    private static func checkURLKeys(_ settings: Settings) throws(SettingsError) {
        let catalog = SettingsCatalog.shared
        let push = [settings.pushKey, settings.pushKeyPrevious].compactMap { $0 }
        let play = [
            (catalog.playKey, settings.playKey),
            (catalog.playKeyPrevious, settings.playKeyPrevious),
        ]
        for (setting, key) in play {
            guard let key, push.contains(where: { $0.matches(key.text) }) else { continue }
            throw .conflict(
                key: setting.key, origin: settings.reading(setting.key)?.origin ?? .standard,
                problem: "it is the same as a key to push, so that whoever may watch could "
                    + "publish: choose another")
        }
    }

    private static func checkPorts(
        _ settings: Settings, _ conflict: (Setting<IPEndpoint>, String) -> SettingsError
    ) throws(SettingsError) {
        let listeners = [
            (SettingsCatalog.shared.http, settings.http),
            (SettingsCatalog.shared.rtmp, settings.rtmp),
            (SettingsCatalog.shared.staff, settings.staff),
        ]
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
