"""The course of `jobfirst.toml` on the days of one calendar: what is reported, by whom, step by step."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

ROLES: Final = ("caseworker", "company_consultant")
_DAY: Final = re.compile(r"\{(\d+)(?:\+(\d+))?\}")


class Act(NamedTuple):
    """One command: the role that gives it, where under the course it is sent, and its body."""

    by: str
    where: str
    body: Mapping[str, Any]


class Script:
    """The course, begun on one day and seen from another: nothing is reported of days after `today`."""

    def __init__(self, began: date, today: date | None = None) -> None:
        """Take the first day, and the last one that anything may have happened on."""
        self._began = began
        self._today = today or date.max

    @property
    def steps(self) -> tuple[str, ...]:
        """Return the steps in their order."""
        return tuple(step["id"] for step in _document()["steps"])

    def start(self, municipality: str, reference: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
        """Return the body that starts the course with Anna as caseworker and Bo as company consultant."""
        return {
            "municipality": municipality,
            "reference": reference,
            "citizen": {"reference": f"citizen-{reference}"},
            "started_on": self._began.isoformat(),
            "caseworker": {"person": "anna"},
            "company_consultant": {"person": "bo"},
            **_document()["start"],
            **changed,
        }

    def day(self, number: int) -> str:
        """Return the day so many days after the first, today at the latest."""
        return self._date(number).isoformat()

    def facts(self, name: str, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - facts are as the rules declare
        """Return the facts of a report, some of them changed."""
        return {**{fact: self._dated(value) for fact, value in _report(name)["facts"].items()}, **changed}

    def notes(self, name: str) -> dict[str, str]:
        """Return the notes of a report by their kinds."""
        return dict(_report(name)["notes"])

    def acts(self, name: str, **changed: Any) -> list[Act]:  # noqa: ANN401 - facts are as the rules declare
        """Return the commands of a report, facts of it changed."""
        report = _report(name)
        by = report["by"]
        if "notes" in report:
            return [Act(by, "notes", {"kind": kind, "text": text}) for kind, text in self.notes(name).items()]
        if "close" in report:
            return [Act(by, "close", dict(report["close"]))]
        facts, on = self.facts(name, **changed), report.get("on", ())
        days = dict.fromkeys(self.day(number) for number in (on if isinstance(on, list) else [on])) if on else [None]
        return [Act(by, "facts", {"facts": facts, **({"occurred_on": day} if day else {})}) for day in days]

    def step(self, step: str) -> list[Act]:
        """Return what is reported at a step before both acknowledge; what one role reports of one day is one report."""
        reports = next(each for each in _document()["steps"] if each["id"] == step)
        acts: list[Act] = []
        for act in (act for name in reports if name != "id" and self._is_to_say(name) for act in self.acts(name)):
            if acts and "facts" in act.body and _about(acts[-1]) == _about(act):
                facts = {**acts.pop().body["facts"], **act.body["facts"]}
                acts.append(act._replace(body={**act.body, "facts": facts}))
            else:
                acts.append(act)
        return acts

    def whole(self, until: str | None = None) -> Iterator[Act]:
        """Yield every command of the course, or those before a step; each role acknowledges each step once."""
        for number, step in enumerate(self.steps, 1):
            if step == until:
                return
            yield from self.step(step)
            yield from (Act(role, "acknowledgements", {"briefing": number, "version": 1}) for role in ROLES)

    def _is_to_say(self, name: str) -> bool:
        """Return whether a report is made: one with `until` only while that day has not come."""
        until = _report(name).get("until")
        return until is None or self._began + timedelta(days=until) > self._today

    def _date(self, number: int) -> date:
        return min(self._began + timedelta(days=number), self._today)

    def _dated(self, value: Any) -> Any:  # noqa: ANN401 - a fact's value
        """Return a fact's value with its days put in."""
        if not isinstance(value, str):
            return value
        return _DAY.sub(lambda match: self._after(int(match[1]), int(match[2] or 0)), value)

    def _after(self, number: int, more: int) -> str:
        return (self._date(number) + timedelta(days=more)).isoformat()


def _about(act: Act) -> tuple[str, str, Any]:
    return act.by, act.where, act.body.get("occurred_on")


@cache
def _document() -> dict[str, Any]:
    return tomllib.loads(resources.files("clients.courses").joinpath("jobfirst.toml").read_text(encoding="utf-8"))


def _report(name: str) -> dict[str, Any]:
    """Return a report by its name, which no two steps share."""
    match: dict[str, Any] = next(step[name] for step in _document()["steps"] if name in step)
    return match
