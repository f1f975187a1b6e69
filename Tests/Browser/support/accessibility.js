// What can be told of a page's accessibility from its document and styles: a function that returns a
// list of sentences, each a fault. Given {targetPx}: how large a control has to be at least.
({ targetPx }) => {
    const faults = [];
    const say = (element, words) => faults.push(`${describe(element)}: ${words}`);

    function describe(element) {
        const name = element.tagName.toLowerCase();
        const more = element.id ? `#${element.id}` : [...element.classList].map((one) => `.${one}`).join("");
        return `<${name}${more}> "${(element.textContent ?? "").trim().slice(0, 40)}"`;
    }

    const isShown = (element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true,
        contentVisibilityAuto: true });
    const isForReaders = (element) => {
        const box = element.getBoundingClientRect();
        return box.width <= 1 || box.height <= 1;
    };
    const isHidden = (element) => element.closest("[aria-hidden='true']") !== null;

    // The name that a screen reader says, as far as these pages need it.
    function nameOf(element) {
        const labelledBy = element.getAttribute("aria-labelledby");
        if (labelledBy) {
            return labelledBy.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "")
                .join(" ").trim();
        }
        const label = element.getAttribute("aria-label")?.trim();
        if (label) return label;
        if (element.labels?.length) {
            return [...element.labels].map((one) => one.textContent).join(" ").trim();
        }
        if (element.tagName === "IMG") return element.alt;
        const text = textOf(element).trim();
        return text || (element.getAttribute("title") ?? "").trim();
    }

    function textOf(node) {
        if (node.nodeType === Node.TEXT_NODE) return node.nodeValue;
        if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
        if (node.tagName === "IMG") return node.alt;
        if (node.tagName === "title" || node.tagName === "TITLE") return node.textContent;
        return [...node.childNodes].map(textOf).join(" ");
    }

    function checkDocument() {
        const root = document.documentElement;
        if (!/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(root.lang)) say(root, `lang is "${root.lang}"`);
        if (!document.title.trim()) say(root, "the document has no title");
        const zoom = document.querySelector("meta[name=viewport]")?.content ?? "";
        if (/user-scalable\s*=\s*no|maximum-scale\s*=\s*[01](\.|,|$)/.test(zoom)) say(root, `zoom is forbidden: ${zoom}`);
        const mains = [...document.querySelectorAll("main, [role=main]")].filter(isShown);
        if (mains.length !== 1) say(root, `${mains.length} main landmarks`);
        const ids = new Map();
        for (const one of document.querySelectorAll("[id]")) {
            if (ids.has(one.id)) say(one, `the id ${one.id} is there twice`);
            ids.set(one.id, one);
        }
        for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for"]) {
            for (const one of document.querySelectorAll(`[${attribute}]`)) {
                for (const id of one.getAttribute(attribute).split(/\s+/)) {
                    if (id && !ids.has(id)) say(one, `${attribute} names ${id}, which isn't there`);
                }
            }
        }
        const headings = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
            .filter((one) => isShown(one) && !isHidden(one));
        if (headings.filter((one) => one.tagName === "H1").length !== 1) {
            say(root, "there is not just one h1");
        }
        let level = 0;
        for (const one of headings) {
            const next = Number(one.tagName[1]);
            if (level && next > level + 1) say(one, `h${next} comes behind h${level}`);
            if (!textOf(one).trim()) say(one, "a heading without words");
            level = next;
        }
    }

    const CONTROLS = "button, a[href], input:not([type=hidden]), select, textarea, summary, "
        + "[role=button], [role=link], [role=tab], [role=checkbox], [role=switch], [role=menuitem], "
        + "[role=slider], [tabindex='0']";

    function checkControls() {
        for (const one of document.querySelectorAll(CONTROLS)) {
            if (!isShown(one)) continue;
            if (isHidden(one)) {
                if (one.tabIndex >= 0) say(one, "can have the focus, though it is hidden from readers");
                continue;
            }
            if (one.tabIndex > 0) say(one, "a tabindex above 0 breaks the order");
            if (!nameOf(one)) say(one, "a control without a name");
            if (one.parentElement.closest("button, a[href], [role=button]")) {
                say(one, "a control within a control");
            }
            const visible = (one.innerText ?? "").trim().replace(/\s+/g, " ").toLowerCase();
            const label = one.getAttribute("aria-label")?.trim().replace(/\s+/g, " ").toLowerCase();
            // A name that lacks the words on the control can't be said to it (WCAG 2.5.3).
            const isField = one.matches("select, input, textarea");
            if (!isField && label && /\p{L}{3}/u.test(visible) && !label.includes(visible)) {
                say(one, `its name "${label}" lacks its words "${visible}"`);
            }
            if (!isForReaders(one)) checkSize(one);
        }
    }

    function checkSize(one) {
        const isInText = one.tagName === "A" && getComputedStyle(one).display === "inline";
        if (isInText || one.matches("input[type=checkbox], input[type=radio]") && one.labels?.length) return;
        const box = one.getBoundingClientRect();
        if (box.width < targetPx - 0.5 || box.height < targetPx - 0.5) {
            say(one, `is ${Math.round(box.width)} by ${Math.round(box.height)} px: less than ${targetPx}`);
        }
    }

    function checkPictures() {
        for (const one of document.querySelectorAll("img")) {
            if (isShown(one) && !one.hasAttribute("alt")) say(one, "a picture without alt");
        }
        for (const one of document.querySelectorAll("svg")) {
            const isNamed = one.hasAttribute("aria-label") || one.hasAttribute("aria-labelledby")
                || one.querySelector("title");
            if (isShown(one) && !isHidden(one) && !isNamed) say(one, "a drawing without a name");
        }
        for (const one of document.querySelectorAll("video, audio")) {
            if (isShown(one) && !nameOf(one) && !isHidden(one)) say(one, "media without a name");
        }
    }

    // Colours: whatever CSS can say comes to sRGB by a canvas.
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    function colour(text) {
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = text;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
        return [red, green, blue, alpha / 255];
    }
    const over = (top, below) => [0, 1, 2].map((part) => top[part] * top[3] + below[part] * (1 - top[3]))
        .concat(1);
    function luminance(rgb) {
        const [red, green, blue] = rgb.map((part) => {
            const one = part / 255;
            return one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };

    // What lies behind an element's words, or null if that is a picture.
    function groundOf(element) {
        const layers = [];
        for (let one = element; one; one = one.parentElement) {
            const style = getComputedStyle(one);
            const own = colour(style.backgroundColor);
            if (own[3] > 0) layers.push(own);
            if (own[3] >= 0.99) return layers.reduceRight((below, top) => over(top, below));
            if (style.backgroundImage !== "none") return null;
            if (style.position === "absolute" || style.position === "fixed") {
                // It may lie over anything: only its own ground counts, in the worst case.
                return layers.length && layers[0][3] >= 0.7
                    ? over(layers[0], luminance(colour(getComputedStyle(element).color)) > 0.5
                        ? [255, 255, 255, 1] : [0, 0, 0, 1])
                    : null;
            }
        }
        return layers.concat([[255, 255, 255, 1]]).reduceRight((below, top) => over(top, below));
    }

    function opacityOf(element) {
        let all = 1;
        for (let one = element; one; one = one.parentElement) all *= Number(getComputedStyle(one).opacity);
        return all;
    }

    function checkContrast() {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const seen = new Set();
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const element = node.parentElement;
            if (!node.nodeValue.trim() || seen.has(element) || !isShown(element)) continue;
            seen.add(element);
            if (isForReaders(element) || element.closest("script, style, noscript, svg")) continue;
            if (element.closest(":disabled")) continue;
            const style = getComputedStyle(element);
            const ground = groundOf(element);
            if (!ground) continue;
            const ink = colour(style.color);
            ink[3] *= opacityOf(element);
            const size = parseFloat(style.fontSize);
            const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
            const ratio = contrast(over(ink, ground), ground);
            const least = isLarge ? 3 : 4.5;
            if (ratio < least - 0.005) say(element, `contrast ${ratio.toFixed(2)}, least ${least}`);
        }
    }

    checkDocument();
    checkControls();
    checkPictures();
    checkContrast();
    return faults;
}
