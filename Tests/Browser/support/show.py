"""A host's hand: a show on the staff API, by plain requests."""

import itertools
import json
import uuid

from .server import request

CONTENT = {"Content-Type": "application/json"}


class Refused(Exception):
    """The staff API said no; .status and .reply are what it said."""

    def __init__(self, what, status, reply):
        super().__init__(f"{what}: {status} {reply}")
        self.status, self.reply = status, reply


def staff(server, method, path, body=None, token=None):
    """A staff request; the reply's JSON, or Refused."""
    headers = dict(CONTENT)
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if method != "GET":
        headers["Idempotency-Key"] = uuid.uuid4().hex
    payload = None if body is None else json.dumps(body)
    status, _, reply = request(server.staff_port, method, f"/api/v1{path}", payload, headers)
    try:
        reply = json.loads(reply) if reply else {}
    except ValueError:
        reply = reply.decode(errors="replace")
    if status >= 300:
        raise Refused(f"{method} {path}", status, reply)
    return reply


def question(text="Which is it?", options=("Red", "Green", "Blue"), correct=1, window_ms=10_000,
             **more):
    """A question as the staff API takes it; `correct` counts from 1."""
    return {"text": text, "options": list(options), "correct": correct, "windowMs": window_ms,
            **more}


class Show:
    """One show. Every host command is a method: show("open", last=True)."""

    numbers = itertools.count(1)

    def __init__(self, server, stream, questions=None, title="The browser's show", **plan):
        self.server, self.stream = server, stream
        self.id = f"show-{next(Show.numbers)}"
        plan.setdefault("isRehearsal", False)
        staff(server, "POST", "/shows", {"id": self.id, "title": title, "stream": stream, **plan})
        self.questions = questions or [question() for _ in range(3)]
        staff(server, "PUT", f"/shows/{self.id}/questions", {"questions": self.questions})

    def __call__(self, command, **body):
        if command == "open":
            # Who watches may be on the way back just now, which is for the test to say.
            body.setdefault("force", True)
        return staff(self.server, "POST", f"/shows/{self.id}/{command}", body)

    def live(self):
        return staff(self.server, "GET", f"/shows/{self.id}/live")

    def players(self):
        reply = staff(self.server, "GET", f"/shows/{self.id}/players")
        return reply.get("players", reply) if isinstance(reply, dict) else reply

    def announce(self, text, level="info"):
        return staff(self.server, "POST", f"/streams/{self.stream}/announcements",
                     {"text": text, "level": level})

    def clear_announcement(self):
        return staff(self.server, "DELETE", f"/streams/{self.stream}/announcements")

    def end(self):
        """Over, whatever it had come to, so that the stream is free for the next test's show."""
        for command, body in (("resume", {}), ("void", {"reason": "The test is over"}),
                              ("finish", {"early": True}), ("settle", {})):
            try:
                self(command, **body)
            except (Refused, OSError):
                pass
        try:
            staff(self.server, "DELETE", f"/shows/{self.id}")
        except (Refused, OSError):
            pass
