// What a command is known by when it comes again: the same words in the ledger, version after version.

import Game
import Ledger
import Testing
import Trivia

@Suite("Digests of commands")
struct DigestTests {
    /// Where one of these is another, a command that was sent before an upgrade and comes again after it
    /// would be refused as another one: then `HostRequest.digestForm` has to be raised.
    @Test("the same command has the same digest in every version of this form")
    func pinned() throws {
        let stand = try DeskStand()
        let prize = try PrizePool(minorUnits: 999, currency: "EUR")
        try stand.host(
            .create(
                ShowPlan(title: "Quiz", mode: .points, winnerRule: .best(3), prize: prize),
                stream: "main"))
        let question = Question(
            id: "q-1", text: "What?", options: ["a", "b"], correct: 2, mediaURL: "/m/1.png")
        try stand.host(.replaceQuestions([question]))
        try stand.host(.correct(question: "q-1", correct: "#1", reason: "A typo"))
        let digests = try stand.desk.log(show: "show").map(\.digest)
        #expect(
            digests == [
                "2:ecb0bb440731426d95fe6c02ccc6aa3570c61b7ef1527d45cea95333daa07b48",
                "2:e67e26fc0d0aadf2b1f7316800d735a2c8b7872e54d5881b2da2933fc928c6d0",
                "2:1ad7f8438f2befdaf0891607605d19fed1f83df6a2f3a8d48f4d26d0d881a9a1",
            ])
    }
}
