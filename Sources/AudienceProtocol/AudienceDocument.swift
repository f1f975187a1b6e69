// The audience's requests, described for machines: OpenAPI 3.1.

/// What `GET /api/v1/openapi.json` answers.
public enum AudienceDocument {
    /// The JSON, made once.
    public static let json = Array(text.utf8)

    /// Grows with nothing, but differs wherever the document does: FNV-1a of its bytes.
    public static let version = json.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }

    private static let text = """
        {"openapi":"3.1.0",
        "info":{"title":"Fanfare audience API","version":"1","description":"\(description)"},
        "servers":[{"url":"/"}],
        "paths":{
        \(stream),
        \(join),
        \(answers),
        \(me),
        \(state),
        \(streams),
        \(clock),
        \(health),
        \(document)},
        "components":{
        "securitySchemes":{
        "player":{"type":"http","scheme":"bearer","bearerFormat":"JWT"},
        "playerInQuery":{"type":"apiKey","in":"query","name":"\(TokenPlace.queryItem)"}},
        "responses":{"Error":{"description":"What is wrong, in a sentence for people",
        "content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}}},
        "schemas":{
        \(AudienceSchemas.text)}}}

        """

    private static let description =
        "Options count from 0. HEAD is answered where GET is, OPTIONS everywhere; another method is "
        + "405 with Allow. What is said in the stream and over its WebSocket, times, tokens and "
        + "limits stand in WIRE.md. New properties may come: pass over what you don't know."

    /// Everything that isn't said by itself.
    private static let otherwise = ##""default":{"$ref":"#/components/responses/Error"}"##

    private static func content(_ schema: String, _ type: String = "application/json") -> String {
        ##""content":{"\##(type)":{"schema":{"$ref":"#/components/schemas/\##(schema)"}}}"##
    }

    private static let stream = """
        "\(AudiencePath.stream.template)":{
        "parameters":[{"name":"name","in":"path","required":true,"description":"The stream's name",
        "schema":{"type":"string","pattern":"^[A-Za-z0-9_-]{1,\(AudienceLimits.streamNameByteCountMax)}$"}}],
        "get":{"operationId":"watch","summary":"Watch a stream, over HTTP or a WebSocket",
        "description":"With Upgrade: websocket the FLV comes in binary messages and JSON texts go both ways; \
        offer the subprotocol \(AudienceSubprotocol.name), and \(TokenPlace.subprotocolPrefix)<token> beside it to play.",
        "security":[{},{"player":[]},{"playerInQuery":[]}],
        "responses":{"200":{"description":"FLV without an end","content":{"video/x-flv":{}}},
        "101":{"description":"A WebSocket"},\(otherwise)}}}
        """

    private static let join = """
        "\(AudiencePath.join.template)":{
        "post":{"operationId":"join","summary":"Become a player as a guest, where the operator allows it",
        "requestBody":{"required":true,\(content("Join"))},
        "responses":{"200":{"description":"The guest's token, good for a day",\(content("Token"))},
        \(otherwise)}}}
        """

    private static let answers = """
        "\(AudiencePath.answers.template)":{
        "post":{"operationId":"answer","summary":"Answer a question",
        "description":"Answered once the answer is on disk. The same answer again has the same receipt.",
        "security":[{"player":[]},{"playerInQuery":[]}],
        "requestBody":{"required":true,\(content("Answer"))},
        "responses":{"200":{"description":"It counts",\(content("Receipt"))},
        "409":{"description":"It doesn't count, or there is no such thing",\(content("ReceiptOrError"))},
        "503":{"description":"It could not be stored: send it again",\(content("ReceiptOrError"))},
        \(otherwise)}}}
        """

    private static let me = """
        "\(AudiencePath.me.template)":{
        "get":{"operationId":"me","summary":"How a player stands",
        "security":[{"player":[]},{"playerInQuery":[]}],
        "responses":{"200":{"description":"The player",\(content("Player"))},
        "409":{"description":"No place in the show",\(content("Error"))},\(otherwise)}}}
        """

    private static let state = """
        "\(AudiencePath.state.template)":{
        "get":{"operationId":"state","summary":"What goes on, for everybody",
        "parameters":[{"name":"stream","in":"query","required":false,
        "description":"Which stream, where several have a show","schema":{"type":"string"}}],
        "responses":{"200":{"description":"As the newest onQuiz says, with an ETag",\(content("State"))},
        "304":{"description":"As If-None-Match has it"},\(otherwise)}}}
        """

    private static let streams = """
        "\(AudiencePath.streams.template)":{
        "get":{"operationId":"streams","summary":"Which streams are on air",
        "responses":{"200":{"description":"The streams, with an ETag",\(content("Streams"))},
        "304":{"description":"As If-None-Match has it"},\(otherwise)}}}
        """

    private static let clock = """
        "\(AudiencePath.clock.template)":{
        "get":{"operationId":"clock","summary":"What time it is",
        "parameters":[{"name":"stream","in":"query","required":false,
        "description":"Whose programme time; without it, that of the only one",
        "schema":{"type":"string"}}],
        "responses":{"200":{"description":"The clocks now",\(content("Clock"))},\(otherwise)}}}
        """

    private static let health = """
        "\(AudiencePath.health.template)":{
        "get":{"operationId":"health","summary":"Whether newcomers are welcome, for load balancers",
        "responses":{"200":{"description":"They are",\(content("Health"))},
        "503":{"description":"The server is being taken out of service: send them elsewhere",
        \(content("Health"))},\(otherwise)}}}
        """

    private static let document = """
        "\(AudiencePath.document.template)":{
        "get":{"operationId":"document","summary":"This",
        "responses":{"200":{"description":"OpenAPI 3.1","content":{"application/json":{}}},
        "304":{"description":"As If-None-Match has it"},\(otherwise)}}}
        """
}
