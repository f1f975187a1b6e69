// The tables of cues' properties hold together.

import AudienceProtocol
import Testing

@Suite struct CueFieldTests {
    private static let tables =
        [QuizPhase.common, MessageKind.common] + QuizPhase.allCases.map(\.fields)
        + MessageKind.allCases.map(\.fields)

    @Test func noTableNamesAPropertyTwice() {
        for table in Self.tables {
            let all = table.required + table.optional
            #expect(Set(all).count == all.count)
        }
        for fields in QuizPhase.allCases.map(\.fields) {
            let common = Set(QuizPhase.common.required + QuizPhase.common.optional)
            #expect(common.isDisjoint(with: fields.required + fields.optional))
        }
    }

    @Test func whatHasMembersIsAnObject() {
        for field in CueField.allCases {
            #expect(field.members.isEmpty != [.object, .objects].contains(field.valueKind))
        }
    }
}
