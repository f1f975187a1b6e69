// Somebody's own page that embeds the player: ?from=ORIGIN&url=URL, and options as JSON. Keeps all
// that the player says in `said`, cues with the frame that is on the screen with them.
const query = new URLSearchParams(location.search);
const { FanfarePlayer } = await import(`${query.get("from")}/fanfare-player.js`);
const video = document.querySelector("video");
const options = JSON.parse(query.get("options") ?? "{}");
const player = new FanfarePlayer(video, { url: query.get("url"), ...options });
const said = { cue: [], state: [], stats: [], error: [], text: [] };
const countMax = 20_000;

for (const name of ["state", "stats", "error", "text"]) {
    player.addEventListener(name, (event) => {
        if (said[name].length < countMax) said[name].push({ ...event.detail, atMs: Date.now() });
    });
}
player.addEventListener("cue", (event) => {
    requestAnimationFrame(() => {
        said.cue.push({ ...event.detail, number: window.__probe?.lastNumber });
    });
});
Object.assign(window, { player, said, FanfarePlayer });
player.start();
