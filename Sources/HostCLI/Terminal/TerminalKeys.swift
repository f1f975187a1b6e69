// What comes from a keyboard in raw mode, as keys.

/// One key.
enum TerminalKey: Equatable {
    case character(Character)
    case enter
    case escape
    case backspace
    /// Ctrl-C or Ctrl-D.
    case end
}

/// Takes bytes apart into keys. Letters of several bytes may come in parts; arrows and other keys
/// that send a sequence are left out.
struct TerminalKeyReader {
    private var pending: [UInt8] = []
    /// What is kept of a sequence that doesn't end.
    private static let sequenceByteCountMax = 32

    mutating func keys(in bytes: some Sequence<UInt8>) -> [TerminalKey] {
        pending += bytes
        var keys: [TerminalKey] = []
        var rest = pending[...]
        while let first = rest.first {
            switch first {
            case 0x1B:
                // The begin of a sequence comes in one read; an escape by itself is the key.
                guard let second = rest.dropFirst().first, second == 0x5B || second == 0x4F else {
                    keys.append(.escape)
                    rest = rest.dropFirst()
                    continue
                }
                guard let end = rest.dropFirst(2).firstIndex(where: { 0x40...0x7E ~= $0 }) else {
                    pending = Array(rest.prefix(Self.sequenceByteCountMax))
                    return keys
                }
                rest = rest[(end + 1)...]
            case 0x0A, 0x0D:
                keys.append(.enter)
                rest = rest.dropFirst()
            case 0x03, 0x04:
                keys.append(.end)
                rest = rest.dropFirst()
            case 0x08, 0x7F:
                keys.append(.backspace)
                rest = rest.dropFirst()
            case 0x00..<0x20: rest = rest.dropFirst()
            default:
                let count = Self.byteCount(first)
                guard rest.count >= count else {
                    pending = Array(rest)
                    return keys
                }
                if let text = String(validating: rest.prefix(count), as: UTF8.self),
                    let character = text.first
                {
                    keys.append(.character(character))
                }
                rest = rest.dropFirst(count)
            }
        }
        pending = []
        return keys
    }

    /// How many bytes a letter has by its first; 1 for one that begins none.
    private static func byteCount(_ first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 1
        }
    }
}
