// What nothing uses goes.

import Testing

@Suite("Dead code") struct DeadCodeTests {
    /// What the protocols of others ask for: they call it, though nobody of ours names it.
    private static let witnesses: [String: Set<String>] = [
        "Actor": ["unownedExecutor"],
        "AsyncParsableCommand": ["configuration", "run", "validate"],
        "ChannelDuplexHandler": [
            "InboundIn", "InboundOut", "OutboundIn", "OutboundOut", "channelActive",
            "channelInactive", "channelRead", "channelWritabilityChanged",
        ],
        "ChannelInboundHandler": ["InboundIn", "handlerAdded"],
        "CustomDebugStringConvertible": ["debugDescription"],
        "CustomReflectable": ["customMirror"],
        "CustomStringConvertible": ["description"],
        "ExpressibleByArgument": ["defaultValueDescription"],
        "Hashable": ["hash"],
        "LogHandler": ["log", "logLevel", "metadata"],
        "ParsableArguments": ["validate"],
        "ParsableCommand": ["configuration", "run", "validate"],
        "RequestContext": ["coreContext"],
        "RouterMiddleware": ["handle"],
        "SerialExecutor": ["enqueue"],
    ]
    /// Attributes by which others reach what nobody of ours names.
    private static let roots: Set = ["main", "_cdecl", "Option", "Flag", "Argument", "OptionGroup"]
    /// What makes the names of stored values and cases part of a format.
    private static let formats: Set = [
        "Codable", "Encodable", "Decodable", "CodingKey", "CaseIterable", "String", "Int", "UInt8",
        "UInt16", "UInt32", "Int32", "Int64",
    ]
    /// What nobody names and is needed all the same, with the reason.
    private static let exceptions: [String: String] = [
        "addressCount": "of Admission: what its bound is checked by",
        "blockCount": "of OutboundFrames and Sessions: what giving back memory is checked by",
        "heldByteCount": "of an RTMP session: what its bound is checked by",
        "compute": "of Settlement: the end of a show as a function of its log alone",
        "hasEnded": "of an RTMP session: what its events are held against by the fuzzer",
        "lock": "Ledger has its file's lock for as long as it lives",
        "subscribe": "Programme.subscribe is how outputs other than the fan-out will read",
        "TagReader": "what Programme.subscribe gives them",
        "settledSplit": "of Show: two shows are the same only if they were settled the same",
        "source": "of PlayerCredential: which of several tokens counts is checked by it",
        "sourceCount": "of GuessLimiter: what its bound is checked by",
        "restart": "of TagReader: after an overrun",
    ]

    @Test("every declaration of Sources is used by Sources")
    func declarations() throws {
        let index = try SourceIndex.shared.get()
        for (number, file) in index.files.enumerated() {
            for declaration in file.declarations
            where !Self.isReached(declaration, in: index) {
                let isUsed = Self.isUsed(declaration, of: number, in: index)
                #expect(
                    isUsed,
                    "\(file.path):\(declaration.line): nothing uses \(declaration.name)")
            }
        }
    }

    @Test("exceptions are of what is there, and needed")
    func excepted() throws {
        let index = try SourceIndex.shared.get()
        for name in Self.exceptions.keys {
            let known = index.declared[name] ?? []
            let isNeeded = known.contains { !Self.isUsed($0.declaration, of: $0.file, in: index) }
            #expect(isNeeded, "\(name) needs no exception")
        }
    }

    /// Whether it is used by others' code or by its form, or can't be told by its name.
    private static func isReached(_ declaration: Declaration, in index: SourceIndex) -> Bool {
        let nameless: Set = ["init", "deinit", "subscript", "extension"]
        if nameless.contains(declaration.keyword) || exceptions[declaration.name] != nil {
            return true
        }
        // An operator, or a pattern of several names.
        guard let first = declaration.name.unicodeScalars.first,
            first == "_" || first.properties.isAlphabetic, declaration.name != "_"
        else { return true }
        if !declaration.attributes.isDisjoint(with: roots) { return true }
        if declaration.name.hasSuffix("CodingKeys") { return true }
        let parents = index.parents(of: declaration)
        if ["let", "var", "case"].contains(declaration.keyword),
            !parents.isDisjoint(with: formats)
        {
            return true
        }
        let isActors = declaration.ownerKeyword == "actor"
        return parents.union(isActors ? ["Actor"] : []).contains {
            witnesses[$0]?.contains(declaration.name) ?? false
        }
    }

    private static func isUsed(
        _ declaration: Declaration, of file: Int, in index: SourceIndex
    ) -> Bool {
        let same = index.declared[declaration.name] ?? []
        // Whoever calls a protocol's requirement calls what fulfils it, wherever that is.
        let isAskedFor = same.contains { $0.declaration.ownerKeyword == "protocol" }
        return (index.places[declaration.name] ?? []).contains { place in
            guard isAskedFor || index.canSee(declaration, of: file, from: place.file) else {
                return false
            }
            let isOwn = same.contains { other in
                guard other.file == place.file else { return false }
                let isItself = other.declaration.tokens == declaration.tokens && other.file == file
                return place.token == other.declaration.nameIndex
                    || isItself && declaration.tokens.contains(place.token)
            }
            let tokens = index.files[place.file].tokens
            return !isOwn && isUse(tokens, place.token, of: declaration)
        }
    }

    /// Whether a name is more than an argument's label, or something that is written.
    private static func isUse(
        _ tokens: [SwiftToken], _ index: Int, of declaration: Declaration
    ) -> Bool {
        guard !declaration.owners.isEmpty, !Declaration.types.contains(declaration.keyword) else {
            return true
        }
        func text(_ offset: Int) -> String {
            tokens.indices.contains(index + offset) ? tokens[index + offset].text : ""
        }
        if text(1) == ":", text(-1) == "(" || text(-1) == "," { return false }
        guard declaration.keyword == "let" || declaration.keyword == "var" else { return true }
        if text(1) == "=", text(2) != "=" { return false }
        // `self.name = name`: what is read there is somebody else's.
        return !(text(-1) == "=" && text(-2) == declaration.name && text(-4) == "self")
    }
}
