"""Trying a rule set on a made-up citizen: a form made of the facts of the set, and beside it the decision in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.http.access import Anybody
from api.http.codes import STATUS
from api.http.dependencies import GivenServices, Services
from api.http.fields import MOST, Id
from api.http.negotiation import CallersLanguage
from api.http.same_origin import expect_same_origin
from api.pages.decision import DecidedVisit, decision_in_words
from api.pages.forms import read_body
from api.pages.made_up import MadeUp
from api.pages.reader import GivenReader, Reader
from api.pages.rendering import render_page
from api.pages.report.entry import FormError, Group, TypedForm, Wrong, problem_of, wrong_on
from api.rulesets.trying import TryBody, circumstances_of, tried
from api.rulesets.versions import GivenBook
from domain.state.verdict import TARGET_GROUP
from infra.security.tokens import Claims
from rules.engine.book import Book
from rules.language.examples import Circumstances
from rules.reading.book_in_words import book_in_words
from wording.labels import Labels

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])


@dataclass(frozen=True, slots=True)
class Trial:
    """A made-up citizen whom somebody tries the rules on: what stands in the form, and what is decided."""

    made_up: MadeUp
    example: int | None
    groups: Sequence[Group]
    more: Sequence[Group]
    visits: Sequence[DecidedVisit] = ()
    wrong: Sequence[Wrong] = ()


@router.get("/rules/{rule_set}/try")
async def show_trial(
    request: Request,
    rule_set: GivenBook,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    example: Annotated[int | None, Query(ge=1, le=MOST)] = None,
    step: Annotated[Id | None, Query()] = None,
) -> HTMLResponse:
    """Show what is decided on the citizen of an example, or on one of whom nothing is known but the step."""
    labels = Labels(rule_set, language)
    begun = circumstances_of(rule_set, _begun(rule_set, example, step), services)
    made_up = MadeUp(labels, begun)
    visits = await _decided(services, caller, begun, labels)
    return _page(request, reader, Trial(made_up, example, made_up.groups, made_up.more, visits))


@router.post("/rules/{rule_set}/try")
async def try_on(
    request: Request,
    rule_set: GivenBook,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    typed: TypedForm,
) -> HTMLResponse:
    """Decide as `POST /v1/rulesets/{rule_set}/try` does, and show the form again with what was typed."""
    labels, form = Labels(rule_set, language), typed.form
    example = int(form["example"]) if form.get("example", "").isdecimal() else None
    begun = circumstances_of(rule_set, _begun(rule_set, example, form.get("step")), services)
    made_up = MadeUp(labels, begun)
    groups, more = ([group.typed(form) for group in place] for place in (made_up.groups, made_up.more))
    try:
        typed.expect_clean()
        asked = circumstances_of(rule_set, read_body(TryBody, made_up.body(form)), services)
        visits = await _decided(services, caller, asked, labels)
    except FormError as error:
        problem = problem_of(error)
        fields = {field.name: field for group in (*groups, *more) for field in group.fields}
        wrong = wrong_on(fields, problem, labels.catalog)
        return _page(request, reader, Trial(made_up, example, groups, more, wrong=wrong), STATUS[problem.code])
    return _page(request, reader, Trial(made_up, example, groups, more, visits))


def _begun(book: Book, example: int | None, step: str | None) -> TryBody:
    """Return the citizen with whom a form begins; without an example one of the first target group."""
    if example is not None:
        return TryBody(example=example)
    groups = next(fact.values for fact in book.rule_set.facts if fact.id == TARGET_GROUP)
    return read_body(TryBody, {"target_group": groups[0].id, **({"step": step} if step else {})})


async def _decided(
    services: Services, caller: Claims, circumstances: Circumstances, labels: Labels
) -> Sequence[DecidedVisit]:
    made = await tried(services, caller, labels.book, circumstances)
    return decision_in_words(made.state, made.explanation, labels)


def _page(request: Request, reader: Reader, trial: Trial, status: int = 200) -> HTMLResponse:
    labels = trial.made_up.labels
    return render_page(
        request,
        "rule_trial",
        status,
        reader=reader,
        trial=trial,
        book=book_in_words(labels.book, labels.language),
        step=trial.made_up.base.step,
        wrong=trial.wrong,
        wrong_by_field={one.field.name: one.text for one in trial.wrong if one.field},
    )
