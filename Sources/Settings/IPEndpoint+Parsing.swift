// Where a listener listens, as people write it: HOST:PORT, with the host as an IP address.

public import WireBytes

extension IPEndpoint {
    /// Parses "127.0.0.1:8080", "[::]:8080", "localhost:8080" or "*:8080". Other names are refused:
    /// a listener must not depend on a name server.
    public init(parsing text: String) throws(BadValue) {
        let shape = BadValue(
            "expected HOST:PORT with an IP address, such as 0.0.0.0:8080 or [::]:8080")
        guard let colon = text.lastIndex(of: ":") else { throw shape }
        let portText = text[text.index(after: colon)...]
        guard !portText.isEmpty, portText.utf8.allSatisfy(\.isDigit), let port = UInt16(portText)
        else {
            throw BadValue("the port must be a number from 0 to 65535, as in 0.0.0.0:8080")
        }
        let name = text[..<colon]
        let address: IPAddress?
        if name.hasPrefix("[") && name.hasSuffix("]") {
            address = IPAddress(String(name.dropFirst().dropLast())).flatMap { $0.isV6 ? $0 : nil }
        } else {
            address =
                switch name {
                case "localhost": .loopback
                case "*": .any
                default: IPAddress(String(name)).flatMap { $0.isV6 ? nil : $0 }
                }
        }
        guard let address else { throw shape }
        self.init(address, port: port)
    }
}
