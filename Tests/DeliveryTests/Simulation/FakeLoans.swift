// Memory that a simulated kernel was lent by zero-copy sends, and whether it stays as it was.

import TestSupport

@testable import IORing

/// What the kernel still reads, and until when.
final class FakeLoans {
    private struct Loan {
        let token: Token
        let client: FakeConnection
        let memory: UnsafeRawBufferPointer
        let before: [UInt8]
        let endNs: Int64
    }

    private var loans: [Loan] = []
    /// How long a peer takes at most to acknowledge what it got, ns.
    var durationNsMax: Int64 = 300_000_000
    /// Out of 100 clients, so many acknowledge nothing.
    var silentPerCent = 0
    /// Whether the kernel takes our pages, or says that it copied them.
    var isReal = true
    /// Sends whose memory was seen to change.
    private(set) var spoiltCount = 0
    private(set) var endedCount = 0

    var count: Int { loans.count }

    /// The kernel took the beginning of some memory.
    func add(
        _ memory: UnsafeRawBufferPointer, _ token: Token, _ client: FakeConnection, nowNs: Int64,
        random: inout SeededRandom
    ) {
        let isSilent = client.id % 100 < silentPerCent
        let delayNs = isSilent ? Int64(3_600_000_000_000) : Int64(random.below(Int(durationNsMax)))
        loans.append(
            unsafe Loan(
                token: token, client: client, memory: memory, before: Array(memory),
                endNs: nowNs + (isReal ? delayNs : 0)))
    }

    /// The tokens of those that end by now, at most so many: acknowledged, or their connection is
    /// broken.
    func takeEnded(nowNs: Int64, countMax: Int) -> [Token] {
        var ended: [Token] = []
        loans.removeAll { loan in
            let isOver = loan.endNs <= nowNs || loan.client.life == .reset
            guard isOver, ended.count < countMax else { return false }
            // What a broken connection had on its way is read no more.
            if loan.client.life != .reset, unsafe !loan.memory.elementsEqual(loan.before) {
                spoiltCount += 1
            }
            ended.append(loan.token)
            return true
        }
        endedCount += ended.count
        return ended
    }

    /// Whether a client's connection has anything lent.
    func has(_ client: FakeConnection) -> Bool { loans.contains { $0.client === client } }

    /// Looks at everything that is still lent.
    func check() {
        for loan in loans where loan.client.life != .reset {
            if unsafe !loan.memory.elementsEqual(loan.before) { spoiltCount += 1 }
        }
    }
}
