// A desk that signs addresses, for the control room's tests.

import Access

@testable import ControlRoom

/// Signs what is to be played; has no key for what is to be pushed unless it is told so.
struct StubURLs: URLDesk {
    var isPlaySigned = true
    var hasPushKey = false

    func query(for url: SignedURL, form: URLForm) throws(URLRefusal) -> String {
        guard url.role == .play || hasPushKey else { throw .noKey("there is no pushKey") }
        let address = url.address.map { "&addr=\($0)" } ?? ""
        return "\(form.rawValue)=\(url.role.rawValue)\(address)"
    }
}
