// The API document, OpenAPI 3.1, made of the endpoints that are served.

import WireBytes

/// Makes `/api/v1/openapi.json`.
enum OpenAPIDocument {
    static func tree(of endpoints: [Endpoint]) -> JSONTree {
        var paths: [ByteString: [ByteString: JSONTree]] = [:]
        for endpoint in endpoints {
            let method = ByteString(endpoint.method.rawValue.lowercased())
            paths[ByteString(endpoint.path), default: [:]][method] = operation(endpoint)
        }
        var schemas: [ByteString: JSONTree] = [:]
        for (name, schema) in APISchemas.all { schemas[ByteString(name)] = schema.json }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Fanfare staff API", "version": "1",
                "description": """
                For staff only: right answers are in it. Where staff tokens are in use, one is \
                sent as a bearer token, or the cookie of a session that was opened with it: then \
                whatever changes anything needs the header X-Fanfare: console. What a person may \
                ask is x-fanfare-role: a director everything, a host what needs a host or a \
                monitor; else the answer is 403. Orders to a show need an id of the client's own: \
                the same id again gets the first answer again. With "expectedVersion" an \
                order is refused (409) when somebody has changed the show since.
                """,
            ],
            "servers": [["url": "/"]],
            // Without a configured token nobody needs one.
            "security": [["staffToken": []], ["session": []], [:]],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "staffToken": ["type": "http", "scheme": "bearer"],
                    "session": [
                        "type": "apiKey", "in": "cookie", "name": .string(StaffCookie.name),
                    ],
                ],
            ],
        ]
    }

    private static func operation(_ endpoint: Endpoint) -> JSONTree {
        var fields: [ByteString: JSONTree] = [
            "operationId": .string(endpoint.id), "summary": .string(endpoint.summary),
            "tags": [.string(endpoint.tag)],
            "parameters": .array(parameters(endpoint)),
            "responses": .object(responses(endpoint)),
        ]
        if !endpoint.body.isEmpty {
            fields["requestBody"] = [
                "required": .bool(endpoint.isBodyRequired), "content": content(endpoint.body),
            ]
        }
        if endpoint.isForAnybody {
            fields["security"] = []
        } else {
            fields["x-fanfare-role"] = .string(endpoint.needs.rawValue)
        }
        return .object(fields)
    }

    private static func parameters(_ endpoint: Endpoint) -> [JSONTree] {
        var parameters: [JSONTree] = endpoint.pathParameters.map { name in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        parameters += endpoint.query.map { item in
            [
                "name": .string(item.name), "in": "query", "required": false,
                "description": .string(item.summary), "schema": item.schema.json,
            ]
        }
        if endpoint.order != .none {
            let isNeeded = endpoint.order == .resource
            parameters += [
                header(
                    "Idempotency-Key",
                    isNeeded ? "The order's id." : "The order's id, if the body hasn't it.",
                    isRequired: isNeeded),
                header("Fanfare-By", "Who gives the order, for the audit.", isRequired: false),
            ]
            if isNeeded {
                parameters.append([
                    "name": "expectedVersion", "in": "query", "required": false,
                    "schema": ["type": "integer"],
                ])
            }
        }
        return parameters
    }

    private static func header(
        _ name: String, _ summary: String, isRequired: Bool
    ) -> JSONTree {
        [
            "name": .string(name), "in": "header", "required": .bool(isRequired),
            "description": .string(summary), "schema": ["type": "string"],
        ]
    }

    private static func responses(_ endpoint: Endpoint) -> [ByteString: JSONTree] {
        var responses: [ByteString: JSONTree] = [:]
        for answer in endpoint.answers {
            var fields: [ByteString: JSONTree] = ["description": .string(answer.summary)]
            if !answer.content.isEmpty { fields["content"] = content(answer.content) }
            responses[ByteString(String(answer.status))] = .object(fields)
        }
        responses["default"] = [
            "description": "What is wrong, in a sentence, and what to do.",
            "content": content([.json(.named("Error"))]),
        ]
        return responses
    }

    private static func content(_ contents: [Endpoint.Content]) -> JSONTree {
        var fields: [ByteString: JSONTree] = [:]
        for content in contents {
            var media: [ByteString: JSONTree] = [:]
            if let schema = content.schema { media["schema"] = schema.json }
            fields[ByteString(content.type)] = .object(media)
        }
        return .object(fields)
    }
}
