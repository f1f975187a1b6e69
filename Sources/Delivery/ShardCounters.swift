// What a shard did, in numbers that only grow, and what it is doing.

import HTTPWire
import TLS

/// Why a connection ended.
public enum DropReason: Int, Sendable, CaseIterable {
    /// The viewer left.
    case left
    /// Its socket took nothing for too long.
    case stuck
    /// It fell so far behind that its bytes were about to be overwritten.
    case overrun
    /// The programme ended.
    case ended
    /// Its request took too long.
    case timeout
    /// Its request was refused.
    case refused
    /// There was no slot.
    case full
    /// The staff have ended it, or banned its address.
    case kicked

    /// The label in the metrics.
    public var label: String {
        switch self {
        case .left: "left"
        case .stuck: "stuck"
        case .overrun: "overtaken"
        case .ended: "ended"
        case .timeout: "timeout"
        case .refused: "refused"
        case .full: "full"
        case .kicked: "kicked"
        }
    }
}

/// Numbers of one shard, or the sum of several.
public struct ShardCounters: Sendable {
    /// Connections accepted.
    public var acceptCount: UInt64 = 0
    /// Viewers who got a stream.
    public var joinCount: UInt64 = 0
    /// Viewers who ended, by `DropReason`.
    public var viewerEndCounts = [UInt64](repeating: 0, count: DropReason.allCases.count)
    /// Other connections that ended, by `DropReason`.
    public var connectionEndCounts = [UInt64](repeating: 0, count: DropReason.allCases.count)
    /// Bytes that sockets took.
    public var byteCount: UInt64 = 0
    /// Sends made.
    public var sendCount: UInt64 = 0
    /// Sends that took less than was offered.
    public var shortSendCount: UInt64 = 0
    /// Times a viewer skipped to a newer keyframe.
    public var skipCount: UInt64 = 0
    /// Joins in a rush, which began at the next keyframe instead of the newest one.
    public var deferredJoinCount: UInt64 = 0
    /// Viewers who got a stream over a WebSocket; they count as joined, too.
    public var webSocketJoinCount: UInt64 = 0
    /// Players' answers that went to the service.
    public var playerAnswerCount: UInt64 = 0
    /// Messages and requests of players that were refused before the service saw them.
    public var playerRefusalCount: UInt64 = 0
    /// Those who were refused or given up, by `RefusalKind`.
    public var refusalCounts = [UInt64](repeating: 0, count: RefusalKind.allCases.count)
    /// OutboundFrames that WebSockets took.
    public var textCount: UInt64 = 0
    /// Responses to requests, in the order of `HTTPStatus.allCases`; one that brings a whole stream is
    /// not counted.
    public var responseCounts = [UInt64](repeating: 0, count: HTTPStatus.allCases.count)
    private static let statusIndices: [Int8] = (0..<600).map { code in
        Int8(HTTPStatus.allCases.firstIndex { Int($0.rawValue) == code } ?? -1)
    }

    /// Counts a response by its status line; nothing else that is sent begins like one.
    mutating func countResponse(_ bytes: [UInt8]) {
        guard bytes.count >= 12, bytes[0] == UInt8(ascii: "H") else { return }
        let code = bytes[9..<12].reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
        guard code < 600, Self.statusIndices[code] >= 0 else { return }
        responseCounts[Int(Self.statusIndices[code])] += 1
    }
    /// Connections of TLS that were taken, and those there are, by the places of `tlsKinds`.
    public var tlsAcceptCounts = [UInt64](repeating: 0, count: tlsKinds.count)
    public var tlsConnectionCounts = [Int](repeating: 0, count: tlsKinds.count)
    /// Records that were sealed again since they had gone in part.
    public var recordRetoldCount: UInt64 = 0
    /// Times that our key of a connection was changed.
    public var keyUpdateCount: UInt64 = 0
    /// Connections whose TLS could not go on.
    public var tlsErrorCount: UInt64 = 0
    /// Calls of io_uring_enter.
    public var enterCount: UInt64 = 0
    /// Sends without a copy.
    public var zeroCopySendCount: UInt64 = 0
    /// Of those, the ones that the kernel copied after all.
    public var zeroCopyCopiedCount: UInt64 = 0
    /// Times it was tried out whether the kernel copies.
    public var zeroCopyProbeCount: UInt64 = 0
    /// Sends without a copy whose memory has not come back yet.
    public var zeroCopyOwedCount = 0
    /// Whether sends go without a copy now.
    public var isZeroCopy = false
    /// Cues that every viewer's socket was given.
    public var cueCount: UInt64 = 0
    /// How long that took from their insertion on, ns: the last time, and at most.
    public var cueHandoverNsLast: Int64 = 0
    public var cueHandoverNsMax: Int64 = 0
    /// Viewers now, by the slot of their programme.
    public var viewerCounts: [Int]
    /// Viewers who got a stream, by the slot of the programme.
    public var programJoinCounts: [UInt64]
    /// Those of them who were dropped, stuck or overrun, by the slot of the programme.
    public var programDropCounts: [UInt64]
    /// Times that one skipped, by the slot of the programme.
    public var programSkipCounts: [UInt64]
    /// Bytes that sockets took, by the slot of the programme.
    public var programByteCounts: [UInt64]
    /// What players reported, by the slot of the programme; empty before the first report.
    var reports: [ReportWindow?] = []
    /// Connections now, viewers included.
    public var connectionCount = 0
    /// Slots in all.
    public var slotCount = 0
    /// The merge interval, ms.
    public var mergeMs = 0.0
    /// When the shard last turned, ms of the monotonic clock: a sign of life.
    public var turnedAtMs: Int64 = 0
    /// The share of its time that the shard was busy.
    public var busyShare = 0.0

    /// The kinds of TLS connections, as the metrics name them.
    public static let tlsKinds: [(version: String, suite: String)] = ["1.2", "1.3"]
        .flatMap { version in
            CipherSuite.allCases.map { suite in
                switch suite {
                case .aes128GCM: (version, "aes-128-gcm")
                case .aes256GCM: (version, "aes-256-gcm")
                case .chaCha20Poly1305: (version, "chacha20-poly1305")
                }
            }
        }

    /// The place of a connection's kind among them.
    static func tlsIndex(_ keys: SessionKeys) -> Int {
        Int(keys.version.rawValue) * CipherSuite.allCases.count + Int(keys.suite.rawValue)
    }

    init(programCount: Int) {
        viewerCounts = Array(repeating: 0, count: programCount)
        programJoinCounts = Array(repeating: 0, count: programCount)
        programDropCounts = Array(repeating: 0, count: programCount)
        programSkipCounts = Array(repeating: 0, count: programCount)
        programByteCounts = Array(repeating: 0, count: programCount)
    }

    /// Viewers now.
    public var viewerCount: Int { viewerCounts.reduce(0, +) }
}
