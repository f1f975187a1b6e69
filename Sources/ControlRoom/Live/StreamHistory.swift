// The last quarter of an hour of each stream, a figure a second.

/// `GET /api/v1/streams/<name>/history`. What nobody knows of a second is null.
struct HistoryAnswer: Encodable {
    struct Series: Encodable {
        var videoKbps: [Double?]
        var audioKbps: [Double?]
        var fps: [Double?]
        var keyframeMs: [Double?]
        var viewers: [Double?]
        var joins: [Double?]
        var drops: [Double?]
    }

    var stepMs = 1_000
    /// When the first second was, ms since 1970.
    var fromMs: Int64
    var series: Series
}

/// A stream's seconds, the oldest overwritten by the newest.
struct StreamHistory {
    private struct Second {
        var videoKbps: Float
        var audioKbps: Float
        var fps: Float
        var keyframeMs: Float
        var viewers: Float
        var joins: Float
        var drops: Float
    }

    private var seconds: [Second?] = []
    private var next = 0
    /// When the newest was, ms since 1970.
    private(set) var newestMs: Int64 = 0
    /// When the stream was there last, ms since 1970.
    private(set) var lastThereMs: Int64 = 0
    private var joinCount: UInt64?
    private var dropCount: UInt64?

    /// Notes how a stream is now; nil where it isn't there.
    mutating func note(_ stream: StreamStatus?, atMs: Int64) {
        // Seconds in which the machine stood still are known by nobody.
        let missed = seconds.isEmpty ? 0 : (atMs - newestMs) / 1_000 - 1
        for _ in 0..<min(max(0, missed), Int64(Limits.historySecondCountMax)) { append(nil) }
        newestMs = atMs
        guard let stream else { return append(nil) }
        lastThereMs = atMs
        // While nobody publishes the stream's rates are those of whoever did last.
        let isFed = stream.feed != nil
        append(
            Second(
                videoKbps: Float(stream.feed?.videoKbps ?? 0),
                audioKbps: Float(stream.feed?.audioKbps ?? 0),
                fps: isFed ? Float(stream.framesPerSecond) : 0,
                keyframeMs: isFed ? stream.keyframeIntervalMs.map(Float.init) ?? .nan : .nan,
                viewers: Float(stream.viewers),
                joins: Self.grown(&joinCount, stream.joins),
                drops: Self.grown(&dropCount, stream.drops)))
    }

    /// What came since the last second; not known the first time.
    private static func grown(_ former: inout UInt64?, _ now: UInt64?) -> Float {
        defer { former = now }
        guard let now, let before = former else { return .nan }
        return Float(now >= before ? now - before : now)
    }

    private mutating func append(_ second: Second?) {
        if seconds.count < Limits.historySecondCountMax {
            seconds.append(second)
            return
        }
        seconds[next] = second
        next = (next + 1) % seconds.count
    }

    /// All of it, the oldest first.
    var answer: HistoryAnswer {
        let ordered = seconds[next...] + seconds[..<next]
        func series(_ value: (Second) -> Float) -> [Double?] {
            ordered.map { second in
                second.map(value).flatMap { $0.isNaN ? nil : (Double($0) * 10).rounded() / 10 }
            }
        }
        return HistoryAnswer(
            fromMs: newestMs - Int64(max(0, seconds.count - 1)) * 1_000,
            series: .init(
                videoKbps: series(\.videoKbps), audioKbps: series(\.audioKbps), fps: series(\.fps),
                keyframeMs: series(\.keyframeMs), viewers: series(\.viewers),
                joins: series(\.joins), drops: series(\.drops)))
    }
}

/// The histories of all streams; where they are too many, those go first that were gone first.
struct StreamHistories {
    private var histories: [String: StreamHistory] = [:]

    /// Notes how all streams are now.
    mutating func note(_ streams: [StreamStatus], atMs: Int64) {
        for stream in streams {
            histories[stream.name, default: StreamHistory()].note(stream, atMs: atMs)
        }
        let names = Set(streams.map(\.name))
        for name in histories.keys where !names.contains(name) {
            histories[name]?.note(nil, atMs: atMs)
            if let last = histories[name], last.isEmpty { histories[name] = nil }
        }
        while histories.count > Limits.historyStreamCountMax,
            let first = histories.min(by: {
                ($0.value.lastThereMs, $0.key) < ($1.value.lastThereMs, $1.key)
            })
        {
            histories[first.key] = nil
        }
    }

    /// One stream's; nil where nothing is known of it.
    func answer(of stream: String) -> HistoryAnswer? { histories[stream]?.answer }
}

extension StreamHistory {
    /// Whether nothing is known of any second.
    var isEmpty: Bool { seconds.allSatisfy { $0 == nil } }
}
