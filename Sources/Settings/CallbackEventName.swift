// What callbacks can tell, as settings name it.

/// An event's name. `CallbackKind` has the same.
public enum CallbackEventName: String, Sendable, CaseIterable {
    case publishBegan = "publish.began"
    case publishEnded = "publish.ended"
    case sourceSwitched = "source.switched"
    case firstViewer = "audience.first"
    case lastViewer = "audience.last"
    case showPhase = "show.phase"
    case recordingEnded = "recording.ended"
    case feedWarning = "feed.warning"
}
