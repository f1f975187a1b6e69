// Secrets that are so short that they can be guessed.

import Settings

/// The findings of `fanfare check` about secrets.
enum SecretChecks {
    /// One for each secret that can be guessed.
    static func findings(_ settings: Settings) -> [Finding] {
        settings.secretWarnings.map { warning in
            .warn("secrets", warning, advice: "a random one is made by: openssl rand -hex 16")
        }
    }
}
