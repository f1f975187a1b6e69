// The arena in which every tag of a programme is laid down once and sent to everyone from there.

import CLinux
import Glibc
import Synchronization

/// Why an arena could not be had.
public struct TimelineError: Error, Sendable, CustomStringConvertible {
    let byteCount: Int
    let errno: Int32
    let step: String

    /// What went wrong and what to do.
    public var description: String {
        let text = unsafe String(cString: strerror(errno))
        return "no arena of \(byteCount >> 20) MB for the programme (\(step): \(text)); "
            + "lower timeline.megabytes or free some memory"
    }
}

/// The two ends of what an arena holds.
struct TimelineBounds: ~Copyable {
    let tail = Atomic<UInt64>(0)
    let head = Atomic<UInt64>(0)
}

/// One borrower's word: from where on it may still have bytes of an arena lent to the kernel.
///
/// The kernel reads what a zero-copy send was given long after the call. So the writer doesn't
/// touch anything from the lowest mark on, whatever comes.
@safe public struct LowWaterMark {
    fileprivate let mark: UnsafeMutablePointer<Atomic<UInt64>>

    /// Nothing is lent.
    public static let none = UInt64.max

    /// States a new mark. One that is lower than before must be stated before the bytes are
    /// lent, and `TimelineView.stillHolds` be asked after it.
    public func set(_ position: UInt64) {
        unsafe mark.pointee.store(position, ordering: .sequentiallyConsistent)
        atomicMemoryFence(ordering: .sequentiallyConsistent)
    }
}

/// A look at a timeline without a reference to it: no retain or release for each viewer.
///
/// Valid as long as somebody holds the `Timeline` itself.
@safe public struct TimelineView {
    let base: UnsafeMutableRawPointer
    let bounds: UnsafeMutablePointer<TimelineBounds>
    let mask: UInt64

    /// The end of what was written: the position of the next tag.
    public var head: UInt64 { unsafe bounds.pointee.head.load(ordering: .acquiring) }

    /// The start of what is still there.
    public var tail: UInt64 { unsafe bounds.pointee.tail.load(ordering: .acquiring) }

    /// Whether everything from this position on is still untouched, asked *after* it was read.
    public func stillHolds(_ position: UInt64) -> Bool {
        atomicMemoryFence(ordering: .acquiring)
        return unsafe bounds.pointee.tail.load(ordering: .relaxed) <= position
    }

    /// Bytes of the arena.
    public var byteCount: Int { Int(mask) + 1 }

    /// The whole arena, twice in a row.
    public var mapping: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: base, count: byteCount * 2)
    }

    /// The address of a position; the bytes up to `head` follow it in a row.
    public func address(of position: UInt64) -> UnsafeRawPointer {
        unsafe UnsafeRawPointer(base + Int(position & mask))
    }
}

/// A ring of bytes mapped twice in a row, so that any range of it is one pointer and one length.
///
/// Positions count bytes since the programme began and never wrap. One writer at a time appends;
/// any thread reads `[tail, head)`. The writer moves `tail` before it overwrites and `head`
/// after it has written, so a reader that finds its range still above `tail` *after* it has
/// copied from it knows that it copied the truth.
@safe public final class Timeline: @unchecked Sendable {
    /// Bytes of the arena; a power of two.
    public let byteCount: Int
    private let descriptor: Int32
    private let base: UnsafeMutableRawPointer
    private let bounds: UnsafeMutablePointer<TimelineBounds>
    /// Writer only: below this, pages were given back to the system.
    private var returnedEnd: UInt64 = 0
    private let marks: UnsafeMutablePointer<Atomic<UInt64>>
    private let markCount = Atomic<Int>(0)
    private let keepsPages = Atomic<Bool>(false)

    /// Makes an arena of at least that many bytes.
    public init(byteCount wanted: Int) throws(TimelineError) {
        var byteCount = 1 << 20
        while byteCount < wanted { byteCount <<= 1 }
        func failure(_ step: String) -> TimelineError {
            TimelineError(byteCount: byteCount, errno: errno, step: step)
        }
        let fd = unsafe fanfare_memfd_create("fanfare-timeline")
        guard fd >= 0 else { throw failure("memfd_create") }
        guard ftruncate(fd, byteCount) == 0 else {
            let error = failure("ftruncate")
            close(fd)
            throw error
        }
        let space = unsafe mmap(
            nil, byteCount * 2, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let space = unsafe space, unsafe space != MAP_FAILED else {
            let error = failure("mmap")
            close(fd)
            throw error
        }
        for half in 0..<2 {
            let view = unsafe mmap(
                space + half * byteCount, byteCount, PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_FIXED, fd, 0)
            guard unsafe view != MAP_FAILED else {
                let error = failure("mmap")
                unsafe munmap(space, byteCount * 2)
                close(fd)
                throw error
            }
        }
        self.byteCount = byteCount
        descriptor = fd
        unsafe base = space
        unsafe bounds = .allocate(capacity: 1)
        unsafe bounds.initialize(to: TimelineBounds())
        unsafe marks = .allocate(capacity: BroadcastLimits.lowWaterMarkCountMax)
        for index in 0..<BroadcastLimits.lowWaterMarkCountMax {
            unsafe (marks + index).initialize(to: Atomic(LowWaterMark.none))
        }
    }

    deinit {
        unsafe munmap(base, byteCount * 2)
        close(descriptor)
        unsafe bounds.deinitialize(count: 1)
        unsafe bounds.deallocate()
        unsafe marks.deinitialize(count: BroadcastLimits.lowWaterMarkCountMax)
        unsafe marks.deallocate()
    }

    /// What a reader needs of it.
    public var view: TimelineView {
        unsafe TimelineView(base: base, bounds: bounds, mask: UInt64(byteCount - 1))
    }

    /// The end of what was written: the position of the next tag.
    public var head: UInt64 { view.head }

    /// The start of what is still there.
    public var tail: UInt64 { view.tail }

    /// Bytes of memory that the arena holds now.
    public var residentByteCount: Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return byteCount }
        return Int(status.st_blocks) * 512
    }

    // MARK: Those who lend its bytes

    /// A mark of one's own, for as long as the timeline lives.
    ///
    /// - Returns: nil when there are too many already.
    public func makeLowWaterMark() -> LowWaterMark? {
        let index = markCount.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < BroadcastLimits.lowWaterMarkCountMax else { return nil }
        return unsafe LowWaterMark(mark: marks + index)
    }

    /// From now on pages stay where they are: a ring that has them registered would go on sending
    /// from those that were given back.
    func keepPages() { keepsPages.store(true, ordering: .relaxed) }

    // MARK: The writer's side

    /// Makes room for so many bytes, and says whether nobody has lent what lies there.
    ///
    /// No mark can come to lie there afterwards: it is no part of the timeline any more.
    func makeRoom(byteCount count: Int) -> Bool {
        let end = unsafe bounds.pointee.head.load(ordering: .relaxed) + UInt64(count)
        guard end > UInt64(byteCount) else { return true }
        let limit = end - UInt64(byteCount)
        assert(limit <= end - UInt64(count), "no more is released than was written")
        release(before: limit)
        return lowestMark >= limit
    }

    /// From where on bytes may be lent; true of marks that are stated after the tail was moved.
    private var lowestMark: UInt64 {
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        let inUse = min(markCount.load(ordering: .relaxed), BroadcastLimits.lowWaterMarkCountMax)
        var lowest = LowWaterMark.none
        for index in 0..<inUse {
            lowest = min(lowest, unsafe marks[index].load(ordering: .sequentiallyConsistent))
        }
        assert(lowest == LowWaterMark.none || lowest <= head, "nobody lends what isn't written")
        return lowest
    }

    /// Appends what `write` puts into the given buffer, which is exactly `count` bytes.
    func append(byteCount count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        precondition(count <= byteCount)
        let start = unsafe bounds.pointee.head.load(ordering: .relaxed)
        let end = start + UInt64(count)
        if end > UInt64(byteCount) { release(before: end - UInt64(byteCount)) }
        assert(tail <= start && end - tail <= UInt64(byteCount), "the arena holds what it says")
        let place = unsafe UnsafeMutableRawBufferPointer(
            start: base + Int(start & UInt64(byteCount - 1)), count: count)
        unsafe write(place)
        unsafe bounds.pointee.head.store(end, ordering: .releasing)
    }

    /// Gives up everything before a position.
    func release(before position: UInt64) {
        let tail = unsafe bounds.pointee.tail.load(ordering: .relaxed)
        guard position > tail else { return }
        unsafe bounds.pointee.tail.store(position, ordering: .sequentiallyConsistent)
        // A reader that sees any byte that is written from here on sees the new tail, too: the
        // store alone doesn't keep later ones behind it.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        returnPages(before: position)
    }

    /// Gives memory back to the system when much less is kept than would fit, so that a small
    /// stream never grows to the whole arena.
    private func returnPages(before position: UInt64) {
        let step = UInt64(byteCount >> 4)
        guard !keepsPages.load(ordering: .relaxed) else { return }
        let position = min(position, lowestMark)
        let kept = unsafe bounds.pointee.head.load(ordering: .relaxed) &- position
        guard position > returnedEnd, position - returnedEnd >= step else { return }
        let from = max(returnedEnd, position &- min(position, UInt64(byteCount) &- kept))
        returnedEnd = position
        guard kept < UInt64(byteCount / 2) else { return }
        let pageMask = UInt64(4095)
        var start = (from + pageMask) & ~pageMask
        let end = position & ~pageMask
        while start < end {
            let offset = start & UInt64(byteCount - 1)
            let length = min(end - start, UInt64(byteCount) - offset)
            // Without it the pages simply stay: nothing depends on the success.
            _ = fanfare_punch_hole(descriptor, Int(offset), Int(length))
            start += length
        }
    }
}
