"""A rule set as it is read: its steps and what each asks for, its facts and kinds of notes, and its outcomes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from api.directory.names import NameOf
from api.http.read_model import ReadModel
from api.text.steps import StepRead
from domain.identity import Role
from domain.state.facts import FactValue
from domain.state.measures import MeasureKind
from domain.state.observers import ObserverKind
from domain.state.verdict import Kind
from infra.store.registers.rule_sets import RuleSetStatus
from rules.language.facts import FactType, Sensitivity
from rules.language.steps import Before


class RuleSetLine(ReadModel):
    """One version of a rule set."""

    id: str
    version: str
    sha256: str = Field(description="Names this very version; a course has it in `rules`.")
    title: str
    description: str
    valid_from: date
    draft: bool = Field(description="No course may follow it.")
    is_in_force: bool = Field(description="A course that starts today under this id follows this version.")
    is_own: bool = Field(description="It is the municipality's own, and comes before the default one of the same id.")
    status: RuleSetStatus
    amends: str | None = Field(description="The default set that it amends; null for one that is whole by itself.")
    follows: str | None = Field(
        description="The version of the municipality that it carries on to a later version of the default set."
    )
    not_carried_on_to: list[str] = Field(
        description="Later versions of the default set that it does not fit, so that it counts as it is."
    )
    proposed_by: str | None
    proposed_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    proposed_by_name: Annotated[str | None, NameOf("proposed_by")] = None
    approved_by_name: Annotated[str | None, NameOf("approved_by")] = None
    withdrawn_by_name: Annotated[str | None, NameOf("withdrawn_by")] = None


class ValueRead(ReadModel):
    """One value of a fact, as it is sent and as people read it."""

    id: FactValue
    label: str


class UnitOfMeasure(ReadModel):
    """What an amount is counted in."""

    id: str
    label: str


class FactDeclared(ReadModel):
    """A fact that may be reported: what it means, who reports it, and what its values are."""

    id: str
    aliases: list[str] = Field(description="Other names under which it may be sent.")
    label: str
    help: str | None
    type: FactType
    unit: UnitOfMeasure | None
    values: list[ValueRead] | None = Field(description="Null where any value of the type will do.")
    min: Decimal | None
    max: Decimal | None
    step: StepRead | None = Field(description="Null for a fact of the course itself.")
    observed_at: list[StepRead] = Field(description="The steps at which it may be reported ahead of its own.")
    reporters: list[Role]
    material: bool = Field(description="It is content of the briefing that both roles acknowledge.")
    has_come: bool = Field(description="A day that has come; one to come is refused.")
    sensitivity: Sensitivity
    purpose: str | None = Field(description="What it is kept for.")
    legal_basis: str | None


class NoteKindDeclared(ReadModel):
    """A kind of note."""

    id: str
    label: str
    help: str | None
    is_material: bool = Field(description="It cannot be for caseworkers only, and no observer may add it.")
    may_wait: bool = Field(description="A note of it can be left for the next version of the briefing.")
    needs_addressee: bool = Field(description="It is asked `to` a role.")
    is_standing: bool = Field(description="Every later briefing shows it until it is taken back.")
    sensitivity: Sensitivity
    purpose: str | None = Field(description="What it is kept for.")
    legal_basis: str | None


class AskedRead(ReadModel):
    """A fact to report, a note to add, or a step that must be open beside."""

    kind: Literal["fact", "note", "step"]
    id: str
    label: str
    step: StepRead | None = Field(description="The step a fact belongs to.")
    by: Role | None = Field(description="The role whose note it must be.")
    values: list[ValueRead] | None = Field(description="The values that meet it, where the rules list them.")
    at_least: FactValue | None = Field(description="The least value that meets it, or the number of notes.")
    at_most: FactValue | None


class RefusedDeclared(ReadModel):
    """What is done instead when what a requirement asks for is refused, and what says that it is."""

    missing: str = Field(description="What the one who is asked shall do then.")
    roles: list[Role] = Field(description="Who is asked then.")
    said_by: list[list[AskedRead]] = Field(description="What refuses it; what stands in one list does so together.")


class RequirementDeclared(ReadModel):
    """What must hold before a step is left, entered or closed, and what would meet it."""

    id: str
    text: str = Field(description="What holds when it is met.")
    missing: str = Field(description="What the one who is asked shall do.")
    reference: str
    kind: Kind = Field(description="The law is never waived; what broke it is noted.")
    roles: list[Role]
    blocks: bool
    before: Before
    is_conditional: bool = Field(description="It is asked only in some courses; the course says of which.")
    waivable_by: list[Role] = Field(description="Who may waive it; nobody where it is empty.")
    met_by: list[list[AskedRead]] = Field(
        description="The ways to meet it; what stands in one list is needed together. "
        "Whether it is met the course says: a day may lie too late, or a number above what the law allows."
    )
    refused: RefusedDeclared | None = Field(description="Null for a requirement that cannot be refused.")


class AppointmentDeclared(ReadModel):
    """A meeting of both roles, planned by facts."""

    id: str
    label: str
    day: str = Field(description="The fact that says its day.")
    time: str | None = Field(description="The fact that says its wall time.")
    called_off: str | None = Field(description="The fact that calls it off.")
    held: str | None = Field(description="The fact that says on which day it was held.")
    minutes: int


class StopDeclared(ReadModel):
    """What it means that a step stops before its time; one command takes all three."""

    last_day: str = Field(description="The fact that says the last day.")
    by: str = Field(description="The fact whose values say who stopped it.")
    note: str = Field(description="The kind of note that says why.")


class StoryDeclared(ReadModel):
    """That the step asks once in a course for a good story; what may be said is the same in every set."""

    ask: Role = Field(description="Who is asked.")
    hours: str = Field(description="The fact of the hours agreed, of which a story says a band.")
    worked: list[ValueRead] = Field(description="What may have made it work.")
    branches: list[ValueRead]


class CompanyDeclared(ReadModel):
    """What a company may be told at the step: nothing but this."""

    purpose: str
    facts: list[str]
    notes: list[str] = Field(description="The kinds of notes whose words may be approved for the company.")
    considerations: list[str] = Field(description="Such kinds, told with the citizen's consent alone.")
    consent: str | None = Field(description="The fact of the consent; null where there is none to give.")
    given: list[str] = Field(description="The values by which it is given.")


class CallInDeclared(ReadModel):
    """What a company that calls may say of a citizen there by one tap: a report of facts, and a note that may wait."""

    id: str
    label: str
    facts: dict[str, FactValue] = Field(description="The facts to report, with their values.")
    day: str | None = Field(description="The fact that gets the day of the call.")
    note: str = Field(description="The kind of note for what is said besides.")
    words: str | None = Field(description="What the note says in any case, before all that is said besides.")


class MeasureDeclared(ReadModel):
    """What the step counts as in the figures, and by which facts it begins and ends: the first that is known."""

    kind: MeasureKind
    begins: list[str]
    ends: list[str]
    present: list[str] = Field(description="Facts that say no of a role that took no part.")


class StepDeclared(StepRead):
    """A step: what it asks, and where it may lead."""

    requirements: list[RequirementDeclared]
    facts: list[str] = Field(description="The facts of the step, in the order of the rules.")
    observes: list[str] = Field(description="The facts of later steps that may be reported here already.")
    leads_to: list[StepRead]
    may_close: bool
    appointments: list[AppointmentDeclared]
    stop: StopDeclared | None = Field(description="Null for a step that does not stop.")
    story: StoryDeclared | None = Field(description="Null for a step that asks for no story.")
    company: CompanyDeclared | None = Field(description="Null for a step at which no company is told anything.")
    call_ins: list[CallInDeclared] = Field(description="What a company may say when it calls.")
    measure: MeasureDeclared | None = Field(description="Null for a step that the figures count as nothing else.")


class RuleSetRead(RuleSetLine):
    """A rule set, whole enough to build a form from it: the words are in the caller's language."""

    roles: dict[str, str] = Field(description="What the set calls its roles and kinds of observers.")
    observers: dict[ObserverKind, list[str]] = Field(
        description="What each kind of observer reads, by id: facts, kinds of notes, and steps."
    )
    facts: list[FactDeclared]
    note_kinds: list[NoteKindDeclared]
    outcomes: list[ValueRead] = Field(description="What a course may be closed by.")
    steps: list[StepDeclared] = Field(description="A course begins with the first.")


class RuleSetsRead(ReadModel):
    """Every version of every rule set."""

    items: list[RuleSetLine]
