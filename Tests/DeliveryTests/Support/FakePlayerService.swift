// A service that notes what it is asked, and replies when it is told to.

import HTTPWire
import IORing
import Synchronization
import WireBytes

@testable import Delivery

/// Players are called p0, p1 and so on, which is their token.
final class FakePlayerService: PlayerService {
    struct Notes {
        var answers: [AudienceAnswer] = []
        var joins: [AudienceJoin] = []
        var standings: [(PlayerTicket, ReplyAddress)] = []
        var handovers: [String: [QuestionHandover]] = [:]
        var admitted: [(token: String, stream: String?)] = []
        var state: SharedBytes?
        var refusesAll = false
        var replyCounts: [ReplyAddress: Int] = [:]
    }

    let replies = AudienceReplies()
    private let notes = Mutex(Notes())

    var audience: Audience { Audience(service: self, replies: replies) }
    var answers: [AudienceAnswer] { notes.withLock { $0.answers } }
    var joins: [AudienceJoin] { notes.withLock { $0.joins } }
    var admitted: [(token: String, stream: String?)] { notes.withLock { $0.admitted } }

    func standings() -> [(PlayerTicket, ReplyAddress)] { notes.withLock { $0.standings } }

    func handovers(_ question: String) -> [QuestionHandover] {
        notes.withLock { $0.handovers[question] ?? [] }
    }

    func set(state: SharedBytes?) { notes.withLock { $0.state = state } }

    /// Whether every token is refused from now on.
    var refusesAll: Bool {
        get { notes.withLock { $0.refusesAll } }
        set { notes.withLock { $0.refusesAll = newValue } }
    }

    static func ticket(_ number: UInt64) -> PlayerTicket { PlayerTicket(player: number) }

    func reply(_ address: ReplyAddress, _ text: String, status: HTTPStatus = .ok) {
        replies.deliver([AudienceReply(to: address, status: status, json: Array(text.utf8))])
    }

    /// Replies to all answers so far that were not replied to.
    func replyToAnswers() {
        let open = notes.withLock { notes in
            defer { notes.answers = [] }
            for answer in notes.answers { notes.replyCounts[answer.replyTo, default: 0] += 1 }
            return notes.answers
        }
        replies.deliver(
            open.map { answer in
                AudienceReply(
                    to: answer.replyTo,
                    json: Array(#"{"type":"receipt","question":"\#(answer.question)"}"#.utf8))
            })
    }

    /// Replies to everything that was not replied to.
    func replyToAll() {
        replyToAnswers()
        let open = notes.withLock { notes in
            defer {
                notes.joins = []
                notes.standings = []
            }
            return notes.joins.map(\.replyTo) + notes.standings.map(\.1)
        }
        for address in open { reply(address, "{}") }
    }

    /// How many answers of a connection were replied to.
    func replyCount(_ address: ReplyAddress) -> Int {
        notes.withLock { $0.replyCounts[address] ?? 0 }
    }

    // MARK: PlayerService

    func admit(
        token: RawSpan, stream: String?, host: HostKey
    ) -> Result<PlayerTicket, AudienceRefusal> {
        let text = unsafe token.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
        notes.withLock { $0.admitted.append((text, stream)) }
        guard !refusesAll, text.hasPrefix("p"), let number = UInt64(text.dropFirst()) else {
            return .failure(
                AudienceRefusal(
                    .unauthorized, "This token is not for this show.", isGuess: true))
        }
        return .success(FakePlayerService.ticket(number))
    }

    func join(_ join: AudienceJoin) { notes.withLock { $0.joins.append(join) } }
    func submit(_ answer: AudienceAnswer) { notes.withLock { $0.answers.append(answer) } }

    func tellStanding(of player: PlayerTicket, to address: ReplyAddress) {
        notes.withLock { $0.standings.append((player, address)) }
    }

    func state(of stream: String?) -> SharedBytes {
        // Made anew for each who asks, as by the real one.
        guard stream != "nobody", let state = notes.withLock({ $0.state }) else {
            return SharedBytes(json: Array(#"{"phase":"none"}"#.utf8), version: 0)
        }
        return SharedBytes(json: state.json, version: state.version)
    }

    func handedOver(_ question: String, to players: [QuestionHandover]) {
        notes.withLock { $0.handovers[question, default: []] += players }
    }
}
