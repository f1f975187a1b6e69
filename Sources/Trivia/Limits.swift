// The bounds of everything a show is made of.

import TextWire
import WireBytes

/// How much of anything a show may have. All bounds are inclusive.
///
/// The texts of one question, and the names of one list of winners, stay together under the 8 KB
/// that a cue may have.
public enum TriviaLimits {
    /// Players of one show, watchers included.
    public static let playerCountMax = 1_000_000
    /// Questions of one show.
    public static let questionCountMax = 200
    /// Questions of one show, those taken out again included: each has a number of its own.
    public static let questionNumberMax = 2_000
    /// Options of one question.
    public static let optionCount = 2...8
    /// How long a question may be open, ms.
    public static let windowMs = 100...600_000

    /// A show's or a question's id, bytes.
    public static let idByteCountMax = NameLimits.idByteCountMax
    /// A player's id, bytes: the `sub` of a token, which other people's systems choose.
    public static let playerIDByteCountMax = NameLimits.playerIDByteCountMax
    /// An address that is banned, bytes, and how many may be.
    public static let addressByteCountMax = 64
    public static let addressBanCountMax = 1_000
    /// A player's name, bytes.
    public static let nameByteCountMax = NameLimits.playerNameByteCountMax
    /// A show's title, bytes.
    public static let titleByteCountMax = 200
    /// A question's text, bytes.
    public static let questionByteCountMax = 1000
    /// An option's text, bytes.
    public static let optionByteCountMax = 200
    /// A question's explanation, bytes.
    public static let explanationByteCountMax = 1000
    /// The address of a question's picture or sound, bytes.
    public static let mediaURLByteCountMax = 500
    /// Why a question was voided, bytes.
    public static let reasonByteCountMax = 300

    /// How often a player may be revived in one show.
    public static let reviveCountMax = 10
    /// How late an answer may come after its window, ms.
    public static let graceMsMax = 10_000
    /// How much later than the first viewer's a window may open, ms.
    public static let lagMsMax = 60_000
    /// How much of a lag may count for speed, ms, if nothing else is said.
    public static let speedLagMsMaxStandard = 1000
    /// How much lost time may be given back at once, ms.
    public static let outageMsMax = 3_600_000
    /// Points of one right answer, without those for speed, and as many again for speed.
    public static let pointsMax = 100_000
    /// The prize, in minor units: ten million million of the major ones in most currencies.
    public static let prizeMinorUnitsMax = Money.minorUnitsMax

    /// When a show may be said to begin, ms since 1970: to the end of the year 9999.
    public static let startsAtMs: ClosedRange<Int64> = 0...253_402_300_799_999

    /// Lines of the standings in a cue.
    public static let standingCountMax = 10
    /// Names of winners in a cue.
    public static let winnerNameCountMax = 50

    /// The latest moment a show can know, ns: the year 2116, counted from 1970.
    public static let instantNsMax = Int64(1) << 62
    /// All the time that one question can be given back, ns: 73 years. With it every deadline is a
    /// number that there is.
    static let extensionNsMax = Int64(1) << 61
}
