"""What a new course would be, and how the open course under the same reference differs from it."""

from collections.abc import Iterator

from api.bodies import Holder
from api.courses.start_body import StartBody
from domain.course import CourseState
from domain.identity import Role
from domain.verdict import TARGET_GROUP


def holders_in(body: StartBody) -> dict[Role, Holder | None]:
    """Return who shall hold each role, by the role."""
    return {Role.CASEWORKER: body.caseworker, Role.COMPANY_CONSULTANT: body.company_consultant}


def differences(body: StartBody, course: CourseState, citizen_name: str | None) -> Iterator[str]:
    """Yield the fields of a request to start that the open course has otherwise."""
    rules = course.rules.id if course.rules else None
    stated = {
        "rule_set": (body.rule_set or rules, rules),
        "unit": (body.unit, course.unit),
        "target_group": (body.target_group, _value(course, TARGET_GROUP)),
        "shared_role": (body.shared_role, course.shared_role),
        "started_on": (body.started_on or course.started_on, course.started_on),
        "citizen.name": (body.citizen.name or citizen_name, citizen_name),
    }
    yield from (name for name, (asked, known) in stated.items() if asked != known)
    for role, holder in holders_in(body).items():
        if holder is not None and not _holds(course, role, holder):
            yield role.value
    yield from (f"facts.{name}" for name, value in body.facts.items() if _value(course, name) != value)


def _holds(course: CourseState, role: Role, holder: Holder) -> bool:
    party = course.party(role)
    return party is not None and (party.person, party.unit) == (holder.person, holder.unit)


def _value(course: CourseState, fact: str) -> object:
    """Return what counts of a fact: in the course, or else in its newest visit."""
    places = (None, *(visit.number for visit in reversed(course.visits)))
    known = (course.known(fact, place) for place in places)
    return next((found.fact.value for found in known if found), None)
