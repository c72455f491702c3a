"""What the figures count in random lives is what a plain look at what was done finds."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from activities.figures import count_month
from domain import events as ev
from domain.address import Address
from domain.figures import Series
from domain.identity import Role
from domain.state.measures import MeasureKind, MeasureRule, Measures
from domain.state.notice import WaitSubject
from domain.state.waiting import Waiting, WaitingKey, WaitingKind
from infra.store.courses.projection import ByRules
from infra.store.engine import Connection
from infra.store.registers import figures
from infra.store.registers.things import first_day, things
from tests.store.vocabulary import RecordedCourse
from tests.stores import Stores

DAWN: Final = datetime(2025, 10, 5, 22, 30, tzinfo=UTC)
"""Half past midnight in Denmark, where it is another day."""
START: Final = date(2025, 10, 6)
KINDS: Final = {"talk": "first_visit", "try": "trial", "work": "paid_hours"}
NAMES: Final = {"first_visit": "days_to_first_visit", "trial": "days_to_trial", "paid_hours": "days_to_paid_hours"}
BOTH: Final = ("caseworker_at_talk", "company_consultant_at_talk")
MEASURES: Final = Measures(
    {
        step: MeasureRule(MeasureKind(kind), (f"{step}_begun",), (f"{step}_ended",), (), BOTH if step == "talk" else ())
        for step, kind in KINDS.items()
    },
    frozenset({"job"}),
)
_numbers = count(1)


@dataclass
class Life:
    """A random course; what is done in it is noted in plain words beside the events."""

    course: RecordedCourse
    dice: random.Random
    visits: list[dict[str, Any]] = field(default_factory=list)
    waits: list[dict[str, Any]] = field(default_factory=list)
    job_on: date | None = None

    async def is_lived(self) -> None:
        """Start, go through some steps, and end or not."""
        start = [
            event.model_copy(update={"entered_on": START}) if isinstance(event, ev.VisitEntered) else event
            for event in self.course.start(started_on=START)
        ]
        holders = [
            self.course.assigned(Role.CASEWORKER, person=self.dice.choice(["anna", "carl", "dina"])),
            self.course.assigned(Role.COMPANY_CONSULTANT, person=self.dice.choice(["bo", "eva"])),
        ]
        await self._does(*start, *holders)
        self.visits = [{"number": 1, "step": "intake", "entered": START, "first": True}]
        for _ in range(self.dice.randint(1, 5)):
            await self._goes_on()
        if self.dice.random() < 0.4:
            await self._closes(self.dice.choice(["job", "moved"]))

    async def _does(self, *events: ev.Event) -> None:
        await self.course.does(*events)

    def _later(self, most: int = 25) -> datetime:
        self.course.now += timedelta(days=self.dice.randint(1, most), hours=self.dice.randint(0, 9))
        return self.course.now

    async def _goes_on(self) -> None:
        visit = self.visits[-1]
        if self.dice.random() < 0.4:
            await self._keeps_silent(visit)
        self._later()
        await self._does(*self._reports(visit))
        step, ahead = self.dice.choice([*KINDS]), self.dice.random() < 0.3
        now, number = self._later(), visit["number"] + 1
        await self._does(
            self.course.waits(ahead=(step,) if ahead else ()),
            self.course.left(visit["number"], 1, step),
            self.course.entered(number, step, number, visit["number"]).model_copy(update={"entered_on": danish(now)}),
        )
        visit["left"] = danish(now)
        self.visits.append({"number": number, "step": step, "entered": danish(now), "ahead": ahead})

    def _reports(self, visit: dict[str, Any]) -> Iterator[ev.Event]:
        step, number = visit["step"], visit["number"]
        if step in KINDS and self.dice.random() < 0.8:
            visit["begun"] = visit["entered"] + timedelta(days=self.dice.randint(-30, 20))
            yield self.course.reported(f"{step}_begun", visit["begun"].isoformat(), step, number)
            if self.dice.random() < 0.7:
                visit["ended"] = visit["begun"] + timedelta(days=self.dice.randint(-1, 20))
                yield self.course.reported(f"{step}_ended", visit["ended"].isoformat(), step, number)
            if step == "talk" and self.dice.random() < 0.4:
                visit["alone"] = True
                yield self.course.reported(self.dice.choice(BOTH), value=False, step=step, visit=number)
        yield self.course.waits()

    async def _keeps_silent(self, visit: dict[str, Any]) -> None:
        key = WaitingKey(kind=WaitingKind.REQUIREMENT, visit=visit["number"], what=f"wait{next(_numbers)}")
        since = self._later(3)
        await self._does(self.course.waits(Waiting(key=key, persons=("bo",), since=since)))
        told = [danish(await self._tells_leader(key, since, level)) for level in range(1, self.dice.randint(2, 4))]
        self.waits.append({"visit": visit["number"], "told": told[0], "ended": None})
        if self.dice.random() < 0.7:
            self.waits[-1]["ended"] = danish(self._later(9))
            await self._does(ev.Settled(at=self.course.now, by="@fodslag", ended=(key,)))

    async def _tells_leader(self, key: WaitingKey, since: datetime, level: int) -> datetime:
        at = self._later(4)
        subject, leaders = WaitSubject(key=key, since=since, level=level), Address.supervisors("job")
        raised = self.course.raised("told", leaders, waiting="any", level=level)
        notice = raised.notice.int + next(_numbers)
        new = {"subject": subject, "notice": type(raised.notice)(int=notice % 2**128)}
        await self._does(raised.model_copy(update=new))
        return at

    async def _closes(self, outcome: str) -> None:
        now, visit = self._later(), self.visits[-1]
        left = self.course.left(visit["number"]).model_copy(update={"closing": outcome})
        await self._does(left, ev.CourseCompleted(at=now, by="@fodslag", outcome=outcome))
        visit["left"] = danish(now)
        self.job_on = danish(now) if outcome == "job" else None


def danish(instant: datetime) -> date:
    """Return the Danish day."""
    return instant.astimezone(ZoneInfo("Europe/Copenhagen")).date()


Found = tuple[str, str, date, int]
"""Figure, step, day and amount."""


def plainly(life: Life) -> list[Found]:
    """Return what there is to count in a life."""
    real = [v for v in life.visits if "begun" in v and v.get("ended", v["begun"]) >= v["begun"]]
    waits = [w for w in life.waits if w["ended"]]
    silent = [("days_of_escalation", "", w["ended"], (w["ended"] - w["told"]).days) for w in waits]
    return [*of_the_course(life, real), *of_the_steps(life), *of_reality(real), *silent]


def of_the_course(life: Life, real: list[dict[str, Any]]) -> Iterator[Found]:
    """Yield how long the course took to its first days."""
    for kind, figure in NAMES.items():
        days = [v["begun"] for v in real if KINDS[v["step"]] == kind]
        if days:
            yield figure, "", min(days), max((min(days) - START).days, 0)
    clarified = [v["begun"] for v in real if v["step"] == "work"] + ([life.job_on] if life.job_on else [])
    if clarified:
        yield "days_to_clarified", "", min(clarified), max((min(clarified) - START).days, 0)


def of_the_steps(life: Life) -> Iterator[Found]:
    """Yield how long each step took, whether a leader was told there, and whether it was taken informed."""
    for v in life.visits:
        if "left" in v:
            yield "days_in_step", v["step"], v["left"], (v["left"] - v["entered"]).days
            yield "escalated", v["step"], v["left"], int(any(w["visit"] == v["number"] for w in life.waits))
        if not v.get("first"):
            yield "informed", v["step"], v["entered"], int(not v["ahead"])


def of_reality(real: list[dict[str, Any]]) -> Iterator[Found]:
    """Yield who came to visits, what came after each measure, and which trials became paid hours."""
    hired = [v["begun"] for v in real if v["step"] == "work"]
    yield from (("both_present", "", v["begun"], int(not v.get("alone"))) for v in real if v["step"] == "talk")
    for v in (v for v in real if "ended" in v):
        later = [other["begun"] for other in real if other["number"] > v["number"]]
        if later:
            yield "days_between", v["step"], min(later), max((min(later) - v["ended"]).days, 0)
        if v["step"] == "try":
            within = v["ended"] + timedelta(days=28)
            yield "converted", "", v["ended"], int(any(v["begun"] <= day <= within for day in hired))


async def lives(stores: Stores, municipality: str, seed: int, number: int, *units: str) -> list[Life]:
    """Return courses that were lived."""
    dice = random.Random(seed)  # noqa: S311 - Lives are to be the same each time.
    lived = []
    for each in range(number):
        course = RecordedCourse(stores, municipality, f"sag-{each}", citizen=f"citizen-{each}", now=DAWN)
        course.by_rules = ByRules(measures=MEASURES)
        course.unit = dice.choice(units)
        life = Life(course, dice)
        await life.is_lived()
        lived.append(life)
    return lived


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_things_counted_in_random_lives_are_those_of_a_plain_look(
    stores: Stores, municipality: str, seed: int
) -> None:
    lived = await lives(stores, municipality, seed, 12, "job", "nord")
    expected = Counter(
        (figure, step, day.replace(day=1), life.course.unit, amount, life.course.citizen)
        for life in lived
        for figure, step, day, amount in plainly(life)
    )

    async with stores.worker.municipality(municipality) as connection:
        found, _ = await things(connection, date(2025, 1, 1), date(2027, 1, 1))

    assert (
        Counter(
            (series.figure, series.step, thing.month, thing.unit, thing.amount, thing.citizen)
            for series, of_series in found.items()
            for thing in of_series
        )
        == expected
    )
    assert {figure for figure, *_ in expected} == {series.figure for series in found}


async def counted_amounts(connection: Connection) -> Counter[tuple[Series, int]]:
    """Return all that was counted."""
    rows = await figures.counted_figures(connection, date(2020, 1, 1), date(2030, 1, 1), None)
    return Counter((Series(row.figure, row.rules_id, row.step), amount) for row in rows for amount in row.amounts)


async def test_a_month_is_counted_once_and_never_changes(stores: Stores, municipality: str) -> None:
    await lives(stores, municipality, 4, 30, "job")
    now = datetime(2026, 12, 1, tzinfo=UTC)

    async with stores.worker.municipality(municipality) as connection:
        assert await first_day(connection) == START
        assert await count_month(connection, date(2025, 10, 1), now)
        first = await counted_amounts(connection)
        assert await count_month(connection, date(2026, 1, 1), now)
        assert not await count_month(connection, date(2026, 1, 1), now)
        assert not await count_month(connection, date(2025, 12, 1), now)
        both = await counted_amounts(connection)

    assert first
    assert first < both, "what was counted stays, and more is added"
