"""Examples as data: circumstances of a course and the decision that the rules must reach."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import takewhile
from typing import Annotated, Final, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.waiting import WaitingKind
from rules.language.phrases import UnfitError
from rules.language.text import Id, RuleModel, Text

GateRole = Literal["caseworker", "company_consultant"]
"""One of the two roles that are informed."""

EscalationRecipient = Literal["caseworker", "company_consultant", "supervisor", "unit"]
"""Who is notified of a silent wait: the holder of a gate role, the supervisors, or the queue of the unit."""


class Statement(RuleModel):
    """A value stated for one day."""

    value: FactValue
    on: date


def _kind_of_stated(value: object) -> str:
    return "#history" if isinstance(value, list | tuple) else "#literal"


Stated = Annotated[
    Annotated[FactValue, Tag("#literal")] | Annotated[tuple[Statement, ...], Tag("#history")],
    Discriminator(_kind_of_stated),
]
"""The statements of a fact: a value for the day of the example, or several, each for its day."""

StatedFacts = dict[Id, Stated]


class ExampleNote(RuleModel):
    """A note in the visit, by somebody in a role; a question is put to the other role."""

    note: Id
    by: Role
    to: GateRole | None = None


class Circumstances(RuleModel):
    """A course at an instant, or its differences from the circumstances that it builds on.

    `facts` are placed as the course places a report that names no visit: at an open visit to their step, else
    ahead of it where the step observes them, else at an earlier visit; `ahead` and `before` (by step) say
    otherwise. `systems` are statements of a system on the same day. `without` takes back facts.
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

    def upon(self, base: "Circumstances") -> "Circumstances":
        """Return `base` with these circumstances on top, which count where both state the same."""
        own = {name: value for name in _ONE_BY_ONE if (value := getattr(self, name)) is not None}
        stated = {
            name: {**_without(getattr(base, name), self.without), **getattr(self, name)}
            for name in ("facts", "ahead", "systems")
        }
        notes = tuple(note for note in base.notes if note.note not in self.without_notes)
        added = {name: (*getattr(base, name), *getattr(self, name)) for name in ("waived", "beside")}
        before = {**base.before, **self.before}
        return base.model_copy(update={**own, **stated, **added, "before": before, "notes": (*notes, *self.notes)})


_ONE_BY_ONE: Final = ("step", "target_group", "started_on", "entered_on", "today")


def _without(stated: Mapping[str, Stated], names: tuple[str, ...]) -> dict[str, Stated]:
    return {name: value for name, value in stated.items() if name not in names}


class Situation(Circumstances):
    """Circumstances with a name, for examples and further situations to build on."""

    id: Id
    builds_on: Id | None = None


class Decision(RuleModel):
    """The whole decision on the visit: requirements that hold it or warn, and the route.

    `due` are Danish dates of the deadlines that the example is about.
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
            raise UnfitError("expect-one-way")
        if self.stays and not self.to:
            raise UnfitError("stays-without-to")
        return self


class Escalation(RuleModel):
    """The recipients of a silent wait on a day."""

    on: date
    who: tuple[EscalationRecipient, ...] = Field(min_length=1)


class Example(Circumstances):
    """A sentence that is a test: the decision at once, or the escalations day by day while nobody acts.

    `waiting` (and `requirement`) name the silent wait, which begins today; `told` are all its escalations through
    `until`, or else through the last of them. Before it, the holders of roles were `informed` of the current version
    or `disputed` it; a `vacant` role is in a queue. It `shows` the requirement beside which it is written.
    """

    say: Text
    given: Id
    shows: Id | None = None
    expect: Decision | None = None
    waiting: WaitingKind | None = None
    requirement: Id | None = None
    told: tuple[Escalation, ...] = ()
    until: date | None = None
    informed: tuple[GateRole, ...] = ()
    disputed: tuple[GateRole, ...] = ()
    vacant: tuple[GateRole, ...] = ()
    paused: bool = False

    @model_validator(mode="after")
    def _expects_one_thing(self) -> Self:
        if (self.expect is None) == (self.waiting is None):
            raise UnfitError("expect-or-waiting")
        of_a_wait = {name for name in Example.model_fields if name not in _OF_ANY} & self.model_fields_set
        if self.expect is not None and of_a_wait:
            raise UnfitError("of-a-wait", key=min(of_a_wait))
        if self.waiting is not None and not (self.told or self.until):
            raise UnfitError("told-or-until")
        return self


_OF_ANY: Final = {*Circumstances.model_fields, "say", "given", "shows", "expect", "waiting"}


def whole_circumstances(situations: Iterable[Situation], example: Situation | Example) -> Circumstances:
    """Return the circumstances of a situation or an example, together with those that they build on.

    A situation builds on one above it; a missing one adds nothing.
    """
    return example.upon(base_circumstances(situations, example))


def base_circumstances(situations: Iterable[Situation], example: Situation | Example) -> Circumstances:
    """Return the whole circumstances on which a situation or an example builds."""
    name = example.given if isinstance(example, Example) else example.builds_on
    above = tuple(takewhile(lambda situation: situation is not example, situations))
    base = next((situation for situation in above if situation.id == name), None)
    return whole_circumstances(above, base) if base else Circumstances()
