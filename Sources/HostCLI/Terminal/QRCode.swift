// QR codes (ISO/IEC 18004) of URLs, to be pointed a telephone at in a terminal.

/// Why there is no picture.
enum QRCodeError: Error, Equatable, CustomStringConvertible {
    /// The text doesn't fit.
    case tooLong(byteCount: Int)

    var description: String {
        switch self {
        case .tooLong(let byteCount):
            "a QR code that a terminal can show holds \(QRCode.byteCountMax) bytes, and the URL has "
                + "\(byteCount); leave --qr out, or use shorter names"
        }
    }
}

/// A text as dark and light squares: bytes, versions 1 to 15, error correction M.
struct QRCode {
    /// What the largest version holds.
    static let byteCountMax = QRLayout(version: QRLayout.versionMax).textByteCountMax

    /// Squares on each side.
    let size: Int
    /// Whether each square is dark, row by row.
    private(set) var isDark: [Bool]
    /// The squares that aren't data.
    private var isFixed: [Bool]

    /// - Parameter mask: which of the eight patterns is laid over the data; nil for the one that is
    ///   read best.
    init(_ text: String, mask: Int? = nil) throws(QRCodeError) {
        let bytes = Array(text.utf8)
        let layouts = (1...QRLayout.versionMax).lazy.map { QRLayout(version: $0) }
        guard let layout = layouts.first(where: { $0.textByteCountMax >= bytes.count }) else {
            throw .tooLong(byteCount: bytes.count)
        }
        size = layout.size
        isDark = Array(repeating: false, count: size * size)
        isFixed = isDark
        drawPatterns(layout)
        draw(layout.codewords(of: bytes))
        let masks = mask.map { [$0] } ?? Array(0..<8)
        var best: (penalty: Int, squares: [Bool])?
        let plain = isDark
        for mask in masks {
            isDark = plain
            apply(mask)
            drawFormat(mask)
            let penalty = penalty
            if best.map({ penalty < $0.penalty }) ?? true { best = (penalty, isDark) }
        }
        if let best { isDark = best.squares }
    }

    /// Whether the square of a row and a column is dark; those outside are light.
    func isDark(_ row: Int, _ column: Int) -> Bool {
        (0..<size).contains(row) && (0..<size).contains(column) && isDark[row * size + column]
    }

    /// Two rows a line, black on white whatever the terminal's colours, with a margin.
    var terminalText: String {
        let margin = 2
        var text = ""
        for row in stride(from: -margin, to: size + margin, by: 2) {
            text += "\u{1B}[30;107m"
            for column in -margin..<(size + margin) {
                switch (isDark(row, column), isDark(row + 1, column)) {
                case (true, true): text += "█"
                case (true, false): text += "▀"
                case (false, true): text += "▄"
                case (false, false): text += " "
                }
            }
            text += "\u{1B}[0m\n"
        }
        return text
    }

    // MARK: Drawing

    private mutating func fix(_ row: Int, _ column: Int, _ dark: Bool) {
        guard (0..<size).contains(row), (0..<size).contains(column) else { return }
        isDark[row * size + column] = dark
        isFixed[row * size + column] = true
    }

    private mutating func drawPatterns(_ layout: QRLayout) {
        for index in 0..<size {
            fix(6, index, index % 2 == 0)
            fix(index, 6, index % 2 == 0)
        }
        for (row, column) in [(3, 3), (3, size - 4), (size - 4, 3)] {
            for y in -4...4 {
                for x in -4...4 {
                    let ring = max(abs(x), abs(y))
                    fix(row + y, column + x, ring != 2 && ring != 4)
                }
            }
        }
        let places = layout.alignmentPlaces
        for row in places {
            for column in places {
                let isCorner =
                    (row == 6 && (column == 6 || column == size - 7))
                    || (row == size - 7 && column == 6)
                guard !isCorner else { continue }
                for y in -2...2 {
                    for x in -2...2 { fix(row + y, column + x, max(abs(x), abs(y)) != 1) }
                }
            }
        }
        drawFormat(0)
        guard layout.version >= 7 else { return }
        let bits = Self.remainder(layout.version, degree: 12, divisor: 0x1F25)
        for index in 0..<18 {
            let dark = bits >> index & 1 == 1
            fix(index / 3, size - 11 + index % 3, dark)
            fix(size - 11 + index % 3, index / 3, dark)
        }
    }

    /// A number with the remainder that protects it behind.
    private static func remainder(_ number: Int, degree: Int, divisor: Int) -> Int {
        var rest = number
        for _ in 0..<degree { rest = rest << 1 ^ (rest >> (degree - 1)) * divisor }
        return number << degree | rest & (1 << degree - 1)
    }

    private mutating func drawFormat(_ mask: Int) {
        // Error correction M is 00.
        let bits = Self.remainder(mask, degree: 10, divisor: 0x537) ^ 0x5412
        for index in 0..<15 {
            let dark = bits >> index & 1 == 1
            // Around the first corner, then along the two others.
            let (row, column) =
                switch index {
                case 0..<6: (index, 8)
                case 6: (7, 8)
                case 7: (8, 8)
                case 8: (8, 7)
                default: (8, 14 - index)
                }
            fix(row, column, dark)
            if index < 8 {
                fix(8, size - 1 - index, dark)
            } else {
                fix(size - 15 + index, 8, dark)
            }
        }
        fix(size - 8, 8, true)
    }

    /// Lays the bits two columns at a time, from the right, up and down in turns.
    private mutating func draw(_ codewords: [UInt8]) {
        var index = 0
        var right = size - 1
        while right >= 1 {
            if right == 6 { right = 5 }
            let isUpward = (right + 1) & 2 == 0
            for step in 0..<size {
                let row = isUpward ? size - 1 - step : step
                for column in [right, right - 1] where !isFixed[row * size + column] {
                    guard index < codewords.count * 8 else { continue }
                    isDark[row * size + column] =
                        codewords[index / 8] >> (7 - UInt8(index % 8)) & 1 == 1
                    index += 1
                }
            }
            right -= 2
        }
    }

    private mutating func apply(_ mask: Int) {
        for row in 0..<size {
            for column in 0..<size where !isFixed[row * size + column] {
                let turns =
                    switch mask {
                    case 0: (row + column) % 2 == 0
                    case 1: row % 2 == 0
                    case 2: column % 3 == 0
                    case 3: (row + column) % 3 == 0
                    case 4: (row / 2 + column / 3) % 2 == 0
                    case 5: row * column % 2 + row * column % 3 == 0
                    case 6: (row * column % 2 + row * column % 3) % 2 == 0
                    default: ((row + column) % 2 + row * column % 3) % 2 == 0
                    }
                if turns { isDark[row * size + column].toggle() }
            }
        }
    }

    /// How hard it is to read: long runs, blocks, and too much of one colour.
    private var penalty: Int {
        var penalty = 0
        for line in 0..<size {
            for isRow in [true, false] {
                var run = 0
                var last: Bool?
                for place in 0..<size {
                    let dark = isRow ? isDark(line, place) : isDark(place, line)
                    run = dark == last ? run + 1 : 1
                    last = dark
                    if run == 5 { penalty += 3 } else if run > 5 { penalty += 1 }
                }
            }
        }
        for row in 0..<(size - 1) {
            for column in 0..<(size - 1) {
                let first = isDark(row, column)
                if isDark(row, column + 1) == first, isDark(row + 1, column) == first,
                    isDark(row + 1, column + 1) == first
                {
                    penalty += 3
                }
            }
        }
        let darkCount = isDark.count { $0 }
        return penalty + abs(darkCount * 20 - isDark.count * 10) / isDark.count * 10
    }
}
