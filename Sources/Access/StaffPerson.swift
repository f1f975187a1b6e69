// The people of the staff: who each is, what each may do, and by which token each is known.

import Digests
import WireBytes

/// What somebody of the staff may do. Who may do more may do everything that is less.
public enum StaffRole: String, Sendable, Codable, CaseIterable, Comparable {
    /// Looks on.
    case monitor
    /// Leads the shows, speaks to the audience, and sends simulated crowds.
    case host
    /// Everything: takes publishers off, and says who the staff are.
    case director

    private var rank: Int {
        switch self {
        case .monitor: 0
        case .host: 1
        case .director: 2
        }
    }

    /// Whether the one may less than the other.
    public static func < (one: StaffRole, other: StaffRole) -> Bool { one.rank < other.rank }
}

/// The SHA-256 of a token: what is kept of it. A token of 256 random bits can't be found by it.
public struct TokenDigest: Hashable, Sendable {
    /// 64 hexadecimal digits.
    public let hex: String

    /// The digest of a token; nil if libcrypto has no SHA-256.
    public init?(of token: String) {
        guard let hex = ContentDigest.text(of: Array(token.utf8)) else { return nil }
        self.hex = hex
    }

    /// One that was kept; nil for anything else than 64 digits, a to f small.
    public init?(hex: String) {
        let isDigest =
            hex.utf8.count == 2 * SHA256.byteCount
            && hex.utf8.allSatisfy { $0.hexDigitValue != nil && $0.asciiLowercased == $0 }
        guard isDigest else { return nil }
        self.hex = hex
    }

    /// Whether two are the same, in a time that tells nothing.
    public func isSame(as other: TokenDigest) -> Bool {
        let (one, two) = (Array(hex.utf8), Array(other.hex.utf8))
        return unsafe ConstantTime.isSame(one.span.bytes, as: two.span.bytes)
    }

    /// A new token of 256 random bits, as 43 characters of base64url.
    ///
    /// - Throws: `SecretError.noRandomness`.
    public static func newToken() throws(SecretError) -> String {
        let bytes = try randomBytes(count: StaffLimits.tokenByteCount)
        let text = unsafe Base64.encode(bytes.span.bytes, .url)
        return String(decoding: text, as: UTF8.self)
    }
}

/// One of the staff.
public struct StaffPerson: Sendable, Equatable {
    /// As the audit says it; no other has it, whatever its letters' size.
    public let name: String
    /// What the person may do.
    public let role: StaffRole
    /// What is kept of the person's token.
    public let token: TokenDigest
    /// When the person was added, ms since 1970.
    public let createdAtMs: Int64

    /// A person.
    ///
    /// - Throws: `StaffPeopleError.badName`.
    public init(
        name: String, role: StaffRole, token: TokenDigest, createdAtMs: Int64
    ) throws(StaffPeopleError) {
        guard Self.isName(name) else { throw .badName }
        self.name = name
        self.role = role
        self.token = token
        self.createdAtMs = createdAtMs
    }

    /// Whether somebody can be called so.
    public static func isName(_ name: String) -> Bool {
        name.isID(byteCountMax: StaffLimits.nameByteCountMax)
            && !StaffLimits.takenNames.contains(name.lowercased())
    }
}

/// Why the list of people stays as it is.
public enum StaffPeopleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not a name.
    case badName
    /// There is one of that name.
    case nameTaken(String)
    /// There is nobody of that name.
    case unknown(String)
    /// No more fit in.
    case tooMany
    /// From the first person on everybody needs a token, and nobody could give out another.
    case noDirectorFirst
    /// Nobody would be left who can give out tokens.
    case lastDirector(String)
    /// Nobody would be left, and then nobody needs a token.
    case lastPerson(String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .badName:
            "a name is 1 to \(StaffLimits.nameByteCountMax) letters (a-z, A-Z), digits and - . _ ~, "
                + "and not one of " + StaffLimits.takenNames.sorted().joined(separator: ", ")
        case .nameTaken(let name):
            "there is a \(name) already; take another name, or remove that one first"
        case .unknown(let name): "there is no \(name) among the staff"
        case .tooMany:
            "\(StaffLimits.personCountMax) people are the most; remove somebody who isn't here"
        case .noDirectorFirst:
            "from the first person on everybody needs a token, and only a director can give out "
                + "others: let the first be a director"
        case .lastDirector(let name):
            "\(name) is the last director, and without one nobody could give out tokens: add "
                + "another director first, or remove the others"
        case .lastPerson(let name):
            "\(name) is the last of the staff, and with nobody left whoever is on this machine could "
                + "lead the shows without a token: add another director first. If that is meant, "
                + "stop the server and run: fanfare staff remove \(name) --leave-open --data DIR"
        }
    }
}

/// All people of the staff, in the order in which they were added. A plain value.
public struct StaffPeople: Sendable, Equatable {
    /// Each of them.
    public private(set) var all: [StaffPerson] = []

    /// Nobody.
    public init() {}

    /// Those who were kept.
    ///
    /// - Throws: `StaffPeopleError` for a list that can't have come about.
    public init(_ people: [StaffPerson]) throws(StaffPeopleError) {
        for person in people { try append(person) }
    }

    /// Who brings a token. Each is compared, whoever it is.
    public func person(bringing token: TokenDigest) -> StaffPerson? {
        var found: StaffPerson?
        for person in all where person.token.isSame(as: token) { found = person }
        return found
    }

    /// Somebody by name, whatever its letters' size.
    public func person(named name: String) -> StaffPerson? {
        all.first { $0.name.lowercased() == name.lowercased() }
    }

    /// Takes somebody in.
    ///
    /// - Parameter hasMaster: whether the operator's own token is a director's, too.
    public mutating func add(
        _ person: StaffPerson, hasMaster: Bool
    ) throws(StaffPeopleError) {
        guard hasMaster || !all.isEmpty || person.role == .director else { throw .noDirectorFirst }
        try append(person)
    }

    /// Strikes somebody off; the token is worth nothing any more.
    ///
    /// - Parameters:
    ///   - hasMaster: whether the operator's own token is a director's, too.
    ///   - leavesOpen: whether it is meant that nobody needs a token where nobody is left.
    public mutating func remove(
        named name: String, hasMaster: Bool, leavesOpen: Bool = false
    ) throws(StaffPeopleError) {
        guard let person = person(named: name) else { throw .unknown(name) }
        let left = all.filter { $0.name != person.name }
        guard hasMaster || leavesOpen || !left.isEmpty else { throw .lastPerson(person.name) }
        guard hasMaster || left.isEmpty || left.contains(where: { $0.role == .director }) else {
            throw .lastDirector(person.name)
        }
        all = left
    }

    private mutating func append(_ person: StaffPerson) throws(StaffPeopleError) {
        guard all.count < StaffLimits.personCountMax else { throw .tooMany }
        guard self.person(named: person.name) == nil else { throw .nameTaken(person.name) }
        all.append(person)
    }
}
