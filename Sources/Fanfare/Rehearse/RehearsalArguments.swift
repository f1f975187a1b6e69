// The arguments of `fanfare rehearse` that are more than a number.

import ArgumentParser
import WireBytes

/// `http://ADDRESS:PORT/PATH?QUERY`.
struct StreamURL: ExpressibleByArgument {
    let address: IPEndpoint
    /// For the Host field.
    let host: String
    let target: String

    init?(argument: String) {
        let scheme = "http://"
        guard argument.lowercased().hasPrefix(scheme) else { return nil }
        let rest = argument.dropFirst(scheme.count)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var name = String(rest[..<slash])
        host = name
        target = slash == rest.endIndex ? "/" : String(rest[slash...])
        var port: UInt16 = 80
        if let colon = name.lastIndex(of: ":"), name.last != "]",
            let number = UInt16(name[name.index(after: colon)...])
        {
            port = number
            name = String(name[..<colon])
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        guard let address = IPEndpoint(host: name, port: port) else { return nil }
        self.address = address
    }
}

/// So many a second: `500/s`, or just `500`.
struct Rate: ExpressibleByArgument {
    /// More than any machine makes.
    private static let perSecondMax = 1e9

    let perSecond: Double

    init(perSecond: Double) { self.perSecond = perSecond }

    init?(argument: String) {
        let number = argument.hasSuffix("/s") ? argument.dropLast(2) : argument[...]
        guard let value = Double(number), 0...Self.perSecondMax ~= value else { return nil }
        perSecond = value
    }

    var defaultValueDescription: String { "\(Int(perSecond))/s" }
}

/// A part of the whole: `5%`, or `0.05`.
struct Share: ExpressibleByArgument {
    let fraction: Double

    init(fraction: Double) { self.fraction = fraction }

    init?(argument: String) {
        let isPercent = argument.hasSuffix("%")
        guard let value = Double(isPercent ? argument.dropLast() : argument[...]) else {
            return nil
        }
        let fraction = isPercent ? value / 100 : value
        guard (0...1).contains(fraction) else { return nil }
        self.fraction = fraction
    }

    var defaultValueDescription: String { "\(Int(fraction * 100))%" }
}

/// A length of time: `500ms`, `90s`, `10m`, `1h`.
struct Duration: ExpressibleByArgument {
    let ms: Int64

    init(ms: Int64) { self.ms = ms }

    init?(argument: String) {
        let units: [(String, Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000),
        ]
        guard let (unit, factor) = units.first(where: { argument.hasSuffix($0.0) }),
            let value = Double(argument.dropLast(unit.count)), value > 0, value < 1e9
        else { return nil }
        ms = Int64(value * factor)
    }

    var defaultValueDescription: String { "\(ms / 1_000)s" }
}
