// Secrets that can be guessed, or said where others can read them.

import Settings

/// The results of `fanfare check` about secrets.
enum SecretChecks {
    /// One for each secret that can be guessed, and one for each that is on the command line.
    static func results(_ settings: Settings, _ exposure: Exposure) -> [CheckResult] {
        let weak =
            [
                (settings.publishKey?.warning, exposure.ingest.reach),
                (settings.staffToken?.warning, exposure.staff.reach),
                (settings.playerKey?.warning, exposure.audience.reach),
                // It is others that are deceived by who guesses it.
                (settings.callbackSecret?.warning, .machine),
            ] + settings.playKeyWarnings.map { ($0, exposure.audience.reach) }
            + settings.pushKeyWarnings.map { ($0, exposure.ingest.reach) }
        let guessable = weak.compactMap { warning, reach -> CheckResult? in
            guard let warning else { return nil }
            let advice = "a random one is made by: openssl rand -hex 16"
            // Where strangers come in, somebody will guess.
            return reach == .internet
                ? .fail("secrets", warning, advice: advice)
                : .warn("secrets", warning, advice: advice)
        }
        return guessable
            + settings.secretFlags.map { flag in
                .warn(
                    "secrets", "\(flag) is on the command line, which every user can read (ps)",
                    advice: "put it into the configuration file, closed to others")
            }
    }
}
