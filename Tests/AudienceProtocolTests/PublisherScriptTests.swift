// Which script tags a publisher may call its own.

import AudienceProtocol
import Testing

@Suite struct PublisherScriptTests {
    @Test(arguments: [
        "onTally", "onFI", "onCustom 2", "quiz", "Quiz.on", "onQuizzes", "onMessages",
        "|RtmpSampleAccess",
    ])
    func aPublishersOwnNamesArePassed(name: String) {
        #expect(PublisherScript.mayBePassed(name: name))
    }

    @Test(arguments: CueName.allCases.map(\.rawValue) + ["onMetaData", "@setDataFrame"])
    func noSpellingOfOursIs(name: String) {
        for spelling in [
            name, name.uppercased(), name.lowercased(), " \(name)\t", "\(name)\0", "\(name)\0x",
            name.map { "\($0)-" }.joined(), "\u{FEFF}\(name)", "\(name)\u{301}", "\(name)\u{FFFD}",
            "\u{43E}\(name.dropFirst())", "@\(name)", "_\(name)_",
        ] { #expect(!PublisherScript.mayBePassed(name: spelling), "\(spelling)") }
    }
}
