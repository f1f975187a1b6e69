// A show's questions: to look at, import, export, and change one by one.

import Hummingbird
import Trivia
import WireBytes

/// `GET /api/v1/shows/<show>/questions`.
struct QuestionList: Codable, Equatable {
    var questions: [QuestionRecord]
}

extension ShowRoutes {
    private static let questionsPath = path + "/questions"
    private static let questionPath = questionsPath + "/{question}"
    private static let file: [Endpoint.Content] = [
        .json(
            .object([.must("questions", .array(of: .named("QuestionDraft")))])), .csv,
    ]
    private static let ignoring = Endpoint.QueryItem(
        name: "ignoreUnknownColumns", summary: "true leaves out columns that no question has.",
        schema: .boolean())
    private static let previewing = Endpoint.QueryItem(
        name: "preview", summary: "true does nothing and answers with an ImportPreview.",
        schema: .boolean())
    private static let imported = Endpoint.Answer(
        status: 200, summary: "Done, and safe; or what would be done.",
        content: [.json(.oneOf([.named("OrderReceipt"), .named("ImportPreview")]))])
    private static let wrongRows = Endpoint.Answer(
        status: 400, summary: "Every row that won't do; nothing was taken.",
        content: [.json(.named("Error"))])

    var questionEndpoints: [Endpoint] { readingEndpoints + writingEndpoints }

    private var readingEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.questionsPath, id: "listQuestions",
                summary: "The questions and how far each is, in the order of asking.",
                tag: "questions",
                answers: [
                    .init(
                        status: 200, summary: "The list.",
                        content: [
                            .json(
                                .object([
                                    .must("questions", .array(of: .named("QuestionRecord")))
                                ]))
                        ])
                ],
                handler: { _, context in
                    let show = try show(context)
                    return try context.json(QuestionList(questions: try await records(show)))
                }),
            Endpoint(
                method: .get, path: Self.questionsPath + ".json", id: "exportQuestionsJSON",
                summary: "The questions as a file that can be imported.", tag: "questions",
                answers: [
                    .init(
                        status: 200, summary: "The file.",
                        content: [
                            .json(.object([.must("questions", .array(of: .named("Question")))]))
                        ])
                ],
                handler: { _, context in
                    let show = try show(context)
                    let questions = try await records(show).map(\.question)
                    return try context.json(QuestionFileJSON(questions: questions))
                }),
            Endpoint(
                method: .get, path: Self.questionsPath + ".csv", id: "exportQuestionsCSV",
                summary: "The questions as a file that can be imported.", tag: "questions",
                answers: [.init(status: 200, summary: "The file.", content: [.csv])],
                handler: { _, context in
                    let show = try show(context)
                    let questions = try await records(show).map(\.question)
                    return context.csv(QuestionCSV.write(questions), name: "questions")
                }),
        ]
    }

    private var writingEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: Self.questionsPath, id: "addQuestions",
                summary: "Imports questions, to be asked last. All rows or none.",
                tag: "questions", query: [Self.ignoring, Self.previewing], body: Self.file,
                isBodyRequired: true,
                order: .resource,
                answers: [Self.imported, Self.wrongRows, Self.stale],
                handler: { try await importFile($0, $1, replaces: false) }),
            Endpoint(
                method: .put, path: Self.questionsPath, id: "replaceQuestions",
                summary: "Imports questions in the place of all that are waiting. All or none.",
                tag: "questions", query: [Self.ignoring, Self.previewing], body: Self.file,
                isBodyRequired: true,
                order: .resource,
                answers: [Self.imported, Self.wrongRows, Self.stale],
                handler: { try await importFile($0, $1, replaces: true) }),
            Endpoint(
                method: .put, path: Self.questionPath, id: "editQuestion",
                summary: "Changes a question that is waiting.", tag: "questions",
                body: [.json(.named("QuestionDraft"))], isBodyRequired: true, order: .resource,
                answers: [Self.receipt, Self.stale], handler: edit),
            Endpoint(
                method: .delete, path: Self.questionPath, id: "withdrawQuestion",
                summary: "Takes out a question that is waiting.", tag: "questions",
                order: .resource, answers: [Self.receipt, Self.stale],
                handler: { request, context in
                    let ticket = try OrderTicketReader.ofResource(request, context)
                    let id = try context.parameters.require("question")
                    return try await perform(
                        .withdrawQuestion(id: id), on: try show(context), under: ticket, context)
                }),
        ]
    }

    private func records(_ show: String) async throws -> [QuestionRecord] {
        try await asking { try await $0.questions(of: show) }
    }

    private func importFile(
        _ request: Request, _ context: StaffContext, replaces: Bool
    ) async throws -> Response {
        let (rows, file) = try await rows(of: request)
        if try Self.flag("preview", of: request) {
            return try await preview(rows, context, replaces: replaces)
        }
        var ticket = try OrderTicketReader.ofResource(request, context)
        ticket.file = file
        let show = try show(context)
        // Asked before the rows are looked at: after the first time their ids would be taken.
        let importing = ticket
        let done = try await asking {
            try await $0.receipt(ofImport: importing, replaces: replaces, on: show)
        }
        if let done { return try context.json(done) }
        let questions = try questions(rows, beside: try await records(show), replaces: replaces)
        let order: ShowCommand = replaces ? .replaceQuestions(questions) : .addQuestions(questions)
        return try await perform(order, on: show, under: ticket, context)
    }

    /// The questions of a file as a show would get them.
    private func questions(
        _ rows: QuestionRows, beside known: [QuestionRecord], replaces: Bool
    ) throws -> [Question] {
        let kept = known.filter { !replaces || $0.state != .waiting }
        do throws(QuestionFileRefusal) {
            return try rows.questions(takenIDs: Set(kept.map { ByteString($0.question.id) }))
        } catch {
            throw StaffError.rows(error.faults)
        }
    }

    private func preview(
        _ rows: QuestionRows, _ context: StaffContext, replaces: Bool
    ) async throws -> Response {
        let show = try show(context)
        // The version first: what changes behind it makes an import of this version refused.
        let version = try await asking { try await $0.state(of: show) }.version
        let known = try await records(show)
        let questions = try questions(rows, beside: known, replaces: replaces)
        return try context.json(
            ImportPreview(
                version: version,
                waiting: known.filter { $0.state == .waiting }.map(\.question), file: questions,
                replaces: replaces))
    }

    /// The rows of a file, and the file.
    private func rows(of request: Request) async throws -> (QuestionRows, [UInt8]) {
        func collect() async throws -> [UInt8] {
            try await StaffBody.collect(
                request, byteCountMax: Limits.questionFileByteCountMax,
                advice: "make two files of it")
        }
        switch StaffBody.type(of: request) {
        case "application/json":
            let bytes = try await collect()
            return (try await lane.rows(ofJSON: bytes), bytes)
        case "text/csv":
            let bytes = try await collect()
            let ignoresUnknown = try Self.flag("ignoreUnknownColumns", of: request)
            let rows = await lane.rows(ofCSV: bytes, ignoresUnknownColumns: ignoresUnknown)
            return (rows, bytes)
        default:
            throw StaffError(
                status: .unsupportedMediaType,
                message: "questions come as Content-Type: text/csv or application/json")
        }
    }

    /// A word of the query that is true or false.
    private static func flag(_ name: String, of request: Request) throws -> Bool {
        switch request.uri.queryParameters[Substring(name)] {
        case nil, "false": return false
        case "true", "": return true
        default:
            throw StaffError(status: .badRequest, message: "\(name) must be true or false")
        }
    }

    @Sendable private func edit(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a question")
        let ticket = try OrderTicketReader.ofResource(request, context)
        let id = try context.parameters.require("question")
        let row = try Self.reading { () throws(Complaint) in
            try QuestionJSON.row(tree, number: 1)
        }
        let question = row.question(id: row.id ?? id)
        do throws(QuestionFault) {
            try question.check()
        } catch {
            throw StaffError(status: .badRequest, message: error.description)
        }
        return try await perform(
            .editQuestion(id: id, question), on: try show(context), under: ticket, context)
    }
}
