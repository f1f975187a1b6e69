// Where the tests' media lies: the same files that the Swift tests use.
const root = new URL("../../../../", import.meta.url);

export const demoFLV = new URL("Sources/CDemoClip/demo.flv", root).pathname;
export const corpusFLV = new URL("Tests/Fuzz/Corpus/flv-reader/ffmpeg-h264-aac.flv", root).pathname;
export const rtmpSourceFLV = new URL("Tests/RTMPTests/Fixtures/source.flv", root).pathname;

/** Numbers that look random and are the same each time.
 * @param {number} seed */
export function seeded(seed) {
    return () => {
        seed = (seed * 1664525 + 1013904223) >>> 0;
        return seed / 2 ** 32;
    };
}
