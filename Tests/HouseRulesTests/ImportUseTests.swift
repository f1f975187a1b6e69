// An import is used by the file that has it, and a dependency by the module that has it.

import Testing

@Suite("Imports in use") struct ImportUseTests {
    /// Names by which modules of others are told to be used; those without an entry aren't judged.
    private static let foreign: [String: Set<String>] = [
        "ArgumentParser": [
            "Argument", "ArgumentHelp", "AsyncParsableCommand", "CommandConfiguration",
            "EnumerableFlag", "ExitCode", "ExpressibleByArgument", "Flag", "Option", "OptionGroup",
            "ParsableArguments", "ParsableCommand", "ValidationError",
        ],
        "DequeModule": ["Deque"], "HeapModule": ["Heap"],
        "Dispatch": ["DispatchQueue", "DispatchSource", "DispatchSerialQueue", "DispatchTime"],
        "Histogram": ["Histogram"],
        // A setting's type is inferred of what reads it.
        "Logging": ["LogHandler", "Logger", "LoggingSystem", "logLevel"],
        "Synchronization": ["Atomic", "Mutex", "ordering", "withLock"],
    ]

    @Test("a file uses what it imports", arguments: HousePlan.modules)
    func files(_ module: Module) throws {
        let index = try SourceIndex.shared.get()
        for file in index.files where file.module == module.name {
            let words = Set(file.tokens.lazy.filter(\.isWord).map(\.text))
            for name in TextFile.imports(of: file.tokens) {
                if let known = Self.foreign[name] {
                    #expect(
                        !words.isDisjoint(with: known), "\(file.path) doesn't use \(name)")
                }
                guard let exports = index.exports[name] else { continue }
                #expect(!words.isDisjoint(with: exports), "\(file.path) doesn't use \(name)")
            }
        }
    }

    @Test("a module uses what the plan lets it import", arguments: HousePlan.modules)
    func plan(_ module: Module) throws {
        let index = try SourceIndex.shared.get()
        let files = index.files.filter { $0.module == module.name }
        let imported = Set(files.flatMap { TextFile.imports(of: $0.tokens) })
        let unused = module.own.union(module.foreign).subtracting(imported)
        #expect(unused.isEmpty, "no file of \(module.name) imports them")
    }

    @Test("a target of the package depends on what its files import")
    func package() throws {
        let text = try TextFile("Package.swift").text
        let pattern =
            /\.(target|executableTarget|testTarget)\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/
        var count = 0
        for match in text.matches(of: pattern) {
            let (name, list) = (String(match.2), String(match.3))
            let folder = match.1 == "testTarget" || name == "TestSupport" ? "Tests" : "Sources"
            guard Repository.exists("\(folder)/\(name)") else { continue }
            count += 1
            let files = try Repository.swiftFiles(below: ["\(folder)/\(name)"])
            let imported = Set(files.flatMap(\.imports))
            let products = list.matches(of: /\.product\(name: "(\w+)", package: "[^"]+"\)/)
                .map { String($0.1) }
            let plain = list.replacing(/\.product\([^)]*\)/, with: "").matches(of: /"(\w+)"/)
                .map { String($0.1) }
            // What EndToEndTests run is built for them; they can't import it.
            let run: Set = name == "EndToEndTests" ? ["Fanfare"] : []
            let unused = Set(plain + products).subtracting(imported).subtracting(run)
            #expect(unused.isEmpty, "no file of \(name) imports them")
        }
        #expect(count > 30, "the targets were not found")
    }
}

extension TextFile {
    /// The modules that a file imports, found among its tokens.
    static func imports(of tokens: [SwiftToken]) -> [String] {
        let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return tokens.indices.compactMap { index in
            guard tokens[index].text == "import", tokens[index].isWord, index + 2 < tokens.count
            else { return nil }
            let next = tokens[index + 1].text
            return kinds.contains(next) ? tokens[index + 2].text : next
        }
    }
}
