"""Trying a rule set on a made-up citizen: a form made of the facts of the set, and beside it the decision in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

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
from api.rulesets.trying import CitizenToTry, TryBody, circumstances_of, tried
from api.rulesets.versions import GivenBook
from domain.state.verdict import TARGET_GROUP
from infra.security.tokens import Claims
from rules.engine.book import Book
from rules.language.examples import Circumstances
from rules.language.rule_set import RuleSet
from rules.reading.book_in_words import book_in_words
from wording.labels import Labels

_LONGEST: Final = 20_000
"""How many signs a citizen in an address may take."""

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


@dataclass(frozen=True, slots=True)
class First:
    """The citizen with whom an address begins: that of an example, one who is written out, or nobody in particular."""

    example: int | None
    step: Id | None
    citizen: str | None


async def _first(
    example: Annotated[int | None, Query(ge=1, le=MOST)] = None,
    step: Annotated[Id | None, Query()] = None,
    citizen: Annotated[str | None, Query(max_length=_LONGEST)] = None,
) -> First:
    return First(example, step, citizen)


GivenFirst = Annotated[First, Depends(_first)]


def trial_address(rules: RuleSet, citizen: CitizenToTry) -> str:
    """Return the address that tries a version on a made-up citizen who shows a fault."""
    typed = citizen.model_dump_json(exclude_defaults=True)
    return f"/rules/{rules.id}/try?{urlencode({'sha256': rules.sha256, 'citizen': typed})}"


@router.get("/rules/{rule_set}/try")
async def show_trial(
    request: Request,
    rule_set: GivenBook,
    services: GivenServices,
    caller: Anybody,
    reader: GivenReader,
    language: CallersLanguage,
    first: GivenFirst,
) -> HTMLResponse:
    """Show what is decided on the citizen of an example or of a fault, or on one of whom only the step is known."""
    labels = Labels(rule_set, language)
    asked = _typed(first.citizen) if first.citizen else _begun(rule_set, first.example, first.step)
    begun = circumstances_of(rule_set, asked, services)
    made_up = MadeUp(labels, begun)
    visits = await _decided(services, caller, begun, labels)
    return _page(request, reader, Trial(made_up, first.example, made_up.groups, made_up.more, visits))


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


def _typed(citizen: str) -> TryBody:
    """Return a citizen who is named in an address; raises RequestValidationError for what is none."""
    try:
        content = json.loads(citizen)
    except ValueError:
        content = citizen
    return read_body(TryBody, content if isinstance(content, dict) else {"citizen": content})


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
