// What the audience sees of one player: another name, or none.

import Hummingbird
import Trivia
import WireBytes

extension ShowRoutes {
    var playerEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .patch, path: Self.path + "/players/{player}", id: "changePlayer",
                summary: """
                    Changes what the audience sees of a player, from now on: the name, or whether \
                    it is hidden.
                    """, tag: "commands",
                body: [
                    .json(
                        .object([
                            .may("name", .string("What the audience is to see.")),
                            .may(
                                "isNameHidden",
                                .boolean("It sees a number instead of the name.")),
                        ]))
                ], isBodyRequired: true, order: .resource,
                answers: [Self.receipt, Self.stale], handler: changePlayer)
        ]
    }

    @Sendable private func changePlayer(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let tree = try await StaffBody.json(request, what: "a player's change")
        let ticket = try OrderTicketReader.ofResource(request, context)
        let player = PercentEncoding.decodeLeniently(try context.parameters.require("player"))
        let order = try Self.reading { () throws(Complaint) -> ShowCommand in
            let fields = try JSONFields(
                tree, what: "a player's change", keys: ["name", "isNameHidden"])
            switch (try fields.string("name"), try fields.bool("isNameHidden")) {
            case (let name?, nil): return .rename(player: player, name: name)
            case (nil, true?): return .hideName(player: player)
            case (nil, false?): return .showName(player: player)
            default:
                throw Complaint(
                    "a player's change has either a \"name\" or \"isNameHidden\", one at a time")
            }
        }
        return try await perform(order, on: try show(context), under: ticket, context)
    }
}
