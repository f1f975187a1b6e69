// The plan of the house: which module may import what, and what lies at the top of the repository.

/// One folder of `Sources`.
struct Module: Sendable {
    let name: String
    /// Modules of ours it may import; all of them stand above it in `HousePlan.modules`.
    let own: Set<String>
    /// Modules of the system and of packages it may import.
    let foreign: Set<String>
    /// Meets bytes from the network, so that its bounds stand in a `Limits.swift`.
    let isExposed: Bool

    init(
        _ name: String, own: Set<String> = [], foreign: Set<String> = [], isExposed: Bool = false
    ) {
        self.name = name
        self.own = own
        self.foreign = foreign
        self.isExposed = isExposed
    }
}

enum HousePlan {
    /// From the ground up: a module imports only what stands before it.
    ///
    /// A new module gets its line here, a new import its word; where neither can be done without
    /// turning the order around, the code belongs elsewhere.
    static let modules = [
        // Ground
        Module("COpenSSL"),
        Module("CLiburing"),
        Module("CLinux"),
        Module("CDemoClip"),
        Module("CMachine"),
        Module("CWebFiles"),
        Module("CZlib"),
        Module("CBrotli"),
        Module("WireBytes"),
        Module(
            "IORing", own: ["CLiburing", "CLinux", "WireBytes"],
            foreign: ["Glibc", "Synchronization"]),

        // Wire formats and rules: no I/O, not even the C library.
        Module("Digests", own: ["COpenSSL"]),
        Module(
            "TLS", own: ["COpenSSL", "WireBytes"], foreign: ["Synchronization"],
            isExposed: true),
        Module("FLV", own: ["WireBytes"], isExposed: true),
        Module("RTMP", own: ["Digests", "FLV", "WireBytes"], isExposed: true),
        Module("TextWire", own: ["WireBytes"], isExposed: true),
        Module("HTTPWire", own: ["Digests", "TextWire", "WireBytes"], isExposed: true),
        Module("AudienceProtocol", own: ["TextWire", "WireBytes"], isExposed: true),
        Module("Access", own: ["COpenSSL", "Digests", "TextWire", "WireBytes"], isExposed: true),
        Module("Trivia", own: ["TextWire", "WireBytes"], isExposed: true),

        Module(
            "SecureDoor", own: ["CLinux", "IORing", "TLS", "WireBytes"],
            foreign: ["Glibc", "Synchronization"],
            isExposed: true),

        // The programme, its way in and its way out
        Module(
            "Broadcast", own: ["AudienceProtocol", "FLV", "CLinux"],
            foreign: ["Glibc", "Synchronization"], isExposed: true),
        Module(
            "Ingest", own: ["Access", "Broadcast", "FLV", "IORing", "RTMP", "TLS", "WireBytes"],
            foreign: ["Glibc", "Synchronization"], isExposed: true),
        Module(
            "Delivery",
            own: [
                "AudienceProtocol", "Broadcast", "FLV", "HTTPWire", "IORing", "TLS", "TextWire",
                "WireBytes",
            ], foreign: ["Glibc", "Synchronization"], isExposed: true),

        // The show
        Module(
            "Ledger", own: ["Trivia", "WireBytes"],
            foreign: ["FoundationEssentials", "GRDB", "GRDBSQLite", "Glibc", "Synchronization"],
            isExposed: true),

        // What other systems are told and asked
        Module(
            "Callbacks",
            own: [
                "Access", "COpenSSL", "Digests", "HTTPWire", "IORing", "Ledger", "TextWire",
                "WireBytes",
            ], foreign: ["Glibc", "Synchronization"], isExposed: true),

        Module(
            "Game",
            own: [
                "Access", "AudienceProtocol", "Broadcast", "FLV", "IORing", "Ledger", "TextWire",
                "Trivia", "WireBytes",
            ], foreign: ["Glibc", "Synchronization"], isExposed: true),

        // The audience before the audience
        Module(
            "Rehearsal",
            own: ["AudienceProtocol", "FLV", "HTTPWire", "IORing", "TextWire", "WireBytes"],
            foreign: ["DequeModule", "Glibc", "HeapModule", "Histogram", "Synchronization"],
            isExposed: true),

        // The pages: what is written becomes what is served. No I/O: it is handed files.
        Module(
            "Web", own: ["CBrotli", "CWebFiles", "CZlib", "Digests", "HTTPWire", "WireBytes"],
            isExposed: true),

        // The staff's side knows the rules' values; what it shows it is handed.
        Module(
            "ControlRoom", own: ["Access", "HTTPWire", "TLS", "TextWire", "Trivia", "WireBytes"],
            foreign: [
                "Dispatch", "FoundationEssentials", "Glibc", "Hummingbird", "Logging", "NIOCore",
                "NIOPosix", "ServiceLifecycle", "Synchronization",
            ], isExposed: true),

        Module(
            "Settings", own: ["Access", "HTTPWire", "WireBytes"],
            foreign: ["FoundationEssentials", "Glibc", "Logging"]),
        // What speaks to a running server knows no part of one.
        Module(
            "HostCLI",
            own: [
                "Access", "ControlRoom", "HTTPWire", "IORing", "Settings", "TLS", "TextWire",
                "Trivia",
                "WireBytes",
            ], foreign: ["ArgumentParser", "FoundationEssentials", "Glibc", "Synchronization"]),

        // The executable alone knows everything.
        Module(
            "Fanfare",
            own: [
                "Access", "AudienceProtocol", "Broadcast", "CDemoClip", "CMachine", "Callbacks",
                "ControlRoom", "Delivery",
                "FLV", "Game", "HTTPWire", "HostCLI", "IORing", "Ingest", "Ledger", "Rehearsal",
                "SecureDoor", "Settings", "TLS", "TextWire", "Trivia", "Web", "WireBytes",
            ],
            foreign: [
                "ArgumentParser", "FoundationEssentials", "Glibc", "Logging", "Synchronization",
            ]),
    ]

    /// Folders of `Tests` that are not named after a module.
    static let testFolders: Set = [
        "Browser", "EndToEndTests", "Fuzz", "HouseRulesTests", "TestSupport", "Web",
    ]

    /// What may lie in the repository's own folder.
    static let topLevel: Set = [
        ".ci", ".dockerignore", ".git", ".github", ".gitignore", ".swift-format", "Benchmarks",
        "CHANGELOG.md",
        "LICENSE",
        "Ops", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests",
    ]

    /// What programs leave there, which git ignores.
    static func isLeftover(_ name: String) -> Bool {
        name.hasPrefix(".build") || name == ".swiftpm" || name == "fanfare-data"
    }

    /// A file of more lines holds more than one idea.
    static let lineCountMax = 400

    /// A function of more lines does more than one thing.
    static let functionLineCountMax = 70

    /// Those that are longer all the same: lists of what there is, and one that starts everything in
    /// its order. Whoever changes the last makes two of it.
    static let longFunctions: Set = [
        "Sources/Fanfare/Appliance/Appliance.swift run",
        "Sources/Fanfare/Appliance/ShardPoolMetrics.swift families",
        "Sources/Trivia/ShowRefusal.swift description",
    ]

    /// Those that are longer all the same; whoever changes one next makes two of it.
    static let longFiles: Set<String> = []
}
