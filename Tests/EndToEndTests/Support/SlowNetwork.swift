// A network of a test's own, slow on the way to one address: the kernel's, not a program's that reads
// slowly.

import Glibc
import TestSupport
import Testing

/// A network namespace that a thread has alone, with all threads and processes it starts.
struct SlowNetwork {
    /// Whoever comes from here gets what it gets slowly.
    static let slowAddress: String = "127.0.0.9"
    /// Why a test without one is left out.
    static let need: Comment = "a network of its own needs root, ip and tc with htb and u32"

    /// Whether this process may have one.
    static let isPossible: Bool = {
        do {
            try run(bitsPerSecond: 1_000_000) { _ in }
            return true
        } catch { return false }
    }()

    /// Runs a body on a thread with a network of its own.
    static func run(
        bitsPerSecond: Int, _ body: (SlowNetwork) throws -> Void
    ) throws {
        try SecludedThread.run { try body(try SlowNetwork(bitsPerSecond: bitsPerSecond)) }
    }

    private init(bitsPerSecond: Int) throws {
        let newNetwork: CInt = 0x4000_0000
        guard SecludedThread.unshare(newNetwork) == 0 else {
            throw TestFailure.system(call: "unshare", errno: errno)
        }
        try Self.call("ip link set lo up mtu 1500")
        try Self.call("tc qdisc add dev lo root handle 1: htb default 1")
        try Self.call("tc class add dev lo parent 1: classid 1:1 htb rate 10gbit burst 1m")
        try Self.call(
            "tc class add dev lo parent 1: classid 1:9 htb rate \(bitsPerSecond) burst 8k")
        try Self.call("tc qdisc add dev lo parent 1:9 handle 9: bfifo limit 100000")
        try Self.call(
            "tc filter add dev lo parent 1: protocol ip u32 match ip dst \(Self.slowAddress)/32 "
                + "flowid 1:9")
    }

    /// From now on so much goes through.
    func change(bitsPerSecond: Int) throws {
        try Self.call(
            "tc class change dev lo parent 1: classid 1:9 htb rate \(bitsPerSecond) burst 8k")
    }

    private static func call(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let result = try Tool.run(words[0], Array(words.dropFirst()))
        guard result.end == .exit(code: 0) else {
            throw TestFailure.unexpected("\(line): \(result.errors)")
        }
    }
}
