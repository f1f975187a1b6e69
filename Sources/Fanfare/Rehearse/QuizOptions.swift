// The options of `fanfare rehearse` that make players of the viewers.

import Access
import ArgumentParser
import Glibc
import HostCLI
import Rehearsal
import Settings

/// How the simulated viewers play, if they do.
struct QuizOptions: ParsableArguments {
    @Option(help: "The viewers play, and this share of them answers each question.")
    var answers: Share?

    @Option(
        help:
            "The share of the players that watches without a WebSocket and answers by POST; 20% by default."
    )
    var post: Share?

    @Option(help: "The show to play in; by default the only one.")
    var show: String?

    @Option(
        help: ArgumentHelp(
            "Makes the players' tokens with the key in this file, instead of joining as guests.",
            valueName: "FILE"))
    var playerKey: String?

    @Option(help: "Another number makes other choices at other times; 1 by default.")
    var seed: UInt64?

    func validate() throws {
        guard answers != nil || (post == nil && show == nil && playerKey == nil && seed == nil)
        else { throw ValidationError("--post, --show, --player-key and --seed need --answers") }
        guard playerKey == nil || show != nil else {
            throw ValidationError("--player-key needs --show: a token is for one show")
        }
        if let show, !ShowArgument.isID(show) {
            throw ValidationError("--show is 1 to 64 letters, digits and - . _ ~")
        }
    }

    /// The plan of the players; nil where the viewers only watch.
    func plan() throws(QuizOptionsError) -> QuizPlan? {
        guard let answers else { return nil }
        var plan = QuizPlan(answeringShare: answers.fraction)
        if let post { plan.postingShare = post.fraction }
        if let seed { plan.seed = seed }
        plan.show = show
        guard let playerKey, let show else { return plan }
        let key = try Self.key(playerKey)
        let seed = plan.seed
        let expiresAtUnixS = time(nil) + Self.tokenS
        plan.identity = .minted { number in
            do throws(PlayerTokenError) {
                return try PlayerToken(
                    subject: "rehearsal.\(seed).\(number)", name: "Player \(number + 1)",
                    show: show, expiresAtUnixS: expiresAtUnixS
                ).mint(key: key)
            } catch { return nil }
        }
        return plan
    }

    /// How long a token is good, s.
    private static let tokenS = 86_400

    private static func key(_ path: String) throws(QuizOptionsError) -> PlayerKey {
        let text: String
        do throws(TextFileError) {
            text = try TextFile.read(path, byteCountMax: 4096, from: .anything)
        } catch {
            throw .cannotRead(path: path, error)
        }
        do throws(SecretError) {
            let line = text.split(whereSeparator: \.isWhitespace).first ?? ""
            return try PlayerKey(validating: String(line))
        } catch {
            throw .unusable(path: path, error)
        }
    }
}

/// Why players can't be made tokens.
enum QuizOptionsError: Error, Equatable, CustomStringConvertible {
    case cannotRead(path: String, TextFileError)
    case unusable(path: String, SecretError)

    var description: String {
        switch self {
        case .cannotRead(let path, let error): "cannot read the player key in \(path): \(error)"
        case .unusable(let path, let error): "the player key in \(path) is no good: \(error)"
        }
    }
}
