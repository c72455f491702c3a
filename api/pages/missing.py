"""What an open visit still asks on its page: of whom, until when and how that is reckoned, and what is met."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.briefings.models import BriefingRead
from api.courses.read.models import CourseRead
from api.courses.read.visit_models import RequirementRead, VisitRead
from api.pages.reckoning import reckoning
from domain.identity import Role
from domain.state.course import Status
from domain.state.verdict import Outcome
from domain.state.waiting import WaitingKind
from infra.security.tokens import Claims
from wording.labels import Labels

_FULFILLED: Final = frozenset({Outcome.MET, Outcome.WAIVED})
_FACT: Final = "fact:"


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline with its reckoning in words, and what set its amount."""

    requirement: str
    text: str
    due: datetime
    reckoning: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: who is asked, until when, and whether the next step waits for it."""

    text: str
    who: Sequence[tuple[Role, str | None]] = ()
    is_mine: bool = False
    due: datetime | None = None
    deadline: Deadline | None = None
    source: str | None = None
    blocks: bool = True
    requirement: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """Says what one visit still asks; `held` are the reader's roles, `owed` those in which a receipt is missing."""

    course: CourseRead
    visit: VisitRead
    briefing: BriefingRead
    held: Collection[Role]
    owed: Collection[Role]
    labels: Labels

    @property
    def missing(self) -> list[Missing]:
        """What the next step waits for, receipts first."""
        return [*self._receipts(), *self._requirements(blocking=True)]

    @property
    def noted(self) -> list[Missing]:
        """What is asked and holds nothing."""
        return [*self._requirements(blocking=False)]

    @property
    def met(self) -> list[str]:
        """What is met, the receipts among it."""
        given = [receipt for receipt in self.briefing.receipts if receipt.acknowledged_at]
        named = [{"name": one.acknowledged_by_name or one.name} for one in given]
        catalog = self.labels.catalog
        met = [one.text for one in self._asked() if one.outcome in _FULFILLED]
        return met + [catalog.fill(catalog.pages["has_acknowledged"], name) for name in named]

    @property
    def deadlines(self) -> list[Deadline]:
        """The deadlines of what is not missing, none while the clock stands still."""
        beside = {one.deadline.requirement for one in (*self.missing, *self.noted) if one.deadline}
        return [one for name, one in self._deadlines().items() if name not in beside]

    def _receipts(self) -> Iterator[Missing]:
        """Yield the receipts that are missing; the reader's own come first."""
        waits = (wait for wait in self.course.waiting if wait.kind is WaitingKind.ACKNOWLEDGEMENT)
        due = next((wait.until for wait in waits if wait.visit == self.visit.number), None)
        missing = self.briefing.missing if self.briefing.issued else ()
        words, holders = self.labels.catalog.pages, holders_of(self.course)
        for role in sorted(missing, key=lambda role: role not in self.owed):
            if role in self.owed:
                yield Missing(words["you_must_acknowledge"], is_mine=True, due=due)
            else:
                yield Missing(words["must_acknowledge"], [(role, holders.get(role))], due=due)

    def _requirements(self, *, blocking: bool) -> Iterator[Missing]:
        """Yield the requirements that are not met, those that hold the visit or the others."""
        holders, deadlines = holders_of(self.course), self._deadlines()
        for one in self._asked():
            if one.outcome not in _FULFILLED and one.blocks is blocking:
                yield Missing(
                    one.missing,
                    [(role, holders.get(role)) for role in one.roles if role not in self.held],
                    is_mine=any(role in self.held for role in one.roles),
                    due=one.due if self._clock_runs else None,
                    deadline=deadlines.get(one.id),
                    source=one.reference,
                    blocks=blocking,
                    requirement=one.id,
                )

    def _asked(self) -> list[RequirementRead]:
        """Return what holds the visit or is met; what does not apply is left out."""
        asked = self.visit.gate.requirements if self.visit.gate else ()
        return [one for one in asked if one.outcome is not Outcome.NOT_APPLICABLE]

    @property
    def _clock_runs(self) -> bool:
        return self.course.status is not Status.PAUSED

    def _deadlines(self) -> dict[str, Deadline]:
        day_of, labels = self._day_before_which, self.labels
        return {
            one.requirement: Deadline(one.requirement, one.text, one.due, reckoning(one, labels, day_of), one.reference)
            for one in self.visit.deadlines
            if one.reckoned is not None and one.due is not None
        }

    def _day_before_which(self, counted_from: str) -> str:
        """Return the day that a fact says, in words."""
        name = counted_from.removeprefix(_FACT)
        says = (fact.text for fact in self.course.facts if fact.fact == name and fact.counts)
        return next(says, self.labels.fact(name))


def holders_of(course: CourseRead) -> dict[Role, str | None]:
    """Return who holds each role, by name where there is one."""
    return {one.role: one.name or one.person or one.unit_name or one.unit for one in course.parties}


def held_by(caller: Claims, course: CourseRead) -> frozenset[Role]:
    """Return the roles that the caller holds or covers today."""
    return frozenset(party.role for party in course.parties if caller.person in (party.person, party.cover))
