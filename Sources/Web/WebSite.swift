// All that pages are made of, as it is served: joined, named by hash, packed.

public import HTTPWire

/// What both planes serve of the pages, by path.
public struct WebSite: Sendable {
    /// Of the audience's plane. A path that ends in `{name}` stands for all streams' names there.
    public let audience: [String: StaticFile]
    /// Of the staff's plane.
    public let staff: [String: StaticFile]

    /// How pages are packed.
    public enum Packing: Sendable {
        /// Some tens of milliseconds.
        case quick
        /// Many times that, and a tenth smaller: beside everything else.
        case best
    }

    /// Puts the pages together.
    ///
    /// - Parameters:
    ///   - frameAncestors: origins whose pages may show the viewers' page in a frame.
    ///   - packing: how much time to take for making them small.
    /// - Throws: `WebError` for files that don't fit together.
    public init(
        _ files: WebFiles, theme: Theme = Theme(), frameAncestors: [String] = [],
        packing: Packing = .quick
    ) throws(WebError) {
        var press = Press(files: files, packing: packing)
        var common: [String: StaticFile] = [:]
        common["/theme.css"] = try press.file(
            .css, theme.css, SecurityFields.own + [Press.revalidated])
        let logoPath = "/logo"
        if let logo = theme.logo {
            common[logoPath] = try press.file(
                logo.type, logo.bytes, SecurityFields.foreignPicture + [Press.revalidated])
        }
        let favicon = "favicon.svg"
        common["/\(favicon)"] = try press.file(
            .svg, try files.bytes(favicon), SecurityFields.foreignPicture + [Press.revalidated])
        if files.files[ScriptBundle.playerEntry] != nil { try press.addPlayer(to: &common) }

        var audience = common
        var staff = common
        if let page = try press.page(
            "viewer/index.html", .audience, frameAncestors,
            logo: theme.logo.map { _ in logoPath })
        {
            audience["/"] = page
            audience["/watch/{name}"] = page
        }
        for path in files.files.keys.sorted()
        where path.hasPrefix("examples/") && path.hasSuffix(".html") {
            audience["/\(path)"] = try press.page(path, .audience, frameAncestors)
        }
        audience.merge(press.takeAssets()) { one, _ in one }
        staff["/"] = try press.page("console/index.html", .staff, [])
        staff["/login"] = try press.page("console/login.html", .staff, [])
        staff.merge(press.takeAssets()) { one, _ in one }
        self.audience = audience
        self.staff = staff
    }
}
