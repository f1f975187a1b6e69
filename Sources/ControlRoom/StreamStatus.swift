// What the staff see of one stream; the JSON of /api/v1/streams.

/// One stream at one moment. Unknown values are nil and left out of the JSON.
public struct StreamStatus: Sendable, Codable, Equatable {
    /// Whether anybody is publishing.
    public enum State: String, Sendable, Codable {
        /// Media arrives.
        case live
        /// Somebody publishes and has sent nothing for a second.
        case stalled
        /// The publisher is away and the stream is in its grace time.
        case waiting
    }

    /// Something about the feed that somebody should look at.
    public struct Warning: Sendable, Codable, Equatable {
        /// Which one it is, for programs: "keyframesFarApart".
        public var code: String
        /// "trouble" if viewers miss something, or else "advice".
        public var level: String
        /// What is wrong and what to do.
        public var text: String

        /// A warning.
        public init(code: String, level: String, text: String) {
            self.code = code
            self.level = level
            self.text = text
        }
    }

    /// The picture, from the codec's own header rather than from what the publisher claims.
    public struct Video: Sendable, Codable, Equatable {
        /// "H.264", "HEVC", "AV1", …
        public var codec: String
        /// Pixels.
        public var width: Int?
        /// Pixels.
        public var height: Int?
        /// As declared by the publisher; what is measured is in the stream's `framesPerSecond`.
        public var framesPerSecond: Double?
        /// The codec's profile, such as "Main" or "High".
        public var profile: String?

        /// A picture of which at least the codec is known.
        public init(
            codec: String, width: Int? = nil, height: Int? = nil, framesPerSecond: Double? = nil,
            profile: String? = nil
        ) {
            self.codec = codec
            self.width = width
            self.height = height
            self.framesPerSecond = framesPerSecond
            self.profile = profile
        }
    }

    /// The sound.
    public struct Audio: Sendable, Codable, Equatable {
        /// "AAC", "Opus", "MP3", …
        public var codec: String
        /// Hertz.
        public var sampleRateHz: Int?
        /// 1 mono, 2 stereo.
        public var channels: Int?

        /// A sound of which at least the codec is known.
        public init(codec: String, sampleRateHz: Int? = nil, channels: Int? = nil) {
            self.codec = codec
            self.sampleRateHz = sampleRateHz
            self.channels = channels
        }
    }

    /// Of what comes, each track's part, measured over the last seconds.
    public struct Feed: Sendable, Codable, Equatable {
        /// The picture's part, in 1000 bits a second.
        public var videoKbps: Double
        /// The sound's part, in 1000 bits a second.
        public var audioKbps: Double

        /// A feed.
        public init(videoKbps: Double, audioKbps: Double) {
            self.videoKbps = videoKbps
            self.audioKbps = audioKbps
        }
    }

    /// How many of something have less than this.
    public struct Spread: Sendable, Codable, Equatable {
        /// 5 of 100.
        public var p5: Double
        /// Half of them.
        public var p50: Double
        /// 95 of 100.
        public var p95: Double

        /// A spread.
        public init(p5: Double, p50: Double, p95: Double) {
            self.p5 = p5
            self.p50 = p50
            self.p95 = p95
        }
    }

    /// What players say of themselves, all together: claims, for the spread only.
    public struct Reports: Sendable, Codable, Equatable {
        /// How many have said anything lately.
        public var count: Int
        /// How far their picture is behind the server, ms.
        public var delayMs: Spread?
        /// How far they are from where they want to be, ms; positive is late.
        public var offsetMs: Spread?
        /// How far apart nine tenths of them are, ms.
        public var spreadMs: Double?
        /// How often a player has to wait for data, on the average.
        public var stallsPerMinute: Double?
        /// How many are in each state.
        public var states: [String: Int]

        /// Reports.
        public init(
            count: Int, delayMs: Spread? = nil, offsetMs: Spread? = nil, spreadMs: Double? = nil,
            stallsPerMinute: Double? = nil, states: [String: Int] = [:]
        ) {
            self.count = count
            self.delayMs = delayMs
            self.offsetMs = offsetMs
            self.spreadMs = spreadMs
            self.stallsPerMinute = stallsPerMinute
            self.states = states
        }
    }

    /// The name without the application: "show" of `live/show`.
    public var name: String
    /// Whether anybody is publishing.
    public var state: State
    /// Nil if the stream has no picture.
    public var video: Video?
    /// Nil if the stream has no sound.
    public var audio: Audio?
    /// What is wrong with what comes, the gravest first.
    public var warnings: [Warning]
    /// How long nothing has come, ms; nil while nobody publishes.
    public var silentMs: Int64?
    /// What the publisher sends, measured over the last seconds, in 1000 bits a second.
    public var bitrateKbps: Double
    /// Pictures a second as measured.
    public var framesPerSecond: Double
    /// The distance of the last two keyframes; nil before there were two.
    public var keyframeIntervalMs: Int?
    /// "address:port" of the publisher, "demo" for the built-in feed; nil while waiting.
    public var publisherAddress: String?
    /// What the publisher says it is, such as "obs-output module (libobs version 30.2.0)".
    public var encoder: String?
    /// Time since the programme went on air.
    public var uptimeMs: Int64
    /// Connected viewers.
    public var viewers: Int
    /// Sent to all viewers since the programme went on air.
    public var bytesSent: UInt64
    /// Each track's part of what comes; nil while nobody publishes.
    public var feed: Feed?
    /// Viewers who were given the stream since the programme went on air.
    public var joins: UInt64?
    /// Those of them who were let go because they took too little.
    public var drops: UInt64?
    /// Times that one who fell behind was moved to a newer keyframe.
    public var skips: UInt64?
    /// What players say of themselves.
    public var reports: Reports?

    /// A stream of which only the name and the state need be known.
    public init(
        name: String, state: State, video: Video? = nil, audio: Audio? = nil,
        bitrateKbps: Double = 0, framesPerSecond: Double = 0, keyframeIntervalMs: Int? = nil,
        publisherAddress: String? = nil, encoder: String? = nil, uptimeMs: Int64 = 0,
        viewers: Int = 0, bytesSent: UInt64 = 0, warnings: [Warning] = [], silentMs: Int64? = nil,
        feed: Feed? = nil, joins: UInt64? = nil, drops: UInt64? = nil, skips: UInt64? = nil,
        reports: Reports? = nil
    ) {
        self.feed = feed
        self.joins = joins
        self.drops = drops
        self.skips = skips
        self.reports = reports
        self.name = name
        self.state = state
        self.video = video
        self.audio = audio
        self.bitrateKbps = bitrateKbps
        self.framesPerSecond = framesPerSecond
        self.keyframeIntervalMs = keyframeIntervalMs
        self.publisherAddress = publisherAddress
        self.encoder = encoder
        self.uptimeMs = uptimeMs
        self.viewers = viewers
        self.bytesSent = bytesSent
        self.warnings = warnings
        self.silentMs = silentMs
    }
}
