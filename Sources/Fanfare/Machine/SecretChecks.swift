// Secrets that are so short that they can be guessed.

import Settings

/// The results of `fanfare check` about secrets.
enum SecretChecks {
    /// One for each secret that can be guessed.
    static func results(_ settings: Settings) -> [CheckResult] {
        settings.secretWarnings.map { warning in
            .warn("secrets", warning, advice: "a random one is made by: openssl rand -hex 16")
        }
    }
}
