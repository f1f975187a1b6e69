// The one table of everything that can be set. Flags, environment variables, help texts, the
// configuration file's keys and the table in Ops/CONFIGURATION.md all come from here.

import Access
import Logging

/// All settings.
public enum SettingsCatalog {
    public static let http = Setting.address(
        "http", default: "0.0.0.0:8080", help: "Where viewers come in (HTTP-FLV)")
    public static let rtmp = Setting.address(
        "rtmp", default: "0.0.0.0:1935", help: "Where publishers come in (RTMP)")
    public static let staff = Setting.staffAddress(
        "staff", default: "127.0.0.1:9090",
        help: "Where the staff come in: API, metrics and health")
    public static let staffToken = Setting<StaffToken?>.secret(
        "staffToken", "TOKEN", words: "none",
        help: "What the staff send as a bearer token; needed as soon as the staff plane is not on "
            + "loopback")
    public static let data = Setting.folder(
        "data", default: "./fanfare-data", help: "Where everything is kept that must survive")
    public static let demo = Setting.toggle(
        "demo", help: "Plays the built-in clip as live/demo, over and over")
    public static let publishKey = Setting<StreamKey?>.secret(
        "publishKey", "KEY", words: "random, kept in <data>/publish-key",
        help: "The stream key publishers must bring")
    public static let playerKey = Setting<PlayerKey?>.secret(
        "playerKey", "KEY", words: "random, kept in <data>/player-key",
        help: "What players' tokens are signed with (HS256), shared with your own backend")
    public static let guests = Setting.toggle(
        "guests", help: "Lets anyone play under a name of their choice, without a token of yours")
    public static let outageLimitS = Setting.number(
        "outageLimitS", "S", default: 60, in: 0...3_600,
        help: "After a longer outage, a question that was open is void instead of going on")
    public static let openIngest = Setting.toggle(
        "openIngest",
        help: "Lets publishers in without a key; only if RTMP listens on loopback")
    public static let shards = Setting.shards(
        "shards", help: "Threads that serve viewers, each with a ring of its own")
    public static let pin = Setting.toggle(
        "pin", help: "Keeps each shard's thread on a processor of its own")
    public static let mergeMinMs = Setting.number(
        "merge.minMs", "MS", default: 40, in: 0...10_000,
        help: "How long media is gathered before it is sent, when there is little to do; 0 sends "
            + "every tag at once")
    public static let mergeMaxMs = Setting.number(
        "merge.maxMs", "MS", default: 500, in: 0...10_000,
        help: "How long media may be gathered when there is much to do")
    public static let zeroCopy = Setting<ZeroCopyMode>.choice(
        "zeroCopy", default: .auto,
        help: "Whether the network card is given the media without a copy: auto is where the "
            + "kernel can, found out on real traffic, on or off")
    public static let logLevel = Setting.logLevel(
        "logLevel", help: "What is logged: trace, debug, info, notice, warning, error, critical")
    public static let ingestGraceMs = Setting.number(
        "ingest.graceMs", "MS", default: 10_000, in: 0...3_600_000,
        help: "How long viewers are kept when the publisher is gone")
    public static let ingestTakeoverMs = Setting.number(
        "ingest.takeoverMs", "MS", default: 1_000, in: 100...60_000,
        help: "A publisher that has sent nothing for so long gives way to another with the key")
    public static let passScriptData = Setting.toggle(
        "ingest.passScriptData",
        help: "Passes a publisher's own script data on to viewers, beyond onMetaData")
    public static let waitForStreamMs = Setting.number(
        "waitForStreamMs", "MS", default: 5_000, in: 0...60_000,
        help: "How long a viewer waits for a stream that is not there yet, before its 404")
    public static let streamsMax = Setting.number(
        "streams.max", "N", default: 4, in: 1...64, help: "Streams at once")
    public static let timelineMegabytes = Setting.number(
        "timeline.megabytes", "MB", default: 64, in: 4...4_096,
        help: "Memory for one stream's latest media, in units of 1024 × 1024 bytes")
    public static let timelineSeconds = Setting.number(
        "timeline.seconds", "S", default: 30, in: 2...600,
        help: "How much of a stream's latest media is kept, if the memory holds it")
    public static let viewersMax = Setting.numberOrAuto(
        "viewers.max", "N", in: 1...10_000_000,
        help: "Viewers at once, in all; auto is what the machine's limits allow")
    public static let perAddress = Setting.number(
        "limits.perAddress", "N", default: 200, in: 0...10_000_000,
        help: "Connections at once from one other address (an IPv6 /64 counts as one, a /48 as "
            + "sixteen), at most 100 new ones a second; this machine may open 10000. 0 is no limit")
    public static let lagSkipMs = Setting.number(
        "lag.skipMs", "MS", default: 5_000, in: 500...600_000,
        help: "A viewer so far behind skips to the newest keyframe")
    public static let lagDropMs = Setting.number(
        "lag.dropMs", "MS", default: 20_000, in: 1_000...600_000,
        help: "A viewer that takes nothing for so long is disconnected")
    public static let corsOrigins = Setting.origins(
        "cors.origins",
        help: "Web origins whose pages may play the streams; \"*\" is every one")

    /// In the order of help texts and tables.
    public static let all: [any SettingEntry] = [
        http, rtmp, staff, staffToken, data, demo, publishKey, playerKey, guests, outageLimitS,
        openIngest, shards, pin, mergeMinMs,
        mergeMaxMs, zeroCopy, logLevel, ingestGraceMs, ingestTakeoverMs, passScriptData,
        waitForStreamMs, streamsMax, timelineMegabytes, timelineSeconds, viewersMax, perAddress,
        lagSkipMs, lagDropMs,
        corsOrigins,
    ]

    /// Those that a running server takes on when it is told to reload.
    public static let reloadable: [any SettingEntry] = [
        staffToken, publishKey, logLevel, viewersMax, perAddress, corsOrigins,
    ]

    /// The configuration file's path is not a setting, as it cannot be in the file.
    public static let configVariable = "FANFARE_CONFIG"
}
