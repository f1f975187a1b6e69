// What this module adds to the command line: everything that speaks to a running server.

import ArgumentParser

/// The commands of staff and hosts.
public enum HostCommands {
    /// In the order of `fanfare --help`.
    public static let all: [any ParsableCommand.Type] = [
        Announce.self, StreamGroup.self, URLCommand.self, CallbackGroup.self, ShowGroup.self,
        StaffGroup.self, Viewers.self, KickGroup.self, Ban.self, Bans.self, Unban.self, Drain.self,
        Audit.self, Reload.self,
    ]
}
