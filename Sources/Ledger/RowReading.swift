// Columns as they are on disk, where anybody may have written anything.

import GRDB

/// A row whose columns are looked at before they are believed. The subscripts of GRDB's rows end the
/// process where a column isn't of the type that was asked for.
struct RowReader {
    private let row: Row

    init(_ row: Row) { self.row = row }

    func integer<Number: FixedWidthInteger>(
        _ column: String, as _: Number.Type = Number.self
    ) throws(ColumnError) -> Number {
        guard let value = row[column] as? Int64 else { throw .kind(column, "a whole number") }
        guard let number = Number(exactly: value) else { throw .range(column, value) }
        return number
    }

    /// Whether it is NULL.
    func isNull(_ column: String) -> Bool { row[column] == nil }

    func text(_ column: String) throws(ColumnError) -> String {
        guard let text = row[column] as? String else { throw .kind(column, "a text") }
        return text
    }

    /// A text or NULL.
    func textIfAny(_ column: String) throws(ColumnError) -> String? {
        guard row[column] != nil else { return nil }
        return try text(column)
    }

    func flag(_ column: String) throws(ColumnError) -> Bool {
        let value = try integer(column, as: Int64.self)
        guard 0...1 ~= value else { throw .range(column, value) }
        return value == 1
    }
}

/// Why a column can't be read.
enum ColumnError: Error, CustomStringConvertible {
    /// It is missing, NULL, or of another type.
    case kind(String, String)
    /// No such number can be there.
    case range(String, Int64)
    /// The bytes of a text are no UTF-8.
    case encoding(String)

    var description: String {
        switch self {
        case .kind(let column, let kind): "“\(column)” isn't \(kind)"
        case .range(let column, let value): "“\(column)” can't be \(value)"
        case .encoding(let column): "“\(column)” isn't UTF-8"
        }
    }
}

/// A show that can't be played, because what is written of it can't be read.
public struct DamagedShow: Equatable, Sendable {
    /// Its id; the number of its row where even that can't be read.
    public let id: String
    /// What is the matter.
    public let error: LedgerError

    /// A show that can't be played.
    public init(id: String, error: LedgerError) {
        self.id = id
        self.error = error
    }
}

extension LedgerError {
    /// Whether it is this show alone that can't be read, whatever is done about the disk.
    public var isDamage: Bool {
        switch self {
        case .badRow, .badLog, .damaged: true
        default: false
        }
    }

    /// Reads from a row; what is wrong there names the show and the place.
    static func reading<Value>(
        _ place: String, of show: String, _ body: () throws(ColumnError) -> Value
    ) throws(LedgerError) -> Value {
        do throws(ColumnError) { return try body() } catch {
            throw .badRow(show: show, place: place, reason: error.description)
        }
    }
}
