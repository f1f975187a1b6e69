// What is answered on the audience's side: a table of addresses and methods.

import AudienceProtocol
import HTTPWire

/// A request that is answered, and on what terms.
struct AudienceRoute: Sendable, Equatable, BitwiseCopyable {
    /// Who answers it.
    enum Handler: Sendable {
        /// Begins a stream.
        case stream
        /// Makes a guest a player.
        case join
        /// Takes a player's answer.
        case answers
        /// Tells how a player stands.
        case me
        /// Tells what goes on.
        case state
        /// Tells what can be asked.
        case document
        /// Tells which streams there are.
        case streams
        /// Tells what time it is.
        case clock
        /// Tells whether newcomers are welcome.
        case health
    }

    /// Who may ask.
    enum Access: Sendable {
        /// Anybody; a token isn't looked at.
        case anyone
        /// Anybody; who brings a token is a player, and it has to be good.
        case anyoneOrPlayer
        /// Players, by their token.
        case player
    }

    /// How often it may be asked. Every request counts against its address as well.
    enum Rate: Sendable {
        /// As often as the address may ask.
        case address
        /// As often as a connection may send answers: what the service has to do something for.
        case connection
        /// As `connection`, and as often as guests may join from an address.
        case joins
    }

    let path: AudiencePath
    /// The method; who answers GET answers HEAD.
    let method: HTTPMethod
    let handler: Handler
    let access: Access
    let rate: Rate
    /// The longest JSON body, bytes; 0 where there is to be none.
    let bodyByteCountMax: Int

    init(
        _ method: HTTPMethod, _ path: AudiencePath, _ handler: Handler, _ access: Access,
        _ rate: Rate = .address, bodyByteCountMax: Int = 0
    ) {
        self.path = path
        self.method = method
        self.handler = handler
        self.access = access
        self.rate = rate
        self.bodyByteCountMax = bodyByteCountMax
    }
}

/// All that is answered; 404, 405, OPTIONS and HEAD follow from it.
enum AudienceRoutes {
    /// Fixed memory: looking into it allocates and counts nothing.
    static let table: InlineArray<9, AudienceRoute> = [
        AudienceRoute(.get, .stream, .stream, .anyoneOrPlayer),
        AudienceRoute(
            .post, .answers, .answers, .player, .connection,
            bodyByteCountMax: AudienceLimits.requestBodyByteCountMax),
        AudienceRoute(.get, .state, .state, .anyone),
        AudienceRoute(.get, .me, .me, .player, .connection),
        AudienceRoute(
            .post, .join, .join, .anyone, .joins,
            bodyByteCountMax: AudienceLimits.requestBodyByteCountMax),
        AudienceRoute(.get, .document, .document, .anyone),
        AudienceRoute(.get, .streams, .streams, .anyone),
        AudienceRoute(.get, .clock, .clock, .anyone),
        AudienceRoute(.get, .health, .health, .anyone),
    ]

    /// The route of a request; nil where the address doesn't answer the method.
    static func find(_ method: HTTPMethod, _ path: AudiencePath) -> AudienceRoute? {
        let method = method == .head ? .get : method
        for index in table.indices
        where table[index].path == path && table[index].method == method { return table[index] }
        return nil
    }

    /// What an address answers besides OPTIONS.
    static func methods(of path: AudiencePath) -> [HTTPMethod] {
        var methods: [HTTPMethod] = []
        for index in table.indices where table[index].path == path {
            methods.append(table[index].method)
            if table[index].method == .get { methods.append(.head) }
        }
        return methods
    }

    /// The same with OPTIONS, for the Allow field.
    static func allow(of path: AudiencePath) -> String {
        (methods(of: path) + [.options]).map(\.name).joined(separator: ", ")
    }
}
