// Why the staff plane cannot start, and what to do about it.

public import WireBytes

/// What keeps the staff listener from starting.
public enum StaffServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Reachable from outside and open to everybody.
    case tokenMissing(IPEndpoint)
    /// Another program listens there.
    case addressInUse(IPEndpoint)
    /// The address is not one of this machine.
    case addressNotAvailable(IPEndpoint)
    /// A port below 1024 without the privilege, or a sandbox.
    case notPermitted(IPEndpoint)
    /// Any other reason of the system's.
    case cannotListen(IPEndpoint, reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .tokenMissing(let address):
            "the staff plane at \(address) can be reached from other machines, which needs a staff "
                + "token: set staffToken in the configuration file (--staff-token would show it to every "
                + "user of this machine), or listen on loopback only with "
                + "--staff 127.0.0.1:\(address.port)"
        case .addressInUse(let address):
            "the staff plane cannot listen on \(address): another program does. Stop it (find it "
                + "with: ss -ltnp 'sport = :\(address.port)') or choose another port with --staff"
        case .addressNotAvailable(let address):
            "the staff plane cannot listen on \(address): this machine has no such address. "
                + "Choose one of its own (see: ip address) with --staff"
        case .notPermitted(let address):
            "the staff plane may not listen on \(address): ports below 1024 need the capability "
                + "CAP_NET_BIND_SERVICE. Choose a port from 1024 on with --staff"
        case .cannotListen(let address, let reason):
            "the staff plane cannot listen on \(address) (option --staff): \(reason)"
        }
    }
}
