// Which stream a command is about.

/// What is known of streams' names before a server is asked.
public enum StreamArgument {
    /// The stream that the examples publish: `live/show`.
    public static let exampleName = "show"

    /// Whether a text can be a stream's name: 1 to 64 of `A-Z a-z 0-9 _ -`.
    static func isName(_ text: String) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }
}
