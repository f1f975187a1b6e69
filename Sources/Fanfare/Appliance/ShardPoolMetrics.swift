// The shards' counters as Prometheus wants them.

import Broadcast
import ControlRoom
import Delivery
import HTTPWire

/// Metrics of the audience.
enum ShardPoolMetrics {
    static func families(
        _ shards: [ShardCounters], programs: [Programme?], seen: SeenStreams
    ) -> [MetricFamily] {
        func perShard(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            _ value: (ShardCounters) -> Double
        ) -> MetricFamily {
            MetricFamily(
                name, kind, help: help,
                samples: shards.enumerated().map { index, shard in
                    .init(value(shard), labels: [("shard", "\(index)")])
                })
        }
        func byReason(
            _ name: String, _ help: String, _ counts: (ShardCounters) -> [UInt64]
        ) -> MetricFamily {
            MetricFamily(
                name, .counter, help: help,
                samples: DropReason.allCases.map { reason in
                    let sum = shards.map { counts($0)[reason.rawValue] }.reduce(0, +)
                    return .init(Double(sum), labels: [("reason", reason.label)])
                })
        }
        func byKind(
            _ name: String, _ kind: MetricFamily.Kind, _ help: String,
            _ counts: (ShardCounters) -> [Double]
        ) -> MetricFamily {
            MetricFamily(
                name, kind, help: help,
                samples: ShardCounters.tlsKinds.enumerated().map { index, tls in
                    let sum = shards.map { counts($0)[index] }.reduce(0, +)
                    return .init(sum, labels: [("version", tls.version), ("suite", tls.suite)])
                })
        }
        var viewers = MetricFamily(
            "fanfare_viewers", .gauge, help: "Viewers connected now.",
            samples: programs.enumerated().compactMap { slot, program in
                program.map { program in
                    let count = shards.map { $0.viewerCounts[slot] }.reduce(0, +)
                    return .init(Double(count), labels: [("stream", program.name)])
                }
            })
        viewers.samples += seen.others(than: programs.compactMap { $0?.name }).map { stream, _ in
            .init(0, labels: [("stream", stream)])
        }
        let responses = MetricFamily(
            "fanfare_http_responses_total", .counter,
            help: "Responses of the audience plane, those that begin a stream left out, by status.",
            samples: HTTPStatus.allCases.enumerated().compactMap { index, status in
                let count = shards.map { $0.responseCounts[index] }.reduce(0, +)
                return count == 0 && status != .ok
                    ? nil : .init(Double(count), labels: [("code", "\(status.rawValue)")])
            })
        return [
            viewers, responses,
            perShard(
                "fanfare_connections", .gauge, "Connections of the audience plane now.",
                { Double($0.connectionCount) }),
            perShard(
                "fanfare_connection_slots", .gauge, "Connections the audience plane can hold.",
                { Double($0.slotCount) }),
            perShard(
                "fanfare_accepted_connections_total", .counter, "Connections accepted.",
                { Double($0.acceptCount) }),
            perShard(
                "fanfare_joins_total", .counter, "Viewers who were given a stream.",
                { Double($0.joinCount) }),
            perShard(
                "fanfare_websocket_joins_total", .counter,
                "Viewers among them who were given it over a WebSocket.",
                { Double($0.webSocketJoinCount) }),
            perShard(
                "fanfare_player_answers_total", .counter, "Players' answers handed to the game.",
                { Double($0.playerAnswerCount) }),
            perShard(
                "fanfare_player_refusals_total", .counter,
                "Messages and requests of players that were refused before the game saw them.",
                { Double($0.playerRefusalCount) }),
            MetricFamily(
                "fanfare_refusals_total", .counter,
                help: "Those of the audience who were refused or given up, by reason.",
                samples: RefusalKind.allCases.map { kind in
                    let sum = shards.map { $0.refusalCounts[kind.rawValue] }.reduce(0, +)
                    return .init(Double(sum), labels: [("reason", kind.label)])
                }),
            byKind(
                "fanfare_tls_connections", .gauge,
                "Connections of the audience over TLS, by version and cipher suite.",
                { $0.tlsConnectionCounts.map { Double($0) } }),
            byKind(
                "fanfare_tls_accepted_connections_total", .counter,
                "Connections over TLS that were taken, by version and cipher suite.",
                { $0.tlsAcceptCounts.map { Double($0) } }),
            perShard(
                "fanfare_tls_retold_records_total", .counter,
                "TLS records that were sealed again since they had gone in part.",
                { Double($0.recordRetoldCount) }),
            perShard(
                "fanfare_tls_key_updates_total", .counter,
                "Changes of the key that a TLS connection is sent with.",
                { Double($0.keyUpdateCount) }),
            perShard(
                "fanfare_tls_errors_total", .counter,
                "TLS connections that could not go on, since somebody broke the protocol.",
                { Double($0.tlsErrorCount) }),
            perShard(
                "fanfare_websocket_texts_total", .counter,
                "Texts, receipts above all, that WebSockets took.", { Double($0.textCount) }),
            byReason(
                "fanfare_viewer_ends_total", "Viewers whose stream ended, by reason.",
                { $0.viewerEndCounts }),
            byReason(
                "fanfare_connection_ends_total",
                "Connections without a stream that ended, by reason.",
                { $0.connectionEndCounts }),
            perShard(
                "fanfare_sent_bytes_total", .counter, "Bytes of streams that sockets took.",
                { Double($0.byteCount) }),
            perShard(
                "fanfare_sends_total", .counter, "Sends of stream bytes.",
                { Double($0.sendCount) }),
            perShard(
                "fanfare_short_sends_total", .counter,
                "Sends of which the socket did not take all.", { Double($0.shortSendCount) }),
            perShard(
                "fanfare_skips_total", .counter,
                "Times a viewer that fell behind was moved to a newer keyframe.",
                { Double($0.skipCount) }),
            perShard(
                "fanfare_deferred_joins_total", .counter,
                "Joins in a rush, which began at the next keyframe.",
                { Double($0.deferredJoinCount) }),
            perShard(
                "fanfare_zero_copy", .gauge,
                "1 while the kernel is lent the media instead of copying it.",
                { $0.isZeroCopy ? 1 : 0 }),
            perShard(
                "fanfare_zero_copy_probes_total", .counter,
                "Times it was tried out whether the kernel copies all the same.",
                { Double($0.zeroCopyProbeCount) }),
            perShard(
                "fanfare_zero_copy_sends_total", .counter, "Sends without a copy.",
                { Double($0.zeroCopySendCount) }),
            perShard(
                "fanfare_zero_copy_copied_total", .counter,
                "Sends without a copy that the kernel copied all the same.",
                { Double($0.zeroCopyCopiedCount) }),
            perShard(
                "fanfare_zero_copy_pending_sends", .gauge,
                "Sends without a copy whose memory the kernel still reads.",
                { Double($0.zeroCopyOwedCount) }),
            perShard(
                "fanfare_cues_total", .counter, "Cues handed over to every viewer's socket.",
                { Double($0.cueCount) }),
            perShard(
                "fanfare_cue_handover_last_seconds", .gauge,
                "From a cue's insertion to the last viewer's socket, the last time.",
                { Double($0.cueHandoverNsLast) / 1e9 }),
            perShard(
                "fanfare_cue_handover_max_seconds", .gauge,
                "From a cue's insertion to the last viewer's socket, at most.",
                { Double($0.cueHandoverNsMax) / 1e9 }),
            perShard(
                "fanfare_ring_enters_total", .counter, "Calls of io_uring_enter.",
                { Double($0.enterCount) }),
            perShard(
                "fanfare_merge_interval_seconds", .gauge, "The merge interval now.",
                { $0.mergeMs / 1_000 }),
            perShard(
                "fanfare_shard_busy_ratio", .gauge, "The share of its time a shard is busy.",
                { $0.busyShare }),
        ]
    }
}
