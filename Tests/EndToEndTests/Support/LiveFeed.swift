// A feed that is in time, whatever the speed of the machine.

/// Publishes a source's frames piece by piece, each with the time at which it is sent, as a live
/// encoder's have it.
///
/// A feed that parts from the wall clock is put right by the server. Who sends pieces of a file as
/// fast as a test comes along would part from it, more or less, by the speed of the machine.
final class LiveFeed {
    private let whole: Source
    private let publisher: RTMPClient
    /// When time 0 was, ms: the first frame arrived. What is sent later is early or late by as much as
    /// this is off.
    private var beganMs: Double?
    private var pieceCount = 0
    /// What has been sent, as it was sent.
    private(set) var sent: [MediaTag] = []

    /// Sends the sequence headers.
    init(_ source: Source, by publisher: RTMPClient) throws {
        whole = source
        self.publisher = publisher
        try publisher.send(source.headers)
    }

    /// What has been sent, to compare viewers with.
    var source: Source { whole.with(frames: sent) }

    /// Sends the frames up to an index, or those that are left. Before the second time the first frames
    /// have arrived.
    func send(until end: Int? = nil) throws {
        let due = whole.frames[sent.count..<min(end ?? whole.frames.count, whole.frames.count)]
        let nowMs = MachineClock.nowMs
        var beganMs = self.beganMs ?? nowMs
        // They did so between then and now.
        if pieceCount == 1 { beganMs += (nowMs - beganMs) / 2 }
        self.beganMs = beganMs
        pieceCount += 1
        var timeMs = UInt32(nowMs - beganMs)
        // Each frame has a time of its own.
        if let latest = sent.last { timeMs = max(timeMs, latest.timestampMs + 1) }
        let stamped = due.enumerated().map { offset, tag in
            MediaTag(type: tag.type, timestampMs: timeMs + UInt32(offset), body: tag.body)
        }
        try publisher.send(stamped)
        sent += stamped
    }
}
