// Commands of the staff, from a shell: where they go, what they ask first, and what they write.

import Foundation
import Testing

@Suite("Staff commands", .ownThread)
struct StaffCommandTests {
    private func show(
        _ server: ServerProcess, _ arguments: String..., staff: String? = nil
    ) throws -> ToolResult {
        let address = staff ?? "http://127.0.0.1:\(server.staffPort)/"
        return try Tool.run(
            "env", ["FANFARE_STAFF=\(address)", ServerProcess.binary, "show"] + arguments)
    }

    @Test("They go where FANFARE_STAFF says in every form, and what can't be read is an error")
    func address() throws {
        try ServerProcess.run([]) { server in
            let port = server.staffPort
            for form in ["127.0.0.1:\(port)", ":\(port)", "http://localhost:\(port)"] {
                #expect(try show(server, "list", staff: form).end == .exit(code: 0), "\(form)")
            }
            for form in ["ftp://127.0.0.1:\(port)", "127.0.0.1", "nonsense"] {
                let result = try show(server, "list", staff: form)
                #expect(result.end == .exit(code: 1), "\(form)")
                #expect(result.errors.contains("FANFARE_STAFF"), "\(result.errors)")
            }
            let announced = try Tool.run(
                "env",
                ["FANFARE_STAFF=nonsense", ServerProcess.binary, "announce", "x"])
            #expect(announced.errors.contains("FANFARE_STAFF"), "\(announced.errors)")
        }
    }

    @Test("What is lost for good is asked first, and money is told as money")
    func asking() throws {
        try ServerProcess.run([]) { server in
            func expect(
                _ result: ToolResult, _ code: Int32, _ words: String,
                _ location: SourceLocation = #_sourceLocation
            ) {
                let told = result.output + result.errors
                #expect(result.end == .exit(code: code), "\(told)", sourceLocation: location)
                #expect(told.contains(words), "\(told)", sourceLocation: location)
            }
            let made = try show(
                server, "create", "Final", "--prize", "100000.00", "--currency", "EUR")
            expect(made, 0, "prize 100000.00 EUR")
            let folder = server.dataFolder
            func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
                let path = folder.appending(path: name)
                try Data(bytes).write(to: path)
                return path.path
            }
            let head = "id\ttext\toption1\toption2\tcorrect\tAuthor\n"
            let two = try file(
                "two.csv", (head + "a\tA?\tx\ty\t2\tAnn\nb\tB?\tx\ty\t1\tAnn\n").utf8)
            expect(try show(server, "import", "final", two), 65, "“Author”")
            let taken = try show(server, "import", "final", two, "--ignore-unknown-columns")
            expect(taken, 0, "2 questions imported; 2 are waiting")
            expect(try show(server, "questions", "final"), 0, "1 x | *2 y")

            let one = try file("one.csv", "id,text,option1,option2,correct\na,A?,x,y,2\n".utf8)
            expect(try show(server, "import", "final", one), 1, "replaced by 1: 1 go (b)")
            expect(try show(server, "import", "final", one), 1, "--yes")
            expect(
                try show(server, "import", "final", one, "--yes"), 0,
                "2 waiting questions replaced by 1; 1 are waiting")
            expect(try show(server, "import", "final", one), 0, "replaced by 1")
            for (bytes, words) in [
                ([0x50, 0x4B, 0x03, 0x04, 0x14], ".xlsx"), ([0xFF, 0xFE, 0x74, 0x00], "UTF-16"),
                (Array("text,option1\ncaf".utf8) + [0xE9], "Windows-1252"),
            ] as [([UInt8], String)] {
                let odd = try file("odd.csv", bytes)
                expect(try show(server, "import", "final", odd), 65, words)
                expect(try show(server, "import", "final", odd), 65, "CSV UTF-8")
            }
            let edited = try show(
                server, "edit", "final", "--prize", "200000.00", "--currency", "EUR")
            expect(edited, 0, "prize 200000.00 EUR")
            let audit = try show(server, "audit", "final")
            expect(audit, 0, "prize: 100000.00 EUR → 200000.00 EUR")
            expect(
                try show(server, "edit", "final", "--prize", "1.000", "--currency", "EUR"), 64,
                "1000.00 or 1.00")
            let answers = try show(server, "export", "final", "answers")
            expect(answers, 0, "receipt,player,name,question,choice")
            expect(try show(server, "delete", "final"), 1, "--yes")
            expect(try show(server, "list"), 0, "Final")
            expect(try show(server, "delete", "final", "--yes"), 0, "final is deleted")
        }
    }
}
