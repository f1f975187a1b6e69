// A producer's own colours and logo.

/// What the data folder has of a theme.
public struct Theme: Sendable, Equatable {
    /// A logo.
    public struct Logo: Sendable, Equatable {
        let type: ContentType
        let bytes: [UInt8]

        /// A logo, if it is what its name says.
        ///
        /// - Parameter fileName: ends in `.svg`, `.png` or `.webp`.
        /// - Returns: nil for anything else.
        public init?(fileName: String, bytes: [UInt8]) {
            guard let type = try? ContentType(of: fileName),
                bytes.count <= WebLimits.logoByteCountMax
            else { return nil }
            let isRight =
                switch type {
                case .svg: SourceText(bytes).find("<svg", in: 0..<bytes.count) != nil
                case .png: bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
                case .webp:
                    bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
                case .html, .js, .css, .woff2, .json, .types: false
                }
            guard isRight else { return nil }
            self.type = type
            self.bytes = bytes
        }

        /// Names that a logo may have, the first that is there counts.
        public static let fileNames = ["logo.svg", "logo.png", "logo.webp"]
    }

    /// CSS that comes behind the pages' own.
    public let css: [UInt8]
    /// The logo, if there is one.
    public let logo: Logo?

    /// A theme; by default none.
    public init(css: [UInt8] = [], logo: Logo? = nil) {
        self.css = css
        self.logo = logo
    }
}
