"""Examples as data: a course as it stands and what the rules shall say of it, so that a rule set proves itself."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import takewhile
from typing import Annotated, Final, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.waiting import WaitingKind
from rules.language.text import Id, RuleModel, Text

GateRole = Literal["caseworker", "company_consultant"]
"""One of the two roles that are informed."""

EscalationRecipient = Literal["caseworker", "company_consultant", "supervisor", "unit"]
"""Who hears of a silent wait: whoever holds a gate role, those who supervise, or the unit's queue."""


class Statement(RuleModel):
    """What was said of one day."""

    value: FactValue
    on: date


def _kind_of_stated(value: object) -> str:
    return "#history" if isinstance(value, list | tuple) else "#literal"


Stated = Annotated[
    Annotated[FactValue, Tag("#literal")] | Annotated[tuple[Statement, ...], Tag("#history")],
    Discriminator(_kind_of_stated),
]
"""What is said of a fact: a value of the very day of the example, or several, each of its day."""

StatedFacts = dict[Id, Stated]


class ExampleNote(RuleModel):
    """A note in the visit, by somebody in a role; a question is put to the other role."""

    note: Id
    by: Role
    to: GateRole | None = None


class Circumstances(RuleModel):
    """A course as it stands, or what is otherwise than in the circumstances it builds on.

    `facts` are placed as the course places a report that names no visit: at an open visit to their step, else
    ahead of it where the step observes them, else at an earlier visit; `ahead` and `before` (by step) say
    otherwise. `systems` are statements of a system on the same day. `without` takes back facts that were said.
    The visit in question is that to `step`, entered on `entered_on`; `beside` are the steps of further open visits.
    """

    step: Id | None = None
    target_group: Id | None = None
    started_on: date | None = None
    entered_on: date | None = None
    today: date | None = None
    facts: StatedFacts = Field(default_factory=dict)
    ahead: StatedFacts = Field(default_factory=dict)
    systems: StatedFacts = Field(default_factory=dict)
    before: dict[Id, StatedFacts] = Field(default_factory=dict)
    without: tuple[Id, ...] = ()
    notes: tuple[ExampleNote, ...] = ()
    without_notes: tuple[Id, ...] = ()
    waived: tuple[Id, ...] = ()
    beside: tuple[Id, ...] = ()

    def upon(self, ground: "Circumstances") -> "Circumstances":
        """Return `ground` with these circumstances on top: what is said again counts instead, what is not stays."""
        own = {name: value for name in _ONE_BY_ONE if (value := getattr(self, name)) is not None}
        said = {
            name: {**_without(getattr(ground, name), self.without), **getattr(self, name)}
            for name in ("facts", "ahead", "systems")
        }
        kept = tuple(note for note in ground.notes if note.note not in self.without_notes)
        added = {name: (*getattr(ground, name), *getattr(self, name)) for name in ("waived", "beside")}
        before = {**ground.before, **self.before}
        return ground.model_copy(update={**own, **said, **added, "before": before, "notes": (*kept, *self.notes)})


_ONE_BY_ONE: Final = ("step", "target_group", "started_on", "entered_on", "today")


def _without(said: Mapping[str, Stated], names: tuple[str, ...]) -> dict[str, Stated]:
    return {name: value for name, value in said.items() if name not in names}


class Situation(Circumstances):
    """Circumstances with a name, for examples and further situations to build on."""

    id: Id
    builds_on: Id | None = None


class Decision(RuleModel):
    """The decision on the visit in full: all that holds it, all that is warned of, and where it leads.

    `due` are Danish dates of deadlines, for those that the example is about.
    """

    holds: tuple[Id, ...] = ()
    warns: tuple[Id, ...] = ()
    to: tuple[Id, ...] = ()
    stays: bool = False
    close: Id | None = None
    undecided: Literal[True] | None = None
    due: dict[Id, date] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _leads_one_way(self) -> Self:
        if sum(map(bool, (self.to, self.close, self.undecided))) != 1:
            raise ValueError("say where the visit leads: 'to' steps, 'close' by an outcome, or undecided = true")
        if self.stays and not self.to:
            raise ValueError("'stays' belongs to 'to'; remove it")
        return self


class Escalation(RuleModel):
    """Who hears of a silent wait on a day."""

    on: date
    who: tuple[EscalationRecipient, ...] = Field(min_length=1)


class Example(Circumstances):
    """A sentence that is a test: what is decided at once, or who hears of it, day by day, while nobody acts.

    `waiting` (and `requirement`) name the silent wait, which begins today; `told` are all that hear of it through
    `until`, or else through the last of them. Before it, the holders of roles were `informed` of the current version
    themselves, somebody else was for those `covered`, or they `disputed` it; a `vacant` role is in a queue.
    """

    say: Text
    given: Id
    expect: Decision | None = None
    waiting: WaitingKind | None = None
    requirement: Id | None = None
    told: tuple[Escalation, ...] = ()
    until: date | None = None
    informed: tuple[GateRole, ...] = ()
    covered: tuple[GateRole, ...] = ()
    disputed: tuple[GateRole, ...] = ()
    vacant: tuple[GateRole, ...] = ()
    paused: bool = False

    @model_validator(mode="after")
    def _expects_one_thing(self) -> Self:
        if (self.expect is None) == (self.waiting is None):
            raise ValueError("an example either says what it expects ('expect') or which wait is silent ('waiting')")
        of_a_wait = {name for name in Example.model_fields if name not in _OF_ANY} & self.model_fields_set
        if self.expect is not None and of_a_wait:
            raise ValueError(f"'{min(of_a_wait)}' belongs to 'waiting'; remove it")
        if self.waiting is not None and not (self.told or self.until):
            raise ValueError("say who is 'told' of the wait, or 'until' when nobody is")
        return self


_OF_ANY: Final = {*Circumstances.model_fields, "say", "given", "expect", "waiting"}


def whole_circumstances(situations: Iterable[Situation], told: Situation | Example) -> Circumstances:
    """Return the whole circumstances of a situation or an example, with all that they build on.

    A situation builds on one that stands before it; one that is not there adds nothing.
    """
    return told.upon(base_circumstances(situations, told))


def base_circumstances(situations: Iterable[Situation], told: Situation | Example) -> Circumstances:
    """Return the whole circumstances that a situation or an example builds on."""
    name = told.given if isinstance(told, Example) else told.builds_on
    above = tuple(takewhile(lambda situation: situation is not told, situations))
    found = next((situation for situation in above if situation.id == name), None)
    return whole_circumstances(above, found) if found else Circumstances()
