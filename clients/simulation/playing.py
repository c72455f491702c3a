"""Plays a feed against the API as a good client does: an event that is too early is sent again later."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx

from clients.caller import Caller
from clients.simulation.events import Event

_NOT_YET: Final = "course-not-started"


@dataclass
class Played:
    """The result of a feed: the answers counted, and the courses by their references."""

    answers: Counter[str] = field(default_factory=Counter)
    parked: int = 0
    courses: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[Event, str]] = field(default_factory=list)


class Player:
    """Sends events as the system, and a person's with the person's own token."""

    def __init__(self, system: Caller, persons: Mapping[str, Caller]) -> None:
        """Take the caller of the system and those of persons."""
        self._system = system
        self._persons = persons
        self.played = Played()
        self._reported_ids: set[str] = set()

    def play(self, feed: list[Event], advanced: Callable[[], None]) -> Played:
        """Send the events one by one until each is accepted or refused for good; raises AwayError."""
        waiting = deque(feed)
        stuck = 0
        while waiting and stuck < len(waiting):
            event = waiting.popleft()
            if self._send(event):
                stuck = 0
                advanced()
                continue
            self.played.parked += 1
            stuck += 1
            waiting.append(event)
        for event in waiting:
            self._refuse(event, _NOT_YET)
        return self.played

    def _send(self, event: Event) -> bool:
        """Send an event and return whether it is done; an event of a course that is not started is not."""
        if event.starts is not None:
            self._started(event, self._system.post("/v1/courses", event.starts, key=event.id))
            return True
        course = self.played.courses.get(event.reference)
        if course is None:
            return False
        caller = self._persons[event.by_person] if event.by_person else self._system
        self._reported(event, caller.post(f"/v1/courses/{course}/facts", event.body, key=event.id))
        return True

    def _started(self, event: Event, answer: httpx.Response) -> None:
        if not answer.is_success:
            self._refuse(event, answer.json()["code"])
            return
        self.played.answers["started" if answer.status_code == httpx.codes.CREATED else "there already"] += 1
        self.played.courses[event.reference] = answer.json()["course"]

    def _reported(self, event: Event, answer: httpx.Response) -> None:
        if not answer.is_success:
            self._refuse(event, answer.json()["code"])
            return
        self.played.answers["repeated" if event.id in self._reported_ids else "reported"] += 1
        self._reported_ids.add(event.id)

    def _refuse(self, event: Event, code: str) -> None:
        self.played.answers[f"refused: {code}"] += 1
        self.played.refused.append((event, code))
