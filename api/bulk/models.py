"""What a caller reads of bulk acts: how far one has come, and each of its items."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Request
from pydantic import Field

from api.directory.names import NameOf, Register
from api.http.fields import examples
from api.http.problems import ProblemDocument, problem_document, refused
from api.http.read_model import ReadModel
from domain.commands import AssignParty, RePinCourse
from domain.identity import Role
from infra.store.bulk_rows import BulkKind, ItemState
from infra.store.queries.bulk_acts import ItemOfCourse, Progress

_ACT: Final = {
    "id": "7d0f4c0e-0f0d-5a1a-9c59-f0d51a6f0d51",
    "kind": "re_pin",
    "ordered_by": "sara",
    "ordered_at": "2026-07-06T08:00:00Z",
    "total": 40,
    "waiting": 12,
    "done": 27,
    "failed": 1,
    "called_off": 0,
    "re_pin": {"rules": "e" * 64, "instead_of": "f" * 64, "at_next_visit": False, "ask_left": False},
    "ordered_by_name": "Sara Eksempel",
}


class RePinOrdered(ReadModel):
    """Which rules courses are moved to, and from which; `at_next_visit` is not from a day, but when each goes on."""

    rules: str
    instead_of: str
    at_next_visit: bool
    ask_left: bool


class BulkActRead(ReadModel):
    """What was ordered of many courses at once, and how many have still to do it, did it and could not."""

    id: UUID
    kind: BulkKind
    ordered_by: str
    ordered_at: datetime
    total: int
    waiting: int
    done: int
    failed: int = Field(description="How many could not, those called off among them.")
    called_off: int
    re_pin: RePinOrdered | None = Field(description="Null for all but a re-pin.")
    ordered_by_name: Annotated[str | None, NameOf("ordered_by")] = None

    model_config = examples(_ACT)


class BulkItemRead(ReadModel):
    """What became of it in one course: the revision it gave, or why it was refused.

    A course that is away for now is given its command again later.
    """

    course: UUID
    reference: str
    state: ItemState
    role: Role | None = Field(description="The role that is handed over.")
    person: str | None = Field(description="To whom it is handed over.")
    unit: str | None = Field(description="To whose queue it is handed over.")
    asked_left: list[str] = Field(
        description="The requirements of steps that it has left for which it is asked in its next one, by a re-pin."
    )
    ended_at: datetime | None
    applied_revision: int | None
    problem: ProblemDocument | None
    person_name: Annotated[str | None, NameOf("person")] = None
    unit_name: Annotated[str | None, NameOf("unit", Register.UNITS)] = None


def act_read(act: Progress) -> BulkActRead:
    """Return an act as it is read."""
    re_pin = RePinOrdered.of(act.command) if isinstance(act.command, RePinCourse) else None
    return BulkActRead.of(act, id=act.bulk_id, re_pin=re_pin)


def item_read(item: ItemOfCourse, request: Request) -> BulkItemRead:
    """Return an item as it is read, in the caller's language."""
    given = item.command if isinstance(item.command, AssignParty) else None
    return BulkItemRead.of(
        item,
        course=item.course_id,
        role=given.role if given else None,
        person=given.to.person if given else None,
        unit=given.to.unit if given else None,
        asked_left=[one.requirement for one in item.asked_left or ()],
        applied_revision=item.revision,
        problem=problem_document(request, refused(item.problems)) if item.problems else None,
    )
