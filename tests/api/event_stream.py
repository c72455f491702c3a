"""Somebody who listens to the event stream, as any client of server-sent events does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from clients.caller import Caller


class Listener:
    """An open stream; `last` is the id to resume from."""

    def __init__(self, answer: httpx.Response, last: str | None) -> None:
        self.answer = answer
        self.last = last
        self._lines = answer.iter_lines()

    def hears(self) -> list[dict[str, Any]]:
        """Return what is told until there is nothing to tell, or the stream ends."""
        events: list[dict[str, Any]] = []
        for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "id":
                self.last = value
            elif name == "data":
                events.append(json.loads(value))
            elif line == ":":
                break
        return events

    def hears_the_end(self) -> bool:
        """Say whether the stream ends in good order; waits for it."""
        for _ in self._lines:
            pass
        return True


@contextmanager
def listening(speaker: Caller, last: str | None = None, **query: Any) -> Iterator[Listener]:
    """Open the stream, resumed from an id if there is one."""
    headers = {"Last-Event-ID": last} if last else {}
    with speaker.http.stream("GET", "/v1/events", params=query, headers=headers) as answer:
        assert answer.status_code == httpx.codes.OK, answer.read()
        yield Listener(answer, last)
