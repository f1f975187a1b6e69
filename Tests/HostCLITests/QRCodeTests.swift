// QR codes, against those of another program.

import Testing

@testable import HostCLI

@Suite struct QRCodeTests {
    private static let text =
        "http://live.example.com:8080/watch/show?for=play/show&exp=1764430000&sig="
        + String(
            repeating: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_",
            count: 6)

    private func rows(_ code: QRCode) -> [String] {
        (0..<code.size).map { row in
            String((0..<code.size).map { code.isDark(row, $0) ? "#" : "." })
        }
    }

    @Test func aSmallOneIsDrawnAsByOthers() throws {
        // By Python's qrcode.
        let theirs = """
            #######..##.#.#######
            #.....#...##..#.....#
            #.###.#.#..##.#.###.#
            #.###.#.##....#.###.#
            #.###.#.##..#.#.###.#
            #.....#.#..#..#.....#
            #######.#.#.#.#######
            ........###..........
            #.#####....#..#####..
            ####.....####..######
            #####.####..##....##.
            #.###.....###...###..
            .#..###..##.#.#.##..#
            ........###.#######.#
            #######...##.###..##.
            #.....#.##......####.
            #.###.#.#..#....##..#
            #.###.#.#.#######.#..
            #.###.#.#...#.##..#..
            #.....#..########.#..
            #######.#...#..###.#.
            """
        let ours = rows(try QRCode("http://a/", mask: 2))
        #expect(ours.joined(separator: "\n") == theirs)
    }

    /// The longest text of each version, the mask, and FNV-1a over the squares of segno's.
    @Test(
        arguments: [
            (14, 3, 0x883E_A28D_2DF1_F851),
            (26, 6, 0xA75C_236E_3ECE_C361),
            (42, 1, 0x490B_B5AD_6F16_CBC1),
            (62, 4, 0x7D9E_6B12_5213_2449),
            (84, 7, 0x90A4_E8E4_12BF_4C63),
            (106, 2, 0x98EE_F4C3_F2FA_2368),
            (122, 5, 0x7E23_467C_894A_60E7),
            (152, 0, 0xB611_D603_D07F_2C49),
            (180, 3, 0x654F_4A92_AD62_D028),
            (213, 6, 0x175B_2EAF_4794_EB7D),
            (251, 1, 0x1BD5_16CC_22A7_DD6A),
            (287, 4, 0xEA07_7236_EE51_E223),
            (331, 7, 0xE3CD_4692_7402_7833),
            (362, 2, 0x793D_EAC7_58AC_CCF5),
            (412, 5, 0x783F_3C36_4D48_DAEA),
        ] as [(Int, Int, UInt64)])
    func eachVersionIsDrawnAsByOthers(_ length: Int, _ mask: Int, _ theirs: UInt64) throws {
        let code = try QRCode(String(Self.text.prefix(length)), mask: mask)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for row in 0..<code.size {
            for column in 0..<code.size {
                hash = (hash ^ (code.isDark(row, column) ? 1 : 0)) &* 0x100_0000_01B3
            }
        }
        #expect(hash == theirs)
    }

    @Test func withoutAMaskOneOfTheEightIsTaken() throws {
        let code = rows(try QRCode("http://a/"))
        let all = try (0..<8).map { rows(try QRCode("http://a/", mask: $0)) }
        #expect(Set(all).count == 8 && all.contains(code))
    }

    @Test func aTerminalShowsTwoRowsALine() throws {
        let lines = try QRCode("http://a/").terminalText.split(separator: "\n")
        #expect(lines.count == (21 + 4 + 1) / 2)
        #expect(lines.allSatisfy { $0.hasPrefix("\u{1B}[30;107m") && $0.hasSuffix("\u{1B}[0m") })
        #expect(lines[2].contains("█"))
    }

    @Test func whatDoesNotFitIsSaid() {
        let error = #expect(throws: QRCodeError.self) {
            try QRCode(String(repeating: "a", count: 413))
        }
        #expect(error?.description.contains("413") == true)
    }
}
