// Proxies that name those whom they bring, and one that never does.

import Testing

@testable import WireBytes

@Suite struct ProxyVoicesTests {
    @Test func silenceIsToldOfOnce() {
        var voices = ProxyVoices()
        let (silent, speaking) = (HostKey(v4: 1), HostKey(v4: 2))
        voices.named(by: speaking)
        let told = (0..<3).map { _ in
            [voices.unnamed(by: speaking), voices.unnamed(by: silent)]
        }
        #expect(told == [[false, true], [false, false], [false, false]])
    }

    @Test func aWholeNetworkThatIsTrustedIsNoFlood() {
        var voices = ProxyVoices()
        var toldCount = 0
        for number in 0..<UInt32(2 * ProxyVoices.proxyCountMax) {
            if voices.unnamed(by: HostKey(v4: number)) { toldCount += 1 }
            voices.named(by: HostKey(v4: number + 1_000_000))
        }
        #expect(1...ProxyVoices.proxyCountMax ~= toldCount)
    }
}
