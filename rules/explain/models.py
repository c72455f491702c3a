"""The models of an explanation: requirements, routes and deadlines with their operands and sources (P8).

An explanation has hundreds of parts, which are dataclasses, as these are made faster; it is validated when it is read.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from domain.identity import Role
from domain.model import Instant, Model
from domain.state.facts import FactValue
from domain.state.verdict import Kind, Outcome, RulesReference
from domain.state.waiting import WaitingKind, WaitingOn
from rules.engine.view import FactStatus
from rules.language.steps import Before, Level
from rules.language.text import Text

Answer = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedAmount:
    """An amount from a day on: one row of a schedule."""

    since: date
    amount: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedStatement:
    """A statement of a fact with its provenance (P2); a schedule has its `rows` beside its value."""

    id: UUID
    value: FactValue
    rows: tuple[ExplainedAmount, ...] | None = None
    occurred_on: date
    recorded_at: Instant
    reporter: str
    by_system: bool
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedValue:
    """One side of a comparison: what it is, its value, and the source of that value.

    A schedule has its `rows` beside its value. `rule_kind` says whether a parameter is law, method or local.
    """

    kind: Literal["constant", "fact", "parameter", "today", "derived", "weeks"]
    name: str | None = None
    label: Text | None = None
    value: FactValue | None = None
    rows: tuple[ExplainedAmount, ...] | None = None
    visit: int | None = None
    standing: FactStatus | None = None
    statement: ExplainedStatement | None = None
    contradicted_by: ExplainedStatement | None = None
    dated_by: str | None = None
    valid_from: date | None = None
    reference: str | None = None
    rule_kind: Kind | None = None
    unit: str | None = None
    of: tuple["ExplainedValue", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedCondition:
    """A condition with its answer: how it joins its parts, or what it compares with what."""

    kind: str
    answer: Answer
    parts: tuple["ExplainedCondition", ...] = ()
    values: tuple[ExplainedValue, ...] = ()
    note: str | None = None
    by: Role | None = None
    at_least: int | None = None
    open: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedSkip:
    """Days that do not count towards a deadline, and why."""

    since: date
    until: date
    why: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedDeadline:
    """A deadline line by line; without a start or an amount it has no due time yet.

    One that is counted back from a day has no `since`.
    `due` is later than `reckoned` where that would be over too soon after the visit was entered.
    `held_to` is when the running wait ends, where the deadline was shortened while somebody was already waiting.
    """

    since: Instant | None
    amount: ExplainedValue
    unit: str
    counted_from: str | None
    counted_back_from: str | None = None
    reckoned: Instant | None = None
    due: Instant | None
    held_to: Instant | None = None
    skipped: tuple[ExplainedSkip, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRequirement:
    """A requirement, its outcome, and the facts that are not known yet; `refused` says when it is refused."""

    id: str
    step: str
    text: Text
    missing: Text
    reference: str
    kind: Kind
    roles: tuple[Role, ...]
    level: Level
    before: Before
    outcome: Outcome
    when: ExplainedCondition | None
    must: ExplainedCondition
    refused: ExplainedCondition | None = None
    not_known: tuple[Text, ...] = ()
    deadline: ExplainedDeadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedRow:
    """A row of the route table: whether it matches, and whether it is the one that is followed."""

    to: tuple[str, ...]
    closes: bool
    stays: bool = False
    joins: bool = False
    answer: Answer
    followed: bool
    when: ExplainedCondition | None
    closing_outcome: ExplainedValue | None
    not_known: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """The fewest cells whose answers would have to be `wanted` to meet one requirement, each with a sentence.

    Of what was refused there are none: `missing` says that another way is to be chosen.
    """

    requirement: str
    missing: Text
    roles: tuple[Role, ...]
    cells: tuple[ExplainedCondition, ...]
    wanted: tuple[Answer, ...]
    because: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayForward:
    """The needs of a visit before it advances, and the roles that know the route while none is known."""

    needs: tuple[Need, ...]
    route_from: tuple[Role, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedVisit:
    """The explained verdict on one open visit."""

    visit: int
    step: str
    label: Text | None
    is_ready: bool
    requirements: tuple[ExplainedRequirement, ...]
    routes: tuple[ExplainedRow, ...]
    would_advance_with: WayForward


class ExplainedAnswer(Model):
    """Who is asked waits on somebody else until an instant; neither the verdict nor the deadline depends on it (P5)."""

    kind: WaitingKind
    what: str | None
    visit: int | None
    roles: tuple[Role, ...]
    waiting_on: WaitingOn
    until: Instant
    by: str
    at: Instant


class Explanation(Model):
    """The explained verdict on a course at an instant, with the rules, engine and calendar that gave it.

    `answers` are the last ones of those who are asked for something.
    """

    rules: RulesReference
    engine_semantics: str
    calendar: str
    at: Instant
    changes_at: Instant | None
    visits: tuple[ExplainedVisit, ...]
    answers: tuple[ExplainedAnswer, ...] = ()
