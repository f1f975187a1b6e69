// One run: a shard, a publisher or two and an audience, all under one seed.

import HTTPWire
import TestSupport

@testable import Broadcast
@testable import Delivery
@testable import IORing

/// Runs a shard against simulated kernel, time, publishers and viewers.
final class Simulation {
    let plan: RunPlan
    var random: SeededRandom
    let programs: Programmes
    let addresses: Admission
    let world: FakeWorld
    let service = FakePlayerService()
    let secureInbox = SecureInbox()
    let truths = Truths()
    let feeds: [SimulatedFeed]
    var core: ShardCore<FakeKernel>
    private(set) var clients: [FakeConnection] = []
    var nowNs: Int64 = 0
    /// The first thing found wrong.
    private(set) var failure: String?
    /// When each turn was, by how much all so far came after they were due, and how far ahead the
    /// cohorts were then, ns.
    private var turns: [(atNs: Int64, lateNs: Int64, aheadNs: Int64)] = [(0, 0, 0)]
    private var arrivalsNs: [Int64] = []
    private(set) var stoppedNs: Int64?
    /// When a viewer was dropped for being overrun.
    private(set) var overrunNs: Set<Int64> = []
    private var overranLastTurn = false
    /// When somebody was ended for the room that its texts or its unfinished message took.
    private(set) var shedNs: Set<Int64> = []
    private var shedLastTurn = false
    /// When the staff ended somebody, and by whose dice.
    private(set) var kickedNs: Set<Int64> = []
    private var kickedLastTurn = false
    var staffRandom: SeededRandom
    /// The rare events of the road out, and which life of each slot had a queue after the last turn.
    var road = RoadEvents()
    var queued: [Int: UInt32] = [:]

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let plan = RunPlan(seed: seed, random: &random)
        self.plan = plan
        programs = Programmes(limits: plan.limits)
        var admission = AdmissionLimits()
        admission.perAddressMax = plan.connectionsPerHost
        admission.perLoopbackAddressMax = plan.connectionsPerHost
        admission.perAddressPerSecondMax = 1e6
        addresses = Admission(limits: admission)
        if plan.hasFiles { plan.settings.content.publish(files: FilePlan.files) }
        world = FakeWorld(
            random: SeededRandom(seed: random.next()), slotCount: plan.settings.slotCountMax,
            entryCount: plan.entryCount, bufferCount: plan.bufferCount)
        world.acceptErrorPerCent = plan.acceptErrorPerCent
        world.latePerCent = plan.latePerCent
        world.kernelTLSPerCent = 70
        world.partialPerCent = plan.partialPerCent
        world.loans.durationNsMax = plan.loanNsMax
        world.loans.silentPerCent = plan.silentPerCent
        world.loans.isReal = plan.loansAreReal
        feeds = plan.feeds.map { [programs, truths] feed in
            SimulatedFeed(
                plan: feed, programs: programs, truths: truths,
                random: SeededRandom(seed: random.next()))
        }
        core = ShardCore(
            ring: FakeKernel(world: world), settings: plan.settings, programs: programs,
            addresses: addresses, audience: service.audience, secureInbox: secureInbox,
            kernelTLS: true)
        // Some are more than a socket holds.
        let stateByteCount = seed % 3 == 0 ? 20_000 : 2
        let json = Array("{}".utf8) + [UInt8](repeating: 32, count: stateByteCount - 2)
        service.set(state: SharedBytes(json: json, version: 1))
        for _ in 0..<plan.viewerCount {
            arrivalsNs.append(Int64(random.below(Int(plan.durationNs) * 2 / 3)))
        }
        arrivalsNs.sort()
        self.random = random
        staffRandom = SeededRandom(seed: seed ^ 0x57AF_F)
        world.tails = { [truths] in truths.all.map { $0.program.timeline.tail } }
    }

    /// Runs to the end, and everyone's bytes are looked at.
    func run() -> String? {
        if plan.appendsMeanwhile {
            world.meanwhile = { [unowned self] in
                for feed in feeds { feed.burst(nowNs: nowNs) }
            }
        }
        while nowNs < plan.durationNs, failure == nil { step() }
        checkReplies()
        world.meanwhile = nil
        if plan.endsEmpty { letEverybodyLeave() }
        stop()
        for client in clients where failure == nil { checkStream(of: client) }
        road.late = core.outbound.lateCount
        road.retold = core.counters.recordRetoldCount
        if failure == nil { checkAllIsBack() }
        return failure
    }

    func fail(_ text: String) {
        if failure == nil { failure = "at \(nowNs / 1_000) us: \(text)" }
    }

    // MARK: Time

    private func step() {
        let due = core.dueNs(nowNs: nowNs)
        var next = min(due, nowNs + 50_000_000)
        if core.clock.sendsAtOnce || world.wantsAttention {
            // Woken by a tag or the kernel.
            next = min(next, nowNs + Int64(random.below(4_000_000)))
        } else {
            next = max(next, nowNs + 2_000_000)
        }
        if random.chance(5) { next += Int64(random.below(30_000_000)) }
        if random.below(400) == 0 { next += Int64(random.below(700)) * 1_000_000 }
        advance(toNs: max(next, nowNs + 10_000))
        turn()
    }

    private func advance(toNs: Int64) {
        while let at = arrivalsNs.first, at <= toNs {
            arrivalsNs.removeFirst()
            let client = plan.makeClient(id: clients.count, atNs: at, random: &random)
            arrive(client)
        }
        world.advance(toNs: toNs)
        nowNs = toNs
        for feed in feeds { feed.advance(toNs: toNs) }
        programs.expire(nowMs: nowNs / 1_000_000)
        for feed in feeds {
            feed.noticeEnd(nowNs: nowNs)
            if let problem = feed.failure { fail(problem) }
        }
    }

    /// A client comes: by itself, or from whoever did its handshake.
    private func arrive(_ client: FakeConnection) {
        clients.append(client)
        guard let secured = plan.secure(client) else { return world.connect(client) }
        var connection = SecureConnection(
            descriptor: world.makeDescriptor(client), address: client.host.someAddress,
            keys: secured,
            pending: [])
        if random.chance(30) {
            // Some of what it said has come already.
            client.advance(fromNs: nowNs, toNs: nowNs)
            let count = random.below(client.inbox.count + 1)
            connection.pending = Array(client.inbox[..<count])
            client.inbox.removeFirst(count)
        }
        if secureInbox.add(connection) == nil { world.drop(connection.descriptor) }
    }

    /// By how much all turns came too late, and the next one is late by now, ns.
    private var lateNs: Int64 {
        let last = turns[turns.count - 1]
        let dueNs = core.clock.sendsAtOnce ? last.atNs : max(last.atNs, core.clock.nextDueNs)
        return last.lateNs + max(0, nowNs - dueNs)
    }

    /// The most time that may pass from a moment to a visit: a round of the cohorts; all by which
    /// turns came too late, since none of that is made up for; and what full sends were ahead of
    /// their times, which is an interval at most.
    func visitNsMax(sinceNs: Int64) -> Int64 {
        var index = turns.count - 1
        var aheadNs = turns[index].aheadNs
        while index > 0, turns[index].atNs >= sinceNs {
            index -= 1
            aheadNs = max(aheadNs, turns[index].aheadNs)
        }
        return plan.roundNsMax + lateNs - turns[index].lateNs + min(aheadNs, plan.intervalNsMax)
    }

    /// How many were ended so far since a frame or a buffer of theirs was needed.
    private var shedCount: UInt64 {
        core.counters.refusalCounts[RefusalKind.unread.rawValue]
            + core.counters.viewerEndCounts[DropReason.full.rawValue]
    }

    /// How many the staff have ended so far.
    private var kickedCount: UInt64 {
        core.counters.viewerEndCounts[DropReason.kicked.rawValue]
            + core.counters.connectionEndCounts[DropReason.kicked.rawValue]
    }

    private func turn() {
        turns.append((nowNs, lateNs, 0))
        if plan.isRushed {
            for power in (8..<28).reversed() {
                _ = core.rush.admits(byteCount: 1 << power, nowMs: nowNs / 1_000_000, busyShare: 1)
            }
        }
        if random.chance(plan.replyPerCent) { service.replyToAll() }
        let overrun = core.counters.viewerEndCounts[DropReason.overrun.rawValue]
        let shed = shedCount
        let kicked = kickedCount
        orderSomething()
        do throws(RingError) {
            try core.turn(nowNs: nowNs)
        } catch {
            fail("\(error)")
        }
        let didShed = shedCount != shed
        if didShed || shedLastTurn { shedNs.insert(nowNs) }
        shedLastTurn = didShed
        let didKick = kickedCount != kicked
        if didKick || kickedLastTurn { kickedNs.insert(nowNs) }
        kickedLastTurn = didKick
        let stepNs = core.clock.intervalNs / Int64(DeliverySettings.cohortCount)
        turns[turns.count - 1].aheadNs = max(0, core.clock.nextDueNs - nowNs - stepNs)
        do throws(RingError) {
            try core.finishQuestions(nowNs: nowNs)
        } catch {
            fail("\(error)")
        }
        for truth in truths.all { follow(truth) }
        let didOverrun =
            core.counters.viewerEndCounts[DropReason.overrun.rawValue] != overrun
        // The close of one that is found out last goes to the kernel with the next turn.
        if didOverrun || overranLastTurn { overrunNs.insert(nowNs) }
        overranLastTurn = didOverrun
        let isFull = core.table.freeCount == 0 && core.acceptSlot < 0
        world.turnsWithBacklog =
            isFull || world.backlog.isEmpty ? 0 : world.turnsWithBacklog + 1
        if plan.isElastic {
            let busyNs = Int64(random.below(20_000_000))
            core.clock.worked(fromNs: nowNs, toNs: nowNs + busyNs)
            advance(toNs: nowNs + busyNs)
        }
        checkTurn()
    }

    // MARK: The end

    private func letEverybodyLeave() {
        for client in clients { client.reset() }
        arrivalsNs = []
        for feed in feeds { feed.forgetBursts(nowNs: nowNs) }
        // Viewers are found to have left when something is sent: by the programme's end at last.
        let untilNs = nowNs + 10_000_000_000
        while nowNs < untilNs, world.openCount > 0 || !world.backlog.isEmpty, failure == nil {
            step()
        }
        if world.openCount > 0 { fail("\(world.openCount) connections outlive their clients") }
    }

    private func stop() {
        guard failure == nil else { return }
        stoppedNs = nowNs
        // Some come at the last moment.
        for _ in 0..<random.below(3) {
            let client = plan.makeClient(id: clients.count, atNs: nowNs, random: &random)
            arrive(client)
        }
        do throws(RingError) {
            try core.stop()
            // What completes late brings receive buffers back.
            for _ in 0..<200 where !core.isStopped || world.wantsAttention {
                advance(toNs: nowNs + 1_000_000)
                try core.turn(nowNs: nowNs)
            }
        } catch {
            fail("\(error)")
        }
        if !core.isStopped { fail("a stopped shard does not come to its end") }
        checkCounters()
    }
}
