// OpenSSL's buffers in memory, its reasons in words, and wiping.

import COpenSSL

/// A BIO in memory, freed when it is let go.
@safe struct LibraryMemory: ~Copyable {
    let bio: OpaquePointer

    /// An empty one; nil where there is no memory.
    init?() {
        guard let bio = unsafe fanfare_make_memory() else { return nil }
        unsafe self.bio = bio
    }

    deinit { unsafe BIO_free(bio) }

    /// All that was written to it, which is taken out.
    func takeBytes() -> [UInt8] { unsafe Self.takeBytes(of: bio) }

    /// The same as text.
    func takeText() -> String { String(decoding: takeBytes(), as: UTF8.self) }

    static func takeBytes(of bio: OpaquePointer) -> [UInt8] {
        let count = unsafe BIO_ctrl_pending(bio)
        guard count > 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
            taken = max(0, Int(unsafe BIO_read(bio, buffer.baseAddress, Int32(clamping: count))))
        }
    }
}

/// OpenSSL's queue of errors of this thread.
enum LibraryErrors {
    /// Forgets them, so that none is taken for that of the next call.
    static func clear() { ERR_clear_error() }

    /// The number of the first reason, and its words; the rest is forgotten.
    static func take() -> (reason: Int32, words: String) {
        let code = ERR_get_error()
        defer { ERR_clear_error() }
        guard code != 0 else { return (0, "no reason given") }
        let words = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
        return (fanfare_error_reason(code), words ?? "error \(code)")
    }
}

/// Overwriting what nobody may find in memory later.
public enum Wiping {
    /// Overwrites an array's bytes where they are, if nobody else has the same array.
    public static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
        bytes = []
    }

    /// Overwrites what calls that are over have left on this thread's stack: keys are handed on by
    /// value.
    public static func wipeStack() { fanfare_wipe_stack() }
}

/// Something with a connection's keys.
public protocol KeyHolder {
    /// What is to be wiped when it is dropped.
    var keys: SessionKeys { get set }
}

extension Array where Element: KeyHolder {
    /// Appends; where that takes another place in memory, no key stays in the one before.
    public mutating func appendAndWipe(_ element: Element) {
        if count == capacity {
            var larger: [Element] = []
            larger.reserveCapacity(Swift.max(16, 2 * count))
            larger.append(contentsOf: self)
            wipeKeys()
            self = larger
        }
        append(element)
    }

    /// Overwrites the keys of all where they are, if nobody else has the same array.
    public mutating func wipeKeys() {
        for index in indices { self[index].keys.wipe() }
    }
}
