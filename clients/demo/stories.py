"""The storylines of the demo, each the way of one course, with its end."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from clients.caller import expect_success
from clients.demo.course import Course


class End(NamedTuple):
    """The end of a story: the open steps or the status, and another sign in the course as read."""

    steps: str
    shows: str = ""


def finishes(course: Course) -> None:
    """Goes through visit and trial to ordinary hours that last."""
    is_in_trial(course)
    for step in ("trial", "paid_hours"):
        course.does(*course.script.step(step))
        course.both_acknowledge()


def goes_straight_to_hours(course: Course) -> None:
    """Is hired at the company visit, without a trial."""
    _is_visited(course)
    course.reports("hours")
    course.reports("agreement", visit_outcome="paid_hours")
    course.both_acknowledge()
    course.reports("contract")
    course.reports("hours_going")


def returns_to_a_new_company(course: Course) -> None:
    """Tries a company in vain, and looks for another with what that taught."""
    is_in_trial(course)
    course.reports("trial_going")
    course.reports("trial_end", trial_outcome="no_job")
    course.reports("lessons")
    course.both_acknowledge()


def combines_trial_and_hours(course: Course) -> None:
    """Works a few ordinary hours beside the trial, in another function."""
    _is_visited(course)
    course.reports("grant")
    course.reports("hours")
    course.states(course.consultant, beside_trial="other_function", beside_hours="other_function")
    course.reports("agreement", visit_outcome="trial_and_paid_hours")
    course.both_acknowledge()


def has_a_job_broker(course: Course) -> None:
    """Is carried by one person in both roles, who acknowledges once."""
    is_in_trial(course)


def is_in_trial(course: Course) -> None:
    """Has come to a granted trial."""
    _is_visited(course)
    course.reports("grant")
    course.reports("agreement")
    course.both_acknowledge()


def _is_visited(course: Course) -> None:
    is_at_company_visit(course)
    course.visits_the_company()


def is_at_company_visit(course: Course) -> None:
    """Has done intake, both informed."""
    course.completes_intake()
    course.both_acknowledge()


def is_at_intake(course: Course) -> None:
    """Has just begun."""
    course.notes(course.caseworker, "wish", "Vil gerne i gang hurtigt.")


def stalls_at_intake(_course: Course) -> None:
    """Began long ago, and nobody does anything: both roles are told first, the supervisor a working day later."""


def stalls_at_the_visit(course: Course) -> None:
    """Came to the company visit long ago, and nobody went anywhere."""
    is_at_company_visit(course)


def is_disputed(course: Course) -> None:
    """The consultant says that the briefing is not right."""
    course.completes_intake()
    briefing = course.callers[course.consultant].get(f"{course.path}/briefing")
    course.post(
        course.consultant,
        "disputes",
        briefing=briefing["briefing"],
        version=briefing["version"],
        reason="Borgeren har sagt til mig, at det haster med at komme ud.",
    )


def has_an_open_question(course: Course) -> None:
    """The caseworker asks the consultant something that is not answered."""
    course.completes_intake()
    question = "Kan gartneriet tage imod allerede i næste uge?"
    course.notes(course.caseworker, "question", question, to="company_consultant")


def is_paused(course: Course) -> None:
    """Stands still by agreement."""
    course.completes_intake()
    course.post(course.caseworker, "pause", reason="Efter aftale med borgeren; vi tales ved igen.")


def is_contradicted_by_a_late_feed(course: Course) -> None:
    """A system's late word about the same day contradicts the caseworker's: a hold until somebody resolves it."""
    is_at_company_visit(course)
    course.states(course.caseworker, on=10, company_p_number="1000000001")
    system = course.callers["case-system"]
    late = {"company_p_number": "1000000002"}
    event = {
        "source": "fagsystem",
        "source_event_id": f"late-{course.path[-12:]}",
        "occurred_on": course.script.day(10),
    }
    system.does(f"{course.path}/facts", facts=late, **event)


def is_corrected(course: Course) -> None:
    """A slip of the pen is superseded by what is right."""
    course.completes_intake()
    course.states(course.caseworker, on=5, goal_paid_hours=2)
    wrong = next(f for f in course.read()["facts"] if f["fact"] == "goal_paid_hours" and f["value"] == 2)  # noqa: PLR2004 - the slip
    course.post(course.caseworker, f"facts/{wrong['id']}/supersede", value=12, reason="Det er tolv timer, ikke to.")


def runs_ahead(course: Course) -> None:
    """Has begun to work before both were informed: it is accepted, and the course says so."""
    is_at_company_visit(course)
    course.states(course.consultant, on=40, paid_hours_started_on=course.script.day(40))


def is_observed_by_a_mentor(course: Course) -> None:
    """A mentor follows the course and writes notes."""
    is_at_company_visit(course)
    mentor = {"kind": "mentor", "reason": "Mentor efter aftale med borgeren."}
    expect_success(course.callers[course.caseworker].put(f"{course.path}/observers/mille", mentor))
    course.notes("mille", "observation", "Mødte til tiden tre dage i træk.")


STORIES: Final[dict[str, tuple[Callable[[Course], None], End]]] = {
    "finishes": (finishes, End("completed")),
    "goes_straight_to_hours": (goes_straight_to_hours, End("paid_hours")),
    "returns_to_a_new_company": (returns_to_a_new_company, End("company_visit", "is a second company visit")),
    "combines_trial_and_hours": (combines_trial_and_hours, End("trial+paid_hours")),
    "has_a_job_broker": (has_a_job_broker, End("trial", "has one person in both roles")),
    "is_in_trial": (is_in_trial, End("trial")),
    "is_at_company_visit": (is_at_company_visit, End("company_visit")),
    "is_at_intake": (is_at_intake, End("intake")),
    "stalls_at_intake": (stalls_at_intake, End("intake", "has not moved since long ago")),
    "stalls_at_the_visit": (stalls_at_the_visit, End("company_visit")),
    "is_disputed": (is_disputed, End("intake", "waits for a dispute")),
    "has_an_open_question": (has_an_open_question, End("intake", "waits for a question")),
    "is_paused": (is_paused, End("intake", "is paused")),
    "is_contradicted_by_a_late_feed": (is_contradicted_by_a_late_feed, End("company_visit", "is contradicted")),
    "is_corrected": (is_corrected, End("intake", "says twelve hours")),
    "runs_ahead": (runs_ahead, End("company_visit", "is ahead of informing")),
    "is_observed_by_a_mentor": (is_observed_by_a_mentor, End("company_visit", "has an observer")),
}
"""Every storyline by its name, with its end."""

_LONG_DAYS: Final = 30

_SIGNS: Final[Mapping[str, Callable[[dict[str, Any]], bool]]] = {
    "": lambda _read: True,
    "is a second company visit": lambda read: any(v["is_open"] and v["ordinal"] > 1 for v in read["visits"]),
    "has one person in both roles": lambda read: len({party["person"] for party in read["parties"]}) == 1,
    "has not moved since long ago": lambda read: read["day"] > _LONG_DAYS and len(read["visits"]) == 1,
    "waits for a dispute": lambda read: _waits_for(read, "dispute"),
    "waits for a question": lambda read: _waits_for(read, "question"),
    "is paused": lambda read: read["status"] == "paused",
    "is contradicted": lambda read: any(fact["contradicted_by"] for fact in read["facts"]),
    "says twelve hours": lambda read: "12" in [str(f["value"]) for f in read["facts"] if f["counts"]],
    "is ahead of informing": lambda read: read["is_ahead_of_informing"],
    "has an observer": lambda read: bool(read["observers"]),
}


def open_steps(read: dict[str, Any]) -> str:
    """Return the open steps of a course or, when it has none, its status."""
    steps = "+".join(visit["step"]["id"] for visit in read["visits"] if visit["is_open"])
    return steps or str(read["status"])


def is_as_expected(read: dict[str, Any], end: End) -> bool:
    """Return whether a course ended as its story says."""
    return open_steps(read) == end.steps and _SIGNS[end.shows](read)


def _waits_for(read: dict[str, Any], kind: str) -> bool:
    return any(waiting["kind"] == kind for waiting in read["waiting"])
