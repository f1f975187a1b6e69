// What a byte may mean in JSON.

extension UInt8 {
    /// JSON's white space: space, tab, line feed, carriage return.
    @inline(__always)
    var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
