"""How the pages are served: few requests, from memory, compressed, unchangeable by hash, and safe."""

import gzip
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from support.case import BrowserCase
from support.server import request, until
from support.viewer import ViewerCase

REFERENCE = re.compile(r'(?:src|href)="(/[^"]*)"')
WORDS = re.compile(r'<link rel="strings" hreflang="(\w+)" href="(/[^"]*)">')
IMPORT = re.compile(r'from\s*"(/[^"]+)"|import\("(/[^"]+)"\)')


class ServingTests(BrowserCase):
    has_feed = False

    def references(self, html):
        """What a page asks for, and what that imports."""
        found = list(dict.fromkeys(REFERENCE.findall(html)))
        for path in list(found):
            if path.endswith(".js"):
                text = self.server.get(path)[2].decode()
                found += [one for pair in IMPORT.findall(text) for one in pair if one]
        return list(dict.fromkeys(found))

    def test_each_file_is_immutable_compressed_and_named_by_hash(self):
        status, headers, body = self.server.get("/")
        self.assertEqual(status, 200)
        paths = self.references(body.decode())
        self.assertTrue(any(path.endswith(".js") for path in paths), paths)
        for path in paths:
            with self.subTest(path):
                status, headers, whole = self.server.get(path)
                self.assertEqual(status, 200)
                tag = headers["etag"]
                self.assertEqual(headers.get("x-content-type-options"), "nosniff")
                if path.startswith("/assets/"):
                    self.assertRegex(path, r"\.[0-9a-f]{6,}\.\w+$")
                    self.assertIn("immutable", headers["cache-control"])
                else:
                    self.assertNotIn("immutable", headers.get("cache-control", ""))
                if len(whole) > 1024:
                    _, headers, packed = request(
                        self.server.http_port, "GET", path, headers={"Accept-Encoding": "gzip"})
                    self.assertEqual(headers.get("content-encoding"), "gzip")
                    self.assertEqual(gzip.decompress(packed), whole)
                    _, headers, packed = request(
                        self.server.http_port, "GET", path, headers={"Accept-Encoding": "gzip, br"})
                    self.assertEqual(headers.get("content-encoding"), "br")
                    self.assertIn("accept-encoding", headers.get("vary", "").lower())
                again, _, rest = request(
                    self.server.http_port, "GET", path, headers={"If-None-Match": tag})
                self.assertEqual((again, rest), (304, b""))

    def test_the_page_with_the_player_is_light(self):
        # Packed quickly at the start, and best when nothing else is to be done: that is waited for.
        languages = [language for language, _ in WORDS.findall(self.server.get("/")[2].decode())]
        self.assertIn("en", languages)
        for language in languages:
            with self.subTest(language):
                until(lambda: self.weight("gzip, br", language) <= 60 * 1024,
                      "the pages to weigh 60 KB at most", 120)
                self.assertLessEqual(self.weight("gzip", language), 64 * 1024)

    def weight(self, coding, language):
        """What a browser loads to play: the page, its styles, scripts, player and words, in bytes."""
        html = self.server.get("/")[2].decode()
        others = {path for one, path in WORDS.findall(html) if one != language}
        total = 0
        for path in ["/", *self.references(html)]:
            if path in others:
                continue
            _, _, packed = request(
                self.server.http_port, "GET", path, headers={"Accept-Encoding": coding})
            total += len(packed)
        return total

    def test_bundles_are_good_script(self):
        for path in ("/", "/console"):
            port = self.server.http_port if path == "/" else self.server.staff_port
            _, _, body = request(port, "GET", "/")
            for one in REFERENCE.findall(body.decode()):
                if one.endswith(".js"):
                    _, _, text = request(port, "GET", one)
                    with tempfile.NamedTemporaryFile(suffix=".mjs") as file:
                        Path(file.name).write_bytes(text)
                        checked = subprocess.run(
                            ["node", "--check", file.name], capture_output=True, text=True)
                    self.assertEqual(checked.returncode, 0, f"{one}: {checked.stderr[-500:]}")

    def test_the_policy_is_strict_on_both_planes(self):
        for port in (self.server.http_port, self.server.staff_port):
            _, headers, _ = request(port, "GET", "/")
            policy = {part.split()[0]: part.split()[1:]
                      for part in headers["content-security-policy"].split(";") if part.strip()}
            self.assertEqual(policy["default-src"], ["'none'"])
            for name, values in policy.items():
                self.assertNotIn("'unsafe-inline'", values, name)
                self.assertNotIn("'unsafe-eval'", values, name)
            self.assertEqual(policy["base-uri"], ["'none'"])
            self.assertIn("frame-ancestors", policy)
            self.assertEqual(headers.get("x-content-type-options"), "nosniff")
            self.assertIn("referrer-policy", headers)

    def test_paths_lead_nowhere_else(self):
        for path in ("/assets/../data/player-key", "/assets/%2e%2e/player-key", "/assets/x", "/viewer/viewer.js/",
                     "/logo/../player-key", "//etc/passwd", "/assets/%00", "/watch/../../etc/passwd"):
            status, _, body = self.server.get(path)
            self.assertIn(status, (200, 400, 404), path)
            if status == 200:
                self.assertIn(b"<!doctype html", body[:200].lower())


class ThemeTests(ViewerCase):
    def test_a_producers_colours_and_logo(self):
        folder = self.server.data / "data" / "theme"
        folder.mkdir(parents=True)
        (folder / "theme.css").write_text(":root { --ff-accent: rgb(1, 200, 3); }")
        (folder / "logo.svg").write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><rect width="90" height="30"/></svg>')
        self.server.stop()
        self.server.start()
        self.start_feed()
        page = self.viewer()
        page.wait("""() => getComputedStyle(document.documentElement)
            .getPropertyValue('--ff-accent').includes('200')""")
        page.wait("() => [...document.images].some((one) => one.naturalWidth === 90)")
        self.assert_clean(page)

    def test_without_a_theme_nothing_is_broken(self):
        # Another test's theme is gone with the next start.
        shutil.rmtree(self.server.data / "data" / "theme", ignore_errors=True)
        self.server.stop()
        self.server.start()
        self.start_feed()
        page = self.viewer()
        self.assertEqual(self.server.get("/logo")[0], 404)
        self.assertEqual(page.run("""() => [...document.images].filter((one) => one.checkVisibility()
            && one.complete && !one.naturalWidth).map((one) => one.src)"""), [])
        # Nobody asked for a logo either, which would be an error in the browser's console.
        self.assertNotIn("/logo", page.run("""() => performance.getEntriesByType('resource')
            .map((one) => new URL(one.name).pathname)"""))

    def test_languages(self):
        for language, locale, words in (("de", "de-DE", "Live"), ("zh", "zh-CN", ""), ("en", "fr-FR", "Live")):
            page = self.viewer(locale=locale)
            page.wait("() => document.querySelector('#skip').textContent !== ''")
            self.wait_words(page, words, anywhere=True)
            self.assertTrue(page.run("() => document.documentElement.lang").startswith(language), locale)
            self.assertEqual(len(self.loaded_words(page)), 1, "one language is loaded")
        page = self.viewer("?lang=de")
        page.wait("() => document.documentElement.lang === 'de'")
        show = self.show()
        show("lobby")
        self.wait_words(page, "Name", anywhere=True)

    def loaded_words(self, page):
        return page.run("""() => performance.getEntriesByType('resource').map((one) => one.name)
            .filter((name) => name.endsWith('.json'))""")

    def test_a_language_that_does_not_come_is_english_and_can_be_chosen_again(self):
        context = self.context(locale="de-DE")
        context.route("**/assets/de.*.json", lambda route: route.abort())
        page = self.open(f"/watch/{self.stream}", context)
        self.wait_words(page, "Tap for sound", anywhere=True)
        self.assertEqual(page.run("() => document.documentElement.lang"), "en")
        context.unroute("**/assets/de.*.json")
        page.run("() => document.querySelector('[data-language=de]').click()")
        page.wait("() => document.documentElement.lang === 'de'")

    def test_without_script_it_says_what_to_do(self):
        page = self.open("/", java_script_enabled=False)
        self.assertIn("JavaScript", page.page.locator("body").inner_text())
        self.assertIn(".flv", page.page.locator("body").inner_text())

    def test_without_media_source_the_quiz_goes_on(self):
        context = self.context()
        context.add_init_script("delete window.MediaSource; delete window.ManagedMediaSource;"
                                "delete window.WebKitMediaSource;")
        page = self.open(f"/watch/{self.stream}", context)
        self.wait_words(page, "can’t play", anywhere=True)
        self.wait_words(page, f"/live/{self.stream}.flv", anywhere=True)
        show = self.show()
        show("lobby")
        self.join(page)
        show("open")
        self.wait_words(page, "Which is it?")
        self.option(page, 1).click()
        self.wait_kept(page)
        self.assert_clean(page)
