// Players by the address they came from, with what may be one person under many names.
import { element, setAttributes, setText, typed } from "../shared/dom.js";
import { openDialog } from "./dialogs.js";
import { button, fillList, panel } from "./dom-lists.js";
import { pathPart } from "./staff-api.js";
import { consoleText } from "./strings/en.js";
import { countText } from "./units.js";

const addressesRefreshMs = 5000;

/** Those with the most players first. */
export class AddressesPanel {
    /**
     * @param {import("./console-app.js").ConsoleApp} app
     * @param {string} show
     * @param {(address: string) => void} onChoose shows the players of one
     */
    constructor(app, show, onChoose) {
        const text = consoleText.players;
        this.app = app;
        this.show = show;
        this.onChoose = onChoose;
        /** @type {import("./staff-types.js").AddressCluster[]} */
        this.clusters = [];
        this.fetchedAtMs = -Infinity;
        this.list = element("ul", { class: "clusters" });
        this.none = element("p", { class: "empty", text: text.clustersNone });
        this.element = panel(text.clusters, { class: "panel-addresses" }, this.none, this.list);
    }

    /** @param {import("./staff-types.js").ShowState} state */
    update(state) {
        const age = performance.now() - this.fetchedAtMs;
        if (age > addressesRefreshMs || (this.version !== state.version && age > 800)) {
            this.version = state.version;
            void this.fetch();
        }
        this.none.hidden = this.clusters.length > 0;
        fillList(this.list, this.clusters, (cluster) => cluster.address ?? "",
            (cluster) => this.makeRow(cluster),
            (row, cluster) => this.updateRow(row, cluster));
    }

    async fetch() {
        this.fetchedAtMs = performance.now();
        try {
            const show = pathPart(this.show);
            const reply = await this.app.api.get(`/shows/${show}/addresses?count=100`);
            const all = Array.isArray(reply?.addresses) ? reply.addresses : [];
            this.clusters = all.filter((/** @type {any} */ each) => each.playerCount > 1
                || each.isBanned || each.isSuspicious);
        } catch {
            // What was known stays.
        }
        this.app.store.tell("addresses");
    }

    /** @param {import("./staff-types.js").AddressCluster} cluster */
    makeRow(cluster) {
        const text = consoleText.players;
        const { address } = cluster;
        const name = address
            ? element("button", { class: "cluster-address", attributes: { type: "button" },
                on: { click: () => this.onChoose(address) } }, typed(address))
            : element("span", { class: "cluster-address", text: text.unknownAddress });
        const act = address ? button("", () => this.act(address), { class: "button-small" }) : null;
        return element("li", { class: "cluster" }, name,
            element("span", { class: "cluster-count" }),
            element("span", { class: "cluster-marks" }), act);
    }

    /** @param {HTMLElement} row @param {import("./staff-types.js").AddressCluster} cluster */
    updateRow(row, cluster) {
        const text = consoleText.players;
        const [, count, marks, act] = row.children;
        const players = consoleText.shows.players(cluster.playerCount);
        setText(count, `${players}, ${countText(cluster.survivorCount)} ${text.survivors}`);
        setText(marks, clusterMarks(cluster).join(" · "));
        const tone = cluster.isBanned ? "bad" : cluster.isSuspicious ? "look" : null;
        setAttributes(row, { "data-tone": tone });
        if (!(act instanceof HTMLButtonElement)) return;
        const label = cluster.isBanned ? text.unbanAddress : text.banAddress;
        setText(act, label);
        setAttributes(act, { "aria-label": `${label}: ${cluster.address ?? ""}` });
        act.hidden = !this.app.mayHost;
        act.disabled = this.app.store.link.state !== "up";
    }

    /** @param {string} address */
    act(address) {
        const text = consoleText.players;
        const cluster = this.clusters.find((each) => each.address === address);
        if (!cluster) return;
        if (cluster.isBanned) {
            void this.order(address, "unban-address", text.unbanAddress);
            return;
        }
        openDialog({
            title: text.banAddressAsk(address, cluster.playerCount), detail: text.banAddressDetail,
            action: text.banAddress, isDangerous: true,
            act: () => this.order(address, "ban-address", text.banAddress),
        });
    }

    /** @param {string} address @param {string} command @param {string} words */
    async order(address, command, words) {
        const outcome = await this.app.order(this.show, command, `${words}: ${address}`,
            { body: { address }, isAnyVersion: true, lane: `address:${this.show}:${address}` });
        await this.fetch();
        return outcome.state === "done" ? "" : outcome.text ?? "";
    }
}

/**
 * What is to be seen in an address's players.
 * @param {import("./staff-types.js").AddressCluster} cluster
 * @returns {string[]}
 */
function clusterMarks(cluster) {
    const text = consoleText.players;
    const marks = [];
    if (cluster.isBanned) marks.push(text.banned);
    if (cluster.isSuspicious) marks.push(text.suspicious);
    const { sameInstantCount: instants, samePatternCount: patterns } = cluster;
    if (instants > 1) marks.push(`${countText(instants)} ${text.sameInstant}`);
    if (patterns > 1) marks.push(`${countText(patterns)} ${text.samePattern}`);
    return marks;
}
