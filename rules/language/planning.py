"""What else a step says: meetings, its stop and story, what companies are told and call about, how it is counted."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from domain.identity import GATE_ROLES, Role
from domain.state.facts import OBSERVATION, FactValue
from domain.state.measures import MeasureKind
from rules.language.phrases import UnfitError, listed
from rules.language.text import Id, RuleModel, Text


def _gate_role(role: object) -> object:
    if role not in GATE_ROLES:
        raise UnfitError("role-not-asked", role=str(role), names=listed(GATE_ROLES))
    return role


GateRole = Annotated[Role, BeforeValidator(_gate_role)]
"""One of the two roles that hold a course."""

MeasuredAs = Literal[MeasureKind.FIRST_VISIT, MeasureKind.TRIAL, MeasureKind.PAID_HOURS]
"""What a step may count as."""


class Appointment(RuleModel):
    """A meeting of both roles, planned by facts of the step: its day and, where one is agreed, its wall time.

    While the fact `called_off` is true, nothing is planned. The fact `held` says on which day it was held.
    """

    id: Id
    label: Text
    day: Id
    time: Id | None = None
    called_off: Id | None = None
    held: Id | None = None
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] = 60


class Stop(RuleModel):
    """What it means that a step stops: the facts of the step for its last day and for who stopped it, and the note.

    The note takes the words why. Both roles are told at once, and meetings that were planned for later are called off.
    """

    last_day: Id
    by: Id
    note: Id


class StoryAsked(RuleModel):
    """That the step asks one role, once in a course, whether there is a good story to tell; it may be left unanswered.

    `hours` is the fact of the step with the paid hours agreed, of which a story tells no more than a band.
    """

    ask: GateRole
    hours: Id


class CompanyTold(RuleModel):
    """What the company may be told before and at the start of the step: why, facts of the step, and approved notes.

    `considerations` are the kinds of notes that are told only while the fact `consent` has one of the values `given`;
    of what is in no list nothing is told.
    """

    purpose: Text
    facts: tuple[Id, ...] = ()
    notes: tuple[Id, ...] = ()
    considerations: tuple[Id, ...] = ()
    consent: Id | None = None
    given: tuple[Id, ...] = ()


class CallIn(RuleModel):
    """What a company that calls may say of a citizen there, by one tap: values of facts of the step, and words.

    The fact `day` gets the day of the call. What is said besides becomes a note of the kind `note`; `words` stand
    before it, and are said without it too.
    """

    id: Id
    label: Text
    facts: dict[Id, FactValue] = Field(default_factory=dict)
    day: Id | None = None
    note: Id = OBSERVATION
    words: Text | None = None


class Measured(RuleModel):
    """What the step counts as in the figures, and the facts of the step by which it begins and ends in reality.

    Of several facts the first that is known counts, such as the day it began before the day it was planned for.
    `present` are the facts that say no of who was not there; a role of which they say nothing was.
    """

    kind: MeasuredAs
    begins: tuple[Id, ...] = Field(min_length=1)
    ends: tuple[Id, ...] = ()
    present: tuple[Id, ...] = ()
