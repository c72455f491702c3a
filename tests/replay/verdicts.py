"""Records the verdicts that every later engine must give again: `python -m tests.replay.verdicts`.

They are of made-up courses: of each shipped set a straight one, and some that leave it and do whatever is allowed.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from domain import commands as cmd
from domain.calendar import danish_instant
from domain.decide import decide
from domain.errors import RefusedError
from domain.events import Event
from domain.identity import ENGINE_ACTOR
from domain.model import Model
from domain.state.course import CourseState
from rules.burden.course import AT, PlayedCourse
from rules.burden.player import play, usual_group
from rules.calendar.danish_offices import customary
from rules.calendar.data import CalendarData
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.conditions import Comparison
from rules.loading.library import from_canonical, shipped
from tests.domain.acts import Acts, given
from tests.domain.alphabets import Move
from tests.domain.versions import Versions
from tests.domain.vocabulary import CASE_SYSTEM

CORPUS: Final = Path(__file__).parent / "verdicts"

WALKS: Final = 4
"""How many courses leave the straight one of a set, at places that lie equally far apart."""

ACTS: Final = 12
"""How many things are tried in each of them."""

Turn = tuple[Event, ...]


class Life(Model):
    """A course as it stood, and what each later command recorded."""

    before: CourseState
    turns: tuple[Turn, ...]


class Recorder(PlayedCourse):
    """A played course that keeps how it stood before each command, when that came, and what it recorded."""

    def __init__(self, book: Book) -> None:
        """Start it, in the usual target group."""
        self.passed: list[tuple[CourseState, datetime, Turn]] = []
        super().__init__(book, WorkingTime(customary()), usual_group(book.rule_set))

    def give(self, command: cmd.Command) -> None:
        """Give a command, and keep what came of it."""
        before, now = self.state, danish_instant(self.today, AT)
        events = decide(before, command, self.book, now, self.calendar).events
        super().give(command)
        self.passed.append((before, now, events))


def lives(versions: Versions) -> Iterator[Life]:
    """Yield the courses of the first of some versions, which may be moved to the others."""
    course = Recorder(versions.books[0])
    play(course)
    yield Life(before=course.passed[0][0], turns=tuple(events for _, _, events in course.passed if events))
    for place in range(1, len(course.passed), len(course.passed) // WALKS):
        before, now, _ = course.passed[place]
        draw = Random(f"{versions.books[0].reference.version} {place}")  # noqa: S311 - It draws acts, and guards nothing.
        yield Life(before=before, turns=tuple(_walked(versions, before, now, draw)))


def _walked(versions: Versions, state: CourseState, now: datetime, draw: Random) -> Iterator[Turn]:
    """Yield what is recorded when one allowed thing after another is done, informed of, and followed by some days.

    The first thing is that what a step asks for is refused, where it may be.
    """
    acts, first = Acts(versions), list(_refusals(versions.followed(state)))
    for number in range(ACTS):
        done = first if number == 0 else [acts.one_of(state, now, draw)]
        for move in (*done, *acts.informs(state), (cmd.TimePassed, ENGINE_ACTOR, {})):
            state, events = _done(versions, state, move, now)
            if events:
                yield events
        now += timedelta(days=draw.choice((0, 1, 8, 40)))


def _refusals(book: Book) -> Iterator[Move]:
    """Yield the reports by which what a requirement asks for is refused."""
    for step in book.rule_set.steps:
        for requirement in step.requirements:
            refused = requirement.refused.when if requirement.refused else None
            if isinstance(refused, Comparison) and refused.fact and refused.operator == "is":
                yield cmd.ReportFacts, CASE_SYSTEM, {"facts": {refused.fact: refused.operands[0]}}


def _done(versions: Versions, state: CourseState, move: Move, now: datetime) -> tuple[CourseState, Turn]:
    book, command = versions.followed(state), given(move, state)
    others = versions.next_of(state, move[0], move[2])
    try:
        decision = decide(state, command, book, now, WorkingTime(customary()), next_rules=others)
    except RefusedError:
        return state, ()
    return decision.state.model_copy(update={"revision": state.revision + 1}), decision.events


def recorded_lives() -> dict[str, Life]:
    """Return every recorded course by the name of its file."""
    return {path.stem: Life.model_validate_json(path.read_bytes()) for path in sorted(CORPUS.glob("lives/*.json"))}


def pinned_books() -> dict[str, Book]:
    """Return the versions that recorded courses follow, as they were then, by hash."""
    rule_sets = [from_canonical(path.read_bytes()) for path in CORPUS.glob("rules/*.json")]
    return {rules.sha256: Book(rules) for rules in rule_sets}


def pinned_calendars() -> dict[str, WorkingTime]:
    """Return the calendars by which they were reckoned, by hash."""
    calendars = [CalendarData.model_validate_json(path.read_bytes()) for path in CORPUS.glob("calendars/*.json")]
    return {calendar.sha256: WorkingTime(calendar) for calendar in calendars}


def _record_all() -> None:
    books = [Book(rules) for rules in shipped()]
    for folder in ("lives", "rules", "calendars"):
        (CORPUS / folder).mkdir(parents=True, exist_ok=True)
        for path in (CORPUS / folder).glob("*.json"):
            path.unlink()
    for book in books:
        rules = book.rule_set
        name = f"{rules.id}-{rules.version}"
        (CORPUS / "rules" / f"{name}.json").write_bytes(rules.canonical)
        others = tuple(other for other in books if other is not book)
        for number, life in enumerate(lives(Versions((book, *others)))):
            (CORPUS / "lives" / f"{name}-{number}.json").write_text(_one_line_per_event(life))
    (CORPUS / "calendars" / "customary.json").write_bytes(customary().canonical)


def _one_line_per_event(life: Life) -> str:
    """Return JSON in which each event is a line, so that a difference is short."""
    written = life.model_dump(mode="json", exclude_defaults=True, include={"before"})
    turns = ",\n".join(
        "[" + ",\n".join(event.model_dump_json(exclude_defaults=False) for event in turn) + "]" for turn in life.turns
    )
    return '{"before": ' + json.dumps(written["before"]) + ',\n"turns": [\n' + turns + "\n]}\n"


if __name__ == "__main__":
    _record_all()
