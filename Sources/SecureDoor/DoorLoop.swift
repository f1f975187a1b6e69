// The door's thread: accepts, handshakes, hands over.

import Glibc
import IORing
import TLS
import WireBytes

/// The connections whose handshakes are under way; lives on the door's thread.
struct DoorLoop: ~Copyable, @unchecked Sendable {
    private let listener: Listener
    private let poll: EventPoll
    private let wake: Int32
    let settings: SecureDoorSettings
    let parts: SecureDoor.Parts
    let counters: DoorCounters
    var visitors: [Int32: DoorVisitor] = [:]
    var addresses: DoorAddresses
    private var news = DoorNews()
    private var chunk = [UInt8](repeating: 0, count: SecureDoorSettings.receiveByteCount)
    private var credit: Double
    private var creditMs: Int64
    private var acceptsFromMs: Int64 = 0
    private var isListening = false
    private var hasHandedOver = false
    private(set) var nowMs: Int64

    init(
        listener: consuming Listener, wake: Int32, settings: SecureDoorSettings,
        parts: SecureDoor.Parts, counters: DoorCounters
    ) throws(RingError) {
        poll = try EventPoll()
        poll.add(wake)
        self.listener = listener
        self.wake = wake
        self.settings = settings
        self.parts = parts
        self.counters = counters
        addresses = DoorAddresses(settings: settings)
        nowMs = MonotonicClock.nowMs()
        credit = settings.perSecondMax
        creditMs = nowMs
        // Accepted sockets don't inherit it: those who take them over wait in their own ways.
        _ = fcntl(self.listener.descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit {
        for visitor in visitors.values { close(visitor.descriptor) }
    }

    mutating func run(isStopping: () -> Bool) {
        var sweepMs = nowMs
        while !isStopping() {
            listenIfDue()
            let waitMs =
                visitors.isEmpty && isListening ? 10_000 : Int(SecureDoorSettings.sweepMs)
            let events = poll.wait(ms: waitMs)
            nowMs = MonotonicClock.nowMs()
            for event in events {
                if event.descriptor == listener.descriptor {
                    accept()
                } else if let visitor = visitors[event.descriptor] {
                    serve(visitor, event)
                }
            }
            wipeTraces()
            if nowMs >= sweepMs {
                sweepMs = nowMs + SecureDoorSettings.sweepMs
                endOverdue()
                sendLastWords()
            }
            counters.set(inFlight: visitors.count)
        }
        for visitor in Array(visitors.values) { end(visitor) }
        counters.set(inFlight: 0)
    }

    // MARK: Coming in

    /// Who comes too fast waits in the kernel's queue.
    private mutating func listenIfDue() {
        let elapsedS = Double(max(0, nowMs - creditMs)) / 1_000
        credit = min(settings.perSecondMax, credit + elapsedS * settings.perSecondMax)
        creditMs = nowMs
        let mayAccept = credit >= 1 && nowMs >= acceptsFromMs
        guard mayAccept != isListening else { return }
        isListening = mayAccept
        if mayAccept {
            poll.add(listener.descriptor)
        } else {
            poll.remove(listener.descriptor)
        }
    }

    private mutating func accept() {
        for _ in 0..<SecureDoorSettings.acceptsPerTurnMax where credit >= 1 {
            guard let (descriptor, peer) = AcceptedSocket.next(of: listener.descriptor) else {
                if errno != EAGAIN { acceptsFromMs = nowMs + SecureDoorSettings.acceptRetryMs }
                return
            }
            credit -= 1
            begin(descriptor, peer)
        }
    }

    private mutating func begin(_ descriptor: Int32, _ peer: IPEndpoint) {
        if visitors.count >= settings.inFlightCountMax { makeRoom() }
        let isProxy = parts.trusts(peer.address)
        let visitor = DoorVisitor(
            descriptor: descriptor, connected: peer, stage: .awaitingProxyHeader([]), nowMs: nowMs,
            deadlineMs: nowMs + settings.handshakeMsMax)
        visitors[descriptor] = visitor
        poll.add(descriptor)
        if !isProxy { shake(visitor) }
    }

    /// Whose it is is known now: its handshake begins, if it may.
    private mutating func shake(_ visitor: DoorVisitor) {
        // A proxy that names nobody brings everybody.
        if !parts.trusts(visitor.peer.address) {
            let host = visitor.peer.hostKey
            guard addresses.admit(host, nowMs: nowMs) else { return fail(visitor, .tooMany) }
            visitor.countedHost = host
        }
        do throws(TLSError) {
            visitor.stage = .shaking(try Handshake(parts.context(), inside: parts.inside))
        } catch {
            fail(visitor, .handshake(.library))
        }
    }

    /// The oldest of the address that has most goes.
    private mutating func makeRoom() {
        var largest: DoorVisitor?
        for visitor in visitors.values {
            guard let other = largest else {
                largest = visitor
                continue
            }
            let counts = (share(of: visitor), share(of: other))
            if counts.0 > counts.1
                || counts.0 == counts.1 && visitor.acceptedMs < other.acceptedMs
            {
                largest = visitor
            }
        }
        if let largest {
            note(.gaveWay, largest)
            end(largest)
        }
    }

    private func share(of visitor: DoorVisitor) -> Int {
        visitor.countedHost.map { addresses.inFlightCount($0) } ?? 1
    }

    // MARK: What comes

    private mutating func serve(_ visitor: DoorVisitor, _ event: EventPoll.Event) {
        if event.isWritable { send(visitor) }
        guard event.isReadable, visitors[visitor.descriptor] === visitor else { return }
        // What comes now is for whoever takes over, and would be told of again and again.
        if case .arriving = visitor.stage { return poll.remove(visitor.descriptor) }
        for _ in 0..<SecureDoorSettings.receivesPerTurnMax {
            let count = unsafe recv(
                visitor.descriptor, &chunk, chunk.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            guard count > 0 else {
                if case .leaving = visitor.stage {} else { note(.hungUp, visitor) }
                return end(visitor)
            }
            take(Array(chunk[..<count]), visitor)
            guard visitors[visitor.descriptor] === visitor else { return }
            // What comes behind a handshake is for whoever takes over.
            if case .arriving = visitor.stage { return }
        }
    }

    private mutating func take(_ bytes: [UInt8], _ visitor: DoorVisitor) {
        switch visitor.stage {
        case .awaitingProxyHeader(let before): readHeader(before + bytes, visitor)
        case .shaking(let handshake): advance(handshake, bytes, visitor)
        case .arriving, .leaving: break
        }
    }

    private mutating func readHeader(_ bytes: [UInt8], _ visitor: DoorVisitor) {
        do throws(ProxyHeaderError) {
            switch try ProxyHeader.parse(bytes.span.bytes) {
            case .incomplete: visitor.stage = .awaitingProxyHeader(bytes)
            case .other: proceed(bytes, visitor)
            case .header(let header):
                if let client = header.client { visitor.peer = client }
                proceed(Array(bytes[header.byteCount...]), visitor)
            }
        } catch {
            answer(visitor, "Your proxy's words can't be read: \(error).")
            fail(visitor, .brokenProxyHeader)
        }
    }

    private mutating func proceed(_ rest: [UInt8], _ visitor: DoorVisitor) {
        shake(visitor)
        if !rest.isEmpty, case .shaking(let handshake) = visitor.stage {
            advance(handshake, rest, visitor)
        }
    }

    @inline(never)
    private mutating func advance(
        _ handshake: Handshake, _ bytes: [UInt8], _ visitor: DoorVisitor
    ) {
        let progress = unsafe handshake.receive(bytes.span.bytes)
        visitor.unsent += handshake.takeOutbox()
        switch progress {
        case .goesOn: send(visitor)
        case .finished(let finished):
            visitor.arrive(finished)
            counters.note(finished)
            send(visitor)
        case .failed(let failure): fail(visitor, reason(failure, bytes, visitor))
        }
    }

    /// A PROXY header of who isn't trusted looks like plain HTTP, or like nothing.
    private func reason(
        _ failure: HandshakeFailure, _ bytes: [UInt8], _ visitor: DoorVisitor
    ) -> DoorFailure {
        guard failure == .plainHTTP || failure == .notTLS,
            ProxyHeader.begins(bytes.span.bytes)
        else { return .handshake(failure) }
        visitor.unsent = []
        let host = visitor.peer.host
        answer(
            visitor,
            "This begins with a PROXY line, which is taken from trusted proxies only. If \(host) is "
                + "your proxy, start the server with --trusted-proxies \(host).")
        return .untrustedProxy
    }

    /// Says in the clear what is wrong, to who would understand it.
    private func answer(_ visitor: DoorVisitor, _ sentence: String) {
        guard case .http = parts.inside else { return }
        visitor.unsent += Array(HandshakeFailure.plainAnswer(sentence).utf8)
    }

    // MARK: What goes

    private mutating func send(_ visitor: DoorVisitor) {
        while !visitor.unsent.isEmpty {
            let count = unsafe visitor.unsent.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    visitor.descriptor, bytes.baseAddress, bytes.count,
                    Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if count < 0, errno == EAGAIN || errno == EINTR {
                if !visitor.waitsToSend {
                    visitor.waitsToSend = true
                    poll.change(visitor.descriptor, waitsToSend: true)
                }
                return
            }
            guard count > 0 else { return end(visitor) }
            visitor.unsent.removeFirst(count)
        }
        if visitor.waitsToSend {
            visitor.waitsToSend = false
            poll.change(visitor.descriptor, waitsToSend: false)
        }
        switch visitor.stage {
        case .arriving: handOver(visitor)
        case .leaving: shutdown(visitor.descriptor, Int32(SHUT_WR))
        case .awaitingProxyHeader, .shaking: break
        }
    }

    /// To those of whom nothing is told any more.
    private mutating func sendLastWords() {
        for visitor in Array(visitors.values) {
            if case .arriving = visitor.stage { send(visitor) }
        }
    }

    @inline(never)
    private mutating func handOver(_ visitor: DoorVisitor) {
        forget(visitor)
        if let arrival = visitor.arrival() { parts.onArrival(arrival) }
        hasHandedOver = true
    }

    /// Keys pass over the stack on their way, in frames of functions that aren't inlined for that.
    private mutating func wipeTraces() {
        guard hasHandedOver else { return }
        hasHandedOver = false
        Wiping.wipeStack()
    }

    // MARK: Ends

    private mutating func fail(_ visitor: DoorVisitor, _ failure: DoorFailure) {
        note(failure, visitor)
        visitor.stage = .leaving
        visitor.deadlineMs = nowMs + SecureDoorSettings.leavingMsMax
        if visitor.unsent.isEmpty { return end(visitor) }
        send(visitor)
    }

    private mutating func note(_ failure: DoorFailure, _ visitor: DoorVisitor) {
        counters.note(failure)
        if news.isDue(failure, nowMs: nowMs) { parts.onNews(failure, visitor.peer) }
    }

    private mutating func endOverdue() {
        for visitor in visitors.values.filter({ $0.deadlineMs <= nowMs }) {
            if case .leaving = visitor.stage {} else { note(.tooSlow, visitor) }
            end(visitor)
        }
    }

    private mutating func end(_ visitor: DoorVisitor) {
        guard visitors[visitor.descriptor] === visitor else { return }
        forget(visitor)
        close(visitor.descriptor)
    }

    private mutating func forget(_ visitor: DoorVisitor) {
        visitors[visitor.descriptor] = nil
        poll.remove(visitor.descriptor)
        if let host = visitor.countedHost { addresses.leave(host) }
    }
}

/// When what kind of failure was told last.
struct DoorNews {
    private var toldMs: [DoorFailure: Int64] = [:]

    /// Whether it is to be told now: the first of its kind, or the next after a while.
    mutating func isDue(_ failure: DoorFailure, nowMs: Int64) -> Bool {
        guard failure.news != nil else { return false }
        if let told = toldMs[failure], nowMs - told < SecureDoorSettings.newsIntervalMs {
            return false
        }
        toldMs[failure] = nowMs
        return true
    }
}
