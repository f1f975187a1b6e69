// Fuzzes players' tokens: as they come, and with their claims signed by the right key.

import Access
import COpenSSL
import WireBytes

private let keyText = "0123456789abcdef0123456789abcdef"
private let nowUnixS = 1_700_000_000

/// libFuzzer's entry: the first byte chooses whether the rest is a whole token, or the header (up
/// to the first line feed) and the claims of one that is then signed.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPlayerToken(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 0 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let key = try? PlayerKey(validating: keyText) else {
        preconditionFailure("the fuzzer's own key is refused")
    }
    let bytes = Array(input[1...])
    if input[0] & 1 == 0 {
        check(bytes, key: key)
    } else {
        let end = bytes.firstIndex(of: 0x0A) ?? 0
        let message =
            Base64.encode(Array(bytes[..<end]).span.bytes, .url) + [UInt8(ascii: ".")]
            + Base64.encode(Array(bytes[end...].dropFirst()).span.bytes, .url)
        let token = message + [UInt8(ascii: ".")] + signature(of: message)
        check(token, key: key)
        checkOtherKeys(token)
    }
    return 0
}

/// Whoever is let in has a good identity, which can be minted and let in again.
private func check(_ token: [UInt8], key: PlayerKey) {
    do throws(PlayerTokenError) {
        let player = try PlayerToken.verify(
            token.span.bytes, key: key, show: nil, nowUnixS: nowUnixS)
        precondition(token.count <= PlayerTokenLimits.characterCountMax)
        precondition(player.expiresAtUnixS > nowUnixS - PlayerTokenLimits.leewayS)
        precondition(token.count { $0 == UInt8(ascii: ".") } == 2)
        let again = try PlayerToken.verify(
            Array(try player.mint(key: key).utf8).span.bytes, key: key, show: player.show,
            nowUnixS: nowUnixS)
        precondition(again == player, "\(player) came back as \(again)")
        // Without its signature, or with its end changed, nobody is.
        var changed = token
        changed[changed.count - 2] ^= 1
        precondition(!isLetIn(changed, key: key))
    } catch {
        precondition(!error.description.isEmpty)
    }
}

private func checkOtherKeys(_ token: [UInt8]) {
    guard let other = try? PlayerKey(validating: keyText + "x") else {
        preconditionFailure("the fuzzer's own key is refused")
    }
    precondition(!isLetIn(token, key: other))
}

private func isLetIn(_ token: [UInt8], key: PlayerKey) -> Bool {
    (try? PlayerToken.verify(token.span.bytes, key: key, show: nil, nowUnixS: nowUnixS)) != nil
}

private func signature(of message: [UInt8]) -> [UInt8] {
    let key = Array(keyText.utf8)
    var code = [UInt8](repeating: 0, count: 32)
    var byteCount = UInt32(0)
    let result = unsafe HMAC(
        EVP_sha256(), key, Int32(key.count), message, message.count, &code, &byteCount)
    precondition(unsafe result != nil)
    return Base64.encode(code.span.bytes, .url)
}
