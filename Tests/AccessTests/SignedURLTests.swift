// Signed addresses: what is let in, and each reason why something isn't.

import Access
import Testing
import WireBytes

private let keyText = "0123456789abcdef"
private let now = 1_700_000_000
private let viewer = HostKey(v4: 0xC000_0207)

/// The signature in a query as it is written.
private func signature(_ query: String) -> URLSignature? {
    URLSignature { name in
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts[0] == "\(name)" {
                return parts.count > 1 ? PercentEncoding.decodeLeniently(parts[1]) : ""
            }
        }
        return nil
    }
}

private func key(_ text: String = keyText) throws -> URLKey { try URLKey(validating: text) }

private func keys() throws -> URLKeys {
    URLKeys(
        play: URLKeyPair(main: try key()),
        push: URLKeyPair(main: try key("another-key-of-16-characters")))
}

/// What becomes of a query; nil where it lets somebody in.
private func refusal(
    _ query: String, role: URLRole = .play, stream: String = "show", keys given: URLKeys? = nil,
    from host: HostKey = viewer, nowUnixS: Int = now
) throws -> SignedURLRefusal? {
    let keys = try given ?? keys()
    do throws(SignedURLRefusal) {
        try keys.check(
            signature(query), for: role, stream: stream, from: host, nowUnixS: nowUnixS,
            others: { ["one", "other"] })
        return nil
    } catch { return error }
}

@Suite struct SignedURLTests {
    private func query(
        _ role: URLRole = .play, _ stream: String = "show", for seconds: Int = 3_600,
        address: IPAddress? = nil, key text: String = keyText
    ) throws -> String {
        let url = SignedURL(
            role: role, stream: stream, expiresAtUnixS: now + seconds, address: address)
        return try #require(url.query(key: try key(text)))
    }

    private func tencent(
        _ stream: String = "show", for seconds: Int = 3_600, key text: String = keyText
    ) throws -> String {
        let url = SignedURL(role: .play, stream: stream, expiresAtUnixS: now + seconds)
        return try #require(url.tencentQuery(key: try key(text)))
    }

    @Test func addressesSignedByOthersAreTaken() throws {
        // Made by Python's hashlib and hmac.
        let theirs = "txSecret=3ba037c2e091218025222e2e0ca90d60&txTime=6553FF10"
        let ours =
            "exp=1700003600&for=play/show&addr=192.0.2.7"
            + "&sig=Xnod4KEkzffS3BLtCh3xAeVtv5MYuqnhgqC7pXDDLd0"
        #expect(try refusal(theirs) == nil)
        let secret = "3ba037c2e091218025222e2e0ca90d60"
        #expect(try refusal(theirs.replacing(secret, with: secret.uppercased())) == nil)
        #expect(try refusal(ours) == nil)
        #expect(try tencent() == theirs)
    }

    /// Encoders cut an address at its last slash.
    @Test(arguments: URLRole.allCases) func aQueryHasNoSlash(_ role: URLRole) throws {
        let query = try query(role, address: IPAddress("2001:db8::7"))
        #expect(query.hasPrefix("for=\(role)%2Fshow&"))
        #expect(!query.contains("/"))
    }

    /// Name and time stand side by side in what Tencent's form signs: wherever the cut is put, only
    /// the name that was meant is let in.
    @Test(arguments: [
        "cam0", "cam00", "cam6", "cafe", "cam0a", "c0", "0", "X0000000000", "show-2026", "6553F10C",
    ])
    func noDigitOfANameIsOneOfTheTime(stream: String) throws {
        for seconds in [1, 60, 3_600, 86_400 * 300] {
            let query = try tencent(stream, for: seconds)
            #expect(try refusal(query, stream: stream) == nil)
            let items = query.split(separator: "&txTime=")
            try #require(items.count == 2 && items[1].count == 8)
            let signed = Array(stream + items[1])
            for cut in 1..<signed.count where cut != stream.count {
                let moved = "\(items[0])&txTime=\(String(signed[cut...]))"
                let result = try refusal(moved, stream: String(signed[..<cut]))
                #expect(result == .malformed(item: "txTime"), "\(moved)")
            }
        }
    }

    @Test func aTimeHasEightDigits() throws {
        // Signed by the right key, by somebody who writes it otherwise.
        let url = SignedURL(role: .play, stream: "show0", expiresAtUnixS: now + 3_600)
        let query = try #require(url.tencentQuery(key: try key()))
        #expect(try refusal(query, stream: "show0") == nil)
        #expect(
            try refusal(query.replacing("txTime=", with: "txTime=0"), stream: "show")
                == .malformed(item: "txTime"))
        let early = SignedURL(role: .play, stream: "show", expiresAtUnixS: 17)
        #expect(try #require(early.tencentQuery(key: try key())).hasSuffix("&txTime=00000011"))
    }

    @Test func whatIsSignedIsTaken() throws {
        #expect(try refusal(try query()) == nil)
        #expect(try refusal(try tencent()) == nil)
        let bound = try query(address: IPAddress("192.0.2.7"))
        #expect(try refusal(bound) == nil)
        let other = "another-key-of-16-characters"
        #expect(try refusal(try query(.push, key: other), role: .push) == nil)
    }

    @Test func theTimeInSmallLettersIsSignedAsItStands() throws {
        let upper = try tencent(for: 12)
        #expect(upper.hasSuffix("txTime=6553F10C"))
        // The same moment, but another text: the signature is over the text.
        #expect(try refusal(upper.replacing("6553F10C", with: "6553f10c")) == .wrong)
    }

    @Test func eachReasonIsToldApart() throws {
        #expect(try refusal("") == .missing)
        #expect(try refusal("lang=de&token=a.b.c") == .missing)
        #expect(try refusal("exp=1700003600&for=play/show") == .malformed(item: "sig"))
        #expect(try refusal("sig=abc&for=play/show") == .malformed(item: "exp"))
        #expect(try refusal("txTime=6553FF10") == .malformed(item: "txSecret"))
        #expect(try refusal("txSecret=abc&txTime=nine") == .malformed(item: "txTime"))
        #expect(try refusal("txSecret=abc&txTime=FFFFFFFFFFF") == .malformed(item: "txTime"))
        let long = String(repeating: "a", count: 129)
        #expect(try refusal("txSecret=\(long)&txTime=6553FF10") == .malformed(item: "txSecret"))
        #expect(try refusal(try query().replacing("sig=", with: "sig=x")) == .wrong)
        #expect(try refusal(try query(key: "some-strangers-key")) == .wrong)
        #expect(try refusal(try tencent(key: "some-strangers-key")) == .wrong)
        #expect(try refusal(try query(for: 0)) == .expired)
        #expect(try refusal(try tencent(for: -1)) == .expired)
        #expect(try refusal(try query(for: 400 * 86_400)) == .tooLong)
        #expect(try refusal(try tencent(for: 400 * 86_400)) == .tooLong)
        #expect(try refusal(try query(.play, "other")) == .otherStream)
        #expect(try refusal(try tencent("other")) == .otherStream)
        let bound = try query(address: IPAddress("192.0.2.8"))
        #expect(try refusal(bound) == .otherAddress)
        #expect(try refusal(try query(), keys: URLKeys()) == .off)
    }

    @Test func aLinkToWatchDoesNotPublish() throws {
        #expect(try refusal(try query(), role: .push) == .otherRole)
        #expect(try refusal(try tencent(), role: .push) == .otherRole)
        // Nor where the server knows no key to play.
        let push = try keys().push
        #expect(try refusal(try query(), role: .push, keys: URLKeys(push: push)) == .wrong)
    }

    @Test func nothingThatIsSignedCanBeChanged() throws {
        let good = try query(address: IPAddress("192.0.2.7"))
        for (from, to) in [
            ("play%2Fshow", "play%2Fshox"), ("exp=17", "exp=18"), ("192.0.2.7", "192.0.2.9"),
            ("&addr=192.0.2.7", ""),
        ] {
            #expect(good.contains(from))
            #expect(try refusal(good.replacing(from, with: to)) == .wrong, "\(from)")
        }
        // A line end can't move a word from one item into another.
        let moved = good.replacing("play%2Fshow", with: "play%2Fshow%0A1")
        #expect(try refusal(moved) == .malformed(item: "for"))
    }

    @Test func theKeyBeforeIsGoodWhileItIsNamed() throws {
        let old = try key()
        let new = try key("the-key-after-that-one")
        let changing = URLKeys(play: URLKeyPair(main: new, previous: old))
        let changed = URLKeys(play: URLKeyPair(main: new))
        for query in [try query(), try tencent()] {
            #expect(try refusal(query, keys: changing) == nil)
            #expect(try refusal(query, keys: changed) == .wrong)
        }
        #expect(try refusal(try query(key: new.text), keys: changing) == nil)
    }

    @Test func anAddressOfIPv6StandsForItsNetwork() throws {
        let bound = try query(address: IPAddress("2001:db8:1:2::7"))
        let near = try #require(IPAddress("2001:db8:1:2:aaaa::1"))
        let far = try #require(IPAddress("2001:db8:1:3::7"))
        #expect(try refusal(bound, from: HostKey(near)) == nil)
        #expect(try refusal(bound, from: HostKey(far)) == .otherAddress)
    }

    @Test func anAddressIsGoodUntilItsMoment() throws {
        let query = try query(for: 60)
        #expect(try refusal(query, nowUnixS: now + 59) == nil)
        #expect(try refusal(query, nowUnixS: now + 60) == .expired)
    }

    @Test(arguments: SignedURLRefusal.allCases)
    func eachRefusalIsASentence(_ refusal: SignedURLRefusal) {
        #expect(refusal.description.count > 30)
        #expect(refusal.description.hasSuffix("."))
    }

    @Test func aKeyThatCanBeTriedOutIsNotTaken() {
        #expect(throws: SecretError.self) { try URLKey(validating: "fifteen-letters") }
    }
}
