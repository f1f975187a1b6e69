// The bounds of what the ledger keeps besides the shows' own.

import WireBytes

/// How much of anything the ledger takes.
public enum LedgerLimits {
    /// Who did something, bytes.
    public static let hostByteCountMax = NameLimits.staffNameByteCountMax
    /// A command's id, bytes.
    public static let commandIDByteCountMax = NameLimits.commandIDByteCountMax
    /// Callbacks that wait for one place: one that is down takes no room from the others.
    public static let callbackCountMax = 10_000
    /// Callbacks that were given up: of more the newest are kept.
    public static let deadCallbackCountMax = 1_000
    /// What is kept of why one failed, characters.
    static let callbackFailureCharacterCountMax = 300
    /// The winners whose lags an audit lists.
    static let auditedLagCountMax = 1_000
    /// The instants that are believed when a ledger is read, ns since 1970: until the year 2099. The
    /// clock goes on behind the newest of them, and needs room for it under the rules' own bound.
    static let instantNs: ClosedRange<Int64> = 0...4_100_000_000_000_000_000
    /// After so many pages of 4 KB the write-ahead log is put into the database by whoever writes, if
    /// nobody has done so beside (`Ledger.checkpointBeside`): 256 MB.
    static let checkpointPageCount = 65_536
    /// How long a backup waits for whoever has the file, s.
    static let backupBusyS = 10.0
    /// How long a process waits for another that has the file, s.
    static let busyS = 2.0
}
