"""Commands about the course as a whole: its start, its citizen, its end."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from domain.commands.base import CommandBase
from domain.commands.parties import PartyClaim
from domain.state.facts import FactValue
from domain.state.takeover import TakenOver


class StartCourse(CommandBase):
    """Start or take over a course; `citizen_text` is the staged name, `citizen_key` the keyed hash of a CPR number.

    `shared_role_reason` says why one person has both roles, and `proposals` are what the course that it `follows` knew.
    """

    kind: Literal["start_course"] = "start_course"
    municipality: str
    unit: str
    reference: str
    ordinal: int = 1
    follows: UUID | None = None
    proposals: tuple[UUID, ...] = ()
    citizen: str
    citizen_text: UUID | None = None
    citizen_key: str | None = None
    protected: bool = False
    rules: str
    started_on: date
    target_group: str
    shared_role: bool = False
    shared_role_reason: UUID | None = None
    caseworker: PartyClaim = PartyClaim()
    company_consultant: PartyClaim = PartyClaim()
    facts: dict[str, FactValue] = Field(default_factory=dict)
    source: str | None = None
    taken_over: TakenOver | None = None

    @property
    def given_to(self) -> frozenset[str]:
        """Return the persons who begin in a role."""
        return self.caseworker.persons | self.company_consultant.persons


class DescribeCitizen(CommandBase):
    """Say what the citizen is called, if it is another name, and whether the name is protected."""

    kind: Literal["describe_citizen"] = "describe_citizen"
    citizen_text: UUID | None = None
    protected: bool
    reason: UUID


class RePinCourse(CommandBase):
    """Let the course follow another rule set, now or from its next visit; `rules` and `instead_of` are hashes.

    With `ask_left`, what only they ask in steps that are left is asked in the next step entered, and else never.
    `act` is the bulk act that it is a part of.
    """

    kind: Literal["re_pin_course"] = "re_pin_course"
    rules: str
    instead_of: str
    at_next_visit: bool = False
    ask_left: bool = False
    act: UUID | None = None


class CloseCourse(CommandBase):
    """Record the human decision that ends the course; it is completed when both roles are informed (P1, P9)."""

    kind: Literal["close_course"] = "close_course"
    outcome: str
    occurred_on: date | None = None
    reason: UUID


class ReopenCourse(CommandBase):
    """Open a completed course again at its last visit, because closing it was wrong."""

    kind: Literal["reopen_course"] = "reopen_course"
    reason: UUID
