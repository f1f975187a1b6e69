// URLs that somebody is asked at.

import HTTPWire
import Testing

@Suite struct HTTPURLTests {
    @Test func aURLIsTakenApart() throws {
        let plain = try #require(HTTPURL("http://a.example"))
        #expect(!plain.isSecure && plain.host == "a.example" && plain.port == 80)
        #expect(plain.target == "/" && plain.authority == "a.example")
        let whole = try #require(HTTPURL("https://a-b.example:8443/x/y?z=1&q=%20"))
        #expect(whole.isSecure && whole.host == "a-b.example" && whole.port == 8_443)
        #expect(whole.target == "/x/y?z=1&q=%20" && whole.authority == "a-b.example:8443")
        #expect(whole.origin == "https://a-b.example:8443" && plain.origin == "http://a.example")
        let query = try #require(HTTPURL("https://a.example?x"))
        #expect(query.target == "/?x" && query.port == 443)
        let six = try #require(HTTPURL("http://[2001:db8::1]:81/"))
        #expect(six.host == "2001:db8::1" && six.port == 81 && six.authority == "[2001:db8::1]:81")
    }

    @Test(arguments: [
        "", "a.example", "ftp://a.example", "http://", "http:///x", "http://a b/", "http://a/#x",
        "http://user:word@a.example/", "http://a.example:0/", "http://a.example:99999/",
        "http://a.example:80x/", "http://[::1", "http://[a.example]/", "http://[::1]80/",
        "http://a_b.example/", "http://a.example/\r\nX: y", "http://a.example/ä",
    ])
    func whatIsNoneIsRefused(text: String) { #expect(HTTPURL(text) == nil) }

    @Test func aLongOneIsRefused() {
        let path = String(repeating: "a", count: HTTPURL.byteCountMax)
        #expect(HTTPURL("http://a/\(path)") == nil)
    }
}
