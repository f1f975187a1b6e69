// The built-in clip that `--demo` plays.

import CDemoClip

/// 24 s of H.264 and AAC that loop without a seam, made by Ops/demo-clip.
enum DemoClip {
    /// The clip as an FLV file. A copy, made once at start-up by whoever plays it.
    static func bytes() -> [UInt8] {
        let clip = unsafe UnsafeRawBufferPointer(
            start: fanfare_demo_clip(), count: fanfare_demo_clip_byte_count())
        return unsafe [UInt8](clip)
    }
}
