"""Moving running courses to other rules: a dry run that names them, what moves and what is told, and then the order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.bulk.re_pin_trial import MovedWait, RePinnedCourse
from api.bulk.re_pins import RePinBody, RePinPlan, RePinPlanBody, plan_re_pin, re_pin, take_back_re_pin
from api.bulk.routes import BulkInPath
from api.http.access import Supervisor
from api.http.codes import STATUS
from api.http.idempotency import GivenSender
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, read_body
from api.pages.rendering import render_page
from api.pages.report.entry import FormError, problem_of, wrong_on
from api.pages.report.fields import Field, Shape
from api.pages.rule_request import GivenRuleRequest, RuleRequest
from api.rulesets.followers import list_followers
from api.rulesets.versions import GivenBook, RuleSetIdInPath, book_named
from domain.state.waiting import WaitingKind
from infra.security.tokens import Claims
from rules.engine.book import Book
from rules.reading.words import WAITS, Words
from wording.catalog import catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_UNIT: Final = "unit-"
_ON: Final = "on"
_ASK_LEFT: Final = "ask_left"
_FROM_A_DAY: Final = "day"
_NOBODY: Final = "new"


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A wait of a course by what is waited for, and until when it is held by the former rules and by the others."""

    text: str
    before: datetime | None
    after: datetime | None
    wait: MovedWait


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course of the dry run, what of it moves, and what only the other rules ask in steps that it has left."""

    course: RePinnedCourse
    moved: Sequence[MovedLine]
    left: Sequence[str]


@router.get("/rules/{rule_set}/re-pin")
async def show_re_pin(asked: GivenRuleRequest, rule_set: GivenBook, caller: Supervisor) -> HTMLResponse:
    """Ask which running courses follow a version, from when, and which they follow now."""
    return await _page(asked, caller, rule_set, {})


@router.post("/rules/{rule_set}/re-pin/plan")
async def show_plan(
    asked: GivenRuleRequest,
    rule_set: RuleSetIdInPath,
    request: Request,
    caller: Supervisor,
    sender: GivenSender,
    form: Form,
) -> HTMLResponse:
    """Say what a re-pin would do, as `POST /v1/re-pins/plan` does; writes nothing."""
    book = await book_named(asked.services, caller, rule_set, form.get("rules", ""))
    if form.get("mode") == _NOBODY:
        return await _page(asked, caller, book, form)
    try:
        after = {"after": form["after"]} if form.get("after") else {}
        body = read_body(RePinPlanBody, {**_chosen_in(form), **after})
        plan = await plan_re_pin(body, request, caller, sender)
    except FormError as error:
        return await _page(asked, caller, book, form, problem=problem_of(error))
    return await _page(asked, caller, book, form, plan=plan)


@router.post("/rules/{rule_set}/re-pin")
async def order_re_pin(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: Supervisor, sender: GivenSender, form: Form
) -> Response:
    """Order that the courses follow the version, as `POST /v1/re-pins` does."""
    book = await book_named(asked.services, caller, rule_set, form.get("rules", ""))
    try:
        body = read_body(RePinBody, _chosen_in(form))
        act = await re_pin(body, Response(), caller, sender.named(form.get("order", "")))
    except FormError as error:
        return await _page(asked, caller, book, form, problem=problem_of(error))
    return see_other(f"/board/acts/{act.id}")


@router.post("/board/acts/{bulk}/take-back")
async def take_back(bulk: BulkInPath, caller: Supervisor, sender: GivenSender, form: Form) -> Response:
    """Let the courses of a re-pin follow the former rules again, as `POST /v1/re-pins/{bulk}/take-back` does."""
    act = await take_back_re_pin(bulk, Response(), caller, sender.named(form.get("order", "")))
    return see_other(f"/board/acts/{act.id}")


async def _page(
    asked: RuleRequest,
    caller: Claims,
    book: Book,
    form: Mapping[str, str],
    *,
    plan: RePinPlan | None = None,
    problem: ProblemError | None = None,
) -> HTMLResponse:
    texts, rules = catalog(asked.language), book.rule_set
    followers = await list_followers(rules.id, asked.services, caller, asked.reading)
    others = [one for one in followers.items if one.sha256 != rules.sha256]
    async with asked.services.store.municipality(caller.municipality) as connection:
        versions = await asked.services.rulebooks.versions(connection)
    on = Field(_ON, texts.rule_book["re_pin_on"], Shape.DAY, form.get(_ON, ""))
    wrong = wrong_on({_ON: on}, problem, texts) if problem else []
    words = Words(rules, asked.language)
    return render_page(
        asked.request,
        "rule_re_pin",
        STATUS[problem.code] if problem else 200,
        reader=asked.reader,
        rules=rules,
        title=words.text(rules.title),
        is_published=any(version.sha256 == rules.sha256 for version in versions.usable),
        others={one.sha256: one.version for one in others},
        counts={sha256: sum(o.courses for o in others if o.sha256 == sha256) for sha256 in {o.sha256 for o in others}},
        units={one.unit: one.unit_name or one.unit for one in others},
        form=form,
        mode=form.get("mode", "visit"),
        on=on,
        plan=plan,
        lines=[*_lines(plan, book, words)] if plan else (),
        able=plan is not None and any(course.problem is None for course in plan.courses),
        sent={name: value for name, value in form.items() if name not in {"after", "order"}},
        order=uuid4(),
        wrong=wrong,
        wrong_by_field={one.field.name: one.text for one in wrong if one.field},
    )


def _lines(plan: RePinPlan, book: Book, words: Words) -> Iterator[CourseLine]:
    asked = {one.id: words.text(one.missing) for step in book.rule_set.steps for one in step.requirements}
    for course in plan.courses:
        left = [asked[one].rstrip(".") for one in course.left]
        yield CourseLine(course, [*_moved(course, asked, words)], left)


def _moved(course: RePinnedCourse, asked: Mapping[str, str], words: Words) -> Iterator[MovedLine]:
    for wait in course.waits:
        is_asked = wait.kind is WaitingKind.REQUIREMENT and wait.what in asked
        text = asked[wait.what] if is_asked else words.heading(words.pick(WAITS[wait.kind]))
        yield MovedLine(text, wait.until_before, wait.until, wait)


def _chosen_in(form: Mapping[str, str]) -> dict[str, object]:
    """Return the rules, the units that are ticked, and the day, as the API takes them; no unit is every unit."""
    units = [name.removeprefix(_UNIT) for name in form if name.startswith(_UNIT)]
    on = {_ON: form.get(_ON, "")} if form.get("mode") == _FROM_A_DAY else {}
    named = {name: form.get(name, "") for name in ("rules", "instead_of")}
    return {**named, **({"units": units} if units else {}), **on, "ask_left": _ASK_LEFT in form}
