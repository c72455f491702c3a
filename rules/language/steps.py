"""The steps of a rule set: requirements, routes, deadlines, ladders and the parameters they use."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Discriminator, Field, NonNegativeInt, Tag, model_validator

from domain.calendar import TimeUnit
from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.verdict import Kind
from domain.state.waiting import WaitingKind
from rules.language.conditions import Condition, Param, param_or_literal
from rules.language.phrases import UnfitError
from rules.language.planning import Appointment, CallIn, CompanyTold, Measured, Stop, StoryAsked
from rules.language.text import Id, Message, RuleModel, Text, Words, fitting

FACT_PREFIX = "fact:"
"""The prefix of a date fact where a date is named."""

WAIT_BEGAN: Final = "wait_began"
"""Dates a parameter for the length of a rung by the beginning of the wait."""

DatedBy = Annotated[
    str,
    fitting(
        r"course_start|visit_entered|today|fact:[a-z][a-z0-9_]{0,63}",
        "dated-by",
    ),
]
"""The date that decides which row of a parameter counts; in an `enter` requirement `visit_entered` is today."""

ParameterDatedBy = Annotated[
    str,
    fitting(
        r"course_start|visit_entered|today|wait_began|fact:[a-z][a-z0-9_]{0,63}",
        "number-dated-by",
    ),
]
"""As `DatedBy`; `wait_began`, the day on which a wait began, is for the amounts of ladders and only for them."""

COURSE_START: Final = "course_start"
ENTERED: Final = "entered"

Anchor = Annotated[
    str,
    fitting(
        r"entered|course_start|ready|fact:[a-z][a-z0-9_]{0,63}",
        "anchor",
    ),
]
"""From when a deadline runs: the visit's entering, the issue of its current briefing, or a date fact.

`course_start` is the start of the course for the first visit to the step, and the visit's entering for later ones.
"""

DateFact = Annotated[str, fitting(r"fact:[a-z][a-z0-9_]{0,63}", "date-fact")]
"""The day before which a requirement must be met."""

Amount = Annotated[
    Annotated[NonNegativeInt, Tag("#literal")] | Annotated[Param, Tag("#Param")], Discriminator(param_or_literal)
]
"""An amount of a unit of time: a number, or a parameter."""


class Level(StrEnum):
    """Whether an unmet requirement holds the visit or only warns."""

    BLOCK = "block"
    WARN = "warn"


class Before(StrEnum):
    """When a requirement is asked: before its step is left for another, before it is entered, or before closing."""

    LEAVE = "leave"
    ENTER = "enter"
    CLOSE = "close"


class RungRecipient(StrEnum):
    """Who is notified by a rung: the ones asked, one role or both, or the whole unit."""

    ASKED = "asked"
    BOTH = "both"
    CASEWORKER = "caseworker"
    COMPANY_CONSULTANT = "company_consultant"
    SUPERVISOR = "supervisor"
    UNIT = "unit"


class ParameterRow(RuleModel):
    """A value from a date on, for some target groups or, when none is named, for those no other row names."""

    valid_from: date
    target_groups: tuple[Id, ...] = ()
    value: FactValue


class Parameter(RuleModel):
    """A named value by date and target group; rows are added and never overwritten."""

    id: Id
    label: Text
    unit: Words
    source: Words
    kind: Kind
    dated_by: ParameterDatedBy
    rows: tuple[ParameterRow, ...] = Field(min_length=1)


class Deadline(RuleModel):
    """The deadline of a requirement: an amount after an anchor, or before the end of a day that a fact names.

    `dated_by` overrides that of a parameter used as the amount.
    """

    amount: Amount
    unit: TimeUnit
    from_: Anchor | None = Field(default=None, alias="from")
    before: DateFact | None = None
    dated_by: DatedBy | None = None

    @model_validator(mode="after")
    def _runs_one_way(self) -> Self:
        if (self.from_ is None) == (self.before is None):
            raise UnfitError("deadline-one-way")
        return self

    @property
    def anchor(self) -> str:
        """Return from when, or back from when, it is counted."""
        return str(self.from_ or self.before)


class Refused(RuleModel):
    """When what a requirement asks for is refused, what to do instead, and who; without `roles` who was asked."""

    when: Condition
    missing: Text
    roles: tuple[Role, ...] = ()


class Requirement(RuleModel):
    """A condition that must hold, the roles responsible, its source, and who may waive it.

    `text` is what holds when it is met, `missing` what the one who is asked shall do, as a colleague would say it.
    Law is never waived, so `waivable_by` belongs to the other kinds; without roles nobody may.
    """

    id: Id
    text: Text
    missing: Text
    source: Words
    kind: Kind
    roles: tuple[Role, ...] = Field(min_length=1)
    level: Level = Level.BLOCK
    before: Before = Before.LEAVE
    when: Condition | None = None
    must: Condition
    deadline: Deadline | None = None
    refused: Refused | None = None
    waivable_by: tuple[Role, ...] | None = None

    @property
    def waivers(self) -> frozenset[Role]:
        """Return the roles that may waive it: the supervisors where nothing else is said, and nobody for law."""
        if self.kind is Kind.LAW:
            return frozenset()
        return frozenset((Role.SUPERVISOR,) if self.waivable_by is None else self.waivable_by)


class RouteRow(RuleModel):
    """One row of an ordered table: to these steps, or to closing by the recorded outcome.

    With `stay` the visit goes on while the steps are entered beside it.
    With `join` a step that is open already beside the visit goes on instead of being entered once more.
    """

    when: Condition | None = None
    to: tuple[Id, ...] = ()
    close: Literal[True] | None = None
    stay: bool = False
    join: bool = False

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if bool(self.to) == bool(self.close):
            raise UnfitError("route-one-way")
        if self.close and (self.stay or self.join):
            raise UnfitError("stay-and-close")
        if self.stay and self.join:
            raise UnfitError("stay-and-join")
        return self


class Step(RuleModel):
    """One step: its gate, its routes, and which facts of later steps may already be reported here (P11).

    With `same_place` it takes place where the step that led to it did, unless a fact of its own names another.
    """

    id: Id
    label: Text
    message: Message | None = None
    requirements: tuple[Requirement, ...] = ()
    routes: tuple[RouteRow, ...] = Field(min_length=1)
    observes: tuple[Id, ...] = ()
    begun_by: tuple[Id, ...] = ()
    same_place: bool = False
    appointments: tuple[Appointment, ...] = ()
    stop: Stop | None = None
    story: StoryAsked | None = None
    company: CompanyTold | None = None
    call_ins: tuple[CallIn, ...] = ()
    measure: Measured | None = None


class After(RuleModel):
    """The length of a wait; the row of a parameter is that of the day on which the wait began."""

    amount: Amount
    unit: TimeUnit


class CountedFrom(StrEnum):
    """From when a rung is counted: since the wait began, or from the deadline of what is waited for."""

    SINCE = "since"
    DUE = "due"


class RungRow(RuleModel):
    """The recipients of a wait after some of it has passed, and the message."""

    after: After
    counted_from: CountedFrom = CountedFrom.SINCE
    tell: tuple[RungRecipient, ...] = Field(min_length=1)
    repeat: bool = False
    text: Message | None = None


class Ladder(RuleModel):
    """The rungs of a silent wait; a ladder for a step or a requirement goes before the general one (P6)."""

    waiting: WaitingKind
    step: Id | None = None
    requirement: Id | None = None
    rungs: tuple[RungRow, ...] = Field(min_length=1)
