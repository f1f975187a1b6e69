// Every bound of this module, in one place.

/// How much a folder of pages may hold: it is read at the start, and kept in memory.
public enum WebLimits {
    /// Bytes of one file.
    public static let fileByteCountMax = 1 << 20
    /// How many files there may be.
    public static let fileCountMax = 512
    /// Bytes of all files together.
    public static let totalByteCountMax = 8 << 20
    /// How deep folders may lie in each other.
    public static let folderDepthMax = 4
    /// Bytes of the operator's own CSS.
    public static let themeByteCountMax = 256 << 10
    /// Bytes of the operator's logo.
    public static let logoByteCountMax = 1 << 20
    /// Lines of one import.
    static let importLineCountMax = 100
    /// Digits of a hash in a file's name: 60 bits, of files that nobody else chooses.
    static let hashDigitCount = 15
}
