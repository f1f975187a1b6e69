// Whether somebody keeps the machine's clock right.

import CMachine
import Glibc

/// Without a right clock players' tokens and links end too early or too late, and so do plans.
enum ClockCheck {
    static func result() -> CheckResult {
        var errorUs: CLong = 0
        return switch unsafe fanfare_clock_is_synchronised(&errorUs) {
        case 1: .ok("clock", "kept right, to within \(errorUs / 1_000) ms")
        case 0:
            .warn(
                "clock", "nobody keeps it right: tokens may end too early or too late",
                advice: "install chrony, or see: timedatectl")
        default:
            .warn(
                "clock", "the system doesn't say whether it is right",
                advice: "see: timedatectl")
        }
    }
}
