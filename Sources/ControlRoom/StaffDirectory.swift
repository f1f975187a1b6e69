// What the control room needs to know who somebody is: one small protocol.

public import Access

/// Somebody who was let in.
public struct StaffIdentity: Sendable, Equatable {
    /// How it came about.
    public enum Proof: Sendable, Equatable {
        /// Nobody needs a token here: it is this machine, and nobody has one.
        case none
        /// The operator's own token, which names nobody.
        case master
        /// The person's own token.
        case own
    }

    /// Who, for the audit.
    public var name: String
    /// What the person may do.
    public var role: StaffRole
    /// How it came about.
    public var proof: Proof

    /// Somebody.
    public init(name: String, role: StaffRole, proof: Proof) {
        self.name = name
        self.role = role
        self.proof = proof
    }

    /// Whoever comes by the operator's token, or where nobody needs one.
    public static func nobodyInParticular(_ proof: Proof) -> StaffIdentity {
        StaffIdentity(name: "staff", role: .director, proof: proof)
    }
}

/// One of the staff, as the list has it.
public struct StaffRecord: Sendable, Codable, Equatable {
    /// Who.
    public var name: String
    /// What the person may do.
    public var role: StaffRole
    /// When the person was added, ms since 1970.
    public var createdAtMs: Int64
    /// When the person was last heard since the appliance was started, ms since 1970.
    public var lastSeenAtMs: Int64?

    /// A person.
    public init(name: String, role: StaffRole, createdAtMs: Int64, lastSeenAtMs: Int64? = nil) {
        self.name = name
        self.role = role
        self.createdAtMs = createdAtMs
        self.lastSeenAtMs = lastSeenAtMs
    }
}

/// Why the list of people stays as it is, in a sentence.
public enum StaffRefusal: Error, Sendable, Equatable {
    /// There is nobody of that name.
    case unknown(String)
    /// What was given can't be.
    case invalid(String)
    /// It would leave the staff without what they need, or the plane open.
    case notNow(String)
    /// It can't be done now, or not be kept safe, as with a full disk.
    case unavailable(String)
}

/// Who the staff are. Looking somebody up is asked for with every request, and answered at once;
/// what is compared is compared in constant time.
public protocol StaffDirectory: Sendable {
    /// Whether nobody needs a token: none is configured, and nobody has one.
    var isOpen: Bool { get }

    /// Who brings a token; nil if nobody does.
    func identity(ofToken token: String) -> StaffIdentity?

    /// Whose session it is; nil if it is none, or none any more.
    func identity(ofSession id: String) -> StaffIdentity?

    /// Opens a session.
    ///
    /// - Returns: its id, of letters, digits, `-` and `_`; nil if nobody brings this token.
    func open(
        by token: String
    ) async throws(StaffRefusal) -> (id: String, identity: StaffIdentity)?

    /// Ends one; there needn't be any.
    func close(session id: String) async

    /// Everybody, in the order in which they were added.
    func people() -> [StaffRecord]

    /// Whether somebody has this name, whatever its letters' size.
    func isPerson(_ name: String) -> Bool

    /// Takes somebody in.
    ///
    /// - Returns: the token, which is told this once.
    func add(name: String, role: StaffRole) async throws(StaffRefusal) -> String

    /// Strikes somebody off; tokens and sessions are worth nothing from then on.
    func remove(name: String) async throws(StaffRefusal)
}
