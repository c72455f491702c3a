"""Decides recorded courses under other rules: who is held and freed by what, and who is reminded when (P6)."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from api.bulk.re_pin_trial import Trial
from api.http.problems import ProblemError
from api.rulesets.what_if import DecidedCourse, Deciding
from cli.rule_sets import rule_set_named
from domain.commands import RePinCourse
from domain.identity import Actor, Role
from domain.model import Model
from infra.clock import SystemClock
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.settings import Settings
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.queries import courses as stored_courses
from infra.store.queries.open_courses import OpenCourse, count_of_open, page_of_open
from infra.store.registers.rule_sets import OwnRuleSet
from rules.engine.book import Book
from rules.language.formats import Language

_AT_ONCE: Final = 500
_FORESEEN_AT_ONCE: Final = 20
_CLIMBED: Final = "escalation"
"""What a notice is about that reminds those who are asked, or tells those above them."""

_WHOEVER: Final = Actor(person="what-if", roles=(Role.SUPERVISOR,))

Advance = Callable[[int], object]
"""Told of how many more courses something has come of."""


class Held(Model):
    """The courses, by reference, that a requirement holds only under the other rules, and only under their own."""

    requirement: str
    holding: tuple[str, ...]
    no_longer: tuple[str, ...]


class ToldThen(Model):
    """How many reminders and escalations somebody gets on a day, by the courses' own rules and by the others."""

    day: date
    to: str
    before: int
    after: int


class WhatIf(Model):
    """What other rules would mean for the open courses that follow a version of a set.

    `kinds` says how many of the courses have different inputs; `sample` are those of which the notices are foreseen,
    and `cannot_follow` those of them at a step that the other rules do not have.
    """

    rules: str
    courses: int
    kinds: int
    held: tuple[str, ...]
    freed: tuple[str, ...]
    requirements: tuple[Held, ...]
    sample: tuple[str, ...] = ()
    cannot_follow: tuple[str, ...] = ()
    told: tuple[ToldThen, ...] = ()


@dataclass
class Asking:
    """Asks what rules would mean for the recorded courses of one municipality."""

    store: Store
    rulebooks: Rulebooks
    calendars: Calendars
    municipality: str
    after: Book
    now: datetime
    _decided: list[DecidedCourse] = field(default_factory=list)

    async def count(self, rules_id: str) -> int:
        """Return how many courses there are to ask of."""
        async with self.store.municipality(self.municipality) as connection:
            return await count_of_open(connection, rules_id)

    async def decide(self, rules_id: str, advance: Advance) -> WhatIf:
        """Decide every open course that follows a version of a set; of each only what becomes of it is kept."""
        async with self.store.municipality(self.municipality) as connection:
            calendar = await self.calendars.in_force(connection)
        deciding = Deciding(self.rulebooks, self.municipality, self.after, calendar, self.now)
        async for page in self._pages(rules_id):
            self._decided += [course async for course in deciding.decided(page)]
            advance(len(page))
        return self._decided_so_far(deciding.kinds)

    async def _pages(self, rules_id: str) -> AsyncIterator[Sequence[OpenCourse]]:
        last: UUID | None = None
        while True:
            async with self.store.municipality(self.municipality) as connection:
                page = await page_of_open(connection, rules_id, _AT_ONCE, last)
            if not page:
                return
            yield page
            last = page[-1].course

    def _decided_so_far(self, kinds: int) -> WhatIf:
        holding, no_longer = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for course in self._decided:
            for name in course.effect.holding:
                holding[name].append(course.reference)
            for name in course.effect.no_longer:
                no_longer[name].append(course.reference)
        return WhatIf(
            rules=self.after.reference.sha256,
            courses=len(self._decided),
            kinds=kinds,
            held=tuple(course.reference for course in self._decided if course.effect.is_held),
            freed=tuple(course.reference for course in self._decided if course.effect.is_freed),
            requirements=tuple(
                Held(requirement=name, holding=tuple(holding[name]), no_longer=tuple(no_longer[name]))
                for name in sorted({*holding, *no_longer})
            ),
        )

    def sample(self, size: int) -> dict[UUID, str]:
        """Return so many of the decided courses with their references, as far from each other as may be."""
        every = [(course.course, course.reference) for course in self._decided]
        size = min(size, len(every))
        return dict(every[place * len(every) // size] for place in range(size))

    async def foresee(self, sample: dict[UUID, str], decided: WhatIf, advance: Advance) -> WhatIf:
        """Add whom the courses of a sample would remind on which day, as the dry run of a re-pin foresees it."""
        async with self.store.municipality(self.municipality) as connection:
            calendar = await self.calendars.in_force(connection)
        trials, cannot = dict[str, Trial](), list[str]()
        for some in _in_batches([*sample], _FORESEEN_AT_ONCE):
            async with self.store.municipality(self.municipality) as connection:
                states = await stored_courses.states(connection, some)
            for course, state in states.items():
                own = state.rules.sha256 if state.rules is not None else ""
                before = await self.rulebooks.book(self.municipality, own)
                trial = trials.setdefault(own, Trial(before, self.after, calendar, self.now, self.now))
                try:
                    trial.play(state, self._command(own))
                except ProblemError:
                    cannot.append(sample[course])
            advance(len(some))
        update = {
            "sample": tuple(sample.values()),
            "cannot_follow": tuple(cannot),
            "told": tuple(_told(trials.values())),
        }
        return decided.model_copy(update=update)

    def _command(self, own: str) -> RePinCourse:
        return RePinCourse(id=uuid4(), actor=_WHOEVER, rules=self.after.reference.sha256, instead_of=own)


@asynccontextmanager
async def asking_here(settings: Settings, municipality: str, rules: str, language: Language) -> AsyncIterator[Asking]:
    """Open the store of this installation and find the rules; raises StoreAwayError when it is away.

    A version of the municipality's own, as `id@version`, comes before a shipped one; a file need not be published.
    """
    store = Store(create_engine(settings.database_url, Login.WORKER))
    try:
        rulebooks = Rulebooks(store, settings.rule_cache)
        async with store.municipality(municipality) as connection:
            own = [version for version in (await rulebooks.versions(connection)).own if _is_named(version, rules)]
        after = await rulebooks.book(municipality, own[0].sha256) if own else Book(rule_set_named(rules, language))
        calendars = Calendars(store, settings.calendar_cache)
        yield Asking(store, rulebooks, calendars, municipality, after, SystemClock().now())
    finally:
        await store.close()


def _is_named(version: OwnRuleSet, named: str) -> bool:
    return f"{version.id}@{version.version}" == named


def _in_batches(courses: Sequence[UUID], size: int) -> Iterator[Sequence[UUID]]:
    for place in range(0, len(courses), size):
        yield courses[place : place + size]


def _told(trials: Iterable[Trial]) -> Iterator[ToldThen]:
    """Yield the reminders and escalations of each day and recipient."""
    before, after = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
    for trial in trials:
        for counted, told in zip((before, after), trial.told, strict=True):
            for each, number in told.items():
                if each.about == _CLIMBED:
                    counted[each.day, str(each.recipient)] += number
    for day, to in sorted({*before, *after}):
        yield ToldThen(day=day, to=to, before=before[day, to], after=after[day, to])


_NAMED: Final = 5
"""How many courses of a requirement are named in a line; in JSON all are."""


def what_if_lines(found: WhatIf) -> Iterator[str]:
    """Yield what was found as lines."""
    yield (
        f"{found.courses} forløb, {len(found.held)} holdes tilbage, {len(found.freed)} kommer videre"
        f" / {found.courses} courses, {len(found.held)} are held, {len(found.freed)} are freed"
    )
    for each in found.requirements:
        yield f"{each.requirement}: +{_names(each.holding)}, -{_names(each.no_longer)}"
    if not found.sample:
        return
    yield (
        f"Påmindelser og eskaleringer i {len(found.sample)} forløb, før → efter"
        f" / Reminders and escalations in {len(found.sample)} courses, before → after"
    )
    yield from (f"{line.day}  {line.to}  {line.before} → {line.after}" for line in found.told)
    if found.cannot_follow:
        yield f"≠ {_names(found.cannot_follow)}"


def _names(references: Sequence[str]) -> str:
    more = ", …" if len(references) > _NAMED else ""
    return f"{len(references)} ({', '.join(references[:_NAMED])}{more})" if references else "0"
