"""Changing a rule set by a form: what would differ and whom it touches stand beside it, and a colleague decides."""

from typing import Final, TypeAlias

from fastapi import APIRouter, Depends
from starlette.responses import HTMLResponse, Response

from api.http.access import RuleEditor
from api.http.codes import STATUS, ApiCode
from api.http.fields import Id
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.rendering import render_page
from api.pages.report.entry import FormError, TypedForm, Wrong, problem_of, wrong_on
from api.pages.rule_forms import NumberForm
from api.pages.rule_request import GivenRuleRequest, RuleRequest
from api.pages.rule_words_form import WordsForm
from api.pages.trying import trial_address
from api.rulesets.changing import newest_version
from api.rulesets.checking import Checked, check, expect_no_flaws
from api.rulesets.followers import list_followers
from api.rulesets.publishing import ProposalBody, propose_rule_set
from api.rulesets.trying import body_of
from api.rulesets.versions import RuleSetIdInPath
from infra.security.tokens import Claims
from rules.engine.book import Book
from rules.reading.book_in_words import book_in_words
from rules.reading.changes import Differences, differences
from wording.catalog import catalog
from wording.flaws import phrase_text

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_Form: TypeAlias = NumberForm | WordsForm
_PROPOSE: Final = "propose"
_REFUSED: Final = STATUS[ApiCode.RULES_FLAWED]


@router.get("/rules/{rule_set}/numbers/{number}/change")
async def show_number(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: RuleEditor, number: Id
) -> HTMLResponse:
    """Show a number as the newest version has it, and ask what it shall be from when."""
    newest = await newest_version(asked.services, caller, rule_set)
    return await _page(asked, caller, NumberForm.of(newest, asked.language, number))


@router.post("/rules/{rule_set}/numbers/{number}/change")
async def change_number(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: RuleEditor, number: Id, typed: TypedForm
) -> Response:
    """Say what a number would change, or propose it as `POST /v1/rulesets` does."""
    newest = await newest_version(asked.services, caller, rule_set)
    return await _changed(asked, caller, NumberForm.of(newest, asked.language, number), typed)


@router.get("/rules/{rule_set}/requirements/{requirement}/change")
async def show_words(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: RuleEditor, requirement: Id
) -> HTMLResponse:
    """Show the words of a requirement as the newest version has them, and ask what they shall be from when."""
    newest = await newest_version(asked.services, caller, rule_set)
    return await _page(asked, caller, WordsForm.of(newest, asked.language, requirement))


@router.post("/rules/{rule_set}/requirements/{requirement}/change")
async def change_words(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: RuleEditor, requirement: Id, typed: TypedForm
) -> Response:
    """Say what other words would change, or propose them as `POST /v1/rulesets` does."""
    newest = await newest_version(asked.services, caller, rule_set)
    return await _changed(asked, caller, WordsForm.of(newest, asked.language, requirement), typed)


async def _changed(asked: RuleRequest, caller: Claims, form: _Form, typed: TypedForm) -> Response:
    newest = form.newest
    try:
        typed.expect_clean()
        if typed.form.get("onto") != newest.sha256:
            raise ProblemError(ApiCode.RULES_CHANGED, kept=newest.sha256, sent=typed.form.get("onto", ""))
        wished = form.read(typed.form)
        toml = newest.changed(wished.change, wished.since, asked.reader.name)
        if typed.form.get("send") == _PROPOSE:
            body = ProposalBody(toml=toml, instead_of=newest.sha256)
            line = await propose_rule_set(body, asked.services, caller, asked.language)
            return see_other(f"/rules/{line.id}/versions/{line.version}?done=proposed")
        checked = await check(asked.services, caller.municipality, toml)
        if checked.refused:
            return await _page(asked, caller, form, typed, wrong=_refuted(form, checked), status=_REFUSED)
        expect_no_flaws(checked.flaws, checked.differing, asked.language)
    except FormError as error:
        problem = problem_of(error)
        return await _page(asked, caller, form, typed, wrong=_wrong(form, problem), status=STATUS[problem.code])
    assert checked.rule_set is not None  # noqa: S101 - What cannot be read has flaws.
    differing = differences(newest.book, Book(checked.rule_set), asked.language)
    return await _page(asked, caller, form, typed, differing=differing)


def _refuted(form: _Form, checked: Checked) -> list[Wrong]:
    """Return what the proof refused, each with the page that tries the present rules on the citizen who shows it."""
    rules, wrong = form.newest.book.rule_set, []
    for flaw, found in checked.refused:
        see = trial_address(rules, body_of(found.citizen)) if found.citizen else None
        wrong.append(Wrong(phrase_text(flaw.phrase, form.language), see=see))
    return wrong


def _wrong(form: _Form, problem: ProblemError) -> list[Wrong]:
    """Return what is wrong with a form, or what keeps the set that it makes from being published."""
    if problem.code is ApiCode.RULES_FLAWED:
        return [Wrong(text) for text in dict.fromkeys(str(issue.params["flaw"]) for issue in problem.issues)]
    fields = {field.name: field for field in form.group.fields}
    named = [(issue, fields.get(issue.field or "")) for issue in problem.issues]
    own = [Wrong(form.own_words[issue.code], field) for issue, field in named if issue.code in form.own_words]
    return own or wrong_on(fields, problem, catalog(form.language))


async def _page(
    asked: RuleRequest,
    caller: Claims,
    form: _Form,
    typed: TypedForm | None = None,
    *,
    differing: Differences | None = None,
    wrong: list[Wrong] | None = None,
    status: int = 200,
) -> HTMLResponse:
    book = book_in_words(form.newest.book, asked.language)
    wrong = wrong or []
    name = form.number.id if isinstance(form, NumberForm) else form.asked.id
    every = book.numbers if isinstance(form, NumberForm) else [one for step in book.steps for one in step.requirements]
    return render_page(
        asked.request,
        "rule_change",
        status,
        reader=asked.reader,
        form=form,
        group=form.group.typed(typed.form) if typed else form.group,
        book=book,
        present=next(one for one in every if one.id == name),
        is_number=isinstance(form, NumberForm),
        followers=await list_followers(form.newest.book.rule_set.id, asked.services, caller, asked.reading),
        differences=differing,
        wrong=wrong,
        wrong_by_field={one.field.name: one.text for one in wrong if one.field},
    )
