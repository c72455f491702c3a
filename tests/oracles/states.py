"""Random states of courses for a rule set: every gate, with all that may be wrong, strange or missing in a life."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from domain.calendar import Pause, danish_day
from domain.identity import Role
from domain.state.briefing import Waiver, WaiverReason
from domain.state.course import CourseState, Status, Visit
from domain.state.facts import NOTE_KINDS, Audience, Fact, FactValue, Note
from domain.state.verdict import LeftRequirement
from rules.language.facts import FactDeclaration, FactType
from rules.language.rule_set import RuleSet

COURSE: Final = UUID("00000000-0000-5000-8000-000000000002")
_FIRST: Final = datetime(2025, 6, 1, 5, 0, tzinfo=UTC)
_HOURS_IN_WEEK: Final = 168
_NEAR: Final = (-1, 0, 0, 1)
_CVRS: Final = ("13585628", "10150817", "12345678")
_PLACES: Final = ("1003388394", "1017534226", "123")
_WRONG: Final[tuple[Any, ...]] = (True, False, 0, 7, -1, "", "yes", "7", "1e3", "2026-02-30", "2026-10-05", "9:5")
_NOTED: Final = (Role.CASEWORKER, Role.COMPANY_CONSULTANT, Role.OBSERVER)


class States:
    """Makes states of courses that follow a rule set, the same for the same number."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Learn the amounts at which the set decides otherwise, so that states lie on both sides of them."""
        self._rules = rule_set
        self._steps = [step.id for step in rule_set.steps]
        amounts = [row.value for p in rule_set.parameters for row in p.rows if not isinstance(row.value, str | bool)]
        self._amounts = sorted({*amounts, 0, 1, 2, 5, 37})
        self.starts = sorted({row.valid_from for parameter in rule_set.parameters for row in parameter.rows})
        self._kinds = [*NOTE_KINDS, *(kind.id for kind in rule_set.note_kinds)]
        self._waivable = {step.id: [r.id for r in step.requirements] for step in rule_set.steps}
        self._former = {m.fact: [x.from_ for x in rule_set.mappings if x.fact == m.fact] for m in rule_set.mappings}

    def state(self, number: int) -> tuple[CourseState, datetime]:
        """Return a course and the instant at which it is judged."""
        random = Random(f"{self._rules.id}@{self._rules.version}/{number}")  # noqa: S311 - States of tests are no secrets.
        return _Making(self, random).course()

    @property
    def rules(self) -> RuleSet:
        """Return the rule set."""
        return self._rules

    def step(self, random: Random) -> str:
        return random.choice(self._steps)

    def amount(self, random: Random) -> int:
        return random.choice(self._amounts) + random.choice(_NEAR)

    def kinds(self) -> Sequence[str]:
        return self._kinds

    def requirements(self, step: str) -> Sequence[str]:
        return self._waivable[step]

    def names(self, fact: FactDeclaration) -> Sequence[str]:
        """Return every name of a value of an enum, the former ones too."""
        own = [name for value in fact.values for name in (value.id, value.id, value.id, *value.aliases)]
        return [*own, *self._former.get(fact.id, ())]


class _Making:
    """One state while it is made."""

    def __init__(self, states: States, random: Random) -> None:
        self._states = states
        self._random = random
        self._now = _FIRST + timedelta(minutes=random.randrange(800 * 24 * 60))
        self._today = danish_day(self._now)
        self._known = random.choice((0.3, 0.6, 0.9, 1.0))  # How much of what could be known is stated.
        self._unsound = random.choice((0.0, 0.0, 0.1, 0.3))

    def course(self) -> tuple[CourseState, datetime]:
        random = self._random
        started_at = self._now - timedelta(days=random.choice((0, 1, 7, 30, 120, 300)), minutes=random.randrange(600))
        visits = tuple(self._visits(started_at))
        late = timedelta(days=random.choice((0, 0, 0, 3, 20)))
        state = CourseState(
            course=COURSE,
            status=Status.OPEN,
            started_at=started_at,
            started_on=danish_day(started_at - late),
            visits=visits,
            facts=tuple(self._facts(visits)),
            notes=tuple(self._notes(visits)),
            pauses=tuple(self._pauses(started_at)),
        )
        return state, self._now

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128))

    def _is(self, chance: float) -> bool:
        return self._random.random() < chance

    def _day(self) -> date:
        """Return a day at which the rules decide otherwise: by an amount from today, by a row's start, or long ago."""
        if self._is(0.03):
            return self._random.choice(self._states.starts) + timedelta(days=self._random.choice(_NEAR))
        if self._is(0.15):
            return self._today - timedelta(days=self._random.randint(80, 400))
        return self._today + timedelta(days=self._random.choice((-1, 1)) * self._states.amount(self._random))

    def _visits(self, since: datetime) -> Iterator[Visit]:
        """Yield visits, oldest first; the last is open, and now and then another beside it."""
        random, count, ordinals = self._random, self._random.randint(1, 4), dict[str, int]()
        beside = random.randrange(count) if self._is(0.4) else None
        for number in range(1, count + 1):
            step = self._states.step(random)
            ordinals[step] = ordinals.get(step, 0) + 1
            is_open = number == count or number - 1 == beside
            since += (self._now - since) * random.random()
            yield self._visit(number, step, ordinals[step], since, is_open=is_open)

    def _visit(self, number: int, step: str, ordinal: int, at: datetime, *, is_open: bool) -> Visit:
        random = self._random
        early = timedelta(days=random.choice((0, 0, 0, 2, 30)))
        waived = [r for r in self._states.requirements(step) if self._is(0.03)]
        other = self._states.step(random)
        asked = random.choice([None, *self._states.requirements(other)])
        return Visit(
            number=number,
            step=step,
            ordinal=ordinal,
            entered_on=danish_day(at - early),
            entered_at=at,
            follows=random.choice([None, *range(1, number)]) if number > 1 else None,
            left_at=None if is_open else at + (self._now - at) * random.random(),
            withdrawn=not is_open and self._is(0.2),
            waivers=tuple(self._waiver(requirement, at) for requirement in waived),
            asks_left=(LeftRequirement(step=other, requirement=asked),) if asked and self._is(0.1) else (),
        )

    def _waiver(self, requirement: str, at: datetime) -> Waiver:
        return Waiver(requirement=requirement, ground=WaiverReason.OTHER, reason=COURSE, by="sara", at=at)

    def _facts(self, visits: Sequence[Visit]) -> Iterator[Fact]:
        for declared in self._states.rules.facts:
            for place in self._places(declared, visits):
                if self._is(self._known):
                    for _ in range(self._random.choice((1, 1, 1, 1, 2, 3))):
                        yield self._fact(declared, place)

    def _places(self, declared: FactDeclaration, visits: Sequence[Visit]) -> Iterator[int | None]:
        """Yield where a fact may be stated: in the course, in a visit to its step, or ahead of the step."""
        if declared.step is None:
            yield None
            return
        yield from (visit.number for visit in visits if visit.step == declared.step)
        if self._is(0.7):
            yield None

    def _fact(self, declared: FactDeclaration, visit: int | None) -> Fact:
        random = self._random
        recorded_at = self._now - timedelta(minutes=random.randrange(60 * 24 * 40))
        by_system = self._is(0.3)
        stated = Fact(
            id=self._id(),
            fact=random.choice((declared.id, *declared.aliases)),
            value=self._value(declared),
            step=declared.step,
            visit=visit,
            occurred_on=self._today if self._is(0.4) else self._day(),
            recorded_at=recorded_at,
            reporter="case-system" if by_system else "anna",
            by_system=by_system,
            issued_at=recorded_at - timedelta(minutes=random.randrange(3)) if by_system and self._is(0.5) else None,
        )
        return stated.model_copy(update={"value": None}) if self._is(self._unsound / 4) else stated

    def _value(self, declared: FactDeclaration) -> FactValue:
        if self._is(self._unsound):
            wrong: FactValue = self._random.choice(_WRONG)
            return wrong
        return self._sound(declared)

    def _sound(self, declared: FactDeclaration) -> FactValue:
        """Return a value that fits the type, most often, and may be beyond the bounds."""
        choice, amount = self._random.choice, self._states.amount
        is_of_months = declared.max is not None and declared.max > _HOURS_IN_WEEK
        made: dict[FactType, Callable[[], FactValue]] = {
            FactType.BOOL: lambda: self._is(0.7),
            FactType.INT: lambda: amount(self._random),
            FactType.DECIMAL: lambda: choice((amount(self._random), str(Decimal(amount(self._random)) / 2))),
            FactType.DATE: lambda: self._day().isoformat(),
            FactType.ENUM: lambda: choice(self._states.names(declared)),
            FactType.CVR: lambda: choice(_CVRS),
            FactType.P_NUMBER: lambda: choice(_PLACES),
            FactType.TIME: lambda: choice(("09:30", "9.30", "13:00:00", "24:00")),
            FactType.SCHEDULE: lambda: self._schedule(is_of_months=is_of_months),
        }
        return made[declared.type]()

    def _schedule(self, *, is_of_months: bool) -> str:
        """Return hours from some days on, or an amount for each of the months before."""
        random = self._random
        amounts: tuple[float, ...] = (0, 3, 5, 10.5, 37, 60)
        if is_of_months:
            months = [self._today.year * 12 + self._today.month - 1 - back for back in range(8, -3, -1)]
            days = [date(month // 12, month % 12 + 1, 1) for month in months]
            amounts = random.choice(((37, 60), amounts))
            del days[random.choice((0, 0, 0, 5))]
        elif self._is(0.4):
            days, amounts = [self._day()], (10.5, 37)
        else:
            days = sorted({self._day() for _ in range(random.randint(1, 3))})
        return " ".join(f"{day}={random.choice(amounts)}" for day in days)

    def _notes(self, visits: Sequence[Visit]) -> Iterator[Note]:
        random = self._random
        most = random.choice((0, 1, 4))
        for visit in visits:
            for kind in self._states.kinds():
                for _ in range(random.randint(0, most)):
                    yield Note(
                        id=self._id(),
                        kind=kind,
                        by="anna",
                        by_roles=(random.choice(_NOTED),),
                        at=self._now,
                        visit=visit.number,
                        audience=random.choice((Audience.BOTH, Audience.BOTH, Audience.CASEWORKER_ONLY)),
                    )

    def _pauses(self, since: datetime) -> Iterator[Pause]:
        if self._is(0.2):
            begun = since + (self._now - since) * self._random.random()
            yield Pause(since=begun, until=begun + timedelta(days=self._random.randint(1, 30)))
