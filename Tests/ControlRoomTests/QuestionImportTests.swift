// Questions as files: taken as a whole, or refused with every wrong row named.

import FoundationEssentials
import Testing
import Trivia

@testable import ControlRoom

@Suite(.timeLimit(.minutes(5))) struct QuestionImportTests {
    private static let path = "/api/v1/shows/final/questions"

    private struct Report: Decodable {
        let error: String
        let rows: [RowFault]?
    }

    private func put(
        _ text: String, type: String = "text/csv", method: String = "PUT",
        desk: StubShowDesk, id: String = "x"
    ) async throws -> StaffAnswer {
        try await RunningServer.use(shows: desk) { server in
            try await server.ask(
                Self.path, method: method,
                fields: ["Content-Type: \(type)", "Idempotency-Key: \(id)"],
                body: Array(text.utf8))
        }
    }

    private func faults(_ answer: StaffAnswer) throws -> [RowFault] {
        #expect(answer.status == 400)
        return try #require(
            try JSONDecoder().decode(Report.self, from: Data(answer.body)).rows)
    }

    @Test func aFileIsTaken() async throws {
        let desk = StubShowDesk.withShow()
        let text = """
            Text;Option1;option2;option3;Correct;windowMs;explanation;mediaURL;id
            "Which; one?";A;B;;2;;;;
            Two lines?;yes;no;maybe;maybe;5000;"Because
            so.";/map.png;two

            """
        let answer = try await put("\u{FEFF}" + text, desk: desk)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(
            desk.done == [
                .replaceQuestions([
                    Question(id: "q1", text: "Which; one?", options: ["A", "B"], correct: 2),
                    Question(
                        id: "two", text: "Two lines?", options: ["yes", "no", "maybe"], correct: 3,
                        windowMs: 5_000, explanation: "Because\nso.", mediaURL: "/map.png"),
                ])
            ])
    }

    @Test func sparesAreMarked() async throws {
        let desk = StubShowDesk.withShow()
        let text = "text,option1,option2,correct,Spare\na?,x,y,1,YES\nb?,x,y,1,no\nc?,x,y,1,\n"
        #expect(try await put(text, desk: desk).status == 200)
        let json = #"[{"text": "d?", "options": ["x", "y"], "correct": 1, "spare": true}]"#
        let answer = try await put(
            json, type: "application/json", method: "POST", desk: desk, id: "y")
        #expect(answer.status == 200, "\(answer.text)")
        let spares = desk.done.flatMap { order -> [Bool] in
            switch order {
            case .replaceQuestions(let questions), .addQuestions(let questions):
                questions.map(\.isSpare)
            default: []
            }
        }
        #expect(spares == [true, false, false, true])
        let wrong = try await put(
            "text,option1,option2,correct,spare\na?,x,y,1,perhaps\n", desk: desk, id: "z")
        #expect(try faults(wrong).map(\.row) == [2])
        let written = QuestionCSV.write([
            Question(id: "q", text: "a?", options: ["x", "y"], correct: 1, isSpare: true)
        ])
        #expect(QuestionCSV.read(written).rows.map(\.isSpare) == [true])
    }

    @Test func theSameFileAgainIsDoneOnceAndAnotherUnderItsIDIsRefused() async throws {
        let desk = StubShowDesk.withShow()
        let text = "text,option1,option2,correct\n1 + 1?,1,2,2\n"
        let first = try await put(text, method: "POST", desk: desk)
        let again = try await put(text, method: "POST", desk: desk)
        #expect(first.status == 200 && again.status == 200 && again.body == first.body)
        #expect(desk.done.count == 1)
        #expect(try await put(text, desk: desk).status == 409, "it would replace what waits")
        let corrected = text.replacing("1,2,2", with: "1,2,1")
        #expect(try await put(corrected, method: "POST", desk: desk).status == 409)
        _ = try desk.perform(.shuffle, on: "final", under: OrderTicket(id: "y"))
        #expect(try await put(text, method: "POST", desk: desk, id: "y").status == 409)
        #expect(desk.done.count == 2)
    }

    @Test func allWrongRowsAreNamedAtOnceAndNothingIsTaken() async throws {
        let desk = StubShowDesk.withShow()
        let text = """
            id,text,option1,option2,option3,correct,windowMs
            a,Good?,x,y,,1,
            b,No such option,x,y,,3,
            c,,x,y,,1,
            d,Gap,x,,z,1,
            e,Window,x,y,,1,soon
            a,Twice,x,y,,1,
            f,Short,x,y,,1,5
            g,None,x,y,,,
            h,Other,x,y,,z,
            i,Many,x,y,,1,1000,more,and more
            """
        let faults = try faults(try await put(text, desk: desk))
        let expected: [(Int, String)] = [
            (3, "there are 2 options"), (4, "text is empty"), (5, "option3 is filled"),
            (6, "whole milliseconds"), (7, "that of row 2"), (8, "window is 5 ms"),
            (9, "“correct” is empty"), (10, "which is no option"), (11, "no column"),
        ]
        #expect(faults.map(\.row) == expected.map(\.0))
        for (fault, (_, words)) in zip(faults, expected) {
            #expect(fault.error.contains(words), "\(fault)")
        }
        #expect(desk.done.isEmpty)
    }

    @Test(arguments: [
        ("", 0, "empty"), ("text,option1\n", 1, "option2"),
        ("text,option1,option2,correct\n", 0, "no questions"),
        ("text,option1,option2,correct,colour\na,b,c,1,red\n", 1, "no column “colour”"),
        ("text,text,option1,option2,correct\n", 1, "twice"),
        ("text,option0,option1,option2,correct\n", 1, "“option0”"),
        ("text,option9,option1,option2,correct\n", 1, "“option9”"),
        ("text,option1,option2,correct\n\"a,b,c,1\n", 2, "never closed"),
        ("\u{0}\u{1}\u{2}", 1, "no column"),
    ])
    func aFileThatIsNoneIsRefused(text: String, row: Int, words: String) async throws {
        let faults = try faults(try await put(text, desk: StubShowDesk.withShow()))
        #expect(faults.contains { $0.row == row && $0.error.contains(words) }, "\(faults)")
    }

    @Test func aFileOfAnotherEncodingIsToldSo() async throws {
        try await RunningServer.use(shows: StubShowDesk.withShow()) { server in
            for bytes: [UInt8] in [[0xFF, 0xFE, 0x74, 0x00], Array("caf".utf8) + [0xE9]] {
                let answer = try await server.ask(
                    Self.path, method: "PUT",
                    fields: ["Content-Type: text/csv", "Idempotency-Key: x"], body: bytes)
                #expect(try faults(answer).first?.error.contains("CSV UTF-8") == true)
            }
        }
    }

    @Test func tooMuchIsRefused() async throws {
        let desk = StubShowDesk.withShow()
        let row = "a,b,c,1\n"
        let long = "text,option1,option2,correct\n" + String(repeating: row, count: 201)
        #expect(try faults(try await put(long, desk: desk)).first?.row == 202)
        let huge = String(repeating: "x", count: (2 << 20) + 1)
        #expect(try await put(huge, desk: desk).status == 413)
        let deep = String(repeating: "[", count: 100_000)
        #expect(try await put(deep, type: "application/json", desk: desk).status == 400)
        #expect(try await put("x", type: "text/plain", desk: desk).status == 415)
        #expect(desk.done.isEmpty)
    }

    @Test func jsonIsTakenAndItsWrongQuestionsAreNumbered() async throws {
        let desk = StubShowDesk.withShow()
        let good = #"""
            [{"text": "a?", "options": ["2", "1"], "correct": "1"},
             {"text": "b?", "options": ["2", "1"], "correct": 1, "windowMs": 5000, "id": "q1"}]
            """#
        #expect(try await put(good, type: "application/json", desk: desk).status == 200)
        #expect(
            desk.done == [
                .replaceQuestions([
                    Question(id: "q2", text: "a?", options: ["2", "1"], correct: 2),
                    Question(
                        id: "q1", text: "b?", options: ["2", "1"], correct: 1, windowMs: 5_000),
                ])
            ])
        let bad = #"""
            {"questions": [{"text": "a?", "options": ["x", "y"], "correct": 0}, 5,
             {"text": "c?", "options": ["x", "y"], "correct": "z"}, {"options": ["x"]},
             {"text": "e?", "options": ["x"], "correct": 1}, {"txt": "f?"},
             {"text": "g?", "options": ["x", 2], "correct": 1},
             {"text": "h?", "options": ["x", "y"], "correct": 1.5},
             {"text": "i?", "options": ["x", "y"], "correct": -9223372036854775808},
             {"text": "j?", "options": [], "correct": -9223372036854775808}]}
            """#
        let faults = try faults(
            try await put(bad, type: "application/json", desk: desk, id: "y"))
        #expect(faults.map(\.row) == Array(1...10))
        for body in ["{}", "5", #"{"questions": {}}"#] {
            let answer = try await put(body, type: "application/json", desk: desk, id: "z")
            #expect(try self.faults(answer).map(\.row) == [0])
        }
    }

    @Test func appendingKeepsIDsApartAndCanBeRepeated() async throws {
        let desk = StubShowDesk.withShow()
        let text = "text,option1,option2,correct\na?,x,y,1\n"
        let first = try await put(text, method: "POST", desk: desk)
        #expect(first.status == 200)
        let again = try await put(text, method: "POST", desk: desk)
        #expect(again.body == first.body)
        #expect(try await put(text, method: "POST", desk: desk, id: "y").status == 200)
        #expect(
            try desk.questions(of: "final").map(\.question.id) == ["capital", "sum", "q1", "q2"])
        let taken = try await put(
            "id,text,option1,option2,correct\nsum,a?,x,y,1\n", method: "POST", desk: desk,
            id: "z")
        #expect(try faults(taken).first?.error.contains("“sum” already") == true)
    }

    @Test func whatIsExportedIsImportedAsTheSame() async throws {
        let desk = StubShowDesk.withShow()
        let odd = [
            Question(
                id: "a", text: " =1+1; \"quoted\"\nand more ", options: ["2", "1", "#1"],
                correct: 1, windowMs: 100, explanation: ",", mediaURL: "/x"),
            Question(id: "b", text: "x", options: ["10", "7", "8"], correct: 3),
            Question(
                id: "c", text: "x", options: ["1", "2", "3", "4", "5", "6", "7", "8"], correct: 8),
        ]
        _ = try desk.perform(.replaceQuestions(odd), on: "final", under: OrderTicket(id: "1"))
        try await RunningServer.use(shows: desk) { server in
            for (ending, type) in [("csv", "text/csv"), ("json", "application/json")] {
                let file = try await server.ask(Self.path + "." + ending)
                #expect(file.status == 200)
                let answer = try await server.ask(
                    Self.path, method: "PUT",
                    fields: ["Content-Type: \(type)", "Idempotency-Key: \(ending)"],
                    body: file.body)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(desk.done.last == .replaceQuestions(odd))
            }
        }
    }

    @Test func anImportIsPreviewedAndNothingIsDone() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            func preview(_ text: String, _ method: String = "PUT") async throws -> ImportPreview {
                let answer = try await server.ask(
                    Self.path + "?preview=true&ignoreUnknownColumns=true", method: method,
                    fields: ["Content-Type: text/csv"], body: Array(text.utf8))
                #expect(answer.status == 200, "\(answer.text)")
                return try JSONDecoder().decode(ImportPreview.self, from: Data(answer.body))
            }
            let head = "id,text,option1,option2,correct,Author\n"
            let changed = try await preview(head + "sum,1 + 1?,2,3,#2,Ann\nnew,a?,x,y,1,Ann\n")
            #expect(changed.waitingBefore == 2 && changed.waitingAfter == 2)
            #expect(changed.removed == ["capital"] && changed.changed == ["sum"])
            #expect(changed.losesSomething && changed.version == 1)
            let added = try await preview(head + "new,a?,x,y,1,Ann\n", "POST")
            #expect(added.waitingAfter == 3 && !added.losesSomething)
            let same = try await server.ask(Self.path + ".csv")
            #expect(try await preview(same.text).losesSomething == false)
            #expect(desk.done.isEmpty)
            let stale = try await server.ask(
                Self.path + "?expectedVersion=0", method: "PUT",
                fields: ["Content-Type: text/csv", "Idempotency-Key: x"], body: same.body)
            #expect(stale.status == 409)
        }
    }

    @Test func correctIsANumberOrAText() throws {
        func resolve(_ text: String, _ options: [String]) -> Int? {
            try? OptionName.resolve(text, among: options)
        }
        #expect(resolve("2", ["a", "b"]) == 2 && resolve("#2", ["a", "b"]) == 2)
        #expect(resolve("b", ["a", "b"]) == 2 && resolve("c", ["a", "b"]) == nil)
        #expect(resolve("0", ["a", "b"]) == nil && resolve("-1", ["a", "b"]) == nil)
        #expect(resolve("1", ["1", "2"]) == 1, "number and text agree")
        #expect(resolve("2", ["2", "1"]) == nil, "they don't")
        #expect(resolve("#1", ["#2", "#1"]) == 1, "a number, whatever the texts are")
        #expect(resolve("1984", ["1983", "1984"]) == 2, "no number of an option")
        #expect(resolve("99999999999999999999", ["a", "b"]) == nil)
        for text in [Int.min, -1, 0, 3, Int.max].map(String.init) {
            #expect(resolve(text, ["a", "b"]) == nil && resolve("#" + text, ["a", "b"]) == nil)
            #expect(resolve(text, ["a", text]) == 2, "a text")
        }
    }

    @Test func oneQuestionIsChangedAndTakenOut() async throws {
        let desk = StubShowDesk.withShow()
        try await RunningServer.use(shows: desk) { server in
            let changed = try await server.send(
                "PUT", Self.path + "/sum",
                json: #"{"text": "1 + 2?", "options": ["2", "3"], "correct": 2}"#,
                fields: ["Idempotency-Key: a"])
            #expect(changed.status == 200)
            let question = Question(
                id: "sum", text: "1 + 2?", options: ["2", "3"], correct: 2)
            #expect(desk.done == [.editQuestion(id: "sum", question)])
            let bad = try await server.send(
                "PUT", Self.path + "/sum",
                json: #"{"text": "", "options": ["2", "3"], "correct": 2}"#,
                fields: ["Idempotency-Key: b"])
            #expect(bad.status == 400)
            let out = try await server.ask(
                Self.path + "/sum", method: "DELETE", fields: ["Idempotency-Key: c"])
            #expect(out.status == 200)
            #expect(try desk.questions(of: "final").map(\.question.id) == ["capital"])
        }
    }
}
