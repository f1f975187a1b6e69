// The addresses of the audience's side.

import AudienceProtocol
import Testing

@Suite struct AudiencePathTests {
    private func find(_ path: String) -> AudiencePath? {
        // Other bytes around it: nothing is looked at outside of the range.
        let bytes = Array("/\(path)/".utf8)
        return AudiencePath.find(1..<(bytes.count - 1), in: bytes.span.bytes)
    }

    @Test(arguments: AudiencePath.allCases)
    func eachIsFoundByWhatDocumentsWrite(path: AudiencePath) {
        let text = "\(path.template)".replacing("{name}", with: "show")
        #expect(find(text) == path)
        for other in [
            "\(text)/", "\(text)x", "/\(text)", String(text.dropLast()), text.uppercased(),
        ] {
            #expect(find(other) == nil, "\(other)")
        }
    }

    @Test(arguments: ["", "/", "/api/v1", "/api/v1/", "/api/v1/%6De", "/live/{name}.flv", "/live"])
    func otherPathsAreNone(path: String) { #expect(find(path) == nil) }
}
