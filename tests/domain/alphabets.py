"""What may be done in any state of a course under the tiny rules, in alphabets that are explored each by itself."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid5

from domain import commands as cmd
from domain.identity import Actor, Role
from domain.state.briefing import OnBehalfReason
from domain.state.course import CourseState
from domain.state.observers import ObserverKind
from domain.state.takeover import PriorVisit, TakenOver
from tests.domain.versions import versions_of
from tests.domain.vocabulary import ANNA, BO, CARL, CASE_SYSTEM, COURSE, MONDAY, SARA, add_note, tiny_book

REASON = uuid5(COURSE, "reason")
NOTE = uuid5(COURSE, "note")
OLGA = Actor(person="olga", roles=(Role.OBSERVER,))
COVER = BO.model_copy(update={"covers": ("anna",)})

Move = tuple[Callable[..., Any], Actor, dict[str, Any]]
Moves = Callable[[CourseState], Iterator[Move]]


def states_facts(*statements: tuple[Actor, dict[str, Any]]) -> Moves:
    """Report each statement that is not said already."""

    def moves(state: CourseState) -> Iterator[Move]:
        stated = {(fact.fact, fact.value, fact.visit) for fact in state.facts}
        places = {None, *(visit.number for visit in state.open_visits)}
        for actor, facts in statements:
            if not all((name, value, place) in stated for name, value in facts.items() for place in places):
                yield cmd.ReportFacts, actor, {"facts": facts}

    return moves


def retracts(state: CourseState) -> Iterator[Move]:
    """Take back any statement but the target group."""
    for fact in state.facts:
        if fact.fact != "target_group":
            yield cmd.RetractFact, ANNA, {"fact": fact.id, "reason": REASON}


def acknowledges(*actors: Actor) -> Moves:
    """Acknowledge the current version and the one before it, by each actor."""

    def moves(state: CourseState) -> Iterator[Move]:
        for visit in state.open_visits:
            for version in {visit.versions, visit.versions - 1} - {0, -1}:
                for actor in actors:
                    yield cmd.Acknowledge, actor, {"briefing": visit.number, "version": version}

    return moves


def acts_on_behalf(state: CourseState) -> Iterator[Move]:
    """Acknowledge for somebody absent, as supervisor and as a cover who holds the other role."""
    for visit in state.open_visits:
        for actor, person in ((SARA, "anna"), (SARA, "bo"), (COVER, "anna")):
            on_behalf = {"on_behalf_of": person, "on_behalf_reason": OnBehalfReason.ABSENT}
            yield cmd.Acknowledge, actor, {"briefing": visit.number, "version": visit.versions, **on_behalf}


def disputes(state: CourseState) -> Iterator[Move]:
    """Dispute the current version, and end that; take a receipt of it back as a slip."""
    for visit in state.open_visits:
        reason = uuid5(REASON, f"{visit.number}/{len(visit.disputes)}")
        yield cmd.Dispute, BO, {"briefing": visit.number, "version": visit.versions, "reason": reason}
        yield cmd.TakeBackAcknowledgement, BO, {"briefing": visit.number, "version": visit.versions}
        for dispute in visit.open_disputes:
            yield cmd.EndDispute, SARA, {"dispute": dispute.id, "reason": REASON}


def notes(state: CourseState) -> Iterator[Move]:
    """Add one note, and take it back."""
    if state.notes:
        yield cmd.RetractNote, ANNA, {"note": NOTE, "reason": REASON}
    elif state.open_visits:
        yield add_note, ANNA, {"note": NOTE, "note_kind": "barrier"}


def corrects(state: CourseState) -> Iterator[Move]:
    """Add one note, and correct it: Anna the slip, Bo with a reason."""
    for note in state.notes:
        right = {"note": note.id, "right": uuid5(NOTE, "right") if note.id == NOTE else NOTE}
        yield cmd.SupersedeNote, ANNA, right
        yield cmd.SupersedeNote, BO, {**right, "reason": REASON}
    if state.open_visits and not state.notes:
        yield add_note, ANNA, {"note": NOTE, "note_kind": "barrier"}


def notes_what_may_wait(state: CourseState) -> Iterator[Move]:
    """Add one note that may wait, and take it back."""
    if state.notes:
        yield cmd.RetractNote, ANNA, {"note": NOTE, "reason": REASON}
    elif state.open_visits:
        yield add_note, ANNA, {"note": NOTE, "note_kind": "observation", "may_wait": True}


def observes(state: CourseState) -> Iterator[Move]:
    """Let Olga observe, note and no longer observe."""
    yield cmd.AddObserver, ANNA, {"person": "olga", "observer_kind": ObserverKind.MENTOR, "reason": REASON}
    yield cmd.RemoveObserver, ANNA, {"person": "olga", "reason": REASON}
    if state.open_visits and not state.notes:
        yield add_note, OLGA, {"note": NOTE, "note_kind": "observation"}


def briefs_now(state: CourseState) -> Iterator[Move]:
    """Ask for the briefing early."""
    for visit in state.open_visits:
        yield cmd.BriefNow, ANNA, {"visit": visit.number}


def hands_over(_state: CourseState) -> Iterator[Move]:
    """Give the caseworker's role to Carl, to a queue, and to Anna again."""
    for claim in (cmd.PartyClaim(person="carl"), cmd.PartyClaim(unit="job"), cmd.PartyClaim(person="anna")):
        yield cmd.AssignParty, SARA, {"role": Role.CASEWORKER, "to": claim, "reason": REASON}


def reports_from_the_talk(*statements: tuple[Actor, dict[str, Any]]) -> Moves:
    """Report from an open talk what is of another step, though a visit to that step may be open already."""

    def moves(state: CourseState) -> Iterator[Move]:
        stated = {(fact.fact, fact.value) for fact in state.facts if fact.visit is None}
        for visit in state.open_visits:
            for actor, facts in statements:
                if visit.step == "talk" and not stated.issuperset(facts.items()):
                    yield cmd.ReportFacts, actor, {"facts": facts, "visit": visit.number}

    return moves


def is_absent(state: CourseState) -> Iterator[Move]:
    """Let Sara acknowledge for Anna."""
    for visit in state.open_visits:
        on_behalf = {"on_behalf_of": "anna", "on_behalf_reason": OnBehalfReason.ABSENT}
        yield cmd.Acknowledge, SARA, {"briefing": visit.number, "version": visit.versions, **on_behalf}


def reopens(state: CourseState) -> Iterator[Move]:
    """Reopen any visit."""
    for visit in state.visits:
        yield cmd.ReopenVisit, SARA, {"visit": visit.number, "reason": REASON}


def steers(state: CourseState) -> Iterator[Move]:
    """Pause, resume, waive, reopen, let time pass."""
    yield cmd.PauseCourse, SARA, {"reason": REASON}
    yield cmd.ResumeCourse, SARA, {}
    yield cmd.TimePassed, SARA, {}
    yield cmd.ReopenCourse, SARA, {"reason": REASON}
    yield from reopens(state)
    for requirement in ("is_agreed", "has_contract"):
        waiver = {"requirement": requirement, "waiver": cmd.WaiverReason.OTHER, "reason": REASON}
        yield cmd.WaiveRequirement, SARA, waiver


def re_pins(state: CourseState) -> Iterator[Move]:
    """Let the course follow the tiny rules, or those that ask more than they, now or from its next visit."""
    among = {book.reference.sha256 for book in versions_of(tiny_book()).books if book.reference.version in ASKING}
    yield from (
        (cmd.RePinCourse, SARA, what) for what in versions_of(tiny_book()).re_pins(state) if what["rules"] in among
    )


ASKING = ("1", "more")
"""The versions of the tiny rules that differ by what they ask."""

AGREED = (ANNA, {"agreed": True})

WORK = (CASE_SYSTEM, {"way": "work"})
BOTH = (ANNA, {"way": "both"})
CONTRACT = (BO, {"contract": True})
CONTRACT_APART = (BO, {"contract": True, "apart": True})
BEGUN = (BO, {"work_begun": True})
CLOSED = (BO, {"closing_outcome": "job"})
BESIDE = (BO, {"beside": True})
OVER = (BO, {"over": "talk"})

ALPHABETS: dict[str, list[Moves]] = {
    "who is informed": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), WORK),
        acknowledges(ANNA, BO, CARL, SARA, CASE_SYSTEM),
        acts_on_behalf,
        disputes,
        hands_over,
    ],
    "what is told": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), (ANNA, {"agreed": "yes"}), WORK),
        retracts,
        notes,
        acknowledges(ANNA, BO),
    ],
    "what is told early": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), WORK, CONTRACT),
        briefs_now,
        notes,
        acknowledges(ANNA, BO),
    ],
    "what is corrected": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), WORK),
        corrects,
        acknowledges(ANNA, BO),
    ],
    "what may wait": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), WORK, CLOSED),
        notes_what_may_wait,
        acknowledges(ANNA, BO),
    ],
    "where it leads": [
        states_facts(AGREED, BOTH, WORK, CONTRACT_APART, BEGUN, (BO, {"tried": True}), CLOSED),
        acknowledges(ANNA, BO),
    ],
    "how it is steered": [
        states_facts((ANNA, {"agreed": True, "way": "work"}), CONTRACT, CLOSED),
        acknowledges(ANNA, BO),
        steers,
    ],
    "which rules it follows": [
        states_facts((ANNA, {"agreed": True, "way": "trial"}), (BO, {"tried": True}), (ANNA, {"more_of_talk": True})),
        acknowledges(ANNA, BO),
        re_pins,
    ],
    "how it branches": [
        states_facts((ANNA, {"agreed": True, "way": "work"}), (ANNA, {"way": "again"}), BESIDE, OVER),
        reports_from_the_talk(CONTRACT, BEGUN),
        acknowledges(ANNA, BO),
        reopens,
    ],
    "who is informed of a branch": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), BESIDE, OVER),
        acknowledges(ANNA, BO, CARL),
        is_absent,
        hands_over,
    ],
    "what was learned": [
        states_facts((ANNA, {"agreed": True, "way": "again"}), (BO, {"tried": True}), (BO, {"tried": False})),
        acknowledges(ANNA, BO),
        retracts,
        briefs_now,
    ],
    "who observes": [
        states_facts((ANNA, {"agreed": True, "way": "again"})),
        acknowledges(ANNA, BO, OLGA),
        observes,
        retracts,
    ],
    "what was taken over": [
        states_facts((ANNA, {"agreed": True, "way": "trial"}), (BO, {"tried": True}), (BO, {"tried": False})),
        acknowledges(ANNA, BO),
        retracts,
        briefs_now,
        reopens,
    ],
}
"""What is tried together: each alphabet is explored to the end, every word of it in every state."""


BOTH_INFORMED: list[Move] = [(cmd.Acknowledge, actor, {"briefing": 1, "version": 1}) for actor in (ANNA, BO)]
AT_WORK: list[Move] = [
    (cmd.ReportFacts, ANNA, {"facts": {"agreed": True, "way": "work"}}),
    (cmd.ReportFacts, BO, {"facts": {"contract": True}}),
    *BOTH_INFORMED,
]
AT_TRIAL: list[Move] = [(cmd.ReportFacts, ANNA, {"facts": {"agreed": True, "way": "trial"}}), *BOTH_INFORMED]

BEGINNINGS: dict[str, list[Move]] = {
    "how it branches": AT_WORK,
    "who is informed of a branch": AT_WORK,
    "what was learned": AT_TRIAL,
}
"""What happened already where an alphabet begins, if it does not begin on day one."""

TAKEN_OVER = TakenOver(
    visits=(
        PriorVisit(step="talk", entered_on=MONDAY.date() - timedelta(days=90), left_on=MONDAY.date()),
        PriorVisit(step="trial", entered_on=MONDAY.date() - timedelta(days=60)),
    ),
    quiet_until=MONDAY + timedelta(days=14),
)
STARTED: dict[str, dict[str, Any]] = {
    "what was taken over": {"taken_over": TAKEN_OVER, "started_on": MONDAY.date() - timedelta(days=90)},
}
"""What is said of the start, where an alphabet's course is not an ordinary one."""
