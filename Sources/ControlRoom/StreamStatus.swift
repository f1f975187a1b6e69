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

    /// A stream of which only the name and the state need be known.
    public init(
        name: String, state: State, video: Video? = nil, audio: Audio? = nil,
        bitrateKbps: Double = 0, framesPerSecond: Double = 0, keyframeIntervalMs: Int? = nil,
        publisherAddress: String? = nil, encoder: String? = nil, uptimeMs: Int64 = 0,
        viewers: Int = 0, bytesSent: UInt64 = 0, warnings: [Warning] = [], silentMs: Int64? = nil
    ) {
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
