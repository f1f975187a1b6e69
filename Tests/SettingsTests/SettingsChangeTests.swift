// What a running server does with settings that are read again.

import Settings
import Testing

@Suite struct SettingsChangeTests {
    @Test func whatIsDeclaredDecides() throws {
        let old = try settings(flags: ["logLevel": "info", "shards": "2"])
        let new = try settings(flags: ["logLevel": "debug", "shards": "3", "viewers.max": "10"])
        let change = SettingsChange(from: old, to: new)
        #expect(change.taken == ["logLevel", "viewers.max"])
        #expect(change.waiting == ["shards"])
        #expect(SettingsChange(from: new, to: new).taken.isEmpty)
    }

    @Test func theSameTextFromElsewhereIsNoChange() throws {
        let old = try settings(flags: ["logLevel": "debug"])
        let new = try settings(environment: ["FANFARE_LOG_LEVEL": "debug"])
        let change = SettingsChange(from: old, to: new)
        #expect(change.taken.isEmpty && change.waiting.isEmpty)
    }

    @Test func aTokenIsChangedForAnotherButNotTheFirstOne() throws {
        let none = try settings()
        let one = try settings(flags: ["staffToken": "correct-horse"])
        let other = try settings(flags: ["staffToken": "battery-staple"])
        #expect(SettingsChange(from: one, to: other).taken == ["staffToken"])
        #expect(SettingsChange(from: none, to: one).waiting == ["staffToken"])
        #expect(SettingsChange(from: one, to: none).waiting == ["staffToken"])
    }

    @Test func whatWaitsStaysAsItWasAndStillDiffersTheNextTime() throws {
        let old = try settings(flags: ["shards": "2", "data": "/old"])
        let new = try settings(flags: ["shards": "3", "data": "/new", "logLevel": "debug"])
        let waiting = SettingsChange(from: old, to: new).waiting
        let kept = new.keeping(waiting, of: old)
        #expect(kept.shardCount == 2 && kept.dataPath == "/old" && kept.logLevel == .debug)
        let next = SettingsChange(from: kept, to: new)
        #expect(next.waiting == waiting && next.taken.isEmpty)
    }
}
