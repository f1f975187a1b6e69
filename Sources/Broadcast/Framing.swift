// In what a programme's tags stand in its arenas.

public import FLV

/// How the tags of a programme are written for one way out: the rules of a framing.
///
/// All framings of a programme have the same tags in the same order, each in an arena of its own.
/// Rules are pure functions of a tag. They are called on the publisher's thread, under the
/// programme's lock, for every tag: they allocate nothing (except in `preamble`) and don't wait.
public protocol TagFraming: Sendable {
    /// The bytes of a tag in this framing.
    ///
    /// - Parameter bodyByteCount: bytes of the tag's body, without its header.
    func byteCount(ofBody bodyByteCount: Int) -> Int

    /// Writes a tag.
    ///
    /// - Parameter place: exactly as many bytes as `byteCount(ofBody:)` says.
    func write(
        _ header: FLVTagHeader, _ body: RawSpan, into place: UnsafeMutableRawBufferPointer)

    /// How long the tag is that begins at an address, in this framing.
    ///
    /// - Parameter address: of a tag that `write` has written, or of what has overwritten it.
    /// - Returns: nil where nothing of ours begins.
    func byteCount(at address: UnsafeRawPointer) -> Int?

    /// The bytes of a part of what a viewer gets before its first tag; none for an empty part.
    func bytes(of part: PreamblePart) -> [UInt8]
}

/// A framing as programmes and their readers name it: rules and a number.
///
/// What carries tags in another way brings rules of its own and a number of its own; this module
/// has only the plain one.
public struct Framing: Sendable, Equatable {
    /// Another one for each framing of the process; 0 is the plain one's.
    public let id: Int
    let rules: any TagFraming

    /// A framing.
    ///
    /// - Parameter id: the same for the same rules, and for no others.
    public init(id: Int, _ rules: some TagFraming) {
        self.id = id
        self.rules = rules
    }

    /// Tag after tag, as in a file: what HTTP-FLV carries.
    public static let plain = Framing(id: 0, PlainFraming())

    /// Whether two are the same framing.
    public static func == (left: Framing, right: Framing) -> Bool { left.id == right.id }
}

/// Tags as FLV has them.
struct PlainFraming: TagFraming {
    func byteCount(ofBody bodyByteCount: Int) -> Int {
        FLVTagHeader.tagByteCount(bodyByteCount: bodyByteCount)
    }

    func write(
        _ header: FLVTagHeader, _ body: RawSpan, into place: UnsafeMutableRawBufferPointer
    ) {
        unsafe header.writeTag(body: body, into: place)
    }

    func byteCount(at address: UnsafeRawPointer) -> Int? {
        let bytes = unsafe UnsafeRawBufferPointer(start: address, count: FLVTagHeader.byteCount)
        guard let header = unsafe try? FLVTagHeader.parse(bytes.bytes) else { return nil }
        return FLVTagHeader.tagByteCount(bodyByteCount: header.bodyByteCount)
    }

    func bytes(of part: PreamblePart) -> [UInt8] { part.flv }
}
