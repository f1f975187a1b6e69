// Which coding of a body a client takes: Accept-Encoding.

import WireBytes

/// How a body is packed on its way (RFC 9110, section 8.4.1).
public enum ContentCoding: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// Brotli; browsers ask for it over TLS and on the machine itself.
    case brotli
    /// gzip.
    case gzip
    /// As it is.
    case identity

    /// Its name in Accept-Encoding and Content-Encoding.
    public var name: StaticString {
        switch self {
        case .brotli: "br"
        case .gzip: "gzip"
        case .identity: "identity"
        }
    }
}

/// What a client says of codings in its Accept-Encoding field (RFC 9110, section 12.5.3).
public struct AcceptedCodings: Sendable, BitwiseCopyable {
    /// In the order of `ContentCoding`, thousandths; -1 where nothing is said.
    private var weights: InlineArray<3, Int16> = [-1, -1, -1]
    /// Of all that isn't named; -1 where nothing is said.
    private var weightOfOthers: Int16 = -1

    /// - Parameters:
    ///   - field: the field's value; nil without one, which means that the body comes as it is.
    ///   - bytes: those it lies in.
    public init(_ field: Range<Int>?, in bytes: RawSpan) {
        guard let field else { return }
        var members = ListMembers(field)
        while let member = members.next(in: bytes) {
            let end = bytes.firstIndex(of: UInt8(ascii: ";"), in: member) ?? member.upperBound
            let name = bytes.trimmed(member.lowerBound..<end)
            let weight = Self.weight(end..<member.upperBound, in: bytes)
            if bytes.equals("*", in: name) {
                weightOfOthers = weight
            } else if bytes.equalsIgnoringCase("x-gzip", in: name) {
                weights[Int(ContentCoding.gzip.rawValue)] = weight
            } else {
                for coding in ContentCoding.allCases
                where bytes.equalsIgnoringCase(coding.name, in: name) {
                    weights[Int(coding.rawValue)] = weight
                }
            }
        }
    }

    /// How welcome a coding is, thousandths; 0 where it isn't.
    public func weight(of coding: ContentCoding) -> Int16 {
        let own = weights[Int(coding.rawValue)]
        if own >= 0 { return own }
        if weightOfOthers >= 0 { return weightOfOthers }
        // As it is, a body is always welcome unless that is ruled out; least of all where something
        // else is asked for.
        return coding == .identity ? 1 : 0
    }

    /// `;q=0.8` and what else may come behind a name. A weight that can't be read is none.
    private static func weight(_ parameters: Range<Int>, in bytes: RawSpan) -> Int16 {
        var weight: Int16 = 1_000
        var start = parameters.lowerBound
        while start < parameters.upperBound {
            let from = start + 1
            let end =
                bytes.firstIndex(of: UInt8(ascii: ";"), in: from..<parameters.upperBound)
                ?? parameters.upperBound
            let parameter = bytes.trimmed(from..<end)
            if parameter.count >= 2, bytes[parameter.lowerBound] | 0x20 == UInt8(ascii: "q"),
                bytes[parameter.lowerBound + 1] == UInt8(ascii: "=")
            {
                weight = thousandths(parameter.lowerBound + 2..<parameter.upperBound, in: bytes)
            }
            start = end
        }
        return weight
    }

    /// `0`, `1`, and up to three digits behind a point; anything else is 0.
    private static func thousandths(_ range: Range<Int>, in bytes: RawSpan) -> Int16 {
        guard let first = range.first, range.count <= 5, bytes[first] & 0xFE == UInt8(ascii: "0")
        else { return 0 }
        var value = Int16(bytes[first] & 1) * 1_000
        guard range.count > 1 else { return value }
        guard bytes[first + 1] == UInt8(ascii: ".") else { return 0 }
        var unit: Int16 = 100
        for index in first + 2..<range.upperBound {
            guard bytes[index].isDigit else { return 0 }
            value += Int16(bytes[index] & 0x0F) * unit
            unit /= 10
        }
        return min(value, 1_000)
    }
}
