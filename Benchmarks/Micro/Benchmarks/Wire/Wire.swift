// The micro-benchmarks of the wire formats: tags, AMF0, requests, RTMP.

import Benchmark

let benchmarks: @Sendable () -> Void = {
    measureTags()
    measureAMF0()
    measureRequests()
    measureRTMP()
}
