"""Checks of our own for what WCAG 2.2 AA asks and a program can tell."""

from pathlib import Path

CHECKS = (Path(__file__).parent / "accessibility.js").read_text()
TAB_COUNT_MAX = 120

# How what has the focus looks, and whether one can see it.
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body || one === document.documentElement) return null;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    window.__tabbed ??= new Map();
    if (!window.__tabbed.has(one)) window.__tabbed.set(one, window.__tabbed.size);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return {
        place: window.__tabbed.get(one),
        name: `<${one.tagName.toLowerCase()}#${one.id}.${one.className}> ${one.textContent.trim().slice(0, 40)}`,
        isRinged: ring || style.boxShadow !== "none",
        isInView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        isOnTop: at !== null && (one.contains(at) || at.contains(one)),
    };
}"""


def faults(page, target_px=24):
    """What is wrong with a page as it stands; an empty list is good."""
    return page.run(CHECKS, {"targetPx": target_px})


def tab_through(page):
    """(names in the order of the Tab key, faults): once round the page."""
    page.run("() => { window.__tabbed = new Map(); document.activeElement?.blur(); }")
    names, wrong = [], []
    for _ in range(TAB_COUNT_MAX):
        page.page.keyboard.press("Tab")
        one = page.run(FOCUSED)
        if one is None or one["place"] < len(names):
            break
        names.append(one["name"])
        if not one["isRinged"]:
            wrong.append(f"{one['name']}: one can't see that it has the focus")
        if not one["isInView"] or not one["isOnTop"]:
            wrong.append(f"{one['name']}: has the focus and is out of sight")
    return names, wrong


def scrolls_sideways(page):
    """Whether the page is wider than its window."""
    return page.run("() => document.documentElement.scrollWidth > innerWidth + 1")
