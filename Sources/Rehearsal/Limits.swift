// The bounds of what simulated players read, keep and wait for.

enum QuizLimits {
    /// A script tag's body that is looked into, bytes; longer ones are passed over.
    static let scriptByteCountMax = 16 << 10
    /// A text on a WebSocket, bytes.
    static let textByteCountMax = 4 << 10
    /// A WebSocket frame, bytes: a tag, or what begins a stream.
    static let frameByteCountMax = 32 << 20
    /// A response to a player's request, head and body, bytes.
    static let responseByteCountMax = 96 << 10
    /// A request of a player's, bytes; its token; and what its URL may have.
    static let requestByteCountMax = 8 << 10
    static let tokenByteCountMax = 4 << 10
    static let urlByteCountMax = 2 << 10
    /// Different cues that are told apart.
    static let cueCountMax = 4_096
    /// Questions that are told apart.
    static let questionCountMax = 512
    /// Different reasons for refusals that are counted apart.
    static let reasonCountMax = 64

    /// A receipt that hasn't come after this long counts as missing, ms.
    static let receiptMsMax: Int64 = 10_000
    /// A request must be answered after this long, ms.
    static let requestMsMax: Int64 = 15_000
    /// Requests of one ring at a time, and how many of them may be others than answers.
    static let sideRequestCountMax = 4_096
    static let patientSideRequestCountMax = 256
    /// How often a request that isn't an answer is tried, a look (100 ms) apart.
    static let tryCountMax: UInt8 = 30
    /// When a player comes back whose stream was lost, ms: the least, and by how much they differ.
    static let returnMsMin: Int64 = 500
    static let returnMsSpread: Int64 = 1_000
    /// When a player asks how it stands after a reveal, ms: the least, and by how much they differ.
    static let askMsMin: Int64 = 200
    static let askMsSpread: Int64 = 3_000
    /// How long before the end of its window nobody answers any more, ms, and as a share of it.
    static let marginMs: Int64 = 100
    static let marginShare = 0.1
    /// What is copied for sending before the ring must be submitted, bytes.
    static let outputByteCount = 256 << 10
    /// Cue delays are recorded up to this, µs.
    static let cueDelayUsMax: UInt64 = 60_000_000
}
