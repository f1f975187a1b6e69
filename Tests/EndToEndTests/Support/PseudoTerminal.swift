// A terminal of the test's own, for programs that want one.

import Foundation

/// The keyboard and the screen's side of a pseudo-terminal (pty(7)).
final class PseudoTerminal: Sendable {
    /// The path that a program opens as its terminal.
    let path: String
    /// Our end, open as long as this object lives.
    let descriptor: CInt

    init(rows: UInt16 = 24, columns: UInt16 = 80) throws {
        var ends: (ours: CInt, theirs: CInt) = (-1, -1)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard openpty(&ends.ours, &ends.theirs, nil, nil, &size) == 0 else {
            throw TestFailure.system(call: "openpty", errno: errno)
        }
        defer { close(ends.theirs) }
        guard fcntl(ends.ours, F_SETFD, FD_CLOEXEC) == 0, let name = ttyname(ends.theirs) else {
            close(ends.ours)
            throw TestFailure.system(call: "ttyname", errno: errno)
        }
        descriptor = ends.ours
        path = String(cString: name)
    }

    deinit { close(descriptor) }

    /// Presses keys.
    func type(_ keys: String) throws {
        let bytes = Array(keys.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw TestFailure.system(call: "typing \(keys)", errno: errno)
        }
    }

    /// Whether keys come line by line and are echoed, as a shell leaves a terminal.
    var isInLineMode: Bool {
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return false }
        return settings.c_lflag & tcflag_t(ICANON | ECHO) == tcflag_t(ICANON | ECHO)
    }
}
