"""Keeps a case system in step with Fodslag: one task per person and course, and one journal text per gate.

An event only says that a course has changed. What is done follows from the course as it is read then, so an event that
comes twice, late or out of order does no harm, and one that is lost is made up for by the next.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final, Protocol

from clients.caller import AwayError, Caller, expect_success
from clients.receiving.receiver import CannotTakeError, Event

_FINAL: Final = "briefing.final"
_MOST: Final = 500


@dataclass(frozen=True)
class Task:
    """What a person is asked in a case: the lines to be shown, and when the first of them is due, if any is."""

    lines: tuple[str, ...]
    due_at: str | None


class CaseSystem(Protocol):
    """What is asked of a case system; each act is the same once and twice."""

    def open_tasks(self, case: str) -> dict[str, Task]:
        """Return the tasks of a case that are open, by person."""
        ...

    def put_task(self, case: str, person: str, task: Task) -> None:
        """Open a person's task in a case, or change it."""
        ...

    def close_task(self, case: str, person: str) -> None:
        """Close a person's task in a case."""
        ...

    def put_journal(self, case: str, key: str, text: str) -> None:
        """Put a text into the journal of a case, once under a key."""
        ...


class CaseSync:
    """Takes events of a webhook and lets a case system follow."""

    def __init__(self, api: Caller, cases: CaseSystem) -> None:
        """Read by `api`, with the token of the system that made the webhook."""
        self._api = api
        self._cases = cases

    def take(self, event: Event) -> None:
        """Bring the case of a course up to date; raises CannotTakeError while the API is away."""
        try:
            course = self._api.get(event["data"]["read"])
            self._settle_tasks(course)
            if event["data"]["kind"] == _FINAL:
                self._write_journal(course, event["id"])
        except AwayError:
            raise CannotTakeError from None

    def _settle_tasks(self, course: dict[str, Any]) -> None:
        """Open, change and close tasks until each person who is waited for has one, and nobody else."""
        wanted = tasks_of(course)
        there = self._cases.open_tasks(course["reference"])
        for person in there.keys() - wanted.keys():
            self._cases.close_task(course["reference"], person)
        for person, task in wanted.items():
            if there.get(person) != task:
                self._cases.put_task(course["reference"], person, task)

    def _write_journal(self, course: dict[str, Any], event: str) -> None:
        """Put the text that both were informed of into the journal, with what is new since the version before it."""
        changes = self._api.get("/v1/changes", course=course["id"], kind=_FINAL, limit=_MOST)["items"]
        paths = [change["detail"]["briefing"] for change in changes if change["id"] == event and change["detail"]]
        for path in paths:  # None when the briefing was erased meanwhile.
            text = expect_success(self._api.http.get(path, headers={"Accept": "text/plain"})).text
            self._cases.put_journal(course["reference"], event, text)


def tasks_of(course: dict[str, Any]) -> dict[str, Task]:
    """Return whom a course waits for, and for what; a unit's queue is nobody's task yet."""
    asked = defaultdict(list)
    for wait in course["waiting"]:
        for person in wait["persons"]:
            asked[person["id"]].append(wait)
    return {
        person: Task(
            lines=tuple(dict.fromkeys(wait["text"] for wait in waits)),
            due_at=min((wait["until"] for wait in waits if wait["until"]), default=None),
        )
        for person, waits in asked.items()
    }
