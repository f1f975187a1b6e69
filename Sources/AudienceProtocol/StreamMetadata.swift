// What a stream says of itself before the first picture.

/// A property of `onMetaData` as viewers get it, by its name on the wire.
public enum StreamMetadata: String, Sendable, CaseIterable {
    case hasVideo, hasAudio
    // The picture
    case width, height, framerate, videocodecid, videodatarate
    // The sound
    case audiocodecid, audiosamplerate, audiochannels, stereo, audiodatarate
    // What the publisher says
    case encoder, title, author, copyright, description
    // Ours
    case server, programStartPts, serverStartMs, targetDelayMs

    /// The tag's name.
    public static let name = PublisherScript.metadataName

    /// What a publisher may say in words.
    public static let texts: [StreamMetadata] = [
        .encoder, .title, .author, .copyright, .description,
    ]

    /// What it holds; a number may have a fraction.
    public var valueKind: CueValueKind {
        switch self {
        case .hasVideo, .hasAudio, .stereo: .boolean
        case .width, .height, .framerate, .videocodecid, .videodatarate, .audiocodecid,
            .audiosamplerate, .audiochannels, .audiodatarate, .programStartPts, .serverStartMs,
            .targetDelayMs:
            .number
        case .encoder, .title, .author, .copyright, .description, .server: .string
        }
    }
}
