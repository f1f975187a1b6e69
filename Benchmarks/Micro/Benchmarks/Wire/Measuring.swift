// What is measured of an operation, and of a plain copy of as many bytes in the same run.

import Benchmark
import CAllocations

/// Operations of one sample: enough for a clock's resolution to be nothing.
let operationsPerSample = 1_000

private let allocations = BenchmarkMetric.custom("Allocations")
private let bytes = BenchmarkMetric.custom("Bytes")

/// Registers an operation, and as its reference a copy of the bytes that it handles.
///
/// - Parameters:
///   - name: the operation; the reference has `-copy` behind it.
///   - byteCount: bytes that one operation reads or writes.
///   - perform: does the operation so many times.
func measure(_ name: String, byteCount: Int, _ perform: @escaping (Int) -> Void) {
    register(name, byteCount, perform)
    let source = Buffer(byteCount: byteCount)
    let target = Buffer(byteCount: byteCount)
    register(name + "-copy", byteCount) { count in
        for _ in 0..<count { unsafe plain_copy(target.address, source.address, byteCount) }
    }
}

private func register(_ name: String, _ byteCount: Int, _ perform: @escaping (Int) -> Void) {
    let configuration = Benchmark.Configuration(
        metrics: [.wallClock, allocations, bytes], timeUnits: .nanoseconds,
        units: [allocations: .count, bytes: .count], warmupIterations: 20,
        maxDuration: .seconds(1), maxIterations: 100_000)
    Benchmark(name, configuration: configuration) { benchmark in
        benchmark.startMeasurement()
        let before = allocation_count()
        perform(operationsPerSample)
        let count = allocation_count() - before
        benchmark.stopMeasurement()
        benchmark.measurement(allocations, Int(count))
        benchmark.measurement(bytes, byteCount * operationsPerSample)
    }
}

/// Memory that stays where it is.
@safe final class Buffer {
    let address: UnsafeMutableRawPointer
    let byteCount: Int

    init(byteCount: Int) {
        self.byteCount = byteCount
        unsafe address = .allocate(byteCount: byteCount, alignment: 64)
        unsafe address.initializeMemory(as: UInt8.self, repeating: 0xA5, count: byteCount)
    }

    deinit { unsafe address.deallocate() }

    var bytes: UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    }
}
