// The terminal taken over for a view, and given back however the program ends.

import Glibc
import Settings
import Synchronization

/// Why there is no view.
enum RawTerminalError: Error, Equatable, CustomStringConvertible {
    case notATerminal
    case system(errno: CInt)

    var description: String {
        switch self {
        case .notATerminal:
            "the live view needs a terminal for input and output; in a script use fanfare show "
                + "live --follow and the single commands, such as fanfare show open"
        case .system(let code): "the terminal can't be used: \(systemErrorText(code))"
        }
    }
}

/// The settings to go back to, where a signal's handler finds them. Written once, before `isRaw`.
nonisolated(unsafe) private var savedSettings = termios()
private let isRaw = Atomic<Bool>(false)

/// A terminal whose keys come one by one and unseen, on a screen of its own. There is one.
struct RawTerminal: ~Copyable {
    private static let enter: StaticString = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave: StaticString = "\u{1B}[?25h\u{1B}[?1049l"

    init() throws(RawTerminalError) {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { throw .system(errno: errno) }
        unsafe savedSettings = settings
        // Ctrl-C is a key of ours then, so that quitting is one road.
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        settings.c_iflag &= ~tcflag_t(IXON | ICRNL)
        isRaw.store(true, ordering: .sequentiallyConsistent)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { _ = signal(number, Self.received) }
        guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else {
            let code = errno
            Self.restore()
            throw .system(errno: code)
        }
        Self.put(Self.enter)
    }

    deinit { Self.restore() }

    /// Rows and columns; 24 and 80 if it doesn't say.
    var size: (height: Int, width: Int) {
        var size = winsize()
        let code = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        guard code == 0, size.ws_row > 0, size.ws_col > 0 else { return (24, 80) }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    /// Shows the lines from the top, and nothing else.
    func draw(_ lines: [String]) {
        let text = lines.joined(separator: "\u{1B}[K\r\n")
        StandardOutput.write("\u{1B}[H" + text + "\u{1B}[K\u{1B}[J")
    }

    /// What was typed within so many ms; nil when there is no keyboard any more.
    func read(withinMs: Int) -> [UInt8]? {
        var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let count = unsafe poll(&wait, 1, CInt(withinMs))
        guard count > 0 else { return count == 0 || errno == EINTR ? [] : nil }
        var bytes = [UInt8](repeating: 0, count: 256)
        let readCount = unsafe Glibc.read(STDIN_FILENO, &bytes, bytes.count)
        if readCount < 0, errno == EINTR { return [] }
        guard readCount > 0 else { return nil }
        return Array(bytes[..<readCount])
    }

    /// Only what is safe in a signal's handler.
    private static func restore() {
        guard isRaw.exchange(false, ordering: .sequentiallyConsistent) else { return }
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &savedSettings)
        put(leave)
    }

    private static func put(_ text: StaticString) {
        _ = unsafe write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Gives the terminal back, then ends as the signal would have.
    private static let received: @convention(c) (CInt) -> Void = { number in
        restore()
        _ = signal(number, SIG_DFL)
        raise(number)
    }
}
