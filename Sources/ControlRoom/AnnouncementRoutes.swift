// Announcements over the staff API: `POST` makes one, `DELETE` takes it down.

import FoundationEssentials
import Hummingbird
import NIOCore
import TextWire

/// What is below `/api/v1/streams/<name>/announcements`.
struct AnnouncementRoutes {
    let desk: any AnnouncementDesk
    let events: EventHub
    private static let path = "/api/v1/streams/{name}/announcements"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: Self.path, id: "announce",
                summary: "Says something to everyone who watches and everyone who comes.",
                tag: "announcements", body: [.json(.named("Announcement"))], isBodyRequired: true,
                answers: [
                    .init(
                        status: 200, summary: "Said.",
                        content: [.json(.named("AnnouncementReceipt"))]),
                    .init(
                        status: 202, summary: "Kept, and said when there is a picture.",
                        content: [.json(.named("AnnouncementReceipt"))]),
                ], handler: announce),
            Endpoint(
                method: .delete, path: Self.path, id: "clearAnnouncement",
                summary: "Takes the announcement down, for those who watch and those who come.",
                tag: "announcements", answers: [.init(status: 204, summary: "Taken down.")],
                handler: clear),
        ]
    }

    @Sendable private func announce(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let name = try context.parameters.require("name")
        try StaffBody.requireJSON(request, what: "an announcement")
        let announcement = try await Self.announcement(in: request)
        // Before anything is done: who gives the order may be badly named.
        let by = try OrderTicketReader.by(request, context)
        let receipt: AnnouncementReceipt
        do throws(AnnouncementRefusal) {
            receipt = try desk.announce(announcement, on: name)
        } catch {
            throw Self.answer(to: error, name)
        }
        await events.note(
            Deed(
                by: by, stream: name, command: "announce",
                text: "announced: \(announcement.text)"))
        return try context.json(receipt, status: receipt.isPending ? .accepted : .ok)
    }

    @Sendable private func clear(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let name = try context.parameters.require("name")
        let by = try OrderTicketReader.by(request, context)
        do throws(AnnouncementRefusal) {
            try desk.clearAnnouncement(on: name)
        } catch {
            throw Self.answer(to: error, name)
        }
        await events.note(
            Deed(
                by: by, stream: name, command: "retract",
                text: "took the announcement down"))
        return Response(status: .noContent)
    }

    private static func answer(to refusal: AnnouncementRefusal, _ name: String) -> StaffError {
        switch refusal {
        case .unknownStream: .unknownStream(name)
        case .notNow(let reason): StaffError(status: .conflict, message: reason, stream: name)
        }
    }

    private static func announcement(in request: Request) async throws -> Announcement {
        let body = try await StaffBody.collect(request, byteCountMax: Limits.bodyByteCountMax)
        let order: AnnouncementOrder
        do {
            order = try JSONDecoder().decode(
                AnnouncementOrder.self, from: Data(body))
        } catch let error as StaffError {
            throw error
        } catch {
            throw StaffError(
                status: .badRequest,
                message: "the body is not a JSON object such as {\"text\": \"…\"}")
        }
        return order.announcement
    }
}

extension StaffError {
    /// 404, with the name if it can be one.
    static func unknownStream(_ name: String) -> StaffError {
        let isPossible = name.utf8.count <= Limits.streamNameByteCountMax
        return StaffError(
            status: .notFound,
            message: "there is no such stream; GET /api/v1/streams lists those there are",
            stream: isPossible ? name : nil)
    }
}

/// The body of a `POST`. Its errors are answers.
private struct AnnouncementOrder: Decodable {
    let announcement: Announcement

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue _: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        // A misspelt level would be an announcement of another kind.
        for key in container.allKeys where key.stringValue != "text" && key.stringValue != "level" {
            let name = key.stringValue.prefix(Limits.quotedPathCharacterCountMax)
            throw Self.bad("an announcement has a \"text\" and a \"level\", but no \"\(name)\"")
        }
        guard let text = try? container.decode(String.self, forKey: Key(stringValue: "text")) else {
            throw Self.bad("the announcement has no \"text\", which must be a string")
        }
        announcement = Announcement(
            text: try Self.checked(text), level: try Self.level(in: container))
    }

    private static func level(
        in container: KeyedDecodingContainer<Key>
    ) throws -> Announcement.Level {
        let key = Key(stringValue: "level")
        guard container.contains(key) else { return .info }
        guard let name = try? container.decode(String.self, forKey: key),
            let level = Announcement.Level(rawValue: name)
        else {
            let names = Announcement.Level.allCases.map { "\"\($0.rawValue)\"" }
            throw Self.bad("\"level\" must be \(names.joined(separator: " or "))")
        }
        return level
    }

    private static func checked(_ text: String) throws -> String {
        guard VisibleText.showsSomething(text) else {
            throw bad("the announcement's text is empty, or has nothing that can be seen")
        }
        guard !VisibleText.turnsItsLine(text) else {
            throw bad(
                "the announcement's text turns the direction of the line around; take U+202A to "
                    + "U+202E out, and close each isolate")
        }
        let controls = text.unicodeScalars.contains {
            $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
        }
        guard !controls else {
            throw bad("the announcement's text has a control character other than a line feed")
        }
        let byteCount = text.utf8.count
        guard byteCount <= Limits.announcementByteCountMax else {
            throw StaffError(
                status: .contentTooLarge,
                message: "the announcement's text has \(byteCount) bytes, and "
                    + "\(Limits.announcementByteCountMax) are the most; say less")
        }
        return text
    }

    private static func bad(_ message: String) -> StaffError {
        StaffError(status: .badRequest, message: message)
    }
}
