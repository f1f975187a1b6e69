// The staff plane over TLS: records are opened before anything else sees them, and sealed after.

import NIOCore
import TLS
import WireBytes

/// TLS for a connection of the staff plane, between the door and HTTP.
final class StaffTLS: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// Nothing has been asked for yet.
        case waiting(SecureContext)
        case shaking(Handshake)
        case open(SecureStream)
        /// Nothing is opened or sealed any more.
        case ended
    }

    private let door: StaffDoor
    private let watch: (any HandshakeWatch)?
    private var state: State
    private var begunMs: Int64 = 0

    /// - Parameter watch: who bounds and counts handshakes; nil where nobody does.
    init(_ context: SecureContext, door: StaffDoor, watch: (any HandshakeWatch)?) {
        self.door = door
        self.watch = watch
        state = .waiting(context)
    }

    func channelActive(context: ChannelHandlerContext) {
        guard case .waiting(let secure) = state else { return context.fireChannelActive() }
        begunMs = StaffClock.nowMs()
        guard watch?.begin(Self.peer(context)) ?? true else {
            state = .ended
            context.close(promise: nil)
            return
        }
        do throws(TLSError) {
            state = .shaking(try Handshake(secure))
        } catch {
            tell(.failed(.library), context)
            state = .ended
            context.close(promise: nil)
            return
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .shaking = state {
            let isSlow = StaffClock.nowMs() - begunMs >= Limits.requestMsMax
            tell(isSlow ? .tooSlow : .hungUp, context)
            state = .ended
        }
        context.fireChannelInactive()
    }

    private static func peer(_ context: ChannelHandlerContext) -> IPEndpoint {
        let address = context.remoteAddress
        return IPEndpoint(IPAddress(of: address), port: UInt16(clamping: address?.port ?? 0))
    }

    private func tell(_ outcome: HandshakeOutcome, _ context: ChannelHandlerContext) {
        watch?.end(Self.peer(context), outcome)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        switch state {
        case .shaking(let handshake):
            advance(handshake, Array(buffer.readableBytesView), context)
            Wiping.wipeStack()
        case .open(let stream): open(Array(buffer.readableBytesView), stream, context)
        case .waiting, .ended: break
        }
    }

    /// Has a frame of its own, which is wiped behind it.
    @inline(never)
    private func advance(
        _ handshake: Handshake, _ bytes: [UInt8], _ context: ChannelHandlerContext
    ) {
        let progress = unsafe handshake.receive(bytes.span.bytes)
        send(handshake.takeOutbox(), context)
        switch progress {
        case .goesOn: break
        case .failed(let failure):
            tell(.failed(failure), context)
            end(context)
        case .finished(var finished):
            defer { finished.keys.wipe() }
            do throws(TLSError) {
                let stream = try SecureStream(finished.keys)
                state = .open(stream)
                tell(
                    .finished(
                        version: finished.keys.version, suite: finished.keys.suite,
                        isResumed: finished.isResumed), context)
                open(finished.pending, stream, context)
            } catch {
                tell(.failed(.library), context)
                end(context)
            }
        }
    }

    private func open(
        _ bytes: [UInt8], _ stream: SecureStream, _ context: ChannelHandlerContext
    ) {
        var plaintext: [UInt8] = []
        var failure: TLSError?
        do throws(TLSError) {
            try unsafe stream.open(bytes.span.bytes, into: &plaintext)
        } catch { failure = error }
        if !plaintext.isEmpty {
            context.fireChannelRead(wrapInboundOut(ByteBuffer(bytes: plaintext)))
        }
        if let failure {
            send(stream.sealFailure(failure), context)
            end(context)
        } else if stream.isClosed {
            context.close(promise: nil)
        }
    }

    /// What was sent may still be read; then it is over.
    private func end(_ context: ChannelHandlerContext) {
        state = .ended
        door.set(.refused, for: StaffDoor.visitor(context.channel), nowMs: StaffClock.nowMs())
        StaffGate.dismiss(context.channel)
    }

    private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        guard !bytes.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        guard case .open(let stream) = state else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        let plaintext = Array(unwrapOutboundIn(data).readableBytesView)
        var records: [UInt8] = []
        do throws(TLSError) {
            try unsafe stream.seal(plaintext.span.bytes, into: &records)
        } catch {
            promise?.fail(error)
            context.close(promise: nil)
            return
        }
        context.write(wrapOutboundOut(ByteBuffer(bytes: records)), promise: promise)
    }

    func close(
        context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
    ) {
        if mode != .input, case .open(let stream) = state {
            send(stream.sealClose(), context)
            // After an end of our direction the peer may still be read.
            if mode == .all { state = .ended }
        }
        context.close(mode: mode, promise: promise)
    }
}
