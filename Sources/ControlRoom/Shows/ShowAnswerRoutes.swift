// Every player's answers as a file: page by page, however many there are.

import Hummingbird
import NIOCore

extension ShowRoutes {
    var answerEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.path + "/answers.csv", id: "exportAnswersCSV",
                summary: "Every player's answers with times, lags and rulings, as they came.",
                tag: "results",
                answers: [.init(status: 200, summary: "The file.", content: [.csv])],
                handler: { _, context in try await answers(context, isCSV: true) }),
            Endpoint(
                method: .get, path: Self.path + "/answers.json", id: "exportAnswersJSON",
                summary: "Every player's answers with times, lags and rulings, as they came.",
                tag: "results",
                answers: [
                    .init(
                        status: 200, summary: "It.",
                        content: [
                            .json(.object([.must("answers", .array(of: .named("AnswerLine")))]))
                        ])
                ],
                handler: { _, context in try await answers(context, isCSV: false) }),
        ]
    }

    private func answers(_ context: StaffContext, isCSV: Bool) async throws -> Response {
        let show = try show(context)
        // The first page is asked for before anything is said: an error is still an answer then.
        let pages = try await asking { try await $0.answers(of: show) }
        let first = try await asking { _ in try await pages.next() }
        var headers: HTTPFields = [.cacheControl: "no-store"]
        headers[.contentType] =
            isCSV ? "text/csv; charset=utf-8" : "application/json; charset=utf-8"
        let name = isCSV ? "answers.csv" : "answers.json"
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return Response(
            status: .ok, headers: headers,
            body: .init { writer in
                try await writer.write(
                    ByteBuffer(string: isCSV ? AnswerFile.csvHead() : "{\"answers\":["))
                var lines = first
                var isFirst = true
                while !lines.isEmpty {
                    let text =
                        isCSV
                        ? AnswerFile.csv(lines) : try AnswerFile.json(lines, isFirst: isFirst)
                    try await writer.write(ByteBuffer(string: text))
                    isFirst = false
                    // What fails from here on ends the connection in the middle: no reader takes
                    // that for the whole file.
                    lines = try await pages.next()
                }
                if !isCSV { try await writer.write(ByteBuffer(string: "]}")) }
                try await writer.finish(nil)
            })
    }
}
