"""What a leader reads of a board: a line for each course, and how many there are of each kind."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.directory.names import NameOf, PersonNamed, Register, UnitName
from api.http.paging import PageOf
from api.http.read_model import ReadModel
from api.text.steps import StepRead
from domain.identity import Role
from domain.state.course import Status
from domain.state.waiting import WaitingKind
from infra.store.queries.board_filter import HeldUpBy, HolderAway, TakenBy


class HolderRead(ReadModel):
    """Who is asked in a role: a person, away since and until when, and who covers; or a unit's queue."""

    role: Role
    person: str | None
    unit: str | None
    phone: str | None
    away_since: date | None = Field(description="Null for who is not away today.")
    away_until: date | None
    cover: str | None = Field(description="Who covers there today; null while nobody does.")
    person_name: Annotated[str | None, NameOf("person")] = None
    unit_name: Annotated[str | None, NameOf("unit", Register.UNITS)] = None
    cover_name: Annotated[str | None, NameOf("cover")] = None


class BoardLine(ReadModel):
    """A course by its foremost wait: the longest escalated, else the first due, else the oldest.

    Days alone say when it was touched: a leader reads nobody's times.
    """

    course: UUID
    reference: str
    unit: str
    status: Status
    steps: list[StepRead]
    day: int = Field(description="The day of the course, the first being day one.")
    rule_set: str
    kind: WaitingKind
    waiting: str = Field(description="The `key` of the wait.")
    missing: str = Field(description="What is waited for, in words.")
    others: int = Field(description="How many other waits the course has.")
    asked: list[HolderRead]
    held_up_by: HeldUpBy
    answered_until: datetime | None = Field(description="Until when it waits on whom it is said.")
    since: date
    working_days: int = Field(description="How many of the office's working days it has waited.")
    until: datetime | None
    is_overdue: bool
    is_stalled: bool = Field(description="The supervisors were told of it.")
    is_new: bool = Field(description="They were told since the last working day began.")
    away: HolderAway | None
    touched_on: date | None
    touched_by: PersonNamed | None
    escalation: UUID | None = Field(description="By which a supervisor takes it; null while nobody was told.")
    taken: TakenBy
    taken_by: PersonNamed | None = Field(description="Who answers for it until it is time to look again.")
    unit_name: UnitName = None


class HeldUpCount(ReadModel):
    """How many that stand still are held up by the same."""

    held_up_by: HeldUpBy
    count: int


class UnitChoice(ReadModel):
    """How many a unit has."""

    unit: str
    count: int
    unit_name: UnitName = None


class StepChoice(ReadModel):
    """How many are at a step; the same step of several rule sets is counted as one."""

    step: StepRead
    count: int


class RuleSetChoice(ReadModel):
    """How many have a rule set."""

    rule_set: str
    title: str
    count: int


class BoardCounts(ReadModel):
    """How many the board would list if it were narrowed by this too, in place of what is said of the same now."""

    total: int
    stalled: int
    held_up: list[HeldUpCount] = Field(description="Of those that stand still, the most first.")
    new: int = Field(description="Of which the supervisors were told since the last working day began.")
    overdue: int
    without_cover: int
    falls_due: int = Field(description="Of those without cover, in how many something is due while somebody is away.")
    untaken: int = Field(description="Of those that stand still, how many no supervisor answers for.")
    units: list[UnitChoice]
    steps: list[StepChoice]
    rule_sets: list[RuleSetChoice]


class InformedRead(ReadModel):
    """Of the visits to a step entered in the last four weeks, how many once both were informed."""

    step: StepRead
    visits: int
    informed: int


class BoardPage(PageOf[BoardLine]):
    """A page of the board."""

    counts: BoardCounts | None = Field(default=None, description="Of the whole board, where `counts` asks for it.")
    informed: list[InformedRead] | None = Field(
        default=None,
        description="Where `counts` asks for it of a board that is narrowed to a unit at most; no step with fewer than "
        "five visits is among it.",
    )
