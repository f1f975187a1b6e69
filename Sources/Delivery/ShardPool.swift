// All shards of the process, as one.

public import Broadcast
import Glibc
public import IORing
import Synchronization
public import WireBytes

/// Why the audience's side could not be started.
public enum ShardPoolError: Error, CustomStringConvertible {
    /// The address can't be listened on.
    case listen(ListenError)
    /// The ring can't be had.
    case ring(RingError)

    /// What went wrong and what to do.
    public var description: String {
        switch self {
        case .listen(let error): error.description
        case .ring(let error): error.description
        }
    }
}

/// The shards that serve the audience on one address.
public final class ShardPool: Sendable {
    /// Where they listen.
    public let address: IPEndpoint
    private let shards: [Shard]
    /// Whose turn it is to get a connection that is handed over.
    private let nextShard = Atomic<Int>(0)
    /// Whether the kernel seals what goes to TLS connections.
    public let usesKernelTLS: Bool

    /// Starts that many shards, each with a listener of its own on the same port.
    ///
    /// - Parameter audience: the game; without one, nobody is a player.
    public init(
        shardCount: Int, address: IPEndpoint, settings: DeliverySettings, programs: Programmes,
        addresses: Admission, audience: Audience? = nil, isPinned: Bool = false,
        onFailure: @escaping @Sendable (RingError) -> Void
    ) throws(ShardPoolError) {
        var options = ShardPool.listenerOptions
        let kernelTLS = settings.mayUseKernelTLS && KernelTLS.isThere()
        options.sharesPort = shardCount > 1
        let processorCount = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        var shards: [Shard] = []
        var bound = address
        do throws(ShardPoolError) {
            for index in 0..<shardCount {
                let listener: Listener
                do throws(ListenError) {
                    // With port 0 the first one finds a port, and the others share it.
                    listener = try Listener(address: bound, options: options)
                } catch {
                    throw ShardPoolError.listen(error)
                }
                bound = listener.address
                do throws(RingError) {
                    let shard = try Shard(
                        index: index, listener: listener, settings: settings,
                        programs: programs, addresses: addresses, audience: audience,
                        kernelTLS: kernelTLS,
                        processor: isPinned ? index % processorCount : nil, onFailure: onFailure)
                    shards.append(shard)
                } catch {
                    throw ShardPoolError.ring(error)
                }
            }
        } catch {
            for shard in shards { shard.stop() }
            throw error
        }
        self.address = bound
        self.shards = shards
        usesKernelTLS = kernelTLS
    }

    /// What the sockets of viewers inherit from their listener, whoever's that is.
    public static var listenerOptions: ListenerOptions {
        var options = ListenerOptions()
        options.notSentBytesMax = DeliverySettings.notSentByteCountMax
        // No TCP_USER_TIMEOUT: with a small receive window the kernel counts it on while a slow viewer
        // reads steadily, and ends the connection. Who takes nothing is found by `lagDropMs`.
        options.keepAliveIdleS = 60
        return options
    }

    /// Takes a connection whose handshake is over, on any thread; its address is counted as that of
    /// one that was accepted. Where no shard takes it, its socket is closed.
    ///
    /// - Returns: whether a shard has it.
    @discardableResult
    public func adopt(_ connection: SecureConnection) -> Bool {
        let first = nextShard.wrappingAdd(1, ordering: .relaxed).oldValue
        for offset in shards.indices {
            let shard = Int(UInt(bitPattern: first &+ offset) % UInt(shards.count))
            if shards[shard].adopt(connection) { return true }
        }
        var connection = connection
        connection.drop()
        return false
    }

    /// What each shard did.
    public var counters: [ShardCounters] { shards.map(\.counters) }

    // MARK: For the staff

    /// Some of those who watch.
    public func viewers(_ query: ViewerQuery) async -> ViewerSample {
        var all = ViewerSample()
        for shard in shards {
            let part = await withCheckedContinuation { continuation in
                shard.follow(.list(query) { continuation.resume(returning: $0) })
            }
            all.count += part.count
            all.viewers += part.viewers
        }
        // Of more than are wanted, each as likely as any other.
        if all.viewers.count > query.countMax {
            all.viewers = Array(all.viewers.shuffled().prefix(query.countMax))
        }
        all.viewers.sort { $0.watchedMs > $1.watchedMs }
        return all
    }

    /// Ends a viewer's connection.
    ///
    /// - Returns: false where there is none of that name.
    public func end(viewer id: ViewerID) async -> Bool {
        guard shards.indices.contains(id.shard) else { return false }
        return await withCheckedContinuation { continuation in
            shards[id.shard].follow(.endViewer(id) { continuation.resume(returning: $0) })
        } > 0
    }

    /// Ends a player's connections.
    ///
    /// - Returns: how many those were.
    public func end(player ticket: PlayerTicket) async -> Int {
        await ask { .endPlayer(ticket, answer: $0) }
    }

    /// Ends all connections of those addresses.
    ///
    /// - Returns: how many those were.
    public func end(in range: AddressRange) async -> Int {
        await ask { .endAll(range, answer: $0) }
    }

    private func ask(_ order: (@escaping @Sendable (Int) -> Void) -> ShardOrder) async -> Int {
        var count = 0
        for shard in shards {
            count += await withCheckedContinuation { continuation in
                shard.follow(order { continuation.resume(returning: $0) })
            }
        }
        return count
    }

    /// Gives every viewer an orderly end.
    public func stop() { for shard in shards { shard.stop() } }
}
