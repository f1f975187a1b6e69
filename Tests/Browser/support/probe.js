// Put into every page under test before its own scripts: reads the number of each frame that is
// presented (see pattern.py), notes what the page shows with it, and collects what must not happen.
(() => {
    const blockCount = 20;
    const recordCountMax = 200_000;
    const probe = {
        frames: [], // [number, epoch ms at which it is shown, mediaTime s]
        unread: 0, // frames whose pattern could not be read
        seen: {}, // name: [{value, number, atMs}], at each change
        readers: {}, // name: () => string, asked with each frame
        violations: [],
        errors: [],
        video: null,
        lastNumber: null,
    };
    Object.defineProperty(window, "__probe", { value: probe });

    document.addEventListener("securitypolicyviolation", (event) => {
        probe.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
    addEventListener("error", (event) => probe.errors.push(String(event.message)));
    addEventListener("unhandledrejection", (event) => probe.errors.push(String(event.reason)));

    const canvas = document.createElement("canvas");
    canvas.width = blockCount * 8;
    canvas.height = 8;
    const context = canvas.getContext("2d", { willReadFrequently: true });

    // The number in the picture that a video shows, or null.
    probe.read = (video) => {
        if (!video.videoWidth) return null;
        context.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 10,
            0, 0, canvas.width, canvas.height);
        const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
        let word = 0;
        for (let block = 0; block < blockCount; block += 1) {
            const at = 4 * (4 * canvas.width + block * 8 + 4);
            word = word * 2 + (pixels[at + 1] > 125 ? 1 : 0);
        }
        const code = word >>> 4;
        if ((word & 15) !== ((code >> 12 ^ code >> 8 ^ code >> 4 ^ code ^ 0b1010) & 15)) return null;
        return Number((BigInt(code) - 12345n + 65536n) * unscramble % 65536n);
    };
    const unscramble = (() => {
        for (let one = 1n; ; one += 2n) if (one * 40503n % 65536n === 1n) return one;
    })();

    // The words that can be seen: not those that are for screen readers alone.
    probe.words = (place = "body") => {
        const words = [];
        const walker = document.createTreeWalker(document.querySelector(place), NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const element = node.parentElement;
            if (!node.nodeValue.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
            const box = element.getBoundingClientRect();
            const holder = element.closest(".for-readers");
            if (!holder && box.width > 1 && box.height > 1) words.push(node.nodeValue.trim());
        }
        return words.join(" ").replace(/\s+/g, " ");
    };

    const note = (name, number) => {
        let value;
        try {
            value = probe.readers[name]();
        } catch (error) {
            value = `! ${error}`;
        }
        const list = probe.seen[name] ??= [];
        if (list.at(-1)?.value !== value) {
            list.push({ value, number, atMs: performance.timeOrigin + performance.now() });
        }
    };

    const follow = (video) => {
        probe.video = video;
        const onFrame = (now, metadata) => {
            if (probe.video !== video) return;
            video.requestVideoFrameCallback(onFrame);
            const number = probe.read(video);
            if (number === null) {
                probe.unread += 1;
            } else {
                probe.lastNumber = number;
                if (probe.frames.length < recordCountMax) {
                    const shownMs = performance.timeOrigin + metadata.expectedDisplayTime;
                    probe.frames.push([number, shownMs, metadata.mediaTime]);
                }
            }
            // What callbacks of this frame change is painted with it: animation callbacks that are
            // asked for here run after all of them, and before the paint.
            requestAnimationFrame(() => {
                for (const name in probe.readers) note(name, number);
            });
        };
        video.requestVideoFrameCallback(onFrame);
    };
    const look = () => {
        const video = document.querySelector("video");
        if (video && video !== probe.video) follow(video);
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
    look();
})();
