// Names that the host has changed or hidden: what the audience sees, and what stays as it was.

import Testing
import Trivia

@Suite struct NameTests {
    private func names(_ game: Game) -> [String] {
        switch game.show.cue {
        case .standings(let lines): lines.map(\.name)
        case .winners(let winners): winners.names
        default: []
        }
    }

    @Test func theAudienceSeesTheNewName() throws {
        var game = try Game(playerCount: 2, questionCount: 1)
        try game.play([1, 1])
        try game.host(.next)
        #expect(names(game) == ["Player p0", "Player p1"])
        try game.host(.rename(player: "p0", name: "Anna"))
        try game.host(.hideName(player: "p1"))
        #expect(names(game) == ["Anna", "#2"])
        try game.host(.finish)
        #expect(names(game) == ["Anna", "#2"])
        let hidden = try #require(game.show.standing(of: .init(rawValue: 1)))
        #expect(hidden.name == "#2" && hidden.joinedName == "Player p1" && hidden.isNameHidden)
        try game.host(.showName(player: "p1"))
        #expect(names(game) == ["Anna", "Player p1"])
    }

    @Test func aNameIsHiddenWhateverItIs() throws {
        var game = try Game(playerCount: 1)
        try game.host(.hideName(player: "p0"))
        try game.host(.rename(player: "p0", name: "Anna"))
        #expect(game.show.standing(of: .init(rawValue: 0))?.name == "#1")
        try game.host(.showName(player: "p0"))
        #expect(game.show.standing(of: .init(rawValue: 0))?.name == "Anna")
    }

    @Test func afterTheEndToo() throws {
        var game = try Game(playerCount: 1, questionCount: 1)
        try game.play([1])
        for command in [ShowCommand.next, .finish] { try game.host(command) }
        let before = try #require(Settlement(game.show))
        try game.host(.rename(player: "p0", name: "Anna"))
        #expect(names(game) == ["Anna"])
        try game.host(.settle)
        try game.host(.hideName(player: "p0"))
        // Who is paid is who joined.
        #expect(Settlement(game.show)?.payouts == before.payouts)
    }

    @Test func whatCantBeIsRefused() throws {
        var game = try Game(playerCount: 1)
        game.expectRefusal(.rename(player: "p9", name: "x"), .unknownPlayerID("p9"))
        game.expectRefusal(.rename(player: "p0", name: " "), .badPlayerName(.empty))
        game.expectRefusal(
            .rename(player: "p0", name: "\u{202E}x"), .badPlayerName(.turnsItsLine))
        game.expectRefusal(.rename(player: "p0", name: "a\nb"), .badPlayerName(.controlCharacter))
        game.expectRefusal(.showName(player: "p0"), .nameNotHidden)
        try game.host(.hideName(player: "p0"))
        game.expectRefusal(.hideName(player: "p0"), .nameHidden)
        let draft = try Game()
        draft.expectRefusal(.hideName(player: "p0"), .unknownPlayerID("p0"))
    }

    @Test func theLogHasIt() throws {
        var game = try Game(playerCount: 2, questionCount: 1)
        try game.host(.rename(player: "p0", name: "Anna"))
        try game.host(.hideName(player: "p1"))
        #expect(try Show(replaying: game.log) == game.show)
    }
}
