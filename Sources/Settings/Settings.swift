// What the operator has decided, validated: plain values for the rest of the program.

import Access
import Logging

/// Everything that can be set. Made by `loadSettings`; whoever holds one may rely on it.
public struct Settings: Sendable {
    /// Audience plane.
    public var http: ListenAddress
    /// Ingest.
    public var rtmp: ListenAddress
    /// Staff plane; not loopback only together with a token.
    public var staff: ListenAddress
    /// Nil if none is configured.
    public var staffToken: StaffToken?
    /// Path of the data folder, which may not exist yet.
    public var dataPath: String
    /// Whether the built-in clip plays.
    public var demo: Bool
    /// The operator's own stream key; nil: the one in the data folder.
    public var publishKey: StreamKey?
    /// The operator's own key of players' tokens; nil: the one in the data folder.
    public var playerKey: PlayerKey?
    /// Anyone may play under a name.
    public var allowsGuests: Bool
    /// After so long an outage an open question is void, s.
    public var outageLimitS: Int
    /// Publishers need no key; only with RTMP on loopback.
    public var openIngest: Bool
    /// 1 to 256.
    public var shardCount: Int
    /// Each shard's thread stays on one processor.
    public var isPinned: Bool
    /// 0 sends every tag as it comes. Never more than `mergeMaxMs`.
    public var mergeMinMs: Int
    public var mergeMaxMs: Int
    public var zeroCopy: ZeroCopyMode
    public var logLevel: Logger.Level
    public var ingestGraceMs: Int
    /// How long a publisher may be silent before another takes over.
    public var ingestTakeoverMs: Int
    public var passScriptData: Bool
    public var waitForStreamMs: Int
    public var streamCountMax: Int
    /// Arena of one stream, in MiB.
    public var timelineMegabytes: Int
    public var timelineSeconds: Int
    /// In all shards together; nil: what the machine allows.
    public var viewerCountMax: Int?
    /// Connections from one address; 0: no limit.
    public var connectionsPerAddressMax: Int
    /// Less than `lagDropMs`.
    public var lagSkipMs: Int
    public var lagDropMs: Int
    /// `["*"]` for every origin.
    public var corsOrigins: [String]

    /// Where each value came from, for `fanfare check`.
    public var readings: [SettingReading]
    /// What is no error but probably a mistake; logged at start-up.
    public var warnings: [String]
}

extension Settings {
    /// What is said at the start of each secret that can be guessed.
    public var secretWarnings: [String] {
        [publishKey?.warning, staffToken?.warning, playerKey?.warning].compactMap { $0 }
    }
}

/// Whether the network card is given the media without a copy.
public enum ZeroCopyMode: String, Sendable, CaseIterable {
    /// Where the kernel really takes the pages; found out on real traffic.
    case auto
    /// Wherever the kernel knows how.
    case on
    /// Never.
    case off
}

/// One setting's text and where it came from.
public struct SettingReading: Sendable, Equatable {
    public var key: String
    /// Hidden if the setting is a secret.
    public var text: String
    public var origin: SettingOrigin
    /// The same for the same text, be it hidden or not; of use in this process only.
    public var fingerprint = 0
}

/// Who said so.
public enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// `--name`, with the dashes.
    case flag(String)
    /// The variable's name.
    case environment(String)
    case file(path: String, line: Int)
    case standard

    public var description: String {
        switch self {
        case .flag(let name): name
        case .environment(let name): name
        case .file(let path, let line): "\(path), line \(line)"
        case .standard: "default"
        }
    }
}
