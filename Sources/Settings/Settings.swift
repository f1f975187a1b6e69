// What the operator has decided, validated: plain values for the rest of the program.

import Access
import Delivery
import Logging

/// Everything that can be set. Made by `loadSettings`; whoever holds one may rely on it.
struct Settings: Sendable {
    /// Audience plane.
    var http: ListenAddress
    /// Ingest.
    var rtmp: ListenAddress
    /// Staff plane; not loopback only together with a token.
    var staff: ListenAddress
    /// Nil if none is configured.
    var staffToken: StaffToken?
    /// Path of the data folder, which may not exist yet.
    var dataPath: String
    /// Whether the built-in clip plays.
    var demo: Bool
    /// The operator's own stream key; nil: the one in the data folder.
    var publishKey: StreamKey?
    /// The operator's own key of players' tokens; nil: the one in the data folder.
    var playerKey: PlayerKey?
    /// Anyone may play under a name.
    var allowsGuests: Bool
    /// After so long an outage an open question is void, s.
    var outageLimitS: Int
    /// Publishers need no key; only with RTMP on loopback.
    var openIngest: Bool
    /// 1 to 256.
    var shardCount: Int
    /// Each shard's thread stays on one processor.
    var isPinned: Bool
    /// 0 sends every tag as it comes. Never more than `mergeMaxMs`.
    var mergeMinMs: Int
    var mergeMaxMs: Int
    var zeroCopy: ZeroCopyPolicy
    var logLevel: Logger.Level
    var ingestGraceMs: Int
    /// How long a publisher may be silent before another takes over.
    var ingestTakeoverMs: Int
    var passScriptData: Bool
    var waitForStreamMs: Int
    var streamCountMax: Int
    /// Arena of one stream, in MiB.
    var timelineMegabytes: Int
    var timelineSeconds: Int
    /// In all shards together; nil: what the machine allows.
    var viewerCountMax: Int?
    /// Connections from one address; 0: no limit.
    var connectionsPerAddressMax: Int
    /// Less than `lagDropMs`.
    var lagSkipMs: Int
    var lagDropMs: Int
    /// `["*"]` for every origin.
    var corsOrigins: [String]

    /// Where each value came from, for `fanfare check`.
    var readings: [SettingReading]
    /// What is no error but probably a mistake; logged at start-up.
    var warnings: [String]
}

/// One setting's text and where it came from.
struct SettingReading: Sendable, Equatable {
    var key: String
    /// Hidden if the setting is a secret.
    var text: String
    var origin: SettingOrigin
    /// The same for the same text, be it hidden or not; of use in this process only.
    var fingerprint = 0
}

/// Who said so.
enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// `--name`, with the dashes.
    case flag(String)
    /// The variable's name.
    case environment(String)
    case file(path: String, line: Int)
    case standard

    var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let name): name
        case .file(let path, let line): "\(path), line \(line)"
        case .standard: "default"
        }
    }
}
