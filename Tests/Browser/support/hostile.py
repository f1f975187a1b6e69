"""What players and hosts might type to hurt a page, and how one sees that it has."""

RUN = "window.__attacked = (window.__attacked ?? 0) + 1"
# Each is text and nothing else. The classes tell markup of an attack from the page's own.
TEXTS = [
    f"<img class=attack src=x onerror=\"{RUN}\">",
    f"<script class=attack>{RUN}</script>",
    f"\"><svg class=attack onload={RUN}>",
    f"<b class=attack>bold</b>&lt;&amp;",
    "${" + RUN + "}{{constructor.constructor('" + RUN + "')()}}",
    f"javascript:{RUN}",
    "\u2066left\u2069 עברית العربية \u2067right\u2069",
    "a\u0300" * 30 + "Z\u0351\u0343\u0357" * 8,
    "W" * 200,
    "👩‍👩‍👧‍👦🏳️‍🌈" * 8,
    "__proto__", "constructor", "null", "[object Object]", "%00%0a\\0\\u0000",
]
# A name is 1 to 64 bytes.
NAMES = [f"<img class=attack src=x onerror={RUN[:12]}>", "<b class=attack>x</b>",
         "\"'`><i class=attack>", "__proto__", "Ω" * 32, "W" * 64, "مرحبا עולם", "a\u0300\u0301\u0302" * 9]


def cut(text, bytes_max):
    """As much of a text as has room in so many bytes of UTF-8."""
    return text.encode()[:bytes_max].decode(errors="ignore")


# What must be true of a page whatever was typed.
HARM = """() => {
    const found = [];
    if (window.__attacked) found.push(`a script ran ${window.__attacked} times`);
    for (const one of document.querySelectorAll('.attack')) found.push(`markup: ${one.outerHTML}`);
    if (Object.prototype.polluted !== undefined) found.push('the prototype was changed');
    if (document.documentElement.scrollWidth > innerWidth + 1) {
        found.push(`${document.documentElement.scrollWidth} px wide in a window of ${innerWidth}`);
    }
    return found;
}"""


def harm(page):
    """Sentences on what a text has done to a page; an empty list is good."""
    return page.run(HARM) + page.faults()
