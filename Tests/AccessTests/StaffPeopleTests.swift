// Who the staff are, and their sessions, as plain values.

import Testing

@testable import Access

@Suite struct StaffPeopleTests {
    private func digest(_ text: String) throws -> TokenDigest {
        try #require(TokenDigest(of: text))
    }

    private func person(_ name: String, _ role: StaffRole = .host) throws -> StaffPerson {
        try StaffPerson(name: name, role: role, token: try digest(name), createdAtMs: 1)
    }

    @Test func whoeverMayDoMoreMayDoEverythingThatIsLess() {
        #expect(StaffRole.monitor < .host && .host < .director && !(StaffRole.host < .host))
    }

    @Test func aPersonIsKnownByTheTokenAlone() throws {
        var people = StaffPeople()
        try people.add(try person("anna", .director), hasMaster: false)
        try people.add(try person("ben"), hasMaster: false)
        #expect(people.person(bringing: try digest("ben"))?.name == "ben")
        #expect(people.person(bringing: try digest("Ben")) == nil)
        #expect(people.person(named: "BEN")?.name == "ben")
    }

    @Test(arguments: [
        "", "a b", "ä", "a/b", "staff", "Fanfare", "a\u{0}", "twenty-nine-characters-it-is-",
    ])
    func whatIsNoNameIsRefused(name: String) throws {
        #expect(throws: StaffPeopleError.badName) { try person(name) }
    }

    @Test func somebodyWhoCanGiveOutTokensIsAlwaysThere() throws {
        var people = StaffPeople()
        #expect(throws: StaffPeopleError.noDirectorFirst) {
            try people.add(try person("ben"), hasMaster: false)
        }
        try people.add(try person("anna", .director), hasMaster: false)
        try people.add(try person("ben"), hasMaster: false)
        #expect(throws: StaffPeopleError.lastDirector("anna")) {
            try people.remove(named: "ANNA", hasMaster: false)
        }
        #expect(throws: StaffPeopleError.nameTaken("Ben")) {
            try people.add(try person("Ben"), hasMaster: false)
        }
        #expect(throws: StaffPeopleError.unknown("cleo")) {
            try people.remove(named: "cleo", hasMaster: false)
        }
        try people.remove(named: "ben", hasMaster: false)
        #expect(throws: StaffPeopleError.lastPerson("anna")) {
            try people.remove(named: "anna", hasMaster: false)
        }
        var others = people
        try others.remove(named: "anna", hasMaster: true)
        #expect(others == StaffPeople())
        try people.remove(named: "anna", hasMaster: false, leavesOpen: true)
        #expect(people.all.isEmpty)
        try people.add(try person("ben"), hasMaster: true)
        #expect(people.all.count == 1)
    }

    @Test func theirNumberIsBounded() throws {
        var people = StaffPeople()
        for number in 0..<StaffLimits.personCountMax {
            try people.add(try person("p\(number)", .director), hasMaster: true)
        }
        #expect(throws: StaffPeopleError.tooMany) {
            try people.add(try person("more"), hasMaster: true)
        }
    }

    @Test func tokensAreLongAndNeverTheSame() throws {
        let token = try TokenDigest.newToken()
        #expect(token.utf8.count == 43)
        #expect(try TokenDigest.newToken() != token)
        #expect(try StaffToken(validating: token).warning == nil)
        let kept = try digest(token)
        #expect(TokenDigest(hex: kept.hex) == kept)
        for hex in [
            "", "00", kept.hex.uppercased(), kept.hex + "0", String(kept.hex.dropLast()) + "g",
        ] {
            #expect(TokenDigest(hex: hex) == nil || hex == kept.hex)
        }
    }

    // MARK: Sessions

    @Test func aSessionIsGoodForItsTime() throws {
        var sessions = StaffSessions()
        let (id, token) = (try digest("id"), try digest("token"))
        sessions.open(id, token: token, nowMs: 0)
        #expect(sessions.session(id, nowMs: StaffLimits.sessionMsMax)?.token == token)
        #expect(sessions.session(id, nowMs: StaffLimits.sessionMsMax + 1) == nil)
        #expect(sessions.session(try digest("other"), nowMs: 0) == nil)
        sessions.close(id)
        #expect(sessions.session(id, nowMs: 0) == nil)
        sessions.open(id, token: token, nowMs: 0)
        sessions.closeAll(openedBy: token)
        #expect(sessions.all.isEmpty)
    }

    @Test func theOldestGoWhenThereAreTooMany() throws {
        var sessions = StaffSessions()
        for number in 0..<StaffLimits.sessionsPerTokenMax + 1 {
            sessions.open(try digest("\(number)"), token: try digest("one"), nowMs: 0)
        }
        #expect(sessions.all.count == StaffLimits.sessionsPerTokenMax)
        #expect(sessions.session(try digest("0"), nowMs: 0) == nil)
        for number in 0..<StaffLimits.sessionCountMax {
            sessions.open(try digest("x\(number)"), token: try digest("t\(number)"), nowMs: 0)
        }
        #expect(sessions.all.count == StaffLimits.sessionCountMax)
        #expect(sessions.session(try digest("32"), nowMs: 0) == nil)
    }

    @Test func keptSessionsThatCantBeAreLeftOut() throws {
        let (id, token) = (try digest("id"), try digest("token"))
        func isKept(_ expiresAtMs: Int64) -> Bool {
            let session = StaffSession(id: id, token: token, expiresAtMs: expiresAtMs)
            return !StaffSessions([session], nowMs: 1_000).all.isEmpty
        }
        #expect(isKept(1_000) && isKept(1_000 + StaffLimits.sessionMsMax))
        #expect(!isKept(999) && !isKept(1_001 + StaffLimits.sessionMsMax) && !isKept(.max))
    }
}
