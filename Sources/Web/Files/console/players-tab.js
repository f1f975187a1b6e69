// A show's players: found by name or address, put out and taken back, renamed, and by address.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { AddressesPanel } from "./addresses-panel.js";
import { openDialog } from "./dialogs.js";
import { button, field, fillList, input, panel } from "./dom-lists.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { countText } from "./units.js";

const playerCountShown = 100;
const playersRefreshMs = 4000;

/** Fetched when opened, when searched, after each command, and every few seconds. */
export class PlayersTab {
    /** @param {import("./console-app.js").ConsoleApp} app @param {string} show */
    constructor(app, show) {
        const text = consoleText.players;
        this.app = app;
        this.show = show;
        /** @type {import("./staff-types.js").Player[]} */
        this.players = [];
        this.isKnown = false;
        this.fetchedAtMs = -Infinity;
        this.asked = 0;
        this.address = "";
        this.search = input("search", { "placeholder": text.search, "aria-label": text.search,
            "maxlength": 64 });
        this.search.addEventListener("input", () => {
            this.address = "";
            void this.fetch();
        });
        this.addressChip = button("", () => {
            this.address = "";
            void this.fetch();
        }, { class: "button-small" });
        this.rows = element("tbody", {});
        this.table = element("table", { class: "table table-players" },
            element("thead", {}, element("tr", {}, ...Object.values(text.columns).map((words) =>
                element("th", { text: words, attributes: { scope: "col" } })))), this.rows);
        this.none = element("p", { class: "empty" });
        this.shown = element("p", { class: "hint" });
        this.addresses = new AddressesPanel(app, show, (address) => {
            this.search.value = "";
            this.address = address;
            void this.fetch();
        });
        this.element = element("div", { class: "players" },
            panel(text.title, { class: "panel-players", beside: [this.addressChip, this.search] },
                this.none, this.table, this.shown), this.addresses.element);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const text = consoleText.players;
        const age = performance.now() - this.fetchedAtMs;
        if (age > playersRefreshMs || (this.version !== state.version && age > 500)) {
            this.version = state.version;
            void this.fetch();
        }
        this.none.hidden = this.players.length > 0 || !this.isKnown;
        setText(this.none, this.search.value || this.address ? text.none : text.noneYet);
        this.table.hidden = this.players.length === 0;
        this.addressChip.hidden = !this.address;
        setText(this.addressChip, `${this.address} ×`);
        setText(this.shown, this.players.length >= playerCountShown
            ? text.shownCount(playerCountShown) : "");
        fillList(this.rows, this.players, (player) => player.id, (player) => this.makeRow(player),
            (row, player) => this.updateRow(row, player));
        this.addresses.update(state);
    }

    async fetch() {
        this.fetchedAtMs = performance.now();
        const number = ++this.asked;
        const query = new URLSearchParams({ count: String(playerCountShown) });
        if (this.search.value.trim()) query.set("match", this.search.value.trim());
        if (this.address) query.set("address", this.address);
        try {
            const reply = await this.app.api.get(`/shows/${pathPart(this.show)}/players?${query}`);
            // A search that was typed on since has its own reply coming.
            if (number !== this.asked) return;
            this.players = Array.isArray(reply?.players) ? reply.players.slice(0, playerCountShown)
                : [];
            this.isKnown = true;
        } catch {
            // What was known stays on the screen; a lost server is shouted elsewhere.
        }
        this.app.store.tell("players");
    }

    /** @param {import("./staff-types.js").Player} player */
    makeRow(player) {
        const text = consoleText.players;
        const { id } = player;
        const current = () => this.players.find((other) => other.id === id) ?? player;
        const act = (/** @type {string} */ words, /** @type {string} */ name,
            /** @type {() => void} */ work) => {
            const made = button(words, work, { class: "button-small",
                label: `${words}: ${player.name}` });
            made.dataset.act = name;
            return made;
        };
        const hideName = (/** @type {boolean} */ isNameHidden) =>
            void this.patch(current(), { isNameHidden }, isNameHidden ? text.hide : text.show);
        return element("tr", {},
            element("th", { attributes: { scope: "row" } }, typed("", "player-name"),
                typed("", "player-note"), typed("", "player-shown")),
            element("td", {}, element("span", { class: "chip" })),
            element("td", { class: "cell-number" }), typedCell(),
            element("td", { class: "cell-actions" },
                act(text.rename, "rename", () => this.askRename(current())),
                act(text.hide, "hide", () => hideName(true)),
                act(text.show, "show", () => hideName(false)),
                act(text.kick, "kick", () => this.ask(current(), "kick")),
                act(text.ban, "ban", () => this.ask(current(), "ban")),
                act(text.reinstate, "reinstate", () =>
                    void this.order(current(), "reinstate", text.reinstate))));
    }

    /** @param {HTMLElement} row @param {import("./staff-types.js").Player} player */
    updateRow(row, player) {
        const text = consoleText.players;
        const [head, status, score, address] = row.children;
        setText(head.children[0], player.name);
        setText(head.children[1], player.id);
        const shown = player.isNameHidden ? text.hidden
            : player.shownName ? `${text.shownAs} “${player.shownName}”` : "";
        setText(head.children[2], shown);
        const chip = /** @type {HTMLElement} */ (status.children[0]);
        setText(chip, text.status[player.status] ?? player.status);
        chip.dataset.player = player.status;
        setText(score, countText(player.score));
        setText(address.children[0], player.address ?? "–");
        const isOut = player.status === "kicked" || player.status === "banned";
        const isUp = this.app.store.link.state === "up";
        /** @type {Record<string, boolean>} */
        const fitting = {
            rename: true, hide: !player.isNameHidden, show: player.isNameHidden === true,
            kick: !isOut, ban: player.status !== "banned", reinstate: isOut,
        };
        for (const each of row.querySelectorAll("button")) {
            each.hidden = !this.app.mayHost || !fitting[each.dataset.act ?? ""];
            setAttributes(each, { disabled: !isUp });
        }
    }

    /** @param {import("./staff-types.js").Player} player @param {"kick" | "ban"} command */
    ask(player, command) {
        const text = consoleText.players;
        openDialog({
            title: text[`${command}Ask`](player.name), detail: text[`${command}Detail`],
            action: text[command], isDangerous: true,
            act: async () => this.order(player, command, text[command]),
        });
    }

    /**
     * @param {import("./staff-types.js").Player} player
     * @param {string} command
     * @param {string} words
     * @returns {Promise<string>}
     */
    async order(player, command, words) {
        const outcome = await this.app.order(this.show, command, `${words}: ${player.name}`,
            { body: { player: player.id }, isAnyVersion: true,
                lane: `player:${this.show}:${player.id}` });
        await this.fetch();
        return outcome.state === "done" ? "" : outcome.text ?? "";
    }

    /**
     * @param {import("./staff-types.js").Player} player
     * @param {{name?: string, isNameHidden?: boolean}} body
     * @param {string} words
     */
    async patch(player, body, words) {
        const outcome = await this.app.order(this.show, `players/${pathPart(player.id)}`,
            `${words}: ${player.name}`,
            { method: "PATCH", body, isAnyVersion: true,
                lane: `player:${this.show}:${player.id}` });
        await this.fetch();
        return outcome.state === "done" ? "" : outcome.text ?? "";
    }

    /** @param {import("./staff-types.js").Player} player */
    askRename(player) {
        const text = consoleText.players;
        const name = input("text", { maxlength: 64, dir: "auto",
            value: player.shownName ?? player.name });
        const itsField = field(text.renameLabel, name);
        openDialog({
            title: text.renameAsk, detail: text.renameDetail, body: [itsField.element],
                isPlain: true, action: text.rename,
            act: () => {
                const value = name.value.trim();
                itsField.fail(value ? "" : text.renameMissing);
                return value ? this.patch(player, { name: value }, text.rename)
                    : text.renameMissing;
            },
        });
    }
}

/** A cell for what somebody typed. */
function typedCell() {
    return element("td", { class: "cell-address" }, typed(""));
}
