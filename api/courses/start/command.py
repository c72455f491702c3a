"""What a new course would be, and how the open course under the same reference differs from it."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from api.courses.start.models import StartBody, TakenOverBody
from api.courses.start.preview import quiet_until
from api.http.fields import Holder
from api.http.idempotency import Envelope
from domain.calendar import danish_day, start_of_day
from domain.commands import PartyClaim, StartCourse
from domain.identity import Role
from domain.state.course import CourseState
from domain.state.takeover import PriorVisit, TakenOver
from domain.state.verdict import TARGET_GROUP
from infra.store.queries.courses import VisibleCourse
from rules.engine.book import Book


class Staged(NamedTuple):
    """What a start command names: the citizen's key, the ids of the citizen's name and of why one person has both
    roles, the hash of the rules, and what the course before proposes.
    """

    citizen_key: str | None
    citizen_text: UUID | None
    shared_role_reason: UUID | None
    rules: str
    proposals: tuple[UUID, ...] = ()


def start_command(
    body: StartBody, envelope: Envelope, before: VisibleCourse | None, staged: Staged, now: datetime
) -> StartCourse:
    """Return the command that starts the course after `before`, or the first under the reference."""
    return StartCourse(
        **envelope,
        municipality=body.municipality,
        unit=body.unit,
        reference=body.reference,
        ordinal=before.row.ordinal + 1 if before else 1,
        follows=before.row.course_id if before else None,
        proposals=staged.proposals,
        citizen=body.citizen.reference,
        citizen_text=staged.citizen_text,
        citizen_key=staged.citizen_key,
        protected=body.citizen.protected,
        rules=staged.rules,
        started_on=body.started_on or danish_day(now),
        target_group=body.target_group,
        shared_role=body.shared_role,
        shared_role_reason=staged.shared_role_reason,
        caseworker=body.caseworker.claim if body.caseworker else PartyClaim(),
        company_consultant=body.company_consultant.claim if body.company_consultant else PartyClaim(),
        facts=body.facts,
        source=body.source,
        taken_over=_taken_over(body.taken_over, now) if body.taken_over else None,
    )


def _taken_over(body: TakenOverBody, now: datetime) -> TakenOver:
    return TakenOver(
        visits=tuple(PriorVisit.model_validate(visit.model_dump()) for visit in body.visits),
        quiet_until=start_of_day(body.quiet_until) if body.quiet_until else quiet_until(now),
    )


def holders_in(body: StartBody) -> dict[Role, Holder | None]:
    """Return who shall hold each role, by the role."""
    return {Role.CASEWORKER: body.caseworker, Role.COMPANY_CONSULTANT: body.company_consultant}


def differences(body: StartBody, course: CourseState, book: Book, citizen_name: str | None) -> Iterator[str]:
    """Yield the fields of a request to start that the open course, by its rules in `book`, has otherwise.

    Equal meanings are equal: a former name of a fact, another id of a value, an amount written otherwise.

    `citizen_name` is None where the caller may not read it, and a protected name is then compared with nothing (P10).
    """
    rules = course.rules.id if course.rules else None
    is_hidden = course.protected and citizen_name is None
    name = citizen_name if is_hidden else body.citizen.name or citizen_name
    stated = {
        "rule_set": (body.rule_set or rules, rules),
        "unit": (body.unit, course.unit),
        "target_group": (book.as_stored(TARGET_GROUP, body.target_group), _value(course, TARGET_GROUP)),
        "shared_role": (body.shared_role, course.shared_role),
        "started_on": (body.started_on or course.started_on, course.started_on),
        "citizen.protected": (body.citizen.protected, course.protected),
        "citizen.name": (name, citizen_name),
    }
    yield from (name for name, (asked, on_record) in stated.items() if asked != on_record)
    for role, holder in holders_in(body).items():
        if holder is not None and not _holds(course, role, holder):
            yield role.value
    for name, value in body.facts.items():
        rule = book.fact(name)
        if _value(course, rule.fact if rule else name) != book.as_stored(name, value):
            yield f"facts.{name}"


def _holds(course: CourseState, role: Role, holder: Holder) -> bool:
    party = course.party(role)
    return party is not None and (party.person, party.unit) == (holder.person, holder.unit)


def _value(course: CourseState, fact: str) -> object:
    """Return what counts of a fact: in the course, or else in its newest visit."""
    places = (None, *(visit.number for visit in reversed(course.visits)))
    on_record = (course.on_record(fact, place) for place in places)
    return next((statement.fact.value for statement in on_record if statement), None)
