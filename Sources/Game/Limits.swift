// The bounds of a running show, and how its answers are grouped.

import WireBytes

/// How much of anything the desk takes.
public enum GameLimits {
    /// Answers that wait to be judged. Who comes when it is full is told to try again.
    public static let waitingAnswerCountMax = 65_536
    /// Reports of hand-overs that wait; more are left out, and those players' lag counts as unknown.
    public static let waitingHandoverCountMax = 262_144
    /// Commands of hosts that wait.
    public static let waitingCommandCountMax = 256
    /// Looks at what belongs to the desk's thread that wait for its next turn, and how many are
    /// answered in one: the answers of the next turn wait for them.
    public static let waitingQueryCountMax = 65_536
    static let queryCountPerTurn = 2048
    /// How old the snapshot may be while answers pour in, ms.
    static let publishMs: Int64 = 50
    /// How long after the last time numbers alone are told to those who watch a show, ms.
    public static let notifyMs: Int64 = 200
    /// Changes of shows that nobody has taken, for one who watches them all.
    public static let untakenChangeCountMax = 1_024
    /// Tickets that are good for something, over all shows.
    public static let ticketCountMax = 2_000_000
    /// A question's id in an answer, bytes.
    public static let questionNameByteCountMax = NameLimits.idByteCountMax
    /// How long a guest's token is good, s.
    public static let guestTokenS = 86_400
    /// Shows that aren't settled; all of them are held in memory.
    public static let showCountMax = 100
    /// Settled shows that are held in memory, for players and hosts who still look: the newest.
    public static let settledShowCountMax = 2
    /// Streams whose show is over, and who are still told so: the newest.
    public static let endCountMax = 16
    /// From so many players of one address on it is listed as crowded.
    public static let crowdCountMin = 5
    /// From so many on the host is told, and again at four times as many; so often in one show.
    static let crowdNoteCount = 20
    static let crowdNoteCountMax = 20
    /// Crowded addresses that the live view has.
    static let crowdListCountMax = 5
    /// Joins of one address within so long are of the same instant, ms.
    static let sameInstantMs: Int64 = 10_000
    /// Addresses in one report.
    public static let addressCountMax = 1_000
    /// Notes for the host that are kept in memory.
    public static let noteCountMax = 100
    /// How often the desk looks at its timers, ms.
    public static let tickMs = 50
    /// How often an open question's clock is noted, ms: a crash counts from there.
    public static let aliveMs: Int64 = 500
    /// How often the audience of a filling lobby is told how many there are, and a cue that was
    /// refused is tried again, ms.
    public static let retellMs: Int64 = 2000
    /// How much an open question that nobody can see loses before it is given back, ms.
    public static let outageStepMs: Int64 = 2000
    /// After so long without picture or sound a stream shows nothing, ms.
    public static let mediaSilenceMs: Int64 = 2000
    /// How often the process says that it runs, ms; and a silence of so long is one in which it stood
    /// still, ms.
    static let beatMs: Int64 = 50
    static let standstillMs: Int64 = 1000
    /// The latest time of day that is believed at a start, ms since 1970: the year 2096.
    static let wallMsMax: Int64 = 4_000_000_000_000
    /// How long the limit on an outage may be, s.
    public static let outageLimitS = 0...3600
    /// What the record says of one command's changes to questions, bytes.
    static let detailByteCountMax = 64 << 10
}

/// How answers are put together into one transaction.
///
/// The defaults were chosen by `Benchmarks/answers`. At 60 000 answers a second, 2 ms of waiting
/// make groups of about 200 and take 32 % of a core where answers without it, in groups of 37, take
/// 57 to 61 %. 1 ms takes 38 %, with 1.6 times the syncs; 4 ms save another 5 % and make every receipt
/// 2 ms later. The count only matters when all answer at once: 15 000 then are one group and one sync,
/// and by groups of up to 4096 they are on disk at about the same time.
public struct GroupTuning: Equatable, Sendable {
    /// At most so many answers at once.
    public var countMax: Int
    /// How long the first of a group waits for others, µs.
    public var delayUs: Int

    /// A tuning.
    public init(countMax: Int = 16_384, delayUs: Int = 2000) {
        self.countMax = countMax
        self.delayUs = delayUs
    }
}
