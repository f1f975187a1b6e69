// What the staff see of those who watch, and whom they send away.

import Broadcast
import HTTPWire
import WireBytes

extension ShardCore where Kernel: ~Copyable {
    /// Keeps what the staff may want to know of a viewer.
    mutating func noteViewer(_ slot: Int, agent: String) {
        while notes.count <= slot { notes.append(ViewerNote()) }
        notes[slot] = ViewerNote()
        notes[slot].joinedMs = nowMs
        notes[slot].agent = agents.enter(agent)
        noteUnnamed(slot)
    }

    /// Does what the staff want.
    mutating func follow() {
        for order in orders.take() {
            switch order {
            case .endAll(let range, let answer):
                answer(kick { slot, core in core.table[slot].isOf(range, core.peers) })
            case .endPlayer(let ticket, let answer):
                answer(
                    kick { slot, core in
                        guard let session = core.table[slot].session else { return false }
                        return core.sessions[session].ticket == ticket
                    })
            case .endViewer(let id, let answer):
                answer(
                    kick { slot, core in
                        slot == id.slot && core.table[slot].generation == id.generation
                            && core.table[slot].flags.contains(.joined)
                    })
            case .list(let query, let answer): answer(sample(query))
            }
        }
    }

    /// - Returns: how many were ended.
    private mutating func kick(
        where isMeant: (_ slot: Int, _ core: borrowing Self) -> Bool
    ) -> Int {
        var count = 0
        for slot in 0..<table.usedEnd where isMeant(slot, self) {
            kick(slot)
            count += 1
        }
        return count
    }

    /// Ends a connection at the staff's word.
    private mutating func kick(_ slot: Int) {
        makeRoom()
        if let session = table[slot].session, isBetweenTags(slot),
            sessions[session].flags.contains(.webSocket)
        {
            sendFarewell(
                WebSocketFrame.close(.policyViolation, reason: "The staff have ended this."),
                to: slot)
        }
        end(slot, .kicked)
    }

    // MARK: Looking

    private func sample(_ query: ViewerQuery) -> ViewerSample {
        var sample = ViewerSample()
        var slots: [Int] = []
        var random = SplitMix64(seed: UInt64(bitPattern: nowNs))
        for slot in 0..<table.usedEnd where table[slot].flags.contains(.joined) {
            if let range = query.range, !table[slot].isOf(range, peers) { continue }
            if let stream = query.stream, stream != streamName(slot) { continue }
            if let id = query.id, id != name(slot) { continue }
            sample.count += 1
            // Each of them is as likely to be shown as any other.
            if slots.count < query.countMax {
                slots.append(slot)
            } else {
                let place = Int.random(in: 0..<sample.count, using: &random)
                if place < query.countMax { slots[place] = slot }
            }
        }
        var ladders: [Int: DelayLadder] = [:]
        for slot in slots {
            let channel = Int(table[slot].channel)
            if ladders[channel] == nil, let program = channels[channel].programme {
                ladders[channel] = DelayLadder(program, Channel.framing(of: channel))
            }
            sample.viewers.append(record(slot, ladders[channel]))
        }
        return sample
    }

    private func name(_ slot: Int) -> ViewerID {
        ViewerID(shard: orders.shard, slot: slot, generation: table[slot].generation)
    }

    private func streamName(_ slot: Int) -> String {
        channels[Int(table[slot].channel)].programme?.name ?? ""
    }

    private func record(_ slot: Int, _ ladder: DelayLadder?) -> ViewerRecord {
        let viewer = table[slot]
        let session = viewer.session
        return ViewerRecord(
            id: name(slot), host: peers.host(viewer.peer), stream: streamName(slot),
            isWebSocket: session.map { sessions[$0].flags.contains(.webSocket) } ?? false,
            agent: agents.name(notes[slot].agent), player: session.flatMap { sessions[$0].ticket },
            watchedMs: nowMs - notes[slot].joinedMs,
            behindMs: ladder?.behindMs(at: viewer.cursor) ?? 0,
            byteCount: notes[slot].byteCount(cursor: viewer.cursor))
    }
}

extension Viewer {
    /// Whether its connection comes from those addresses.
    fileprivate func isOf(_ range: AddressRange, _ peers: Peers) -> Bool {
        flags.contains(.admitted) && range.contains(peers.host(peer))
    }
}

/// Where a timeline was how long ago, at a few steps: asked for once, since the programme's lock is
/// the publisher's, too.
private struct DelayLadder {
    private static let stepsMs: [Int64] = [
        0, 100, 250, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 20_000,
        30_000,
    ]
    private let positions: [UInt64]

    init(_ program: Programme, _ framing: Framing) {
        positions = Self.stepsMs.map { program.position(behindMs: $0, framing) }
    }

    /// How far behind a place is; what lies before the last step is that far.
    func behindMs(at position: UInt64) -> Int64 {
        guard let step = positions.firstIndex(where: { $0 <= position }) else {
            return Self.stepsMs[Self.stepsMs.count - 1]
        }
        guard step > 0, positions[step - 1] > positions[step] else { return Self.stepsMs[step] }
        let share =
            Double(positions[step - 1] - position)
            / Double(positions[step - 1] - positions[step])
        let widthMs = Double(Self.stepsMs[step] - Self.stepsMs[step - 1])
        return Self.stepsMs[step - 1] + Int64(max(0, min(1, share)) * widthMs)
    }
}
