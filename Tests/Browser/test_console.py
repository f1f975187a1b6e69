"""The control room: a host's keys, two consoles of one mind, a lost server, and who may do what."""

import itertools
import socket

from support import accessibility
from support.console import ConsoleCase
from support.hostile import NAMES, TEXTS, cut, harm
from support.relay import Relay
from support.show import question, staff

SECTIONS = ("/programme", "/shows", "/viewers", "/people", "/rehearse")
TABS = ("run", "questions", "players", "plan", "results")


def state_of(state):
    return (state.get("question") or {}).get("state")


class DeskTests(ConsoleCase):
    def test_a_show_by_keys_alone(self):
        show = self.show([question(f"Question {n}?", window_ms=4_000) for n in (1, 2)])
        viewer, desk = self.viewer(), self.desk(show)
        self.key(desk, "doors", "b")
        self.wait_words(viewer, "The browser's show")
        self.join(viewer)
        for n in (1, 2):
            self.key(desk, "open", "o")
            self.wait_words(viewer, f"Question {n}?")
            self.wait_page(desk, f"Question {n}?")
            viewer.page.keyboard.press("1")
            self.wait_kept(viewer)
            self.wait_page(desk, "1 of 1 have answered")
            self.key(desk, "lock", "l", is_armed=False)
            self.wait_show(show, lambda state: state_of(state) == "locked", 30)
            self.key(desk, "reveal", "r")
            self.wait_words(viewer, "Right!")
        self.key(desk, "standings", "n", is_armed=False)
        self.wait_words(viewer, "Standings")
        desk.wait("() => !document.querySelector('.step[data-step=finish]').ariaDisabled")
        desk.page.keyboard.press("f")
        desk.page.keyboard.press("Control+Enter")
        self.wait_words(viewer, "winner")
        self.assertEqual(show.live()["phase"], "finished")
        self.assert_clean(desk)

    def test_a_dangerous_key_alone_does_nothing(self):
        show = self.show()
        desk = self.desk(show)
        version = show.live()["version"]
        desk.page.keyboard.press("b")
        desk.wait("() => document.querySelector('.step[data-step=doors]').dataset.safety === 'armed'")
        desk.page.keyboard.press("Escape")
        desk.wait("() => document.querySelector('.step[data-step=doors]').dataset.safety === 'idle'")
        desk.page.keyboard.press("Enter")
        for key in "orlnpvcfsu":
            desk.page.keyboard.press(key)
        self.assertEqual(show.live()["version"], version)
        # Held, it does it.
        desk.page.keyboard.down("b")
        self.wait_show(show, lambda state: state["phase"] == "lobby")
        desk.page.keyboard.up("b")

    def test_a_pointer_that_slips_off_a_step_leaves_it_to_the_keys(self):
        show = self.show()
        desk = self.desk(show)
        step = desk.page.locator(".step[data-step=doors]")
        place = step.bounding_box()
        desk.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
        desk.page.mouse.down()
        desk.wait("() => document.querySelector('.step[data-step=doors]').dataset.safety === 'holding'")
        desk.page.mouse.move(2, 2)
        desk.page.mouse.up()
        desk.page.keyboard.press("Escape")
        desk.wait("() => document.querySelector('.step[data-step=doors]').dataset.safety === 'idle'")
        step.focus()
        desk.page.keyboard.press("Enter")
        desk.wait("() => document.querySelector('.step[data-step=doors]').dataset.safety === 'armed'")
        self.assertEqual(show.live()["phase"], "draft")

    def test_keys_typed_into_a_field_are_letters(self):
        show = self.show()
        show("lobby")
        desk = self.desk(show)
        version = show.live()["version"]
        field = desk.page.get_by_label("To everyone who watches")
        field.fill("")
        field.press_sequentially("lorem next pop envelope")
        self.assertEqual(field.input_value(), "lorem next pop envelope")
        self.assertEqual(show.live()["version"], version)
        viewer = self.viewer()
        desk.page.get_by_role("button", name="Announce").click()
        self.wait_words(viewer, "lorem next", anywhere=True)

    def test_two_consoles_are_of_one_mind(self):
        show = self.show([question(f"Question {n}?", window_ms=30_000) for n in (1, 2, 3)])
        one, two = self.desk(show, by="Eva"), self.desk(show, by="Tom")
        self.key(one, "doors", "b")
        two.wait("() => document.querySelector('.step[data-step=open]').dataset.next === 'true'")
        version = show.live()["version"]
        # Both at once: one of them does it, the other is told.
        for page in (one, two):
            page.wait("() => !document.querySelector('.step[data-step=open]').ariaDisabled")
            page.page.keyboard.press("o")
        viewer = self.viewer()
        for page in (one, two):
            page.run("""() => setTimeout(() => document.dispatchEvent(new KeyboardEvent(
                'keydown', { key: 'Enter', bubbles: true, cancelable: true })), 0)""")
        self.wait_words(viewer, "Question 1?")
        for page in (one, two):
            self.wait_page(page, "Question 1?")
            page.wait("() => !document.querySelector('.step[data-step=lock]').ariaDisabled")
        state = show.live()
        self.assertEqual(state_of(state), "open")
        self.assertEqual(state["askedCount"], 1)
        self.assertEqual(state["version"], version + 1)
        # What one does the other shows, with who did it.
        self.key(two, "lock", "l", is_armed=False)
        one.wait("() => document.querySelector('.command-deed').textContent.includes('Tom')")

    def test_a_lost_server_is_shouted_and_nothing_is_done_twice(self):
        show = self.show([question(f"Question {n}?", window_ms=60_000) for n in (1, 2)])
        show("lobby")
        viewer, desk = self.viewer(), self.desk(show)
        self.server.kill()
        desk.page.locator(".shout-lost").wait_for(state="visible")
        desk.page.keyboard.press("o")
        desk.page.keyboard.press("Enter")
        self.server.start()
        self.start_feed()
        self.wait_live(desk)
        desk.page.locator(".shout-lost").wait_for(state="hidden")
        self.assertEqual(show.live()["askedCount"], 0)
        viewer.wait_for_frames(25, 40)
        self.key(desk, "open", "o")
        self.wait_words(viewer, "Question 1?")
        self.assertEqual(show.live()["askedCount"], 1)

    def test_a_slow_server_is_waited_for_in_words_and_asked_once(self):
        show = self.show([question(window_ms=60_000)])
        show("lobby")
        relay = Relay(self.server.staff_port)
        self.addCleanup(relay.close)
        self.viewer()
        desk = self.desk(show, origin=relay.origin)
        relay.stall()
        desk.page.keyboard.press("o")
        desk.page.keyboard.press("Enter")
        desk.wait("() => /waiting/i.test(document.querySelector('.command').textContent)")
        # Cut before the answer: the same order is sent again, and done once.
        relay.cut()
        relay.resume()
        desk.wait("() => /done/.test(document.querySelector('.command').textContent)", None, 30)
        self.assertEqual(show.live()["askedCount"], 1)

    def test_nobody_sees_anything_is_said_in_red(self):
        page = self.console()
        self.wait_page(page, self.stream)
        self.feed.close()
        self.wait_page(page, "Nobody can see")
        self.start_feed()
        self.wait_without(page, "Nobody can see")

    def test_numbers_of_the_feed_come(self):
        self.viewer()
        page = self.console()
        for words in ("25", "watching now", "H.264"):
            self.wait_page(page, words)
        # The console's own monitor is the same player.
        page.wait_for_frames(25)
        self.wait_page(page, "report", 30)

    def test_questions_are_dropped_in_with_their_faults_and_ordered_by_keys(self):
        show = self.show([question("Only one?")])
        page = self.console(f"/show/{show.id}/questions")
        field = page.page.locator("input[type=file]").first
        field.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer":
                               b"text,option1,option2,correct\nGood?,a,b,1\nBad?,a,b,7\n"})
        self.wait_page(page, "Nothing was taken")
        self.assertEqual(len(show.questions), 1)
        page.page.keyboard.press("Escape")
        field.set_input_files({"name": "good.csv", "mimeType": "text/csv", "buffer":
                               b"text,option1,option2,correct\nNew one?,a,b,1\n"})
        page.page.get_by_role("button", name="Import", exact=True).click()
        self.wait_page(page, "New one?")


class ViewersPageTests(ConsoleCase):
    def far_viewer(self, address):
        """A viewer from another address of the loopback, and the status that it got."""
        request = f"GET /live/{self.stream}.flv HTTP/1.1\r\nHost: x\r\nUser-Agent: far/1\r\n\r\n"
        connection = socket.create_connection(("127.0.0.1", self.server.http_port), 10,
                                              source_address=(address, 0))
        self.addCleanup(connection.close)
        connection.sendall(request.encode())
        return connection, int(connection.recv(4096).split()[1])

    def wait_end(self, connection):
        """Until the server has closed a viewer's connection."""
        while connection.recv(65536):
            pass

    def test_a_viewer_is_ended_banned_and_let_in_again(self):
        address = "127.0.0.77"
        viewer, status = self.far_viewer(address)
        self.assertEqual(status, 200)
        page = self.console("/viewers")
        self.wait_page(page, address)
        row = page.page.locator("tr", has_text=address)
        row.get_by_role("button", name="End", exact=False).first.click()
        self.wait_page(page, f"End this viewer at {address}?")
        page.page.keyboard.press("Control+Enter")
        self.wait_end(viewer)
        viewer, status = self.far_viewer(address)
        self.assertEqual(status, 200, "who was ended may come back")
        page.page.get_by_role("button", name="Look").click()
        row.get_by_role("button", name=f"Ban: {address}").click()
        form = page.page.locator(".panel-bans form")
        form.get_by_label("For").fill("soon")
        form.get_by_role("button", name="Ban", exact=True).click()
        self.wait_page(page, "An address and, if at all, a time")
        form.get_by_label("For").fill("2h")
        form.get_by_label("Reason").fill("<b>it had to be</b>")
        form.get_by_role("button", name="Ban", exact=True).click()
        self.wait_end(viewer)
        self.wait_page(page, "<b>it had to be</b>")
        self.assertEqual(self.far_viewer(address)[1], 403)
        self.assertEqual(self.far_viewer("127.0.0.78")[1], 200)
        page.page.get_by_role("button", name=f"Lift: {address}").click()
        self.wait_page(page, "No address is banned.")
        self.assertEqual(self.far_viewer(address)[1], 200)
        self.assert_clean(page)

    def test_out_of_service_and_back(self):
        viewer, _ = self.far_viewer("127.0.0.79")
        page = self.console("/viewers")
        page.page.get_by_role("button", name="Let nobody new in").click()
        self.wait_page(page, "Let nobody new in?")
        page.page.keyboard.press("Control+Enter")
        self.wait_page(page, "Nobody new is let in")
        self.assertEqual(self.far_viewer("127.0.0.80")[1], 503)
        self.assertTrue(viewer.recv(65536), "who watches stays")
        page.page.get_by_role("button", name="Let newcomers in").click()
        self.wait_page(page, "Newcomers are let in.")
        self.assertEqual(self.far_viewer("127.0.0.80")[1], 200)
        self.assert_clean(page)


class HostileConsoleTests(ConsoleCase):
    def test_texts_on_every_page(self):
        show = self.show([question(cut(text, 280), (cut(text, 150), cut(f"2 {text}", 150)), 1, 60_000,
                                   explanation=cut(text, 280)) for text in TEXTS], title=TEXTS[1])
        show("lobby")
        from support.crowd import CONTENT
        from support.server import request
        import json
        for name in NAMES:
            request(self.server.http_port, "POST", "/api/v1/join",
                    json.dumps({"name": name, "stream": self.stream}).encode(), CONTENT)
        viewer = self.viewer()
        show.announce(TEXTS[0], "warning")
        show("open")
        page = self.console()
        for place in (*SECTIONS, *(f"/show/{show.id}/{tab}" for tab in TABS)):
            with self.subTest(place):
                page.run("(place) => { location.hash = place; }", place)
                page.wait("() => document.querySelector('main h1, main h2')")
                page.run("() => new Promise((done) => setTimeout(done, 400))")
                self.assertEqual("\n".join(harm(page)), "")
        self.assertEqual(harm(viewer), [])

    def test_what_is_typed_into_the_console(self):
        show = self.show()
        for text in itertools.islice(TEXTS, 8):
            with self.subTest(text[:40]):
                desk = self.desk(show)
                viewer = self.viewer()
                desk.page.get_by_label("To everyone who watches").fill(text)
                desk.page.get_by_role("button", name="Announce").click()
                self.wait_words(viewer, text[:20].split(" ")[0], anywhere=True)
                for page in (desk, viewer):
                    self.assertEqual("\n".join(harm(page)), "")
                    page.close()


class ConsoleAccessibilityTests(ConsoleCase):
    def test_every_section_in_both_colours(self):
        show = self.show()
        self.viewer()
        pages = {scheme: self.console(color_scheme=scheme, viewport={"width": 1440, "height": 900})
                 for scheme in ("dark", "light")}
        show("lobby")
        places = (*SECTIONS, *(f"/show/{show.id}/{tab}" for tab in TABS))
        for place in places:
            for scheme, page in pages.items():
                page.run("(place) => { location.hash = place; }", place)
                page.run("() => new Promise((done) => setTimeout(done, 300))")
                with self.subTest(f"{place}, {scheme}"):
                    self.assertEqual("\n".join(accessibility.faults(page)), "")
                    self.assertFalse(accessibility.scrolls_sideways(page))

    def test_by_keyboard(self):
        show = self.show()
        for place in ("/programme", f"/show/{show.id}/run", "/people"):
            with self.subTest(place):
                page = self.console(place)
                names, faults = accessibility.tab_through(page)
                self.assertGreater(len(names), 5)
                self.assertEqual(faults, [])


class PeopleTests(ConsoleCase):
    token = "the-operators-own-token-of-32-characters"
    server_options = ("--staff-token", token)
    has_feed = False

    def sign_in(self, token):
        page = self.open(self.server.console + "/")
        page.wait("() => location.pathname === '/login'")
        page.page.get_by_label("Your staff token").fill(token)
        page.page.get_by_role("button", name="Sign in").click()
        return page

    def test_sign_in_roles_and_sign_out(self):
        tokens = {role: self.staff_member(role.title(), role, self.token)
                  for role in ("director", "host", "monitor")}
        page = self.sign_in("wrong" * 8)
        self.wait_page(page, "isn't known")
        page.close()
        self.assertEqual(self.refused("GET", "/shows"), 401)
        self.assertEqual(self.refused("GET", "/staff", token=tokens["host"]), 403)
        self.assertEqual(self.refused("POST", "/shows", {"id": "x", "title": "X", "stream": "show"},
                                      token=tokens["monitor"]), 403)
        staff(self.server, "POST", "/shows", {"id": "roles", "title": "Roles", "stream": "show"},
              tokens["host"])
        for role, token in tokens.items():
            with self.subTest(role):
                page = self.sign_in(token)
                self.wait_live(page)
                self.assertNotIn(token, page.run("() => document.cookie + JSON.stringify(localStorage)"))
                cookies = {one["name"]: one for one in page.page.context.cookies()}
                self.assertTrue(cookies["fanfare_session"]["httpOnly"])
                self.assertEqual(cookies["fanfare_session"]["sameSite"], "Strict")
                page.run("() => { location.hash = '/show/roles/run'; }")
                self.wait_page(page, "Roles")
                steps = page.page.locator(".step:visible").count()
                self.assertEqual(steps > 0, role != "monitor", role)
                self.assert_clean(page)
        page = self.sign_in(tokens["host"])
        self.wait_live(page)
        staff(self.server, "DELETE", "/staff/Host", token=self.token)
        page.wait("() => location.pathname === '/login'")

    def test_another_page_can_do_nothing_with_the_cookie(self):
        page = self.sign_in(self.token)
        self.wait_live(page)
        from support.case import own_pages
        own = page.page.context.new_page()
        own.goto(own_pages().origin + "/bare.html?file=x&type=video/mp4")
        status = own.evaluate("""async (url) => {
            try {
                const reply = await fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include',
                    headers: { 'Content-Type': 'text/plain' }, body: '{"id":"csrf","title":"X","stream":"show"}' });
                return reply.status;
            } catch (error) { return String(error); }
        }""", self.server.console + "/api/v1/shows")
        self.assertIsNotNone(status)
        shows = staff(self.server, "GET", "/shows", token=self.token)
        self.assertNotIn("csrf", str(shows))
