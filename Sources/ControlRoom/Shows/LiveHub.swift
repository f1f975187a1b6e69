// Who looks on at which show, and what they are told: one look at the desk for all of them, when the
// desk says that something has changed.

import FoundationEssentials

/// Looks at a show that somebody watches each time that it has changed, and tells its onlookers.
/// Nothing runs while nothing changes but a comment now and then, and nothing at all while nobody
/// watches.
actor LiveHub {
    private struct Channel {
        var onlookers: [Int: AsyncStream<String>.Continuation] = [:]
        var newest: ShowState?
        /// Events so far: the second part of their ids.
        var serial = 0
        var isLooking = false
        var wantsLook = false
        /// When they were sent something last.
        var sentAt = ContinuousClock.now
        /// Takes the desk's changes, and sends comments into a long silence.
        var tasks: [Task<Void, Never>] = []
    }

    private let desk: any ShowDesk
    private var channels: [String: Channel] = [:]
    private var onlookerCount = 0
    private var nextOnlooker = 0

    /// Pieces that wait for an onlooker who doesn't read. Whoever has more is let go, and comes
    /// back to the show as it is.
    private static let pieceCountMax = 32

    init(desk: any ShowDesk) { self.desk = desk }

    /// What a new onlooker is sent, the show as it is first.
    func watch(_ show: String) async throws(ShowDeskRefusal) -> AsyncStream<String> {
        guard onlookerCount < Limits.onlookerCountMax else {
            throw .unavailable(
                "\(Limits.onlookerCountMax) are looking on already; close a window and try again")
        }
        onlookerCount += 1
        // Before the show is looked at: what changes in between is looked at once more.
        let changes = desk.changes(of: show)
        let state: ShowState
        do throws(ShowDeskRefusal) {
            state = try await desk.state(of: show)
        } catch {
            onlookerCount -= 1
            throw error
        }
        let (pieces, continuation) = AsyncStream<String>.makeStream(
            bufferingPolicy: .bufferingOldest(Self.pieceCountMax))
        let onlooker = nextOnlooker
        nextOnlooker += 1
        var channel = channels[show] ?? Channel()
        channel.onlookers[onlooker] = continuation
        // Where the others were told of something else meanwhile, one more look tells everybody.
        let still = state.withoutCountdown
        let isNewest = channel.onlookers.count == 1 || channel.newest == still
        channel.newest = isNewest ? still : nil
        continuation.yield("retry: 1000\n\n" + Self.event(state, serial: channel.serial))
        if channel.tasks.isEmpty {
            channel.tasks = [follow(changes, of: show), breakSilence(of: show)]
        }
        channels[show] = channel
        continuation.onTermination = { _ in
            Task { await self.leave(show, onlooker) }
        }
        if !isNewest { await look(at: show) }
        return pieces
    }

    /// Looks at a show now, if anybody watches it.
    private func look(at show: String) async {
        guard channels[show] != nil else { return }
        if channels[show]?.isLooking == true {
            // What it sees may be from before: it looks once more.
            channels[show]?.wantsLook = true
            return
        }
        channels[show]?.isLooking = true
        repeat {
            channels[show]?.wantsLook = false
            do throws(ShowDeskRefusal) {
                tell(try await desk.state(of: show), show)
            } catch {
                // What else keeps it from being looked at passes, and is no change: what it was is
                // told until it changes again.
                if error == .unknownShow { end(show) }
            }
        } while channels[show]?.wantsLook == true
        channels[show]?.isLooking = false
    }

    private func follow(_ changes: AsyncStream<Void>, of show: String) -> Task<Void, Never> {
        Task {
            for await _ in changes {
                if Task.isCancelled { break }
                await look(at: show)
            }
        }
    }

    private func breakSilence(of show: String) -> Task<Void, Never> {
        let silence = Duration.milliseconds(Limits.heartbeatMs)
        return Task {
            while let sentAt = channels[show]?.sentAt {
                // It throws when the task is cancelled, which is looked at next.
                try? await Task.sleep(until: sentAt + silence)
                if Task.isCancelled { break }
                guard var channel = channels[show], channel.sentAt == sentAt else { continue }
                Self.send(":\n\n", to: &channel)
                channels[show] = channel
            }
        }
    }

    private func tell(_ state: ShowState, _ show: String) {
        guard var channel = channels[show], channel.newest != state.withoutCountdown else {
            return
        }
        channel.newest = state.withoutCountdown
        channel.serial += 1
        Self.send(Self.event(state, serial: channel.serial), to: &channel)
        channels[show] = channel
    }

    private static func send(_ piece: String, to channel: inout Channel) {
        channel.sentAt = .now
        for continuation in channel.onlookers.values {
            if case .dropped = continuation.yield(piece) { continuation.finish() }
        }
    }

    private func leave(_ show: String, _ onlooker: Int) {
        guard channels[show]?.onlookers.removeValue(forKey: onlooker) != nil else { return }
        onlookerCount -= 1
        guard channels[show]?.onlookers.isEmpty == true else { return }
        for task in channels[show]?.tasks ?? [] { task.cancel() }
        channels[show] = nil
    }

    private func end(_ show: String) {
        guard let channel = channels.removeValue(forKey: show) else { return }
        for task in channel.tasks { task.cancel() }
        onlookerCount -= channel.onlookers.count
        for continuation in channel.onlookers.values { continuation.finish() }
    }

    /// The event's id begins with the show's version.
    private static func event(_ state: ShowState, serial: Int) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in a state can keep it from being encoded, and it has no line ends.
        let data = (try? encoder.encode(state)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
        return "event: state\nid: \(state.version).\(serial)\ndata: \(data)\n\n"
    }
}
