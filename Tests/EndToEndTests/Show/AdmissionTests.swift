// Who may play: tokens good and bad, guests, and those who only watch.

import Foundation
import Testing

@Suite("Players coming in", .ownThread)
struct PlayerAdmissionTests {
    @Test("A token that isn't good is a clear 401, wherever it comes")
    func badTokens() throws {
        try ShowStage.run { stage in
            try stage.open("q1", for: [])
            let now = Int(Date().timeIntervalSince1970)
            let claims = #"{"sub":"eve","name":"Eve","show":"quiz","exp":\#(now + 999)}"#
            let good = try PlayerTokens.mint("eve", show: "quiz")
            let signature = good.split(separator: ".").last.map(String.init) ?? ""
            let parts = good.split(separator: ".").map(String.init)
            let tokens = [
                (
                    "alg none",
                    PlayerTokens.forged(header: #"{"alg":"none","typ":"JWT"}"#, claims: claims)
                ),
                (
                    "alg none with a signature",
                    PlayerTokens.forged(
                        header: #"{"alg":"none"}"#, claims: claims, signature: signature)
                ),
                (
                    "another algorithm",
                    PlayerTokens.forged(
                        header: #"{"alg":"HS512","typ":"JWT"}"#, claims: claims,
                        signature: signature)
                ),
                (
                    "other claims",
                    parts[0] + "." + PlayerTokens.base64URL(Array(claims.utf8)) + "." + parts[2]
                ),
                (
                    "another key",
                    try PlayerTokens.mint(
                        "eve", show: "quiz", key: String(repeating: "x", count: 40))
                ),
                ("expired", try PlayerTokens.mint("eve", show: "quiz", expiresInS: -120)),
                ("a stub", "abc"), ("two dots", ".."), ("cut off", String(good.dropLast(3))),
            ]
            for (name, token) in tokens {
                let post = try stage.door.answer("q1", 0, token: token)
                #expect(post.statusCode == 401, "\(name): \(post.text)")
                #expect((post.json["error"] as? String)?.isEmpty == false, "\(name)")
                #expect(post.field("WWW-Authenticate")?.hasPrefix("Bearer") == true, "\(name)")
                #expect(try stage.door.me(token).statusCode == 401, "\(name)")
                for query in ["?token=\(token)"] {
                    let stream = try HTTPClient.ask(
                        port: stage.server.httpPort, "/live/show.flv\(query)")
                    #expect(stream.statusCode == 401, "\(name)")
                }
                let socket = try WebSocketPlayer(port: stage.server.httpPort, token: token)
                try socket.wait(for: "an answer") { $0.statusCode != nil }
                #expect(socket.walker.statusCode == 401, "\(name)")
            }
            #expect(try stage.door.answer("q1", 0, token: nil).statusCode == 401)
            #expect(try HTTPClient.ask(port: stage.server.httpPort, "/api/v1/me").statusCode == 401)
        }
    }

    @Test("A token for another show opens nothing here")
    func otherShow() throws {
        try ShowStage.run { stage in
            try stage.open("q1", for: [])
            let token = try PlayerTokens.mint("eve", show: "another")
            let answer = try stage.door.answer("q1", 0, token: token)
            #expect(answer.statusCode == 401, "\(answer.text)")
            #expect((answer.json["error"] as? String)?.isEmpty == false, "\(answer.text)")
            let results = try stage.host.report("/live")["question"] as? [String: Any]
            #expect(results?["answeredCount"] as? Int == 0)
        }
    }

    @Test("Who comes without a token can watch, and not answer")
    func anonymous() throws {
        try ShowStage.run { stage in
            let viewer = try WebSocketPlayer(port: stage.server.httpPort)
            try viewer.wait(for: "the stream") { $0.tags.count > 4 }
            try stage.open("q1", for: [viewer])
            try viewer.answer("q1", 0)
            let reply = try viewer.nextText()
            #expect(reply["status"] as? Int == 401, "\(reply)")
            let tagCount = viewer.walker.tags.count
            try viewer.wait(for: "more of the stream") { $0.tags.count > tagCount + 20 }
            let plain = try ViewerClient(port: stage.server.httpPort)
            try plain.wait(for: "the question") { $0.cues.count > 0 }
            let results = try stage.host.report("/live")["question"] as? [String: Any]
            #expect(results?["answeredCount"] as? Int == 0)
        }
    }

    @Test("Guests join by a name, if they may")
    func guests() throws {
        try ShowStage.run(["--guests"]) { stage in
            let token = try stage.door.join("Zoë \\\"🎺\\\"")
            let me = try stage.door.enter(token)
            #expect(me["name"] as? String == "Zoë \"🎺\"")
            #expect(me["status"] as? String == "playing")
            let join = "/api/v1/join"
            for body in [#"{"name":""}"#, #"{"name":"\u0007"}"#, #"{}"#, "x"] {
                #expect(try stage.door.post(join, body).statusCode == 400, "\(body)")
            }
            let long = String(repeating: "x", count: 200)
            #expect(try stage.door.post(join, #"{"name":"\#(long)"}"#).statusCode == 400)
            let other = try stage.door.post(join, #"{"name":"Ann","show":"another"}"#)
            #expect(other.statusCode == 409, "\(other.text)")
        }
        try ShowStage.run { stage in
            let answer = try stage.door.post("/api/v1/join", #"{"name":"Ann"}"#)
            #expect(answer.statusCode == 403)
            #expect((answer.json["error"] as? String)?.contains("Guests") == true)
        }
    }
}
