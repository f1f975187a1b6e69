// Sequence headers as encoders send them: others can't begin a programme.

/// Bodies of sequence-header tags that can be read.
public enum EncoderHeaders {
    /// x264's header for 320x240 at 25 frames a second.
    public static let avc = [UInt8](
        hex: """
            1700000000 0164000dffe100196764000df3650507ec05b2000003000200000300641e28532c010006\
            68ebe3cb22c0fcf8f800
            """)
    /// AAC-LC, 44 100 Hz, stereo.
    public static let aac = [UInt8](hex: "AF00 1210")
}
