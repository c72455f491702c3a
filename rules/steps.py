"""The steps of a rule set: what must hold before one is left or entered, where it leads, and who hears of silence."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, NonNegativeInt, model_validator

from domain.facts import FactValue
from domain.identity import Role
from domain.waiting import TimeUnit, WaitingKind
from rules.conditions import Amount, Condition
from rules.text import Id, Message, RuleModel, Text, Words, fitting

FACT_PREFIX = "fact:"
"""What stands before the id of a date fact where a date is to be named."""

DatedBy = Annotated[
    str,
    fitting(
        r"course_start|visit_entered|today|fact:[a-z][a-z0-9_]{0,63}",
        "write course_start, visit_entered, today or fact: with the id of a date fact",
    ),
]
"""The date that decides which row of a parameter counts; in an `enter` requirement `visit_entered` is today."""

Anchor = Annotated[
    str,
    fitting(r"entered|ready|fact:[a-z][a-z0-9_]{0,63}", "write entered, ready or fact: with the id of a date fact"),
]
"""From when a deadline runs: the visit's entering, the issue of its current briefing, or a date fact."""


class Level(StrEnum):
    """Whether an unmet requirement holds the visit or only warns."""

    BLOCK = "block"
    WARN = "warn"


class Before(StrEnum):
    """Whether a requirement stands before leaving its step or before entering it."""

    LEAVE = "leave"
    ENTER = "enter"


class Told(StrEnum):
    """Who hears of a rung: the ones asked, a role, or the whole unit."""

    ASKED = "asked"
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
    reference: Words
    dated_by: DatedBy
    rows: tuple[ParameterRow, ...] = Field(min_length=1)


class Deadline(RuleModel):
    """When a requirement is to be met; `dated_by` overrides that of a parameter used as the amount."""

    amount: Amount
    unit: TimeUnit
    from_: Anchor = Field(alias="from")
    dated_by: DatedBy | None = None


class Requirement(RuleModel):
    """What must hold, for whom, by which law or method, and whether a supervisor may waive it."""

    id: Id
    text: Text
    reference: Words
    roles: tuple[Role, ...] = Field(min_length=1)
    level: Level = Level.BLOCK
    before: Before = Before.LEAVE
    when: Condition | None = None
    must: Condition
    deadline: Deadline | None = None
    waivable: bool = True


class RouteRow(RuleModel):
    """One row of an ordered table: to these steps, or to closing by the recorded outcome."""

    when: Condition | None = None
    to: tuple[Id, ...] = ()
    close: Literal[True] | None = None

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if bool(self.to) == bool(self.close):
            raise ValueError("a route leads either 'to' one or more steps or, with close = true, out of the course")
        return self


class Step(RuleModel):
    """One step: its gate, its routes, and which facts of later steps may already be reported here (P11)."""

    id: Id
    label: Text
    message: Message | None = None
    requirements: tuple[Requirement, ...] = ()
    routes: tuple[RouteRow, ...] = Field(min_length=1)
    observes: tuple[Id, ...] = ()
    begun_by: tuple[Id, ...] = ()


class After(RuleModel):
    """How long a wait has lasted."""

    amount: NonNegativeInt
    unit: TimeUnit


class RungRow(RuleModel):
    """Who hears of a wait when so much of it has passed, and in which words."""

    after: After
    tell: tuple[Told, ...] = Field(min_length=1)
    repeat: bool = False
    text: Message | None = None


class Ladder(RuleModel):
    """What a silent wait climbs; one for a step or a requirement goes before the general one (P6)."""

    waiting: WaitingKind
    step: Id | None = None
    requirement: Id | None = None
    rungs: tuple[RungRow, ...] = Field(min_length=1)
