// What the bodies of requests and replies hold, as the document has it.

/// The schemas of `AudienceDocument`.
enum AudienceSchemas {
    /// Members of an object, the braces left out.
    static let text = """
        "Error":{"type":"object","required":["type","status","error"],"properties":{
        "type":{"const":"error"},"status":{"type":"integer","description":"The HTTP status"},
        "error":{"type":"string","description":"A sentence for people"},
        "stream":{"type":"string","description":"The stream it is about"}}},
        "Join":{"type":"object","required":["name"],"properties":{
        "name":\(bounded(AudienceLimits.nameByteCountMax, "Shown to everyone")),
        "show":\(bounded(AudienceLimits.idByteCountMax, "Where several take players")),
        "stream":\(bounded(AudienceLimits.idByteCountMax, "The stream that is watched"))}},
        "Token":{"type":"object","required":["token"],"properties":{"token":{"type":"string"}}},
        "Answer":{"type":"object","required":["question","choice"],"properties":{
        "type":{"const":"answer"},
        "question":\(bounded(AudienceLimits.idByteCountMax, "Its id")),
        "choice":{"type":"integer","minimum":0,"maximum":\(AudienceLimits.choiceMax),
        "description":"The option, from 0"},
        "show":\(bounded(AudienceLimits.idByteCountMax, "The show's id, to be sure"))}},
        "Receipt":{"type":"object","required":["type","question","choice","status"],"properties":{
        "type":{"const":"receipt"},"question":{"type":"string"},
        "choice":{"type":"integer","description":"The option, from 0"},
        "status":{"enum":["accepted","refused"]},
        "code":{"type":"string","description":"Why it is refused, for programs"},
        "reason":{"type":"string","description":"Why it is refused, for the player"}}},
        "ReceiptOrError":{"oneOf":[{"$ref":"#/components/schemas/Receipt"},
        {"$ref":"#/components/schemas/Error"}]},
        "Player":{"type":"object",
        "required":["show","player","name","status","revivesLeft","score","receipts"],"properties":{
        "show":{"type":"string"},"rehearsal":{"type":"boolean"},"player":{"type":"string"},
        "name":{"type":"string"},
        "status":{"enum":["playing","eliminated","watching","kicked","banned"]},
        "revivesLeft":{"type":"integer"},"score":{"type":"integer"},
        "hasWon":{"type":"boolean","description":"Once the show is settled"},
        "place":{"type":"integer","minimum":1},"payout":\(object(CueField.prize.members)),
        "receipts":{"type":"array","items":{"type":"object","required":["question","choice"],
        "properties":{"question":{"type":"string"},
        "choice":{"type":"integer","description":"The option, from 0"}}}}}},
        "Streams":{"type":"object","required":["streams"],"properties":{
        "streams":{"type":"array","items":{"type":"object","required":["name","state","viewers"],
        "properties":{"name":{"type":"string"},"state":{"enum":[\(PublicStreamState.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]},
        "viewers":{"type":"integer","minimum":0}}}}}},
        "Health":{"type":"object","required":["status"],"properties":{
        "status":{"enum":["ok","draining"]}}},
        "Clock":{"type":"object","required":["serverMs","targetDelayMs"],"properties":{
        "serverMs":{"type":"integer","description":"Server time, ms since 1970"},
        "programmeMs":{"type":"integer","description":"Programme time as it runs; missing where it isn't on air"},
        "targetDelayMs":{"type":"integer","description":"How far behind it players show it"}}},
        "State":{"oneOf":[{"type":"object","required":["phase"],"properties":{
        "phase":{"const":"none"},"error":{"type":"string"}}},
        \(QuizPhase.allCases.filter { $0 != .correction }.map(state).joined(separator: ",\n"))]}
        """

    private static func bounded(_ byteCountMax: Int, _ description: String) -> String {
        // The bound is of bytes; of characters there are never more.
        #"{"type":"string","minLength":1,"maxLength":\#(byteCountMax),"description":"\#(description)"}"#
    }

    /// The object of a phase in `GET /api/v1/state`.
    private static func state(_ phase: QuizPhase) -> String {
        let fields = phase.stateFields
        let properties = (fields.required + fields.optional).map { field in
            field == .phase ? #""phase":{"const":"\#(phase.rawValue)"}"# : property(field)
        }
        return #"{"type":"object","required":[\#(names(fields.required))],"properties":{"#
            + properties.joined(separator: ",") + "}}"
    }

    private static func object(_ fields: [CueField]) -> String {
        #"{"type":"object","required":[\#(names(fields))],"properties":{"#
            + fields.map(property).joined(separator: ",") + "}}"
    }

    private static func names(_ fields: [CueField]) -> String {
        fields.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
    }

    private static func property(_ field: CueField) -> String {
        let schema =
            switch field.valueKind {
            case .number: #"{"type":"integer"}"#
            case .boolean: #"{"type":"boolean"}"#
            case .string: #"{"type":"string"}"#
            case .numbers: #"{"type":"array","items":{"type":"integer"}}"#
            case .strings: #"{"type":"array","items":{"type":"string"}}"#
            case .object: object(field.members)
            case .objects: #"{"type":"array","items":\#(object(field.members))}"#
            }
        return "\"\(field.rawValue)\":\(schema)"
    }
}

extension QuizPhase {
    /// What `GET /api/v1/state` has in this phase: what the cue has, and what only somebody needs
    /// to be told who doesn't watch.
    public var stateFields: CueFields {
        let extra: [CueField] = [.players, .survivors, .paused]
        let own = fields.required.filter { $0 != .deadlinePts && !extra.contains($0) }
        return CueFields(
            required: [.show, .phase] + own + extra + (self == .question ? [.deadlineAtMs] : []),
            optional: [.seq, .pts, .rehearsal] + fields.optional)
    }
}
