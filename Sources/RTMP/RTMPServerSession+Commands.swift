// The commands of a publisher and the answers to them (RTMP 1.0, section 7.2).
import FLV

/// The status codes a session sends on its own account.
enum StatusCode {
    static let connectSuccess = "NetConnection.Connect.Success"
    static let callFailed = "NetConnection.Call.Failed"
    static let publishStart = "NetStream.Publish.Start"
    static let publishBadName = "NetStream.Publish.BadName"
    static let publishFailed = "NetStream.Publish.Failed"
    static let unpublishSuccess = "NetStream.Unpublish.Success"
    static let playFailed = "NetStream.Play.Failed"
}

extension RTMPServerSession {
    /// Does what a command asks for.
    mutating func perform<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, messageStreamId: UInt32, handler: inout Handler
    ) throws(RTMPError) {
        guard let connection else {
            guard command.name == "connect" else {
                throw .commandBeforeConnect(name: printable(command.name))
            }
            return connect(command, handler: &handler)
        }
        switch command.name {
        case "connect":
            throw .connectedTwice
        case "createStream":
            createStream(command)
        case "releaseStream", "_checkbw":
            answer(command, .undefined)
        case "FCPublish":
            answer(command, .undefined)
            writeCommand(
                "onFCPublish",
                statusInformation(
                    .status, code: StatusCode.publishStart,
                    description: "The stream may be published."))
        case "publish":
            publish(
                command, messageStreamId: messageStreamId, connection: connection,
                handler: &handler)
        case "FCUnpublish":
            answer(command, .undefined)
            writeCommand(
                "onFCUnpublish",
                statusInformation(
                    .status, code: StatusCode.unpublishSuccess,
                    description: "The stream is no longer published."))
            unpublish(command, handler: &handler)
        case "deleteStream":
            end(command, named: command.argument(0)?.numberValue, handler: &handler)
        case "closeStream":
            end(command, named: Double(messageStreamId), handler: &handler)
        case "getStreamLength":
            // A live stream has none.
            answer(command, .number(0))
        case "play", "play2":
            reject(
                code: StatusCode.playFailed,
                description: "RTMP is for publishing here. Watch the stream over HTTP: "
                    + "/\(printable(connection.app))/NAME.flv on the HTTP port.",
                messageStreamId: messageStreamId)
        case "_result", "_error", "onStatus":
            break
        default:
            guard command.wantsAnswer else { break }
            writeCommand(
                "_error", transactionId: command.transactionId,
                statusInformation(
                    .error, code: StatusCode.callFailed,
                    description: "There is no command \(printable(command.name))."))
        }
    }

    // MARK: Connection

    private mutating func connect<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, handler: inout Handler
    ) {
        let address = QueriedName(command.object?["app"]?.stringValue ?? "")
        let connection = Connection(
            app: trimmingSlashes(address.name), appQuery: address,
            tcUrl: command.object?["tcUrl"]?.stringValue ?? "",
            flashVersion: command.object?["flashVer"]?.stringValue)
        self.connection = connection
        let window = UInt32(clamping: limits.acknowledgementWindowByteCount)
        sendWindow(window)
        writer.writeSetPeerBandwidth(window, to: &outbox)
        writer.setChunkSize(limits.outgoingChunkSize, to: &outbox)

        switch handler.connect(app: connection.app, tcUrl: connection.tcUrl) {
        case .accept:
            let capabilities = ConnectCapabilities.answer(to: command.object)
            let information = statusInformation(
                .status, code: StatusCode.connectSuccess, description: "Connected.",
                extra: [AMF0Property("objectEncoding", .number(0))] + capabilities)
            // The specification doesn't say which of the two objects holds the capabilities, and
            // clients look in either.
            let properties: [AMF0Property] = [
                AMF0Property("fmsVer", .string("FMS/3,0,1,123")),
                AMF0Property("capabilities", .number(31)),
            ]
            writeCommand(
                "_result", transactionId: command.transactionId,
                object: .object(properties + capabilities), information)
        case .reject(let code, let description):
            isClosing = true
            writeCommand(
                "_error", transactionId: command.transactionId,
                statusInformation(.error, code: code, description: description))
        }
    }

    private mutating func createStream(_ command: RTMPCommand) {
        guard messageStreamCount < limits.messageStreamCountMax else {
            writeCommand(
                "_error", transactionId: command.transactionId,
                statusInformation(
                    .error, code: StatusCode.callFailed,
                    description: "A connection has at most \(limits.messageStreamCountMax) "
                        + "streams."))
            return
        }
        messageStreamCount += 1
        writeCommand(
            "_result", transactionId: command.transactionId, .number(Double(messageStreamCount)))
    }

    // MARK: Publishing

    private mutating func publish<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, messageStreamId: UInt32, connection: Connection,
        handler: inout Handler
    ) {
        guard publication == .none else {
            return reject(
                code: StatusCode.publishBadName,
                description: "This connection has published already. Connect again to publish.",
                messageStreamId: messageStreamId)
        }
        guard messageStreamId >= 1, Int(messageStreamId) <= messageStreamCount else {
            return reject(
                code: StatusCode.publishFailed,
                description: "There is no message stream \(messageStreamId). An encoder has to "
                    + "call createStream and publish on the stream it gets.",
                messageStreamId: messageStreamId)
        }
        guard let sentName = command.argument(0)?.stringValue else {
            return reject(
                code: StatusCode.publishBadName,
                description: "No stream name was given. The address is "
                    + "rtmp://HOST/\(printable(connection.app))/NAME?key=KEY.",
                messageStreamId: messageStreamId)
        }
        let name = QueriedName(sentName)
        let request = RTMPPublishRequest(
            app: connection.app, streamName: trimmingSlashes(name.name),
            query: query(name, connection), tcUrl: connection.tcUrl,
            publishingType: command.argument(1)?.stringValue ?? "live",
            flashVersion: connection.flashVersion)
        switch handler.publish(request) {
        case .accept:
            publication = .active(messageStreamId: messageStreamId)
            writer.writeUserControl(.streamBegin, messageStreamId, to: &outbox)
            writeStatus(
                .status, code: StatusCode.publishStart,
                description: "\(request.streamName) is being published.",
                messageStreamId: messageStreamId)
        case .reject(let code, let description):
            reject(code: code, description: description, messageStreamId: messageStreamId)
        }
    }

    /// The query of the stream's name, or else of the app, or else of the whole address.
    private func query(
        _ name: QueriedName, _ connection: Connection
    ) -> [RTMPPublishRequest.QueryItem] {
        let places = [name, connection.appQuery, QueriedName(connection.tcUrl)]
        return places.first { $0.query != nil }?.items(limit: limits.queryItemCountMax) ?? []
    }

    /// deleteStream and closeStream. The connection stays: GStreamer reports a failure when we hang
    /// up before it does.
    private mutating func end<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, named messageStreamId: Double?, handler: inout Handler
    ) {
        let published = publishedMessageStreamId.map { Double($0) }
        if messageStreamId == nil || messageStreamId == published {
            unpublish(command, handler: &handler)
        }
        answer(command, .undefined)
    }

    private mutating func unpublish<Handler: RTMPServerHandler & ~Copyable>(
        _ command: RTMPCommand, handler: inout Handler
    ) {
        guard let messageStreamId = publishedMessageStreamId else { return }
        publication = .ended
        handler.unpublish(reason: command.name)
        writeStatus(
            .status, code: StatusCode.unpublishSuccess,
            description: "The stream is no longer published.", messageStreamId: messageStreamId)
    }

    // MARK: Answers

    /// Refuses and closes.
    private mutating func reject(code: String, description: String, messageStreamId: UInt32) {
        isClosing = true
        writeStatus(.error, code: code, description: description, messageStreamId: messageStreamId)
    }

    /// `_result` with a value, if the peer waits for one.
    private mutating func answer(_ command: RTMPCommand, _ value: AMF0Value) {
        guard command.wantsAnswer else { return }
        writeCommand("_result", transactionId: command.transactionId, value)
    }

    /// `onStatus` on a message stream.
    mutating func writeStatus(
        _ level: RTMPStatusLevel, code: String, description: String, messageStreamId: UInt32
    ) {
        writeCommand(
            "onStatus", messageStreamId: messageStreamId,
            statusInformation(level, code: code, description: description))
    }

    private mutating func writeCommand(
        _ name: String, transactionId: Double = 0, messageStreamId: UInt32 = 0,
        object: AMF0Value = .null, _ value: AMF0Value
    ) {
        let body = AMF0.encode(.string(name), .number(transactionId), object, value)
        // The connection's commands and a stream's go by chunk streams of their own, as usual.
        unsafe writer.write(
            .command, chunkStreamId: messageStreamId == 0 ? 3 : 5,
            messageStreamId: messageStreamId, body: body.span.bytes, to: &outbox)
    }
}

/// Text of the peer as it may stand in an answer or log: short, and without control characters.
private func printable(_ text: String) -> String {
    let characters = text.unicodeScalars.prefix(64).map { scalar in
        scalar.value >= 0x20 && scalar.value < 0x7F ? Character(scalar) : "?"
    }
    return String(characters)
}

private func trimmingSlashes(_ text: String) -> String {
    let isSlash = { (character: Character) in character == "/" }
    var trimmed = text.drop(while: isSlash)
    while let last = trimmed.last, isSlash(last) { trimmed.removeLast() }
    return String(trimmed)
}
