// What staff look at: live numbers, players, results, winners, the audit.

import Hummingbird

/// `GET /api/v1/shows/<show>/addresses`.
struct AddressList: Codable, Equatable {
    var addresses: [AddressRecord]
}

/// `GET /api/v1/shows/<show>/players`.
struct PlayerList: Codable, Equatable {
    var players: [PlayerRecord]
}

extension ShowRoutes {
    var reportEndpoints: [Endpoint] {
        liveEndpoints + outcomeEndpoints + [settlementEndpoint, auditEndpoint]
    }

    private var liveEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.path + "/live", id: "getLive",
                summary: "The show with its live numbers; for staff only.", tag: "live",
                answers: [
                    .init(status: 200, summary: "It.", content: [.json(.named("ShowState"))])
                ],
                handler: { _, context in
                    let show = try show(context)
                    return try context.json(try await asking { try await $0.state(of: show) })
                }),
            Endpoint(
                method: .get, path: Self.path + "/events", id: "watchLive",
                summary: """
                    The same as server-sent events named "state", at once and at each change. \
                    Whoever comes back (Last-Event-ID) gets the show as it is.
                    """, tag: "live",
                answers: [.events],
                handler: { _, context in
                    let show = try show(context)
                    return try await context.events { () async throws(ShowDeskRefusal) in
                        try await hub.watch(show)
                    }
                }),
            Endpoint(
                method: .get, path: Self.path + "/players", id: "listPlayers",
                summary: "Players by part of their name or id.", tag: "live",
                query: [
                    .init(name: "match", summary: "Part of it.", schema: .string()),
                    .init(
                        name: "address", summary: "Only who came from there.", schema: .string()),
                    Self.countQuery,
                ],
                answers: [
                    .init(
                        status: 200, summary: "In the order of joining.",
                        content: [
                            .json(.object([.must("players", .array(of: .named("Player")))]))
                        ])
                ], handler: players),
            Endpoint(
                method: .get, path: Self.path + "/addresses", id: "listAddresses",
                summary: "Players by address, with marks on those that may be one person.",
                tag: "live", query: [Self.countQuery],
                answers: [
                    .init(
                        status: 200, summary: "Those with the most players first.",
                        content: [
                            .json(.object([.must("addresses", .array(of: .named("Address")))]))
                        ])
                ],
                handler: { request, context in
                    let show = try show(context)
                    let count = try Self.count(request)
                    let found = try await asking {
                        try await $0.addresses(of: show, countMax: count)
                    }
                    return try context.json(AddressList(addresses: found))
                }),
        ]
    }

    private static let countQuery = Endpoint.QueryItem(
        name: "count", summary: "At most so many, up to \(Limits.playerCountMax).",
        schema: .integer(min: 1))

    private static func count(_ request: Request) throws -> Int {
        guard let text = request.uri.queryParameters["count"] else { return 100 }
        guard let number = Int(text), 1...Limits.playerCountMax ~= number else {
            throw StaffError(
                status: .badRequest,
                message: "count must be a number from 1 to \(Limits.playerCountMax)")
        }
        return number
    }

    @Sendable private func players(
        _ request: Request, _ context: StaffContext
    ) async throws -> Response {
        let show = try show(context)
        let match = request.uri.queryParameters["match"].map(String.init) ?? ""
        let address = request.uri.queryParameters["address"].map(String.init)
        let count = try Self.count(request)
        let found = try await asking {
            try await $0.players(of: show, matching: match, from: address, countMax: count)
        }
        return try context.json(PlayerList(players: found))
    }

    private var outcomeEndpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: Self.path + "/results.json", id: "getResults",
                summary: "What came out of each question so far.", tag: "results",
                answers: [
                    .init(
                        status: 200, summary: "It.", content: [.json(.named("ShowResults"))])
                ],
                handler: { _, context in
                    let show = try show(context)
                    return try context.json(try await asking { try await $0.results(of: show) })
                }),
            Endpoint(
                method: .get, path: Self.path + "/results.csv", id: "getResultsCSV",
                summary: "What came out of each question so far.", tag: "results",
                answers: [.init(status: 200, summary: "The file.", content: [.csv])],
                handler: { _, context in
                    let show = try show(context)
                    let results = try await asking { try await $0.results(of: show) }
                    return context.csv(OutcomeCSV.text(of: results), name: "results")
                }),
            Endpoint(
                method: .get, path: Self.path + "/winners.json", id: "getWinners",
                summary: "Who has won and gets what; after the finish.", tag: "results",
                answers: [
                    .init(
                        status: 200, summary: "It.", content: [.json(.named("ShowWinners"))]),
                    Self.stale,
                ],
                handler: { _, context in
                    let show = try show(context)
                    return try context.json(try await asking { try await $0.winners(of: show) })
                }),
            Endpoint(
                method: .get, path: Self.path + "/winners.csv", id: "getWinnersCSV",
                summary: "Who has won and gets what; after the finish.", tag: "results",
                answers: [
                    .init(status: 200, summary: "The file.", content: [.csv]), Self.stale,
                ],
                handler: { _, context in
                    let show = try show(context)
                    let winners = try await asking { try await $0.winners(of: show) }
                    return context.csv(OutcomeCSV.text(of: winners), name: "winners")
                }),
        ]
    }

    private var settlementEndpoint: Endpoint {
        Endpoint(
            method: .get, path: Self.path + "/settlement", id: "previewSettlement",
            summary: "How the prize would be divided; after the finish. Nothing is.",
            tag: "results",
            answers: [
                .init(status: 200, summary: "It.", content: [.json(.named("SettlementPreview"))]),
                Self.stale,
            ],
            handler: { _, context in
                let show = try show(context)
                let state = try await asking { try await $0.state(of: show) }
                guard let settlement = state.settlement else {
                    throw StaffError.refusal(
                        .notNow(
                            "The show is in phase \(state.phase.rawValue), and its winners aren't "
                                + "known. Finish it first."), state: state)
                }
                return try context.json(settlement)
            })
    }

    private var auditEndpoint: Endpoint {
        Endpoint(
            method: .get, path: Self.path + "/audit", id: "auditShow",
            summary: "What the host did, and whether the record agrees with itself.",
            tag: "results",
            answers: [
                .init(status: 200, summary: "It.", content: [.json(.named("ShowAudit"))])
            ],
            handler: { _, context in
                let show = try show(context)
                return try context.json(try await asking { try await $0.audit(of: show) })
            })
    }
}
