// Where a command finds the staff token: in a file or in the environment, never in a flag of its own.

import Access
import Settings

/// Why there is no usable token where one was named.
enum StaffTokenError: Error, Equatable, CustomStringConvertible {
    case cannotRead(path: String, TextFileError)
    case unusable(place: String, SecretError)

    var description: String {
        switch self {
        case .cannotRead(let path, let reason):
            "cannot read the staff token in \(path): \(reason)"
        case .unusable(let place, let reason):
            "the staff token in \(place) is no good: \(reason)"
        }
    }
}

/// The staff token of whoever calls.
enum StaffTokenSource {
    /// The token in the file, or else in the environment; nil if neither is named.
    static func token(
        path: String?, environment: [String: String]
    ) throws(StaffTokenError) -> StaffToken? {
        if let path {
            let text: String
            do {
                text = try TextFile.read(path, byteCountMax: 4_096, from: .anything)
            } catch {
                throw .cannotRead(path: path, error)
            }
            let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            return try token(line, place: path)
        }
        let variable = SettingsCatalog.shared.staffToken.environmentVariable
        guard let text = environment[variable], !text.isEmpty else { return nil }
        return try token(text, place: variable)
    }

    /// The token that stands in some other place.
    static func token(
        _ text: String, place: String
    ) throws(StaffTokenError) -> StaffToken {
        do {
            return try StaffToken(validating: text)
        } catch {
            throw .unusable(place: place, error)
        }
    }
}
