"""The vocabulary of these tests: rule sets of two steps with one fact of each type, and courses told in one line."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from domain.identity import Role
from domain.model import canonical
from domain.state.briefing import Waiver, WaiverReason
from domain.state.course import CourseState, Status, Visit
from domain.state.facts import Fact, FactValue, Note
from domain.state.verdict import Outcome, VisitVerdict
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime
from rules.checks.flaws import path_text
from rules.checks.rule_set import meaning_flaws
from rules.engine.book import Book
from rules.language.rule_set import RuleSet
from rules.loading.read_toml import from_canonical
from wording.flaws import phrase_text

COURSE = UUID("00000000-0000-5000-8000-000000000002")
NOW = datetime(2026, 9, 16, 8, 0, tzinfo=UTC)
"""A Wednesday at ten in Denmark."""

TODAY = NOW.date()
WEEKDAYS = WorkingTime(CalendarData())

Cell = dict[str, Any]


def _declared(name: str, kind: str, scope: str = "course", **more: object) -> Cell:
    label = {"da": name, "en": name}
    reporters = ["caseworker", "company_consultant", "system"]
    return {"id": name, "type": kind, "label": label, "scope": scope, "reporters": reporters, **more}


def _values(*names: str) -> list[Cell]:
    return [{"id": name, "label": {"da": name}} for name in names]


FACTS: list[Cell] = [
    _declared("target_group", "enum", values=_values("first", "second")),
    _declared("closing_outcome", "enum", values=_values("job", "moved")),
    _declared("yes", "bool"),
    _declared("count", "int", min="0", max="100"),
    _declared("hours", "decimal"),
    _declared("day", "date", aliases=["former_day"]),
    _declared("colour", "enum", values=_values("red", "green")),
    _declared("company", "cvr"),
    _declared("workplace", "p_number"),
    _declared("plan", "schedule"),
    _declared("clock", "time"),
    _declared("other_day", "date"),
    _declared("worked", "decimal"),
    _declared("said_here", "bool", "here"),
    _declared("is_there", "bool", "there"),
    _declared("there_day", "date", "there"),
    _declared("caseworker_at_here", "bool", "here"),
]


def requirement(must: Cell, **more: object) -> Cell:
    """Return a requirement that asks `must`."""
    text = {"da": "Det skal være sådan.", "en": "It must be so."}
    of_all = {"text": text, "missing": text, "source": "§ 1", "kind": "local", "roles": ["caseworker"]}
    return {"id": "asked", **of_all, "must": must, **more}


def document(
    *here: Cell,
    there: Sequence[Cell] = (),
    routes: Sequence[Cell] = ({"close": True}, {"to": ["there"]}),
    parameters: Sequence[Cell] = (),
    ladders: Sequence[Cell] = (),
    **more: object,
) -> RuleSet:
    """Return a set whose first step, `here`, has these requirements and leads to `there`, whatever it means."""
    words = {"da": "Prøve", "en": "Sample"}
    written = {
        "id": "sample",
        "version": "1",
        "valid_from": "2020-01-01",
        "title": words,
        "description": words,
        "authors": ["Fodslag"],
        "facts": FACTS,
        "parameters": list(parameters),
        "steps": [
            {"id": "here", "label": words, "requirements": list(here), "routes": list(routes)},
            {"id": "there", "label": words, "requirements": list(there), "routes": [{"close": True}, {"to": ["here"]}]},
        ],
        "ladders": list(ladders),
        **more,
    }
    return from_canonical(canonical(written))


def rule_set(*here: Cell, **more: Any) -> RuleSet:
    """Return the set of `document`; it must have no flaw."""
    sample_rules = document(*here, **more)
    assert list(meaning_flaws(sample_rules)) == []
    return sample_rules


def flaws(must: Cell, **more: Any) -> dict[str, str]:
    """Return what is wrong with a set that asks `must`, by field."""
    sample_rules = document(requirement(must), **more)
    return {path_text(path[4:]): phrase_text(words, "en") for path, words in meaning_flaws(sample_rules)}


def stated(
    name: str,
    value: FactValue,
    visit: int | None = None,
    *,
    on: date = TODAY,
    by_system: bool = False,
    step: str | None = None,
) -> Fact:
    """Return a statement."""
    return Fact(
        id=uuid5(COURSE, f"{name} {value} {visit} {on} {by_system}"),
        fact=name,
        value=value,
        step=step,
        visit=visit,
        occurred_on=on,
        recorded_at=NOW,
        reporter="system" if by_system else "anna",
        by_system=by_system,
    )


def contradicted(name: str, one: FactValue, other: FactValue, visit: int | None = None) -> tuple[Fact, Fact]:
    """Return a person's and a system's different words about the same day."""
    return stated(name, one, visit), stated(name, other, visit, by_system=True)


def noted(kind: str, by: Role, visit: int = 1, number: int = 1) -> Note:
    """Return a note by somebody in a role."""
    return Note(
        id=uuid5(COURSE, f"{kind} {by} {visit} {number}"), kind=kind, by="a", by_roles=(by,), at=NOW, visit=visit
    )


def visit(number: int = 1, step: str = "here", waived: Iterable[str] = (), **more: object) -> Visit:
    """Return a visit entered now unless told otherwise."""
    of_all = {"ground": WaiverReason.OTHER, "reason": COURSE, "by": "sara", "at": NOW}
    waivers = [Waiver.model_validate({"requirement": requirement, **of_all}) for requirement in waived]
    begun = {"number": number, "step": step, "entered_on": TODAY, "entered_at": NOW, "waivers": waivers}
    return Visit.model_validate({**begun, **more})


def course(*facts: Fact, visits: Iterable[Visit] = (visit(),), **more: object) -> CourseState:
    """Return an open course in its first visit unless told otherwise."""
    values = {"course": COURSE, "status": Status.OPEN, "started_on": TODAY, "facts": facts, "visits": tuple(visits)}
    return CourseState.model_validate({**values, **more})


def judged(sample_rules: RuleSet, state: CourseState, now: datetime = NOW) -> VisitVerdict:
    """Return the verdict on the newest open visit."""
    return Book(sample_rules).judge(state, now, WEEKDAYS).visits[-1]


def outcome(must: Cell, *facts: Fact, **more: Any) -> Outcome:
    """Return how a requirement for leaving `here` stands in a course that knows `facts`."""
    return judged(rule_set(requirement(must, **more)), course(*facts)).requirements[0].outcome


def parameter(name: str = "limit", *, dated_by: str = "today", rows: Sequence[Cell]) -> Cell:
    """Return a parameter."""
    words = {"da": "Grænse"}
    source = {"source": "§ 2", "kind": "law", "dated_by": dated_by}
    return {"id": name, "label": words, "unit": "days", **source, "rows": list(rows)}


def derived(
    function: str,
    of: Sequence[str | Cell],
    *facts: Fact,
    parameters: Sequence[Cell] = (),
    now: datetime = NOW,
    calendar: WorkingTime = WEEKDAYS,
) -> object:
    """Return what a function reckons in a course that knows `facts`, or None while that is not known."""
    asked = requirement({"derived": function, "of": list(of), "at_least": 0})
    book = Book(rule_set(asked, parameters=parameters))
    (view,) = book.views(course(*facts), now, calendar)
    value, _ = book.gates["here"].leave[0].must.sides
    return value.get(view)


def row(valid_from: str, value: FactValue, *groups: str) -> Cell:
    """Return a parameter row."""
    return {"valid_from": valid_from, "value": value, "target_groups": list(groups)}


def rung(amount: int | Cell, *recipients: str, **more: Any) -> Cell:
    """Return a rung that tells who is asked unless told otherwise."""
    after = {"amount": amount, "unit": "working_days"}
    return {"after": after, "tell": list(recipients) or ["asked"], **more}
