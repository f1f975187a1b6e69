// How long a function may be.

import Testing

@Suite("Functions") struct FunctionTests {
    @Test("a function can be read at a glance")
    func length() throws {
        let index = try SourceIndex.shared.get()
        for file in index.files {
            for function in file.declarations
            where ["func", "init", "var", "subscript"].contains(function.keyword)
                && !HousePlan.longFunctions.contains("\(file.path) \(function.name)")
            {
                let lineCount = function.lastLine - function.line + 1
                #expect(
                    lineCount <= HousePlan.functionLineCountMax,
                    "\(file.path):\(function.line): \(function.name) has \(lineCount) lines")
            }
        }
    }

    @Test("declarations are found with all that belongs to them")
    func reading() throws {
        let text = #"""
            public struct One<A>: Sendable where A: Equatable {
                private(set) var two = [1, 2].map { $0 + 1 } // var no
                @Option(help: "var nor \(this)") var three: Int { "}".count }
                static func four(_ five: () -> Void = { let six = 1 }) {
                    let seven = 7
                }
                enum Eight: String { case nine, ten = "x"
                    case eleven(Int, twelve: Int) }
                class func thirteen() {}
            }
            """#
        let found = DeclarationReader.declarations(in: SwiftTokens.of(text))
        #expect(
            found.map(\.name) == [
                "One", "two", "three", "four", "Eight", "nine", "ten", "eleven", "thirteen",
            ])
        #expect(found[0].access == .everywhere && found[0].lastLine == 10)
        #expect(found[1].access == .module && found[1].owners == ["One"])
        #expect(found[2].attributes == ["Option"])
        #expect(found[3].line == 4 && found[3].lastLine == 6)
        #expect(found[5].owners == ["One", "Eight"])
        #expect(SwiftTokens.of(text).contains { $0.text == "this" })
        #expect(!SwiftTokens.of(text).contains { $0.text == "nor" || $0.text == "no" })
    }
}
