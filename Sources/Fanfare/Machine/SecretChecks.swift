// Secrets that are so short that they can be guessed, or said where others can read them.

import Settings

/// The results of `fanfare check` about secrets.
enum SecretChecks {
    /// One for each secret that can be guessed, and one for each that is on the command line.
    static func results(_ settings: Settings, _ exposure: Exposure) -> [CheckResult] {
        let secrets = [
            (settings.publishKey?.warning, exposure.ingest),
            (settings.staffToken?.warning, exposure.staff),
            (settings.playerKey?.warning, exposure.audience),
        ]
        let short = secrets.compactMap { warning, plane -> CheckResult? in
            guard let warning else { return nil }
            let advice = "a random one is made by: openssl rand -hex 16"
            // Where strangers come in, somebody will guess.
            return plane.reach == .internet
                ? .fail("secrets", warning, advice: advice)
                : .warn("secrets", warning, advice: advice)
        }
        return short
            + settings.secretFlags.map { flag in
                .warn(
                    "secrets", "\(flag) is on the command line, which every user can read (ps)",
                    advice: "put it into the configuration file, closed to others")
            }
    }
}
