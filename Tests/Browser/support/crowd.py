"""Guests without browsers: they join, and answer when they are told to."""

import json

from .server import request

CONTENT = {"Content-Type": "application/json"}
NAMES = ["Ada", "Björn", "Chloé", "Dmitri", "Émile", "Fatou", "Grace", "Haruki", "Inés", "Jun",
         "Kofi", "Leyla", "Mateo", "Nora", "Óscar", "Priya", "Quentin", "Rosa", "Sven", "小明"]


class Crowd:
    """Some guests of a stream's show."""

    def __init__(self, server, stream, count=len(NAMES)):
        self.server = server
        self.tokens = []
        for place in range(count):
            name = NAMES[place % len(NAMES)]
            status, _, reply = request(
                server.http_port, "POST", "/api/v1/join",
                json.dumps({"name": name, "stream": stream}).encode(), CONTENT)
            if status >= 300:
                raise RuntimeError(f"{name} could not join: {status} {reply!r}")
            self.tokens.append(json.loads(reply)["token"])

    def answer(self, question, choose):
        """Each sends choose(place), counted from 0; None is nobody's answer. The receipts."""
        receipts = []
        for place, token in enumerate(self.tokens):
            choice = choose(place)
            if choice is None:
                continue
            _, _, reply = request(
                self.server.http_port, "POST", "/api/v1/answers",
                json.dumps({"question": question, "choice": choice}).encode(),
                {**CONTENT, "Authorization": f"Bearer {token}"})
            receipts.append(json.loads(reply))
        return receipts
