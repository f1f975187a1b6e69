// Sources/WIRE.md says what the tables of the contract say.

import AudienceProtocol
import Foundation
import Testing

/// The document for those who write clients.
enum WireDocument {
    static let text: String = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let file = folder.appending(path: "../../Sources/WIRE.md")
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    /// The cells of the tables below a heading, without code marks.
    static func rows(below heading: String) -> [[String]] {
        guard let start = text.range(of: "\n\(heading)\n") else { return [] }
        let rest = text[start.upperBound...]
        let ends = ["\n## ", "\n### "].compactMap { rest.range(of: $0)?.lowerBound }
        return rest[..<(ends.min() ?? rest.endIndex)].split(separator: "\n")
            .filter { $0.hasPrefix("| ") }
            .map { line in
                line.dropFirst().split(separator: "|", omittingEmptySubsequences: false)
                    .map { $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "") }
            }
    }
}

@Suite struct WireDocumentTests {
    private static func row(_ place: String, _ field: CueField, _ presence: String) -> String {
        "\(place) \(field.rawValue) \(field.valueKind.rawValue) \(presence)"
    }

    private static func rows(_ place: String, _ fields: CueFields) -> [String] {
        fields.required.map { row(place, $0, "always") }
            + fields.optional.map { row(place, $0, "maybe") }
    }

    private static func documented(below heading: String) -> [String] {
        WireDocument.rows(below: heading)
            .filter { $0.count > 4 && ["always", "maybe"].contains($0[3]) }
            .map { $0[..<4].joined(separator: " ") }
    }

    @Test func onMetaDataHasTheContractsProperties() {
        let rows = WireDocument.rows(below: "### onMetaData").filter { $0[0] != "property" }
        let contract = StreamMetadata.allCases.map { "\($0.rawValue) \($0.valueKind.rawValue)" }
        #expect(
            rows.map { $0[..<2].joined(separator: " ") }.filter { !$0.hasPrefix("-") } == contract)
    }

    @Test func onQuizHasTheContractsProperties() {
        let contract =
            Self.rows("every", QuizPhase.common)
            + QuizPhase.allCases.flatMap { Self.rows($0.rawValue, $0.fields) }
        #expect(Self.documented(below: "### onQuiz").sorted() == contract.sorted())
    }

    @Test func onMessageHasTheContractsProperties() {
        let contract =
            Self.rows("every", MessageKind.common)
            + MessageKind.allCases.flatMap { Self.rows($0.rawValue, $0.fields) }
        #expect(Self.documented(below: "### onMessage").sorted() == contract.sorted())
    }

    @Test func theObjectsWithinHaveTheContractsMembers() {
        let rows = WireDocument.rows(below: "### onQuiz").filter { row in
            ["prize", "top"].contains(row[0])
        }
        let contract = [CueField.prize, .top].flatMap { field in
            field.members.map { "\(field.rawValue) \($0.rawValue) \($0.valueKind.rawValue)" }
        }
        #expect(rows.map { $0[..<3].joined(separator: " ") } == contract)
    }

    @Test func limitsAndAddressesAreThose() {
        // However its lines are broken.
        let text = WireDocument.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for number in [CueLimits.byteCountMax, AudienceLimits.streamNameByteCountMax] {
            #expect(text.contains(" \(number) "), "\(number)")
        }
        #expect(text.contains("\(CueLimits.depthMax) levels deep"))
        for path in AudiencePath.allCases {
            let path = "\(path.template)".replacing("{", with: "<").replacing("}", with: ">")
            #expect(text.contains(path), "\(path)")
        }
        #expect(text.contains("`\(TokenPlace.subprotocolPrefix)<token>`"))
        #expect(text.contains("subprotocol `\(AudienceSubprotocol.name)`"))
    }
}
