// `fanfare reload`: what a person reads of it.

import ControlRoom
import Testing

@testable import HostCLI

@Suite struct ReloadTests {
    @Test func whatIsInForceAndWhatWaitsIsALineEach() {
        let text = Reload.text(
            of: ReloadReport(
                source: "/etc/fanfare/fanfare.json", taken: ["cors.origins", "publishKey"],
                waiting: ["shards"], warnings: ["The stream key is short."]))
        #expect(
            text == """
                read again: /etc/fanfare/fanfare.json
                  cors.origins: in force
                  publishKey: in force
                  shards: after a restart
                  look at: The stream key is short.

                """)
    }

    @Test func nothingNewIsSaid() {
        let text = Reload.text(of: ReloadReport(source: "f.json", taken: [], waiting: []))
        #expect(text == "read again: f.json\n  nothing has changed\n")
    }

    @Test func itTakesAPlaceAndNothingElse() throws {
        let command = try Reload.parse(["--staff", "127.0.0.1:9091"])
        #expect(command.place.staff?.address.description == "127.0.0.1:9091")
        #expect(throws: (any Error).self) { try Reload.parse(["now"]) }
    }
}
