"""Names and identities that are kept for good: what runs today must still be found in ten years."""

from uuid import UUID

from domain.address import Address
from domain.identity import batch_id, command_id, course_workflow_id, entry_id, notice_id
from domain.state.notice import CourseSubject
from infra.security.keyed_digest import course_id
from standalone.temporal import SEARCH_ATTRIBUTES
from workflows import messages, options, ports
from workflows.audit import AuditWorkflow
from workflows.courier import COURIER, CourierWorkflow
from workflows.course import CourseWorkflow
from workflows.renewal import RenewalWorkflow

COURSE = UUID("00000000-0000-5000-8000-000000000001")

GOLDEN = (
    "0bee3023-7c61-8f55-9a6f-18826ea486fc",
    "8af2d1df-fca4-51e5-8775-92d5d084f7eb",
    "d4024ef6-75f6-5400-ad5e-ba13059280bd",
    "20b1cb67-64e4-5ac8-bdfa-89df05ccc351",
    "f38eb580-29e7-5304-aee4-74e4109b10a7",
)


def name_of(definition: object, attribute: str) -> str:
    """Return the name under which Temporal knows a workflow or an activity."""
    name: str = getattr(definition, attribute).name
    return name


def test_workflow_types_messages_and_queues_keep_their_names() -> None:
    types = (CourseWorkflow, CourierWorkflow, AuditWorkflow, RenewalWorkflow)

    names = [name_of(kind, "__temporal_workflow_definition") for kind in types]

    assert names == ["Course", "Courier", "Audit", "Renewal"]
    assert (messages.COMMAND_UPDATE, messages.COURSE_QUERY) == ("command", "course")
    assert (messages.COURSE_QUEUE, messages.COURIER_QUEUE, COURIER) == ("fodslag", "fodslag-courier", "courier")


def test_activities_keep_their_names() -> None:
    activities = (ports.apply, ports.carry_notices, ports.audit, ports.renew_courses)

    names = [name_of(activity, "__temporal_activity_definition") for activity in activities]

    assert names == ["apply", "carry_notices", "audit", "renew_courses"]


def test_search_attributes_keep_their_names_and_are_registered() -> None:
    keys = (options.STEP, options.STATUS, options.STALLED, options.MUNICIPALITY, options.UNIT)
    used = [key.name for key in keys]

    assert used == ["FodslagStep", "FodslagStatus", "FodslagStalled", "FodslagMunicipality", "FodslagUnit"]
    assert used == list(SEARCH_ATTRIBUTES)


def test_identities_follow_from_what_they_name_for_ever() -> None:
    assert str(course_id(bytes(32), "0990", "case-1", 1)) == GOLDEN[0]
    assert str(notice_id(COURSE, "completed", CourseSubject(revision=3), Address.person("anna"))) == GOLDEN[1]
    assert str(command_id(COURSE, "time/1/2")) == GOLDEN[2]
    assert str(entry_id(COURSE, "job_goal_agreed")) == GOLDEN[3]
    assert course_workflow_id(COURSE) == f"course/{COURSE}"
    assert str(batch_id([COURSE], "log", "anna")) == GOLDEN[4]
