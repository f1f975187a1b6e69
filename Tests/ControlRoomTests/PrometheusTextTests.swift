// The text format of /metrics, to the letter.

import Testing

@testable import ControlRoom

@Suite struct PrometheusTextTests {
    @Test func aFamilyHasHelpTypeAndSamples() {
        let text = PrometheusText.text(of: [
            MetricFamily(
                "fanfare_viewers", .gauge, help: "Viewers connected now.",
                samples: [
                    .init(12, labels: [("stream", "show"), ("shard", "0")]),
                    .init(0, labels: [("stream", "show"), ("shard", "1")]),
                ]),
            MetricFamily(
                "fanfare_sent_bytes_total", .counter, help: "Bytes sent.", value: 1.5e12),
        ])
        #expect(
            text == """
                # HELP fanfare_viewers Viewers connected now.
                # TYPE fanfare_viewers gauge
                fanfare_viewers{stream="show",shard="0"} 12
                fanfare_viewers{stream="show",shard="1"} 0
                # HELP fanfare_sent_bytes_total Bytes sent.
                # TYPE fanfare_sent_bytes_total counter
                fanfare_sent_bytes_total 1500000000000

                """)
    }

    @Test func aFamilyWithoutSamplesStillSaysWhatItIs() {
        let text = PrometheusText.text(of: [
            MetricFamily("fanfare_drops_total", .counter, help: "Drops.", samples: [])
        ])
        #expect(
            text == "# HELP fanfare_drops_total Drops.\n# TYPE fanfare_drops_total counter\n")
    }

    @Test func aHistogramIsCumulative() {
        let text = PrometheusText.text(of: [
            .histogram(
                "fanfare_delay_seconds", help: "Delays.", bounds: [0.5, 1], counts: [3, 0, 2],
                sum: 7.25)
        ])
        #expect(
            text == """
                # HELP fanfare_delay_seconds Delays.
                # TYPE fanfare_delay_seconds histogram
                fanfare_delay_seconds_bucket{le="0.5"} 3
                fanfare_delay_seconds_bucket{le="1"} 3
                fanfare_delay_seconds_bucket{le="+Inf"} 5
                fanfare_delay_seconds_sum 7.25
                fanfare_delay_seconds_count 5

                """)
    }

    @Test func specialCharactersAreEscapedWhereTheFormatWantsIt() {
        let text = PrometheusText.text(of: [
            MetricFamily(
                "fanfare_up", .gauge, help: "a \\ b\nc \"d\"",
                samples: [.init(1, labels: [("encoder", "x\\y\n\"z\" é")])])
        ])
        #expect(
            text == """
                # HELP fanfare_up a \\\\ b\\nc "d"
                # TYPE fanfare_up gauge
                fanfare_up{encoder="x\\\\y\\n\\"z\\" é"} 1

                """)
    }

    @Test(arguments: [
        (0.0, "0"), (-3, "-3"), (0.75, "0.75"), (1e-9, "1e-09"),
        (9_007_199_254_740_991, "9007199254740991"),
        (1e18, "1e+18"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
    func numbersAreAsScrapersReadThem(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test func namesAreChecked() {
        #expect(PrometheusText.isMetricName("fanfare:rate_5m"))
        #expect(!PrometheusText.isMetricName(""))
        #expect(!PrometheusText.isMetricName("2fast"))
        #expect(!PrometheusText.isMetricName("with-dash"))
        #expect(PrometheusText.isLabelName("_reason"))
        #expect(!PrometheusText.isLabelName("a:b"))
        #expect(!PrometheusText.isLabelName("größe"))
    }
}
