// What has to be right before strangers can reach this server.

import Settings

/// Pure functions, one a result.
enum ExposureChecks {
    static func results(_ settings: Settings, _ exposure: Exposure) -> [CheckResult] {
        [
            staff(settings, exposure), audience(settings, exposure), ingest(settings, exposure),
            limits(settings, exposure), guests(settings),
        ] + callbacks(settings)
    }

    static func staff(_ settings: Settings, _ exposure: Exposure) -> CheckResult {
        let name = "staff plane"
        let found = "\(settings.staff)"
        if exposure.staff.isEncrypted { return .ok(name, "\(found), with TLS") }
        switch exposure.staff.reach {
        case .machine: return .ok(name, "\(found), for this machine alone")
        case .privateNetwork:
            return .warn(
                name, "\(found), where tokens can be read on the way",
                advice: "keep it on loopback, and reach it by: ssh -L 9090:127.0.0.1:9090 HOST")
        case .internet:
            return .fail(
                name, "\(found) is open to the internet without TLS: tokens can be read on the way",
                advice: "--staff 127.0.0.1:\(settings.staff.port), and reach it by: "
                    + "ssh -L 9090:127.0.0.1:9090 HOST")
        }
    }

    /// What is said on the way to other systems, and what they say: whoever sits between reads it, and
    /// answers in their place.
    static func callbacks(_ settings: Settings) -> [CheckResult] {
        let name = "callbacks"
        let asked = [settings.callbackAskPublish, settings.callbackAskPlay].compactMap { $0 }
        let all = settings.callbackURLs + asked
        guard !all.isEmpty else { return [] }
        let plain = all.filter { !$0.isSecure && Reach(host: $0.host) == .internet }
        guard let first = plain.first else {
            return [.ok(name, all.count == 1 ? "1 place" : "\(all.count) places")]
        }
        let decides = asked.contains { $0.text == first.text }
        return [
            .warn(
                name,
                "\(first.origin) is called without TLS: "
                    + (decides
                        ? "whoever is on the way can answer in its place"
                        : "what it is told can be read on the way"),
                advice: "set an https URL")
        ]
    }

    static func audience(_ settings: Settings, _ exposure: Exposure) -> CheckResult {
        let name = "audience"
        let links = exposure.playNeedsKey ? ", by signed links" : ""
        let found = "\(settings.http)\(links)"
        if exposure.audience.isEncrypted { return .ok(name, "\(found), with TLS") }
        if exposure.hasTrustedProxies { return .ok(name, "\(found), behind your proxies") }
        guard exposure.audience.reach != .machine else {
            return .ok(name, "\(found), for this machine alone, or a proxy on it")
        }
        return .warn(
            name,
            "\(found) without TLS: players' tokens can be read on the way, and pages on https "
                + "can't play it",
            advice: "end TLS before it where players sign in (Ops/THREATS.md)")
    }

    static func ingest(_ settings: Settings, _ exposure: Exposure) -> CheckResult {
        let name = "ingest"
        let found = "\(settings.rtmp)"
        // Only on loopback: the settings see to it.
        if settings.openIngest {
            return .warn(
                name, "\(found), and whoever is on this machine publishes without a key",
                advice: "leave --open-ingest out before a show")
        }
        if exposure.ingest.isEncrypted { return .ok(name, "\(found), with TLS") }
        guard exposure.ingest.reach != .machine else {
            return .ok(name, "\(found), for this machine alone")
        }
        return .warn(
            name, "\(found) without TLS: the stream key can be read on the way",
            advice: "let encoders come by a VPN or ssh, and change the key after the show")
    }

    static func limits(_ settings: Settings, _ exposure: Exposure) -> CheckResult {
        let name = "limits"
        let count = settings.connectionsPerAddressMax
        let found =
            count == 0
            ? "no limit for each address" : "\(count) connections from each address"
        guard exposure.audience.reach != .machine else { return .ok(name, found) }
        if count == 0 {
            return .fail(
                name, "\(found): a single machine can take all places",
                advice: "leave --limits-per-address at 200, or say how many a school may need")
        }
        return count <= perAddressUsual
            ? .ok(name, found)
            : .warn(
                name, "\(found): few machines can take all places",
                advice: "lower --limits-per-address, if no proxy or school needs so many")
    }

    static func guests(_ settings: Settings) -> CheckResult {
        settings.allowsGuests
            ? .warn(
                "guests", "anybody may play under any name, and under a hundred",
                advice: "for a show with a prize start without --guests, and hand out tokens")
            : .ok("guests", "players need tokens of your own backend")
    }

    /// More than a school or a carrier's NAT brings.
    private static let perAddressUsual = 2_000
}
