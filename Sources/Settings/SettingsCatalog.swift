// The one table of everything that can be set. Flags, environment variables, help texts, the
// configuration file's keys, what `Settings` holds, what a reload takes on and the table in
// Ops/CONFIGURATION.md all come from here.

import Access
import HTTPWire
import Logging
import WireBytes

/// All settings, in the order of help texts and tables. A further one is a line here, and is there
/// under its name in `Settings`; `Reloading` puts into force what is declared as reloaded.
public struct SettingsCatalog: Sendable {
    /// Audience plane.
    public let http = Setting.address(
        "http", default: "0.0.0.0:8080", help: "Where viewers come in (HTTP-FLV)")
    /// Ingest.
    public let rtmp = Setting.address(
        "rtmp", default: "0.0.0.0:1935", help: "Where publishers come in (RTMP)")
    /// Staff plane; not loopback only together with a token.
    public let staff = Setting.staffAddress(
        "staff", default: "127.0.0.1:9090",
        help: "Where the staff come in: API, metrics and health")
    /// Nil if none is configured.
    public let staffToken = Setting<StaffToken?>.secret(
        "staffToken", "TOKEN", words: "none",
        help: "What the staff send as a bearer token; needed as soon as the staff plane is not on "
            + "loopback"
    )
    .reloaded(.liveWhileSet)
    /// Audience plane over TLS; nil for none.
    public let https = Setting<IPEndpoint?>.optionalAddress(
        "https", help: "Where viewers come in over TLS (HTTPS, WSS)")
    /// Whether pages and streams in the clear are only asked to come over TLS.
    public let redirectsHTTP = Setting.toggle(
        "redirectHTTP",
        help: "Sends GET and HEAD on http on to https, except for /healthz; only with https")
    /// Ingest over TLS; nil for none.
    public let rtmps = Setting<IPEndpoint?>.optionalAddress(
        "rtmps", help: "Where publishers come in over TLS (RTMPS)")
    /// Whether the staff plane speaks TLS.
    public let staffTLS = Setting.toggle(
        "staffTLS", help: "The staff plane speaks HTTPS, with the certificates of tlsCertificate")
    /// Each the server's certificate and those that vouch for it.
    public let tlsCertificates = Setting.files(
        "tlsCertificate",
        help: "Certificates in PEM, each with those that vouch for it (fullchain.pem); a client "
            + "gets the one for the host that it asks for, or the first"
    )
    .reloaded(.liveWhileSet)
    /// In the same order.
    public let tlsKeys = Setting.files(
        "tlsKey", help: "The certificates' private keys in PEM, in the same order"
    )
    .reloaded(.liveWhileSet)
    /// Nil for none.
    public let tlsOCSP = Setting.optionalFile(
        "tlsOCSP",
        help: "An authority's answer (OCSP, DER) about one of the certificates, handed out with it"
    )
    .reloaded()
    /// Path of the data folder, which may not exist yet.
    public let dataPath = Setting.folder(
        "data", default: "./fanfare-data", help: "Where everything is kept that must survive")
    /// A folder with the pages; empty for those in the program.
    public let webFiles = Setting.optionalFolder(
        "webFiles", words: "those in the program",
        help: "Where the pages' files are, for those who change them: a copy of Sources/Web/Files, "
            + "read again at SIGHUP")
    /// Whether the built-in clip plays.
    public let demo = Setting.toggle(
        "demo", help: "Plays the built-in clip as live/demo, over and over")
    /// Whether a short rehearsal is made ready to be played on it.
    public let demoQuiz = Setting.toggle(
        "demoQuiz",
        help: "With --demo: makes a short rehearsal ready, to be opened at the console")
    /// The operator's own stream key; nil: the one in the data folder.
    public let publishKey = Setting<StreamKey?>.secret(
        "publishKey", "KEY", words: "random, kept in <data>/publish-key",
        help: "The stream key publishers must bring"
    )
    .reloaded()
    /// What push addresses are signed with; nil: none is taken.
    public let pushKey = Setting<URLKey?>.secret(
        "pushKey", "KEY", words: "none",
        help: "What signed URLs to push are made with; publishers may bring one instead of the "
            + "stream key"
    )
    .reloaded()
    /// The key before, still taken.
    public let pushKeyPrevious = Setting<URLKey?>.secret(
        "pushKeyPrevious", "KEY", words: "none",
        help: "The push key before, whose URLs are taken until this is removed"
    )
    .reloaded()
    /// What addresses to play are signed with; nil: everybody may watch.
    public let playKey = Setting<URLKey?>.secret(
        "playKey", "KEY", words: "none: everybody may watch",
        help: "What signed URLs to watch are made with; with it nobody watches without one"
    )
    .reloaded()
    /// The key before, still taken.
    public let playKeyPrevious = Setting<URLKey?>.secret(
        "playKeyPrevious", "KEY", words: "none",
        help: "The play key before, whose URLs are taken until this is removed"
    )
    .reloaded()
    /// The operator's own key of players' tokens; nil: the one in the data folder.
    public let playerKey = Setting<PlayerKey?>.secret(
        "playerKey", "KEY", words: "random, kept in <data>/player-key",
        help: "What players' tokens are signed with (HS256), shared with your own backend")
    /// Anyone may play under a name.
    public let allowsGuests = Setting.toggle(
        "guests", help: "Lets anyone play under a name of their choice, without a token of yours")
    /// Two people divide a prize, and no one alone.
    public let settleNeedsSecond = Setting.toggle(
        "settleNeedsSecond",
        help: "A prize is divided when two of the staff say so, each by a token of the own")
    /// After so long an outage an open question is void, s.
    public let outageLimitS = Setting.number(
        "outageLimitS", "S", default: 60, in: 0...3_600,
        help: "After a longer outage, a question that was open is void instead of going on")
    /// Publishers need no key; only with RTMP on loopback.
    public let openIngest = Setting.toggle(
        "openIngest",
        help: "Lets publishers in without a key; only if RTMP listens on loopback")
    /// 1 to 256.
    public let shardCount = Setting.shards(
        "shards", help: "Threads that serve viewers, each with a ring of its own")
    /// Each shard's thread stays on one processor.
    public let isPinned = Setting.toggle(
        "pin", help: "Keeps each shard's thread on a processor of its own")
    /// 0 sends every tag as it comes. Never more than `mergeMaxMs`.
    public let mergeMinMs = Setting.number(
        "merge.minMs", "MS", default: 40, in: 0...10_000,
        help: "How long media is gathered before it is sent, when there is little to do; 0 sends "
            + "every tag at once")
    /// The merge interval at full load, ms.
    public let mergeMaxMs = Setting.number(
        "merge.maxMs", "MS", default: 500, in: 0...10_000,
        help: "How long media may be gathered when there is much to do")
    /// Whether the kernel is lent the media's pages.
    public let zeroCopy = Setting<ZeroCopyMode>.choice(
        "zeroCopy", default: .auto,
        help: "Whether the network card is given the media without a copy: auto is where the "
            + "kernel can, found out on real traffic, on or off")
    /// Whether the kernel seals what goes to viewers over TLS.
    public let kernelTLS = Setting.toggle(
        "kernelTLS",
        help: "Has the kernel encrypt what goes to viewers over TLS, where it can (its module "
            + "tls); nothing shows yet that it saves anything")
    /// swift-log's levels.
    public let logLevel = Setting.logLevel(
        "logLevel", help: "What is logged: trace, debug, info, notice, warning, error, critical"
    )
    .reloaded()
    /// For eyes or for programs.
    public let logFormat = Setting<LogFormat>.choice(
        "logFormat", default: .text,
        help: "How the log is written: text for eyes, json for programs, one object a line")
    /// How long viewers wait for a publisher to come back, ms.
    public let ingestGraceMs = Setting.number(
        "ingest.graceMs", "MS", default: 10_000, in: 0...3_600_000,
        help: "How long viewers are kept when the publisher is gone")
    /// How long a publisher may be silent before another takes over, ms.
    public let ingestTakeoverMs = Setting.number(
        "ingest.takeoverMs", "MS", default: 1_000, in: 100...60_000,
        help: "A publisher that has sent nothing for so long gives way to another with the key")
    /// Whether viewers get a publisher's own script data.
    public let passScriptData = Setting.toggle(
        "ingest.passScriptData",
        help: "Passes a publisher's own script data on to viewers, beyond onMetaData")
    /// How far behind the programme all viewers watch, ms.
    public let targetDelayMs = Setting.number(
        "targetDelayMs", "MS", default: 1_200, in: 400...10_000,
        help: "How far behind the newest picture all players show it, so that they are together; a "
            + "player whose network needs more widens it for itself")
    /// How often the audience is told how many watch, s; 0: never.
    public let audienceSeconds = Setting.number(
        "audienceSeconds", "S", default: 5, in: 0...3_600,
        help: "How often the stream says how many watch, if that has changed; 0 is never")
    /// How long a request waits for its stream, ms.
    public let waitForStreamMs = Setting.number(
        "waitForStreamMs", "MS", default: 5_000, in: 0...60_000,
        help: "How long a viewer waits for a stream that is not there yet, before its 404")
    /// Streams at once.
    public let streamCountMax = Setting.number(
        "streams.max", "N", default: 4, in: 1...64, help: "Streams at once")
    /// Arena of one stream, in MiB.
    public let timelineMegabytes = Setting.number(
        "timeline.megabytes", "MB", default: 64, in: 4...4_096,
        help: "Memory for one stream's latest media, in units of 1024 × 1024 bytes")
    /// How much of a stream is kept, s.
    public let timelineSeconds = Setting.number(
        "timeline.seconds", "S", default: 30, in: 2...600,
        help: "How much of a stream's latest media is kept, if the memory holds it")
    /// In all shards together; nil: what the machine allows.
    public let viewerCountMax = Setting.numberOrAuto(
        "viewers.max", "N", in: 1...10_000_000,
        help: "Viewers at once, in all; auto is what the machine's limits allow"
    )
    .reloaded()
    /// Connections from one address; 0: no limit.
    public let connectionsPerAddressMax = Setting.number(
        "limits.perAddress", "N", default: 200, in: 0...10_000_000,
        help: "Connections at once from one other address (an IPv6 /64 counts as one, a /48 as "
            + "sixteen), at most 100 new ones a second; this machine may open 10000. 0 is no limit"
    )
    .reloaded()
    /// Proxies that are believed when they say whose a connection is.
    public let trustedProxies = Setting.addressRanges(
        "trustedProxies",
        help:
            "Addresses of proxies, such as 10.0.0.0/8: from them a PROXY header (v1, v2), Forwarded "
            + "and X-Forwarded-For are believed, and limits, bans and logs are of who is behind them"
    )
    .reloaded()
    /// Less than `lagDropMs`.
    public let lagSkipMs = Setting.number(
        "lag.skipMs", "MS", default: 5_000, in: 500...600_000,
        help: "A viewer so far behind skips to the newest keyframe")
    /// How long a viewer may take nothing, ms.
    public let lagDropMs = Setting.number(
        "lag.dropMs", "MS", default: 20_000, in: 1_000...600_000,
        help: "A viewer that takes nothing for so long is disconnected")
    /// `["*"]` for every origin.
    public let corsOrigins = Setting.origins(
        "cors.origins",
        help: "Web origins whose pages may play the streams; \"*\" is every one"
    )
    .reloaded()

    /// Whom to tell what happens.
    public let callbackURLs = Setting<[HTTPURL]>.urls(
        "callback.url", countMax: 4,
        help: "Where other systems are told what happens (HTTP POST, signed), https or http")
    /// What callbacks are signed with; nil: the one in the data folder.
    public let callbackSecret = Setting<CallbackSecret?>.secret(
        "callback.secret", "SECRET", words: "random, kept in <data>/callback-secret",
        help: "What callbacks are signed with (HMAC-SHA-256), shared with their receivers")
    /// What is told.
    public let callbackEvents = Setting.callbackEvents(
        "callback.events", help: "What callbacks tell, by the events' names; \"*\" is everything")
    /// How long a callback may take, ms.
    public let callbackTimeoutMs = Setting.number(
        "callback.timeoutMs", "MS", default: 5_000, in: 100...60_000,
        help: "How long a receiver of callbacks may take to answer, before it is told again later")
    /// Whom to ask about publishers.
    public let callbackAskPublish = Setting<HTTPURL?>.url(
        "callback.askPublish", words: "nobody is asked",
        help: "Who is asked whether somebody may publish, once the key is found good")
    /// Whom to ask about viewers.
    public let callbackAskPlay = Setting<HTTPURL?>.url(
        "callback.askPlay", words: "nobody is asked",
        help: "Who is asked whether somebody may watch, once a signature is found good")
    /// How long a question may take, ms.
    public let callbackAskTimeoutMs = Setting.number(
        "callback.askTimeoutMs", "MS", default: 2_000, in: 100...10_000,
        help: "How long the answer to a question may take; without one publishers are refused and "
            + "viewers let in")

    /// The declarations.
    public static let shared = SettingsCatalog()

    /// Each of them, whatever its type, in the order in which they are declared.
    public static let all: [any SettingEntry] = Mirror(reflecting: shared).children.compactMap {
        $0.value as? any SettingEntry
    }

    /// The configuration file's path is not a setting, as it cannot be in the file.
    public static let configVariable = "FANFARE_CONFIG"
}
