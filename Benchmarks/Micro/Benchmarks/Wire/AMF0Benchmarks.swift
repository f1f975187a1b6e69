// AMF0 in both directions.

import Benchmark
import FLV

func measureAMF0() {
    for (name, values) in [("metadata", Samples.metadata), ("connect", Samples.connect)] {
        let bytes = AMF0.encode(values)
        measure("amf0-encode-\(name)", byteCount: bytes.count) { count in
            var writer = AMF0Writer()
            for _ in 0..<count {
                writer.removeAll()
                for value in values { writer.write(value) }
                blackHole(writer)
            }
        }
        measure("amf0-decode-\(name)", byteCount: bytes.count) { count in
            for _ in 0..<count {
                guard let decoded = try? unsafe AMF0.decode(bytes.span.bytes) else {
                    preconditionFailure("what was encoded can't be decoded")
                }
                blackHole(decoded)
            }
        }
    }
}
