// The audience's side of the game: what shards ask, and what the game answers.

import Delivery
import Game
import HTTPWire
import TextWire
import WireBytes

/// Hands the shards' questions to the game, and the game's receipts to the shards.
final class LivePlayerService: PlayerService {
    private let game: GameDesk
    private let replies: AudienceReplies

    init(game: GameDesk, replies: AudienceReplies) {
        self.game = game
        self.replies = replies
    }

    func admit(
        token: RawSpan, stream: String?, host: HostKey
    ) -> Result<Delivery.PlayerTicket, AudienceRefusal> {
        game.admit(token: token, stream: stream, host: host).map {
            Delivery.PlayerTicket(player: $0.rawValue)
        }
        .mapError(Self.refusal)
    }

    func join(_ join: AudienceJoin) {
        var json = Array("{".utf8)
        do throws(AdmissionRefusal) {
            let token = try game.join(
                name: join.name, show: join.show, stream: join.stream, host: join.host)
            json += Array("\"token\":".utf8)
            JSONText.append(token, to: &json)
            json.append(UInt8(ascii: "}"))
            // Whoever is told to be in is in, whatever happens next.
            let isAsked = game.afterNextTurn { [replies, json] in
                replies.deliver([AudienceReply(to: join.replyTo, json: json)])
            }
            if !isAsked { refuseForNow(join.replyTo) }
        } catch {
            let refusal = Self.refusal(error)
            replies.deliver([Self.reply(refusal, to: join.replyTo)])
        }
    }

    func submit(_ answer: AudienceAnswer) {
        let ticket = Game.PlayerTicket(rawValue: answer.player.player)
        var show: QuestionName?
        if let name = answer.show {
            show = QuestionName(name)
            guard show != nil else {
                let refusal = AudienceRefusal(.conflict, "There is no such show.")
                return replies.deliver([Self.reply(refusal, to: answer.replyTo)])
            }
        }
        guard let question = QuestionName(answer.question) else {
            let refusal = AudienceRefusal(.conflict, "There is no such question.")
            return replies.deliver([Self.reply(refusal, to: answer.replyTo)])
        }
        let isTaken = game.submit(
            PlayerAnswer(
                ticket: ticket, question: question, choice: Int32(clamping: answer.choice),
                receivedNs: answer.receivedNs, handover: answer.handover.map(Self.handover),
                show: show,
                address: answer.replyTo.rawValue))
        guard !isTaken else { return }
        let refusal = AudienceRefusal(
            .serviceUnavailable, "Too many answers at once. Please send it again.")
        replies.deliver([Self.reply(refusal, to: answer.replyTo)])
    }

    func tellStanding(of player: Delivery.PlayerTicket, to address: ReplyAddress) {
        let ticket = Game.PlayerTicket(rawValue: player.player)
        let isAsked = game.askStanding(of: ticket) { [replies] standing in
            replies.deliver([Self.reply(standing, to: address)])
        }
        if !isAsked { refuseForNow(address) }
    }

    private static func reply(
        _ standing: PlayerStanding, to address: ReplyAddress
    ) -> AudienceReply {
        let sentence: String
        switch standing {
        case .known(let json): return AudienceReply(to: address, json: json)
        case .over: sentence = "This show is over."
        case .early: sentence = "The doors aren't open yet; you are in when they open."
        case .unseated: sentence = "You joined after the entry closed; you can watch, not play."
        }
        return reply(AudienceRefusal(.conflict, sentence), to: address)
    }

    private func refuseForNow(_ address: ReplyAddress) {
        let refusal = AudienceRefusal(
            .serviceUnavailable, "Too many ask at once. Please ask again.")
        replies.deliver([Self.reply(refusal, to: address)])
    }

    func state(of stream: String?) -> SharedBytes {
        let state = game.state(of: stream)
        return SharedBytes(json: state.bytes, version: state.version)
    }

    func handedOver(_ question: String, to players: [QuestionHandover]) {
        guard let name = QuestionName(question) else { return }
        game.handedOver(
            name,
            players.map { handover in
                HandoverReport(
                    ticket: Game.PlayerTicket(rawValue: handover.player.player),
                    handover: Self.handover(handover))
            })
    }

    private static func handover(_ handover: QuestionHandover) -> StreamHandover {
        StreamHandover(
            atNs: handover.atNs, countedNs: handover.countedNs, sinceNs: handover.sinceNs)
    }

    /// What the game has decided, on its way to whoever waits for it.
    static func deliver(_ batch: ReceiptBatch, by replies: AudienceReplies) {
        replies.deliver(
            batch.entries.map { entry in
                AudienceReply(
                    to: ReplyAddress(rawValue: entry.address),
                    status: entry.isAccepted
                        ? .ok : entry.canBeSentAgain ? .serviceUnavailable : .conflict,
                    json: Array(batch.bytes[entry.range]))
            })
    }

    private static func reply(
        _ refusal: AudienceRefusal, to address: ReplyAddress
    ) -> AudienceReply {
        AudienceReply(to: address, status: refusal.status, json: refusal.json)
    }

    private static func refusal(_ refusal: AdmissionRefusal) -> AudienceRefusal {
        let status: HTTPStatus =
            switch refusal {
            case .token, .otherShow: .unauthorized
            case .noShow, .severalShows, .over: .conflict
            case .banned, .addressBanned, .noGuests, .noGuestsForPrize: .forbidden
            case .badName: .badRequest
            case .full, .noToken: .serviceUnavailable
            }
        return AudienceRefusal(status, refusal.description, isGuess: isGuess(refusal))
    }

    /// Whether somebody tries tokens that nobody has signed, and not one of yesterday.
    private static func isGuess(_ refusal: AdmissionRefusal) -> Bool {
        guard case .token(let error) = refusal else { return false }
        switch error {
        case .tooLong, .malformed, .algorithm, .signature: return true
        case .claim, .expired, .notYetValid, .otherShow, .noHMAC: return false
        }
    }
}
