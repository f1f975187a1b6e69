// Players' tokens, as a producer's backend signs them, and such as it never would.

import Access
import Foundation
import HTTPWire

/// Makes tokens for the shows of a test.
enum PlayerTokens {
    /// What servers of these tests are given by `--player-key`.
    static let key = "0123456789abcdef0123456789abcdef-end-to-end"

    /// A token that is good for an hour.
    static func mint(
        _ id: String, name: String? = nil, show: String, expiresInS: Int = 3_600,
        key: String = key
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        return try PlayerToken(
            subject: id, name: name ?? "Player \(id)", show: show,
            expiresAtUnixS: now + expiresInS
        ).mint(key: PlayerKey(validating: key))
    }

    /// A token with another header, and whatever signature.
    static func forged(header: String, claims: String, signature: String = "") -> String {
        [header, claims].map { base64URL(Array($0.utf8)) }.joined(separator: ".") + "." + signature
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}

/// What a player asks for beside its stream.
struct PlayerDoor {
    let port: UInt16

    /// `POST` of a JSON text.
    func post(_ path: String, _ json: String, token: String? = nil) throws -> HTTPAnswer {
        let client = try HTTPClient(port: port)
        var fields = ["Content-Type: application/json", "Connection: close"]
        if let token { fields.append("Authorization: Bearer \(token)") }
        fields.append("Content-Length: \(json.utf8.count)")
        try client.connection.send(
            HTTPClient.request("POST", path, fields: fields) + Array(json.utf8))
        do {
            return try client.answer(to: "POST")
        } catch {
            throw TestFailure.unexpected("POST \(path): \(error)")
        }
    }

    /// A guest's token.
    func join(_ name: String) throws -> String {
        let answer = try post("/api/v1/join", #"{"name":"\#(name)"}"#)
        guard let token = answer.json["token"] as? String else {
            throw TestFailure.unexpected("join: \(answer.statusCode) \(answer.text)")
        }
        return token
    }

    /// An answer to a question.
    func answer(
        _ question: String, _ choice: Int, token: String?, show: String? = nil
    ) throws -> HTTPAnswer {
        let showPart = show.map { #","show":"\#($0)""# } ?? ""
        return try post(
            "/api/v1/answers", #"{"question":"\#(question)","choice":\#(choice)\#(showPart)}"#,
            token: token)
    }

    /// How a player stands.
    func me(_ token: String) throws -> HTTPAnswer {
        try HTTPClient.ask(
            port: port, "/api/v1/me", fields: ["Authorization: Bearer \(token)"])
    }

    /// Asks how a player stands until the game knows the player.
    @discardableResult
    func enter(_ token: String) throws -> [String: Any] {
        let deadline = Deadline(seconds: 15)
        while true {
            let answer = try me(token)
            if answer.statusCode == 200 { return answer.json }
            guard answer.statusCode == 503, !deadline.isOver else {
                throw TestFailure.unexpected("me: \(answer.statusCode) \(answer.text)")
            }
        }
    }

    /// The id in a token's claims.
    static func subject(of token: String) -> String? {
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { return nil }
        var text = parts[1].replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        while text.count % 4 != 0 { text += "=" }
        let data = Data(base64Encoded: text) ?? Data()
        return ((try? JSONSerialization.jsonObject(with: data)) as? [String: Any])?["sub"]
            as? String
    }
}
