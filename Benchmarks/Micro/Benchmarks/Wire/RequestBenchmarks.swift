// Heads of requests.

import Benchmark
import HTTPWire

func measureRequests() {
    for (name, bytes) in [("player", Samples.shortRequest), ("browser", Samples.longRequest)] {
        measure("request-\(name)", byteCount: bytes.count) { count in
            for _ in 0..<count {
                var scanned = 0
                let head = try? unsafe HTTPRequestHead.parse(bytes.span.bytes, scanned: &scanned)
                guard let head, head.headByteCount == bytes.count else {
                    preconditionFailure("the sample is no request")
                }
                blackHole(head.target)
            }
        }
    }
}
