// A programme in one framing: what a viewer watches.

import Broadcast

/// How a shard numbers them: each programme's slot has one for every framing. That of a framing
/// nobody has asked this shard for is empty.
enum Channel {
    /// All that a shard can send, each in the place of its id.
    static let framings: [Framing] = [.plain, .webSocket]
    /// How many those are: a constant, since it is asked for with every send.
    static let framingCount = 2

    static func index(program: Int, _ framing: Framing) -> Int {
        assert(framings.count == framingCount && framings[framing.id] == framing)
        return program * framingCount + framing.id
    }

    static func count(programCount: Int) -> Int { programCount * framingCount }

    static func program(of channel: Int) -> Int { channel / framingCount }

    static func framing(of channel: Int) -> Framing { framings[channel % framingCount] }
}

extension ShardCore where Kernel: ~Copyable {
    /// Notes which programmes there are now, and where those who come begin.
    mutating func refreshPrograms() {
        let version = programs.version.load(ordering: .acquiring)
        if version != knownVersion {
            knownVersion = version
            for (slot, program) in programs.snapshot().enumerated()
            where program !== channels[Channel.index(program: slot, .plain)].programme {
                reports.forget(slot)
                for framing in Channel.framings {
                    leave(channel: Channel.index(program: slot, framing))
                }
                guard let program else { continue }
                channels[Channel.index(program: slot, .plain)].enter(program, program.timeline)
            }
        }
        for channel in channels.indices {
            channels[channel].refreshStart(Channel.framing(of: channel))
        }
    }

    /// The channel of a programme that is known, made now if this shard has none of it yet.
    ///
    /// - Returns: nil when there is no memory for it.
    mutating func channel(of program: Int, _ framing: Framing) -> Int? {
        let channel = Channel.index(program: program, framing)
        guard channels[channel].programme == nil else { return channel }
        guard let known = channels[Channel.index(program: program, .plain)].programme,
            let timeline = try? known.timeline(framing)
        else { return nil }
        channels[channel].enter(known, timeline)
        channels[channel].refreshStart(framing)
        return channel
    }

    private mutating func leave(channel: Int) {
        guard channels[channel].programme != nil else { return }
        for slot in 0..<table.usedEnd where Int(table[slot].channel) == channel {
            makeRoom()
            switch table[slot].state {
            case .awaitingKeyframe, .starting, .streaming: end(slot, .ended)
            default: break
            }
        }
        stopLending(channel: channel)
        channels[channel].leave()
    }
}
