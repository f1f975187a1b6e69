// A dictionary by names that others chose, which compares their bytes.

import WireBytes

/// Values by name. Whoever signs a token, and the ledger, tell names apart by their bytes; two texts
/// that only look the same are two keys here, too.
struct ByName<Value: Sendable>: Sendable {
    private var values: [ByteString: Value] = [:]

    /// The value of a name; it is changed in place.
    subscript(name: String) -> Value? {
        get { values[ByteString(name)] }
        _modify { yield &values[ByteString(name)] }
    }

    var count: Int { values.count }
    var first: Value? { values.first?.value }

    /// All of them, in no order.
    var all: [(name: String, value: Value)] { values.map { ($0.key.text, $0.value) } }

    mutating func removeAll(where isGone: (Value) -> Bool) {
        values = values.filter { !isGone($0.value) }
    }
}
