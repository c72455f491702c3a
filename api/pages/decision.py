"""A decision in words: how each requirement came out and by what, where it leads, and what would move it (P8)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.courses.read.visit import deadlines_read
from api.courses.read.visit_models import DeadlineRead
from api.pages.reckoning import reckoning
from domain.state.course import CourseState
from domain.state.verdict import Outcome
from rules.explain.models import (
    Answer,
    ExplainedCondition,
    ExplainedRequirement,
    ExplainedRow,
    ExplainedValue,
    ExplainedVisit,
    Explanation,
)
from rules.explain.sentences import Sentences
from rules.language.steps import Level
from rules.reading.book_in_words import book_in_words
from rules.reading.book_models import RequirementInWords, StepInWords
from wording.labels import Labels

_HOLDS: Final = frozenset({Outcome.UNMET, Outcome.UNKNOWN, Outcome.REFUSED})
_NAMED: Final = frozenset({"fact", "parameter", "derived"})
_FACT: Final = "fact:"


@dataclass(frozen=True, slots=True)
class Judged:
    """A requirement as the rule book has it, how it came out, and the values by which it did."""

    asked: RequirementInWords
    outcome: Outcome
    applies: Answer | None
    holds: Answer
    values: Sequence[tuple[str, str]]
    due: datetime | None
    reckoned: str

    @property
    def is_open(self) -> bool:
        """Whether it is neither met nor set aside."""
        return self.outcome in _HOLDS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What would have to be done, by whom, and what would have to be different."""

    text: str
    who: str
    because: Sequence[str]


@dataclass(frozen=True, slots=True)
class Way:
    """A row of the routes: whether it fits, and whether it is the one that is followed."""

    text: str
    answer: Answer
    is_followed: bool


@dataclass(frozen=True, slots=True)
class DecidedVisit:
    """The decision on one open visit; `leads_to` says where the way that is followed goes."""

    label: str
    is_ready: bool
    leads_to: str | None
    route_from: str
    wanted: Sequence[Wanted]
    judged: Sequence[Judged]
    ways: Sequence[Way]

    @property
    def holding(self) -> int:
        """How many requirements hold the visit."""
        return len(self.wanted)


def decision_in_words(state: CourseState, explanation: Explanation, labels: Labels) -> list[DecidedVisit]:
    """Return an explanation in the words of the rule book, the visit in question first."""
    words = _Words(state, labels)
    return [words.visit(visit) for visit in reversed(explanation.visits)]


class _Words:
    def __init__(self, state: CourseState, labels: Labels) -> None:
        self._state = state
        self._labels = labels
        book = book_in_words(labels.book, labels.language)
        self._steps: Mapping[str, StepInWords] = {step.id: step for step in book.steps}
        self._asked = {asked.id: asked for step in book.steps for asked in step.requirements}
        self._sentences = Sentences(labels.book.rule_set)

    def visit(self, explained: ExplainedVisit) -> DecidedVisit:
        labels, forward = self._labels, explained.would_advance_with
        deadlines = {deadline.requirement: deadline for deadline in deadlines_read(explained, labels)}
        judged = [self._judged(one, deadlines.get(one.id)) for one in explained.requirements]
        step = self._steps[explained.step]
        ways = zip(step.ways, explained.routes, strict=True)
        return DecidedVisit(
            label=step.label,
            is_ready=explained.is_ready,
            leads_to=next((self._leads_to(row) for row in explained.routes if row.followed), None),
            route_from=labels.roles(forward.route_from) if forward.route_from else "",
            wanted=[
                Wanted(labels.text(need.missing), labels.roles(need.roles), [labels.text(one) for one in need.because])
                for need in forward.needs
            ],
            judged=sorted(judged, key=lambda one: (not one.is_open, one.outcome is Outcome.NOT_APPLICABLE)),
            ways=[Way(text, row.answer, row.followed) for text, row in ways],
        )

    def _leads_to(self, row: ExplainedRow) -> str:
        texts, labels = self._labels.catalog.rule_book, self._labels
        name = "leads_to_end" if row.closes else "leads_beside" if row.stays else "leads_on"
        return labels.catalog.fill(texts[name], {"steps": labels.steps(row.to) if row.to else ""})

    def _judged(self, explained: ExplainedRequirement, deadline: DeadlineRead | None) -> Judged:
        conditions = [one for one in (explained.when, explained.must, explained.refused) if one is not None]
        return Judged(
            asked=self._asked[explained.id].model_copy(
                update={
                    "who": self._labels.roles(explained.roles),
                    "missing": self._labels.text(explained.missing),
                    "blocks": explained.level is Level.BLOCK,
                }
            ),
            outcome=explained.outcome,
            applies=explained.when.answer if explained.when else None,
            holds=explained.must.answer,
            values=list(dict.fromkeys(found for one in conditions for found in self._found(one))),
            due=deadline.due if deadline else None,
            reckoned=reckoning(deadline, self._labels, self._day_of) if deadline else "",
        )

    def _found(self, condition: ExplainedCondition) -> Iterator[tuple[str, str]]:
        """Yield the name of each thing that a condition read, and what it found."""
        labels, texts = self._labels, self._labels.catalog.rule_book
        for part in condition.parts:
            yield from self._found(part)
        if condition.note is not None:
            yield labels.note_kind(condition.note), texts["written" if condition.answer == "yes" else "not_written"]
        if condition.open is not None:
            yield labels.step(condition.open), texts["going_on" if condition.answer == "yes" else "not_going_on"]
        for value in condition.values:
            yield from self._value(value)

    def _value(self, value: ExplainedValue) -> Iterator[tuple[str, str]]:
        for inner in value.of:
            yield from self._value(inner)
        if value.kind in _NAMED:
            language, found = self._labels.language, value.value
            said = self._not_known(value) if found is None else self._sentences.value(value, found, language)
            since = self._since(value) if value.kind == "parameter" else ""
            yield self._sentences.name(value, language), f"{said}{since}"

    def _not_known(self, value: ExplainedValue) -> str:
        texts = self._labels.catalog.rule_book
        return texts["contradicted" if value.contradicted_by else "not_stated" if value.kind == "fact" else "not_known"]

    def _since(self, value: ExplainedValue) -> str:
        """Return from which day a number counts, in brackets."""
        if value.valid_from is None:
            return ""
        return self._labels.catalog.fill(self._labels.catalog.rule_book["counts_since"], {"day": value.valid_from})

    def _day_of(self, counted_from: str) -> str:
        """Return the day that a fact says, in words."""
        fact = counted_from.removeprefix(_FACT)
        stated = [one.value for one in self._state.facts if one.fact == fact]
        return self._labels.value(fact, stated[-1]) if stated else self._labels.fact(fact)
