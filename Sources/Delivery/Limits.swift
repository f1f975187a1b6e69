// Every bound of this module, in one place.

public import HTTPWire
import TLS

/// How a shard serves its viewers. The bounds that face the network are all here.
public struct DeliverySettings: Sendable {
    /// Connections of one shard; also the size of its table of direct descriptors.
    public var slotCountMax = 19_000
    /// The merge interval at low load, ms; 0 sends every tag as it comes.
    public var mergeMsMin: Int64 = 40
    /// The merge interval at full load, ms.
    public var mergeMsMax: Int64 = 500
    /// A viewer behind by more than this skips to the newest keyframe, ms.
    public var lagSkipMs: Int64 = 5_000
    /// A viewer whose socket takes nothing for this long is dropped, ms.
    public var lagDropMs: Int64 = 20_000
    /// How long a viewer may wait for a stream that isn't there yet, ms.
    public var waitForStreamMs: Int64 = 5_000
    /// Whether the kernel is lent the arena's pages instead of copying them.
    public var zeroCopy = ZeroCopyPolicy.auto
    /// Which web pages may read the stream. All copies of these settings share it, so that it can be
    /// changed while shards run with them.
    public var cors: CORSPolicy {
        get { sharedCORS.policy }
        nonmutating set { sharedCORS.policy = newValue }
    }
    private let sharedCORS = SharedCORS()
    /// What all shards serve alike. All copies of these settings share it.
    public let content = PublicContent()
    /// Who may watch; nil for everybody.
    public var playGate: (any PlayGate)?
    /// Bounds of a request's head.
    public var http = HTTPLimits()
    /// Bounds of a WebSocket client's messages.
    public var webSocket = WebSocketLimits()
    /// Answers that one connection may send a second, over a while, and at once.
    public var answersPerSecondMax: Int64 = 5
    public var answerBurstMax: Int64 = 10
    /// Messages that one WebSocket may send a second, over a while, and at once.
    public var messagesPerSecondMax: Int64 = 20
    public var messageBurstMax: Int64 = 4_000
    /// Requests and messages that one address elsewhere may send a shard a second, over a while; twice
    /// as many at once. 0 is no limit.
    public var requestsPerAddressPerSecondMax: Int64 = 500
    /// Where plain HTTP is sent on to HTTPS: its port; nil if it is answered as it is.
    public var redirectPort: UInt16?
    /// Whether the kernel seals what goes to TLS connections, if it can.
    public var mayUseKernelTLS = false
    /// Incomplete records held at a time.
    var recordBufferCountMax = DeliverySettings.recordBufferCountMax
    /// Incomplete requests and messages held at a time; frames on their way.
    var headBufferCountMax = DeliverySettings.headBufferCountMax
    var frameCountMax = DeliverySettings.frameCountMax

    /// Settings with their defaults.
    public init() {}

    /// The slots of one shard: what RLIMIT_NOFILE allows a ring's table.
    public static func slotCount(descriptorCountMax: Int) -> Int {
        min(max(descriptorCountMax, 2 * refusalSlotCount), slotCountLimit)
    }

    /// The shards it takes: as many as asked for, or more where their tables would not hold the
    /// viewers. A twentieth is kept free, since the kernel spreads connections by chance.
    public static func shardCount(
        wanted: Int, viewerCountMax: Int?, descriptorCountMax: Int
    ) -> Int {
        guard let viewerCountMax else { return wanted }
        let usable = slotCount(descriptorCountMax: descriptorCountMax) - refusalSlotCount
        let each = max(1, usable - usable / 20)
        return max(wanted, (viewerCountMax + each - 1) / each)
    }

    /// A table larger than this would cost more memory than anybody uses; more shards are better.
    static let slotCountLimit = 65_536
    /// A request's head must be there after this long, ms.
    static let headMsMax: Int64 = 10_000
    /// The service must have replied after this long, ms.
    static let replyMsMax: Int64 = 10_000
    /// Whoever nobody has decided about after this long is let in, ms: longer than any question takes.
    static let verdictMsMax: Int64 = 15_000
    /// Replies that one WebSocket may have to wait for, those included that it is still to read.
    static let repliesPerSessionMax = 16
    /// Replies that all connections of a shard may have to wait for.
    static let replyCountMax = 32_768
    /// OutboundFrames that a shard has on their way, and how many of them it takes from the system at a
    /// time.
    static let frameCountMax = 32_768
    static let frameBlockCount = 64
    /// Sessions that a shard takes from the system at a time.
    static let sessionBlockCount = 256
    /// How often memory of frames and sessions is given back, if nobody uses any, ms.
    static let trimIntervalMs: Int64 = 10_000
    /// An answer that a slow client reads: how long its socket may take nothing, and how long all of
    /// it may take, ms.
    static let answerStallMsMax: Int64 = 10_000
    static let answerMsMax: Int64 = 60_000
    /// While answers of one shard that nobody else holds are more than this, bytes, those that fall
    /// short end their connections.
    static let ownByteCountMax = 16 << 20
    /// Segments that one connection may have queued besides frames.
    static let segmentCountMax: UInt16 = 8
    /// Responses for everyone that are kept ready.
    static let sharedResponseCountMax = 8
    /// An idle kept-alive connection is closed after this long, ms.
    static let idleMsMax: Int64 = 15_000
    /// After an error answer, what the peer still sends is thrown away this long, ms.
    static let lingerMsMax: Int64 = 2_000
    /// Slots kept back to tell those who come too many "503", not nothing.
    static let refusalSlotCount = 64
    /// While less than one in so many slots is free, those who may not come are told nothing.
    static let refusalShareOfSlots = 4
    /// What a 503 tells the client to wait, s.
    static let retryAfterS = 5
    /// What who comes while the server is drained is told to wait, s.
    static let drainRetryAfterS = 30
    /// The viewers that one look at them shows.
    public static let viewerSampleCountMax = 500
    /// Orders of the staff that wait for one shard.
    static let orderCountMax = 256
    /// The names of players' software that a shard tells apart, and how much of each it keeps, bytes.
    static let agentCountMax = 1_024
    static let agentByteCountMax = 96
    /// Incomplete requests held at a time: `headByteCountMax` and `bodyByteCountMax` bytes
    /// each, or a WebSocket's message where that is longer.
    static let headBufferCountMax = 1_024
    /// How many times the requests of one address an IPv6 /48 may send, and how many of them are
    /// remembered.
    static let siteRequestShare: Int64 = 16
    static let siteCountMax = 65_536
    /// Wrong tokens that one address may bring at once, and how long until one more, ms.
    static let guessBurstMax: Int64 = 30
    static let guessIntervalMs: Int64 = 2_000
    /// Tokens that are known to be good, whatever else comes from their address.
    static let knownTokenCount = 4_096
    /// A line about an address that is refused is said once in so long, ms, about so many at once,
    /// and of all of them so many a second.
    static let refusalLineMs: Int64 = 60_000
    static let refusalHostCountMax = 1_024
    static let refusalLinesPerSecondMax = 3
    /// Receive buffers of the kernel's pool, and the size of each, bytes.
    static let receiveBufferCount = 256
    static let receiveBufferByteCount = 4_096
    /// A send goes before its time when this much is waiting, bytes: past 64 KB a second socket
    /// buffer would begin.
    static let mergeByteCountMax: UInt64 = 56 << 10
    /// The most of a backlog that one send offers, bytes.
    static let sendByteCountMax = 1 << 20
    /// The least that is worth sending without a copy, bytes.
    static let zeroCopyByteCountMin = 10_000
    /// Sends with which a shard finds out whether the kernel takes our pages, how long it waits
    /// for them to come back, and how long until it asks again, ms.
    static let zeroCopyProbeCount = 64
    static let zeroCopyProbeMsMax: Int64 = 10_000
    static let zeroCopyProbeIntervalMs: Int64 = 60_000
    /// How long a viewer must have taken all that it was sent before it is lent anything, ms.
    static let zeroCopyTrialMs: Int64 = 3_000
    /// Reports after which the choice is reconsidered.
    static let zeroCopyWindow = 4_096
    /// Visits whose sends may be on their way: the token has 12 bits for it.
    static let zeroCopyEpochCount = 4_096
    /// Epochs looked at for a free one.
    static let zeroCopyEpochTries = 16
    /// Sends that one viewer may have on their way.
    static let zeroCopyOwedCountMax: UInt16 = 1_024
    /// Completions that are worth waking up for while notifications keep coming.
    static let lazyWakeCount = 32
    /// How often a shard sees to what it has lent, ms.
    static let lendingIntervalMs: Int64 = 50
    /// Over how many moments of an interval the viewers are spread.
    static let cohortCount = 16
    /// Over how long players' reports are gathered, s: each sends one so often.
    static let reportWindowS: UInt32 = 10
    /// The delays and offsets that are told apart among them, ms.
    static let reportedDelayMs = 0...12_000
    static let reportedOffsetMs = -2_500...2_500
    /// The times to the first picture that are told apart among them, ms.
    static let reportedFirstFrameMs = 0...10_000
    /// The share of its time a shard should be busy at most, before it merges more.
    static let busyShareTarget = 0.75
    /// How much more lag may count than a connection usually has, and how much where the kernel can't
    /// tell what it waited for, ns.
    static let lagMarginNs: Int64 = 500_000_000
    /// The least time between two states that are sent out of turn, ns.
    static let hurryIntervalNs: Int64 = 1_000_000_000
    /// How often the merge interval is reconsidered, ns.
    static let adaptIntervalNs: Int64 = 250_000_000
    /// TCP_NOTSENT_LOWAT, bytes.
    static let notSentByteCountMax: Int32 = 128 << 10
    /// Join points whose bytes somebody may still be getting.
    static let startBlockCountMax = 256
    /// TLS connections that a shard takes from the system at a time, and how many may wait for it.
    static let sealedBlockCount = 64
    static let secureInboxCountMax = 1_024
    /// The most that one send seals, bytes, and all that may lie ready for a submit: small enough for
    /// a processor's own cache.
    static let sealedByteCountMax = 256 << 10
    static let scratchByteCount = 512 << 10
    /// Incomplete records held at a time, and the room for each: the longest one, and what one receive
    /// brings.
    static let recordBufferCountMax = 256
    static let recordBufferByteCount = TLSLimits.recordByteCountMax + receiveBufferByteCount
    /// Submission entries, completions.
    static let ringEntryCount = 256
    static let ringCompletionCount = 8_192
    /// Entries that handling one completion may need.
    static let entriesPerEvent = 6
    /// How long to leave a listener alone on which an accept failed, ms.
    static let acceptRetryMs: Int64 = 10
    /// Connections taken in a turn, so that a rush doesn't stall those who watch.
    static let acceptsPerTurnMax = 32
    /// Receives and requests of a turn, so that a flood of them doesn't either.
    static let inputPerTurnMax = 128
}
