"""Trying a rule set on a made-up citizen: what it would decide, with the whole explanation; nothing is kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field

from api.courses.fact_input import expect_reportable
from api.http.access import Anybody
from api.http.codes import AnyCode, ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body, Day, GateRole, Id, Number, StatedValue, examples
from api.http.problems import Issue, expect_no, wrong
from api.http.responses import problems
from api.rulesets.versions import GivenBook
from domain.calendar import danish_day
from domain.errors import Code
from domain.state.course import CourseState
from domain.state.verdict import TARGET_GROUP
from infra.security.tokens import Claims
from rules.engine.book import Book
from rules.explain.explain import explain
from rules.explain.models import Explanation
from rules.language.examples import Circumstances, ExampleNote, whole_circumstances
from rules.proving.scenario import Scenario

router = APIRouter(tags=["rule sets"])

_MOST: Final = 200
_Ids = Annotated[list[Id], Field(max_length=_MOST)]


class MadeUpNote(Body):
    """A note that stands in the visit; a question is put `to` the other role."""

    note: Id
    by: GateRole
    to: GateRole | None = None


class TryBody(Body):
    """A made-up citizen: a course at an instant, or what is different from an example of the set."""

    model_config = Body.model_config | examples(
        {"example": 1, "facts": {"goal_paid_hours": 5}},
        {"step": "intake", "target_group": "cash_benefit_activity_ready", "today": "2026-09-07"},
    )

    example: Number | None = Field(default=None, description="The number of an example of this version, from 1.")
    step: Id | None = Field(default=None, description="The step that is visited; the first where nothing says another.")
    target_group: Id | None = Field(default=None, description="Needed unless there is an example.")
    started_on: Day | None = Field(default=None, description="When the course began; else when the step was entered.")
    entered_on: Day | None = Field(default=None, description="When the step was entered; else today.")
    today: Day | None = Field(default=None, description="The day of the decision, at noon; else the present day.")
    facts: Annotated[dict[Id, StatedValue], Field(max_length=_MOST)] = Field(
        default={}, description="What is stated on that day."
    )
    without: _Ids = Field(default=[], description="Facts of the example that are not stated.")
    notes: Annotated[list[MadeUpNote], Field(max_length=_MOST)] = Field(default=[])
    without_notes: _Ids = Field(default=[], description="Kinds of notes of the example that nobody has written.")
    beside: _Ids = Field(default=[], description="Further steps that are open.")


class CitizenToTry(TryBody):
    """A made-up citizen who shows something, as she is tried."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The made-up course as it stands, and the decision on it."""

    state: CourseState
    explanation: Explanation


@router.post(
    "/v1/rulesets/{rule_set}/try",
    summary="Try a rule set on a made-up citizen",
    responses=problems(404, 409, with_body=True),
)
async def try_rule_set(rule_set: GivenBook, body: TryBody, services: GivenServices, caller: Anybody) -> Explanation:
    """Return what the rules decide on a citizen who does not exist, explained as `GET …/explanation` does a course.

    A course is played as the examples of the set are; nothing of it is kept, and no real citizen belongs here.
    """
    circumstances = circumstances_of(rule_set, body, services)
    return (await tried(services, caller, rule_set, circumstances)).explanation


async def tried(services: Services, caller: Claims, book: Book, circumstances: Circumstances) -> Tried:
    """Return the decision on a made-up course; raises RefusedError for what a course would refuse."""
    async with services.store.municipality(caller.municipality) as connection:
        calendar = await services.calendars.in_force(connection)
    scenario = Scenario(book, calendar, circumstances)
    return Tried(scenario.state, explain(book, scenario.state, scenario.now, calendar))


def body_of(citizen: Circumstances) -> CitizenToTry:
    """Return a made-up citizen as somebody would type her: with what was stated last of each fact."""
    placed = ({name: stated for facts in citizen.before.values() for name, stated in facts.items()}, citizen.ahead)
    stated = {name: said for facts in (*placed, citizen.facts) for name, said in facts.items()}
    facts = {name: said[-1].value if isinstance(said, tuple) else said for name, said in stated.items()}
    group = facts.pop(TARGET_GROUP, citizen.target_group)
    named = citizen.model_dump(mode="json", include={"step", "started_on", "entered_on", "today", "notes", "beside"})
    return CitizenToTry.model_validate({**named, "target_group": group, "facts": facts})


def circumstances_of(book: Book, body: TryBody, services: Services) -> Circumstances:
    """Return the whole circumstances of a made-up course; raises ProblemError naming what the rules do not know."""
    expect_no(_unknown(book, body))
    expect_reportable(book, body.facts)
    base = _base(book, body.example)
    own = Circumstances(
        **body.model_dump(include={"step", "target_group", "started_on", "entered_on", "today", "facts"}),
        without=tuple(body.without),
        notes=tuple(_note(note) for note in body.notes),
        without_notes=tuple(body.without_notes),
        beside=tuple(body.beside),
    )
    return _dated(book, own.upon(base), services)


def _base(book: Book, number: int | None) -> Circumstances:
    rules = book.rule_set
    return whole_circumstances(rules.situations, rules.examples[number - 1]) if number else Circumstances()


def _note(note: MadeUpNote) -> ExampleNote:
    return ExampleNote.model_validate({"note": note.note, "by": note.by, "to": note.to})


def _dated(book: Book, circumstances: Circumstances, services: Services) -> Circumstances:
    """Return circumstances with every day said, in the order in which days come; raises ProblemError."""
    today = circumstances.today or danish_day(services.clock.now())
    entered_on = circumstances.entered_on or today
    started_on = circumstances.started_on or entered_on
    if entered_on > today:
        raise wrong(Code.IN_THE_FUTURE, "entered_on")
    if started_on > entered_on:
        raise wrong(Code.BEFORE_THE_START, "entered_on", started_on=started_on)
    if circumstances.target_group is None:
        raise wrong(ApiCode.FIELD_MISSING, TARGET_GROUP)
    days = {"today": today, "entered_on": entered_on, "started_on": started_on}
    open_beside = tuple(dict.fromkeys(circumstances.beside))
    step = circumstances.step or book.steps[0]
    return circumstances.model_copy(update={**days, "step": step, "beside": open_beside})


def _unknown(book: Book, body: TryBody) -> Iterable[Issue]:
    """Yield an issue for each name that the rules do not know."""
    if body.example is not None and body.example > len(book.rule_set.examples):
        yield Issue(ApiCode.NOT_IN_RANGE, "example", {"expected": f"≤ {len(book.rule_set.examples)}"})
    steps = {"step": [body.step] if body.step else [], "beside": body.beside}
    kinds = {"notes": [note.note for note in body.notes], "without_notes": body.without_notes}
    yield from _not_among(book.steps, steps, Code.STEP_UNKNOWN)
    yield from _not_among(book.note_kinds, kinds, Code.NOTE_KIND_UNKNOWN)
    declared = {name for fact in book.rule_set.facts for name in (fact.id, *fact.aliases)}
    yield from _not_among(declared, {"without": body.without}, Code.FACT_UNKNOWN)
    if body.target_group is not None and (problem := book.problem_with(TARGET_GROUP, body.target_group)):
        yield Issue(problem.code, TARGET_GROUP, problem.params)


def _not_among(known: Iterable[str], named: dict[str, list[str]], code: AnyCode) -> Iterable[Issue]:
    allowed = set(known)
    for field, names in named.items():
        if not allowed.issuperset(names):
            yield Issue(code, field, {"known": ", ".join(sorted(allowed)), "near": ""})
