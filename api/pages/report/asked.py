"""What a visit asks of one person now: for each requirement that is open, the facts and notes that would meet it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from domain.identity import Role
from domain.state.course import CourseState, Visit
from domain.state.facts import FactValue
from domain.state.verdict import CLOSING_OUTCOME, Outcome
from rules.engine.book import Book
from rules.explain.ways import Asked, ways_to_meet
from rules.language.conditions import Condition
from rules.language.facts import FactDeclaration, FactType
from rules.language.steps import Before, Level, Requirement, Step

_OPEN: Final = frozenset({Outcome.UNMET, Outcome.UNKNOWN})
_NOT_ASKED: Final = frozenset({None, Outcome.NOT_APPLICABLE})
_LISTED: Final = frozenset({FactType.BOOL, FactType.ENUM})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked together: by a requirement, or without one by the choice of the next step."""

    requirement: str | None
    facts: Sequence[str] = ()
    notes: Sequence[str] = ()
    blocks: bool = True


@dataclass(frozen=True)
class Asking:
    """The questions of one open visit to somebody who `may` report as some roles, and is asked in some `roles`."""

    state: CourseState
    book: Book
    visit: Visit
    may: frozenset[Role]
    roles: frozenset[Role]

    def known(self, fact: str) -> FactValue | None:
        """Return the value of a fact that counts in the visit or in the course."""
        declared = self.book.declaration(fact)
        of_step = declared is not None and declared.step == self.visit.step
        on_record = self.state.on_record(fact, self.visit.number if of_step else None)
        return on_record.fact.value if on_record else None

    @cached_property
    def reportable(self) -> Sequence[FactDeclaration]:
        """Return the facts that the caller may report at this visit, as the rules write them."""
        observed = self.book.observes(self.visit.step)
        return [
            fact
            for fact in self.book.rule_set.facts
            if fact.id != CLOSING_OUTCOME
            and (fact.step in (None, self.visit.step) or fact.id in observed)
            and not self.may.isdisjoint(fact.reporters)
        ]

    @cached_property
    def present(self) -> Sequence[FactDeclaration]:
        """Return the facts that say who was there."""
        return [fact for fact in self.reportable if fact.type is FactType.BOOL and fact.id.endswith(f"_at_{fact.step}")]

    def planned(self, fact: str, today: str) -> str:
        """Return the day for which a meeting was planned that a fact says was held, once that day has come."""
        planned = next((one.day for one in self._step.appointments if one.held == fact), None)
        day = self.known(planned) if planned else None
        return day if isinstance(day, str) and day <= today else ""

    def questions(self, about: str | None = None) -> list[Question]:
        """Return what is asked of the caller: of what only warns, alone what the form is `about`; each fact once."""
        asked = [*self._of_requirements(), *self._of_the_route()]
        named = [question for question in asked if question.requirement == about] if about else []
        if named and not named[0].blocks:
            return named
        others = [question for question in asked if question not in named and (question.blocks or not about)]
        first = _each_once([*named, *others])
        asked = _each_once([*first, *self._following(first)])
        return sorted(asked, key=lambda question: question.requirement is None)

    def _of_requirements(self) -> Iterator[Question]:
        for requirement in self._requirements:
            if self.visit.judgement.outcomes.get(requirement.id) in _OPEN:
                yield self._question(requirement)

    def _of_the_route(self) -> Iterator[Question]:
        """Yield the choice of the next step, while nothing has decided it or what was chosen is refused."""
        judged = self.visit.judgement
        is_refused = Outcome.REFUSED in judged.outcomes.values()
        if is_refused or (judged.to is None and judged.closing is None):
            ways = [way for row in self._step.routes if row.when for way in self._ways(row.when)]
            yield Question(None, self._to_ask([one for way in ways for one in way], is_wrong=False))

    def _following(self, asked: Sequence[Question]) -> Iterator[Question]:
        """Yield what will be asked as soon as what is asked here is answered, whatever the answer."""
        here = {fact for question in asked for fact in question.facts}
        of_step = [one for one in self._step.requirements if one.before is Before.LEAVE and one in self._requirements]
        for requirement in of_step:
            is_next = self.visit.judgement.outcomes.get(requirement.id) in _NOT_ASKED
            if is_next and requirement.when and any(self._follows(way, here) for way in self._ways(requirement.when)):
                yield self._question(requirement)

    @staticmethod
    def _follows(way: Sequence[Asked], here: set[str]) -> bool:
        return bool(way) and all(one.kind == "fact" and one.id in here and one.values is None for one in way)

    def _question(self, requirement: Requirement) -> Question:
        asked = [one for way in self._ways(requirement.must) for one in way]
        is_wrong = self.visit.judgement.outcomes.get(requirement.id) is Outcome.UNMET
        notes = dict.fromkeys(one.id for one in asked if one.kind == "note" and one.by in (None, *self.roles))
        facts = self._to_ask(asked, is_wrong=is_wrong)
        return Question(requirement.id, facts, tuple(notes), requirement.level is Level.BLOCK)

    def _to_ask(self, asked: Iterable[Asked], *, is_wrong: bool) -> Sequence[str]:
        """Return the facts to ask for: choices and what is not known; all of them where those that are known are wrong.

        A choice is asked anew each time, such as whether it goes as agreed.
        """
        named = {one.id for one in asked if one.kind == "fact"}
        there = [fact for fact in self.reportable if fact.id in named and fact not in self.present]
        chosen = [fact.id for fact in there if fact.type in _LISTED]
        unknown = [fact.id for fact in there if self.known(fact.id) is None]
        if chosen or (unknown and not is_wrong):
            return [fact.id for fact in there if fact.id in {*chosen, *unknown}]
        return [fact.id for fact in there]

    @cached_property
    def _requirements(self) -> Sequence[Requirement]:
        """Return the requirements that ask the caller, as the rules write them."""
        every = [one for step in self.book.rule_set.steps for one in step.requirements]
        return [one for one in every if not self.roles.isdisjoint(one.roles)]

    @property
    def _step(self) -> Step:
        return next(step for step in self.book.rule_set.steps if step.id == self.visit.step)

    def _ways(self, condition: Condition) -> Sequence[Sequence[Asked]]:
        return ways_to_meet(self.book.rule_set, condition)


def _each_once(questions: Iterable[Question]) -> list[Question]:
    """Return the questions without what one before asks already, and none that asks for nothing then."""
    seen: set[str] = set()
    kept = []
    for question in questions:
        facts = [fact for fact in question.facts if fact not in seen]
        notes = [note for note in question.notes if note not in seen]
        seen.update(facts, notes)
        if facts or notes:
            kept.append(Question(question.requirement, facts, notes, question.blocks))
    return kept
