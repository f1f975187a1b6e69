// The ingest as its owner sees it: started with a listener, stopped in order.

public import Broadcast
public import IORing
import Synchronization
public import WireBytes

/// Listens for RTMP publishers, on a thread and a ring of its own.
public final class Ingest: Sendable {
    /// Where it listens.
    public let address: IPEndpoint
    /// What is known of the feeds that come in here.
    public let feeds = FeedReports()
    private let wakeSignal: WakeSignal
    private let stopRequested = Atomic<Bool>(false)
    private let orders = IngestOrders()
    private let gate: IngestGate
    private let arrivals = SecurePublishers()
    private let thread = Mutex<PlainThread?>(nil)

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - keyCheck: whether a stream key, or none, may publish. Called on the ingest's thread.
    ///   - signatureCheck: whether a signed address may, where no key comes with it; nil takes none.
    ///   - asker: who is asked about publishers besides; nil for nobody.
    ///   - onEvent: told what happens, on the ingest's thread.
    public init(
        listener: consuming Listener, settings: IngestSettings, programmes: Programmes,
        keyCheck: @escaping @Sendable (String?) -> Bool,
        signatureCheck: SignatureCheck? = nil,
        asker: (any PublishAsker)? = nil,
        onEvent: @escaping @Sendable (IngestEvent) -> Void
    ) throws(RingError) {
        address = listener.address
        wakeSignal = try WakeSignal()
        let box = ListenerBox(listener)
        let ready = try WakeSignal()
        let started = Mutex<Result<Void, RingError>?>(nil)
        let feeds = feeds
        let gate = IngestGate(settings)
        self.gate = gate
        let thread = try PlainThread(name: "ingest") { [self] in
            do throws(RingError) {
                var loop = try IngestLoop(
                    listener: box.listener.descriptor, settings: settings, programmes: programmes,
                    feeds: feeds, gate: gate, keyCheck: keyCheck,
                    signatureCheck: signatureCheck ?? PublishAdmission.noSignature,
                    asking: asker.map { asker in self.asking(asker) }, onEvent: onEvent)
                started.withLock { $0 = .success(()) }
                ready.raise()
                do throws(RingError) {
                    try loop.run(
                        wakeSignal: wakeSignal, stopRequested: stopRequested, orders: orders,
                        arrivals: arrivals)
                } catch {
                    onEvent(.failed(reason: error.description))
                }
                for order in orders.close() { order.answer(.noSuchStream) }
                arrivals.close()
            } catch {
                started.withLock { $0 = .failure(error) }
                ready.raise()
            }
        }
        ready.wait()
        if case .failure(let error) = started.withLock({ $0 }) {
            thread.join()
            throw error
        }
        self.thread.withLock { $0 = thread }
    }

    /// Asks, and brings the answer to the thread.
    private func asking(_ asker: any PublishAsker) -> IngestLoop.Asking {
        { [orders, wakeSignal] question, slot, generation in
            asker.ask(question) { verdict in
                orders.add(.init(slot: slot, generation: generation, verdict: verdict))
                wakeSignal.raise()
            }
        }
    }

    /// Takes over a connection whose TLS handshake is over. If there is no room, it is closed.
    public func adopt(_ publisher: SecurePublisher) {
        guard arrivals.add(publisher) else {
            var publisher = publisher
            return publisher.drop()
        }
        wakeSignal.raise()
    }

    /// Takes the publisher of a stream off air. It comes back only if its encoder connects again,
    /// as many do by themselves.
    public func takeOff(stream: String) async -> TakeOffAnswer {
        await withCheckedContinuation { continuation in
            let order = IngestOrders.Order(stream: stream) { continuation.resume(returning: $0) }
            guard orders.add(order) else { return continuation.resume(returning: .noSuchStream) }
            wakeSignal.raise()
        }
    }

    /// The proxies that are believed when they say whose a connection is, from now on.
    public func change(trusted: AddressRanges) { gate.change(trusted: trusted) }

    /// Who is not let in from now on; who is in already is let go.
    public func change(bans: AddressRanges) {
        gate.change(bans: bans)
        wakeSignal.raise()
    }

    /// Ends all publications in order and waits until the thread has ended.
    public func stop() {
        stopRequested.store(true, ordering: .releasing)
        wakeSignal.raise()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        thread?.join()
    }
}

/// Carries a listener to the thread that serves it.
private final class ListenerBox: Sendable {
    let listener: Listener
    init(_ listener: consuming Listener) { self.listener = listener }
}
