// What viewers' software calls itself, each name kept once.

import HTTPWire
import WireBytes

/// The User-Agent fields of those who watch: a number for each that is in use.
///
/// Of very many different ones, as somebody sends who makes them up, those that come last are all
/// "other": what is kept is bounded by names, not by viewers.
struct AgentTable {
    private var names = ["", "other"]
    private var counts = [0, 0]
    private var numbers: [String: UInt16] = [:]
    private var free: [UInt16] = []

    private static let other: UInt16 = 1

    /// What a request's software calls itself, as far as it can be shown; empty where it doesn't.
    static func name(in head: HTTPRequestHead, of bytes: RawSpan) -> String {
        guard let value = head.fieldValue(named: "user-agent", in: bytes) else { return "" }
        let end = min(value.upperBound, value.lowerBound + DeliverySettings.agentByteCountMax)
        let shown = (value.lowerBound..<end).map { index in
            0x20..<0x7F ~= bytes[index] ? bytes[index] : UInt8(ascii: "?")
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Somebody with this software has come.
    mutating func enter(_ name: String) -> UInt16 {
        let number = number(of: name)
        counts[Int(number)] += 1
        return number
    }

    /// Somebody with it has gone.
    mutating func leave(_ number: UInt16) {
        counts[Int(number)] -= 1
        guard counts[Int(number)] == 0, number > Self.other else { return }
        numbers[names[Int(number)]] = nil
        names[Int(number)] = ""
        free.append(number)
    }

    /// What a number stands for.
    func name(_ number: UInt16) -> String { names[Int(number)] }

    private mutating func number(of name: String) -> UInt16 {
        if name.isEmpty { return 0 }
        if let number = numbers[name] { return number }
        guard let number = free.popLast() ?? grow() else { return Self.other }
        names[Int(number)] = name
        numbers[name] = number
        return number
    }

    private mutating func grow() -> UInt16? {
        guard names.count < DeliverySettings.agentCountMax else { return nil }
        names.append("")
        counts.append(0)
        return UInt16(names.count - 1)
    }
}
