// What the control room needs of whoever runs the shows: one small protocol.

public import Trivia

/// Who gives an order, and how it is told apart from its repetition.
public struct OrderTicket: Sendable, Equatable {
    /// The client's own name for this order; the same one again is the same order again.
    public var id: String
    /// The version of the show the host was looking at, if the order is to be refused when
    /// somebody has changed the show since.
    public var expectedVersion: Int?
    /// Who gives it, for the audit: a name the client gave, or "staff".
    public var by: String
    /// The file that an import brings: the questions that are made of it may have other ids when it
    /// comes again, and it is the same order all the same.
    public var file: [UInt8]?

    /// A ticket.
    public init(
        id: String, expectedVersion: Int? = nil, by: String = "staff", file: [UInt8]? = nil
    ) {
        self.id = id
        self.expectedVersion = expectedVersion
        self.by = by
        self.file = file
    }
}

/// What an order led to. A repeated order gets the first one's receipt again.
public struct OrderReceipt: Sendable, Codable, Equatable {
    /// The order's id, as the client chose it.
    public var id: String
    /// The show.
    public var show: String
    /// The show's version after the order.
    public var version: Int
    /// Whether it is carried out by itself later: a lock waits for the last viewer's deadline.
    public var isPending: Bool

    /// A receipt.
    public init(id: String, show: String, version: Int, isPending: Bool = false) {
        self.id = id
        self.show = show
        self.version = version
        self.isPending = isPending
    }
}

/// Why a show doesn't do what it is told. Each sentence says what is the matter, and what to do.
public enum ShowDeskRefusal: Error, Sendable, Equatable {
    /// There is no such show.
    case unknownShow
    /// The show hasn't what the order names: a question, a player.
    case unknown(String)
    /// What was given can't be: a title too long, a currency that is none.
    case invalid(String)
    /// It can't be done in the phase the show is in, or somebody has changed the show since.
    case notNow(String)
    /// Nobody would see the question that is to be opened.
    case unseen(String)
    /// It means more than it seems to, which the sentence says. It is done if it comes again with
    /// this word of its body set to true.
    case unconfirmed(word: String, String)
    /// The ticket's id was used for another order.
    case idTaken
    /// The order can't be kept safe now, as with a full disk, so it isn't carried out.
    case unavailable(String)
}

/// Where shows are run. Everything here is for staff only: right answers are in it.
///
/// An order that was carried out is safe when `perform` returns.
public protocol ShowDesk: Sendable {
    /// All shows, the newest first.
    func shows() async throws(ShowDeskRefusal) -> [ShowSummary]

    /// A show at this moment. Called at each change while staff look on.
    func state(of show: String) async throws(ShowDeskRefusal) -> ShowState

    /// An element for each change of a show, its end included, until nobody takes them any more: at once
    /// for what somebody did, a few times a second at most while only numbers change. Changes that
    /// nobody has taken yet are one, and `state` has them by then.
    func changes(of show: String) -> AsyncStream<Void>

    /// The id of each show that changes, as `changes(of:)` would tell it, a new show's included. It
    /// ends if more changes than anybody takes: whoever wants to know on looks at all anew.
    func changes() -> AsyncStream<String>

    /// Its questions: those that were asked in the order in which they were, then those that are
    /// waiting in the order in which they would be. Those taken out aren't in it.
    func questions(of show: String) async throws(ShowDeskRefusal) -> [QuestionRecord]

    /// Does what the host says, once for each ticket's id.
    func perform(
        _ command: ShowCommand, on show: String, under ticket: OrderTicket
    ) async throws(ShowDeskRefusal) -> OrderReceipt

    /// The receipt of an import that was carried out; nil if no order had this id.
    ///
    /// - Parameters:
    ///   - ticket: the import's, with its file.
    ///   - replaces: whether the questions that wait are replaced.
    /// - Throws: `ShowDeskRefusal.idTaken` if another order had it.
    func receipt(
        ofImport ticket: OrderTicket, replaces: Bool, on show: String
    ) async throws(ShowDeskRefusal) -> OrderReceipt?

    /// Players whose name or id contains the text, in the order of joining.
    ///
    /// - Parameters:
    ///   - text: letters of both sizes are the same; empty finds everybody.
    ///   - address: where they came from; nil for anywhere.
    ///   - countMax: not more than these.
    func players(
        of show: String, matching text: String, from address: String?, countMax: Int
    ) async throws(ShowDeskRefusal) -> [PlayerRecord]

    /// The addresses that most players came from.
    ///
    /// - Parameter countMax: not more than these.
    func addresses(
        of show: String, countMax: Int
    ) async throws(ShowDeskRefusal) -> [AddressRecord]

    /// What came out of each question so far.
    func results(of show: String) async throws(ShowDeskRefusal) -> ShowResults

    /// Who has won and gets what; refused with `notNow` before the finish.
    func winners(of show: String) async throws(ShowDeskRefusal) -> ShowWinners

    /// Every player's answers, in the order in which they came. What comes in while they are read is
    /// among them or not.
    func answers(of show: String) async throws(ShowDeskRefusal) -> any AnswerPages

    /// What the host did, and whether the record agrees with itself.
    func audit(of show: String) async throws(ShowDeskRefusal) -> ShowAudit
}
