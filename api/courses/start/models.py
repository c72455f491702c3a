"""The bodies of a start and of its answer."""

from typing import Final
from uuid import UUID

from pydantic import Field, StrictBool, StrictStr

from api.http.dependencies import DEFAULT_RULES
from api.http.fields import Body, Day, Holder, Id, OneLine, PersonalText, RuleSetId, SourceId, StatedValue, examples
from api.http.idempotency import CommandDone
from domain.identity import Municipality, Reference, Unit

_EXAMPLE: Final = {
    "municipality": "0751",
    "unit": "job-nord",
    "reference": "SAG-2026-0042",
    "citizen": {"reference": "B-1017", "name": "Karla Eksempel"},
    "target_group": "job_ready",
    "caseworker": {"person": "anna"},
    "company_consultant": {"unit": "virksomhed"},
    "started_on": "2026-03-02",
}


class CitizenBody(Body):
    """The citizen by the caller's reference; a CPR number serves to recognise the citizen, and is not stored (P10)."""

    reference: Reference
    name: OneLine | None = None
    cpr: StrictStr | None = Field(default=None, description="Ten digits; only a keyed digest of it is kept.")
    protected: StrictBool = Field(default=False, description="Only those who hold the course may read the name.")


class StandingBody(Body):
    """A step the course is at in reality, or was at until `left_on`."""

    step: Id
    entered_on: Day
    left_on: Day | None = None


class TakenOverBody(Body):
    """A course that ran elsewhere until now: where it stands, and until when nobody is reminded in it."""

    visits: tuple[StandingBody, ...] = Field(
        min_length=1, max_length=20, description="Its steps, oldest first; those without `left_on` are where it stands."
    )
    quiet_until: Day | None = Field(
        default=None, description="The day on which reminders begin; two weeks from today when it is left out."
    )


class StartBody(Body):
    """A course to start. A person who is not yet in the directory is accepted and waited for."""

    municipality: Municipality
    unit: Unit
    reference: Reference = Field(description="The caller's own case number; the same one again is the same course.")
    citizen: CitizenBody
    rule_set: RuleSetId | None = Field(default=None, description=f"`{DEFAULT_RULES}` when it is left out.")
    target_group: Id
    caseworker: Holder | None = None
    company_consultant: Holder | None = None
    shared_role: StrictBool = Field(
        default=False, description="One person holds both roles; supervisors and systems decide that."
    )
    shared_role_reason: PersonalText | None = Field(
        default=None, description="Why one person holds both roles; required when one does."
    )
    started_on: Day | None = Field(default=None, description="Today when it is left out.")
    facts: dict[str, StatedValue] = Field(default_factory=dict)
    source: SourceId | None = Field(default=None, description="What a system calls itself; people name none.")
    taken_over: TakenOverBody | None = None

    model_config = examples(_EXAMPLE)


NOT_IN_DIRECTORY: Final = (
    "The fields of persons whom no directory knows: not there yet, or mistyped; the queue of the unit is reminded too."
)


class CourseStarted(CommandDone):
    """The course: begun now, or the open one under the same reference with what is not the same in `differs`."""

    ordinal: int = Field(description="The number of the course under its reference.")
    follows: UUID | None = Field(description="The course before it under the same reference.")
    not_in_directory: list[str] = Field(default=[], description=NOT_IN_DIRECTORY)
    differs: list[str] = Field(default=[], description="The fields of the request that the open course has otherwise.")
