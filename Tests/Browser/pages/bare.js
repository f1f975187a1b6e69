// The least that a page can do to show a picture by MediaSource: one file of fragmented MP4, made
// beforehand, fetched and appended whole. ?file=URL&type=TYPE
const query = new URLSearchParams(location.search);
const video = document.querySelector("video");
const media = new MediaSource();
const file = fetch(query.get("file")).then((reply) => reply.arrayBuffer());
media.addEventListener("sourceopen", async () => {
    const buffer = media.addSourceBuffer(query.get("type"));
    buffer.appendBuffer(await file);
    buffer.addEventListener("updateend", () => video.play(), { once: true });
}, { once: true });
video.requestVideoFrameCallback(() => {
    globalThis.firstFrameMs = performance.now();
});
video.src = URL.createObjectURL(media);
