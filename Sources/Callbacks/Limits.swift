// Every bound of what is told to other systems.

/// How much is told, how often, and how long anybody waits for it.
public enum CallbackLimits {
    /// Places that are told.
    public static let placeCountMax = 4
    /// News that wait to be written down; of more they are lost, and counted.
    static let inboxCountMax = 1_024
    /// The shortest time until something is tried again, and the longest, ms; between them it is
    /// doubled with each try.
    static let retryMsMin: Int64 = 1_000
    static let retryMsMax: Int64 = 600_000
    /// How often something is tried, within about two and a half hours.
    static let attemptCountMax = 24
    /// What is read of an answer: its head and its body, bytes.
    static let answerByteCountMax = 16 << 10
    /// Interim answers (100 to 199) that may come before one.
    static let interimCountMax = 8
    /// How long the addresses of a name are taken as they are, and how long they are better than
    /// none, ms.
    static let nameFreshMs: Int64 = 30_000
    static let nameKeptMs: Int64 = 600_000
    /// Addresses of a name that are tried.
    static let addressCountMax = 4
    /// Questions that wait for an answer at once.
    static let questionCountMax = 16
    static let playQuestionCountMax = 1_024
    /// Of a question's time so much, one part in so many, has to be left for it to be sent.
    static let askShare: Int64 = 8
    /// How long a thread sleeps before it looks whether it is to end, ms.
    static let sliceMs: Int32 = 100
    /// What a receiver may say why it refuses somebody, characters.
    static let reasonCharacterCountMax = 200
    /// Between two lines in the log about the same place, ms.
    static let lineMs: Int64 = 60_000
    /// For how long news that were lost are spoken of, ms.
    static let lostMs: Int64 = 3_600_000
    /// How long a question may be waited for, ms.
    public static let askMs = 100...10_000
    /// How long a delivery may take, ms.
    public static let tellMs = 100...60_000
}
