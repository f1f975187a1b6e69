// The table of routes, what is served, and the document that describes it: one and the same.

import AudienceProtocol
import Foundation
import HTTPWire
import Testing

@testable import Delivery

@Suite struct AudienceRouteTests {
    private static let routes = AudienceRoutes.table.indices.map { AudienceRoutes.table[$0] }

    /// The target of a request for it.
    private static func target(_ path: AudiencePath) -> String {
        "\(path.template)".replacing("{name}", with: "show")
    }

    /// What is answered to a request, on a stage with a stream and a game.
    private func ask(_ method: String, _ target: String) throws -> FakeConnection {
        let stage = Stage(service: FakePlayerService())
        let publication = try stage.publish()
        try stage.frame(isKeyframe: true, to: publication)
        let client = stage.connect("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        try stage.pass(ms: 50)
        return client
    }

    private func document() throws -> [String: Any] {
        let client = try ask("GET", Self.target(.document))
        #expect(client.statuses == [200] && client.text.contains("Content-Type: application/json"))
        #expect(client.text.contains("Access-Control-Allow-Origin: *"))
        let bytes = AudienceDocument.json
        #expect(client.text.hasSuffix(String(decoding: bytes, as: UTF8.self)))
        let json = try JSONSerialization.jsonObject(with: Data(bytes))
        return try #require(json as? [String: Any])
    }

    @Test func theDocumentHasTheRoutesAndNoOthers() throws {
        let document = try document()
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let documented = paths.flatMap { path, operations in
            operations.keys.filter { $0 != "parameters" }.map { "\($0.uppercased()) \(path)" }
        }
        let served = Self.routes.map { "\($0.method.name) \($0.path.template)" }
        #expect(documented.sorted() == served.sorted())
        for route in Self.routes {
            let operation = try #require(
                paths["\(route.path.template)"]?[route.method.name.lowercased()] as? [String: Any])
            #expect((operation["requestBody"] != nil) == (route.bodyByteCountMax > 0))
            // An empty alternative means that no token is needed.
            let security = operation["security"] as? [[String: Any]]
            let access: AudienceRoute.Access =
                security == nil
                ? .anyone
                : security?.contains { $0.isEmpty } == true
                    ? .anyoneOrPlayer : .player
            #expect(access == route.access, "\(route.path)")
        }
    }

    @Test func everyReferenceInTheDocumentLeadsSomewhere() throws {
        let text = String(decoding: AudienceDocument.json, as: UTF8.self)
        #expect(text.utf8.count < AudienceLimits.responseByteCountMax)
        let components = try #require(try document()["components"] as? [String: [String: Any]])
        let references = text.matches(of: /"#\/components\/([a-z]+)\/([A-Za-z]+)"/)
        #expect(!references.isEmpty)
        for reference in references {
            #expect(components[String(reference.1)]?[String(reference.2)] != nil, "\(reference.0)")
        }
    }

    @Test(arguments: AudiencePath.allCases)
    func everyAddressAnswersItsMethodsAndNoOthers(path: AudiencePath) throws {
        let methods = Self.routes.filter { $0.path == path }.map(\.method.name)
        #expect(!methods.isEmpty)
        let all = methods.flatMap { $0 == "GET" ? ["GET", "HEAD"] : [$0] } + ["OPTIONS"]
        let allow = "Allow: \(all.joined(separator: ", "))\r\n"
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"] {
            let client = try ask(method, Self.target(path))
            let status = client.statuses.first
            if all.contains(method) {
                #expect(status.map { ![404, 405].contains($0) } ?? true, "\(method) \(path)")
            } else {
                #expect(status == 405 && client.text.contains(allow), "\(method) \(path)")
            }
            if method == "OPTIONS" { #expect(status == 204 && client.text.contains(allow)) }
            if method == "HEAD" { #expect(client.text.hasSuffix("\r\n\r\n")) }
        }
    }

    @Test func whatIsNowhereIs404WhateverTheMethod() throws {
        for method in ["GET", "HEAD", "POST", "PUT"] {
            #expect(try ask(method, "/nothing").statuses == [404])
        }
        #expect(try ask("OPTIONS", "/nothing").statuses == [204])
    }

    @Test func playersRoutesWantAToken() throws {
        for route in Self.routes where route.access == .player && route.bodyByteCountMax == 0 {
            #expect(try ask(route.method.name, Self.target(route.path)).statuses == [401])
        }
    }

    @Test func whoHasTheDocumentIsToldSo() throws {
        let stage = Stage()
        let request = "GET \(Self.target(.document)) HTTP/1.1\r\nHost: a\r\n"
        let tag = "\"\(AudienceDocument.version)\""
        let client = stage.connect(request + "If-None-Match: \(tag)\r\n\r\n" + request + "\r\n")
        try stage.pass(ms: 50)
        #expect(client.statuses == [304, 200] && client.text.contains("ETag: \(tag)\r\n"))
    }
}
