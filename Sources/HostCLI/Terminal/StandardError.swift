// Whole lines to standard error and standard output, unbuffered.

import Glibc

/// Standard error.
public enum StandardError {
    /// Writes the text; gives up in silence if nobody can read it.
    public static func write(_ text: String) {
        writeAll(text, to: STDERR_FILENO)
    }
}

/// Standard output.
public enum StandardOutput {
    /// Writes the text; gives up in silence if nobody can read it.
    public static func write(_ text: String) {
        writeAll(text, to: STDOUT_FILENO)
    }
}

private func writeAll(_ text: String, to descriptor: CInt) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = unsafe rest.withUnsafeBytes { bytes in
            unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
