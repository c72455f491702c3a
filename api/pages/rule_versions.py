"""One version of a municipality's own rules: what differs, whom it touches, and the button by which it is decided."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Annotated, TypeAlias

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import HTMLResponse, Response

from api.http.access import Anybody, Approver
from api.http.codes import STATUS, ApiCode
from api.http.dependencies import Services
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.forms import Form, GivenDone, read_body
from api.pages.rendering import render_page
from api.pages.report.entry import FormError, Wrong, problem_of, wrong_on
from api.pages.rule_request import GivenRuleRequest, RuleRequest
from api.pages.trying import trial_address
from api.rulesets.changing import version_before
from api.rulesets.checking import flaws_today
from api.rulesets.followers import list_followers
from api.rulesets.models import RuleSetLine
from api.rulesets.otherwise import prove_changes
from api.rulesets.publishing import VersionBody, approve_rule_set, decides_on_rules, withdraw_rule_set
from api.rulesets.routes import line_of, list_rule_sets
from api.rulesets.trying import CitizenToTry
from api.rulesets.versions import SHA256, RuleSetIdInPath, book_named
from domain.calendar import danish_day
from domain.identity import Role
from domain.state.verdict import TARGET_GROUP
from infra.security.tokens import Claims
from infra.store.registers.rule_sets import RuleSetStatus
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.reading.changes import Differences, differences
from wording.catalog import catalog
from wording.flaws import phrase_text

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_Version = Annotated[str, Path(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$")]
_Hash = Annotated[str | None, Query(pattern=SHA256)]
_Decide: TypeAlias = Callable[[str, str, VersionBody, Services, Claims, Language], Awaitable[RuleSetLine]]


@router.get("/rules/{rule_set}/versions/{version}")
async def show_version(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, version: _Version, caller: Anybody, done: GivenDone
) -> HTMLResponse:
    """Show what differs in an own version, whom it touches, and what its reader may do about it."""
    return await _page(asked, caller, rule_set, version, done=done)


@router.post("/rules/{rule_set}/versions/{version}/approve")
async def approve(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, version: _Version, caller: Approver, form: Form
) -> Response:
    """Publish the version that was read, as `POST /v1/rulesets/{rule_set}/versions/{version}/approve` does."""
    return await _decided(asked, rule_set, version, caller, form, approve_rule_set, "published")


@router.post("/rules/{rule_set}/versions/{version}/withdraw")
async def withdraw(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, version: _Version, caller: Approver, form: Form
) -> Response:
    """Withdraw the version that was read, as `POST /v1/rulesets/{rule_set}/versions/{version}/withdraw` does."""
    return await _decided(asked, rule_set, version, caller, form, withdraw_rule_set, "withdrawn")


async def _decided(
    asked: RuleRequest, rule_set: str, version: str, caller: Claims, form: Mapping[str, str], decide: _Decide, done: str
) -> Response:
    """Let a decision be taken on the version that was read, and show the version as it is then."""
    try:
        body = read_body(VersionBody, {"sha256": form.get("sha256", "")})
        await decide(rule_set, version, body, asked.services, caller, asked.language)
    except FormError as error:
        return await _page(asked, caller, rule_set, version, problem=problem_of(error))
    return see_other(f"/rules/{rule_set}/versions/{version}?done={done}")


@router.get("/rules/{rule_set}/changes")
async def compare(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: Anybody, before: _Hash = None, after: _Hash = None
) -> HTMLResponse:
    """Say in sentences what `GET /v1/rulesets/{rule_set}/changes` tells of two versions of a set."""
    lines, before, after = await _compared(asked, rule_set, caller, before, after)
    old = await book_named(asked.services, caller, None, before)
    new = await book_named(asked.services, caller, rule_set, after)
    return render_page(
        asked.request,
        "rule_changes",
        reader=asked.reader,
        rule_set=rule_set,
        lines=lines,
        before=before,
        after=after,
        differences=differences(old, new, asked.language),
        may_prove=_is_approver(caller),
    )


@router.get("/rules/{rule_set}/changes/proof")
async def prove_otherwise(
    asked: GivenRuleRequest, rule_set: RuleSetIdInPath, caller: Approver, before: _Hash = None, after: _Hash = None
) -> HTMLResponse:
    """Show what `GET /v1/rulesets/{rule_set}/changes/proof` tells, each citizen with a trial of the newer version."""
    _, before, after = await _compared(asked, rule_set, caller, before, after)
    services, language = asked.services, asked.language
    proof = await prove_changes(rule_set, services, caller, language, asked.reading, before, after)
    old, new = [(await book_named(services, caller, None, each)).rule_set for each in (before, after)]
    return render_page(
        asked.request,
        "rule_otherwise",
        reader=asked.reader,
        rule_set=rule_set,
        before=old,
        after=new,
        proof=proof,
        classes={
            step: [(one, _trial(one.citizen, new, old)) for one in differing]
            for step, differing in groupby(proof.classes, key=attrgetter("step_label"))
        },
    )


def _trial(citizen: CitizenToTry, new: RuleSet, old: RuleSet) -> str:
    """Return where rules are tried on a citizen: the newer ones, unless they do not know what she goes by."""
    groups = {value.id for fact in new.facts if fact.id == TARGET_GROUP for value in fact.values}
    is_known = citizen.target_group in groups and citizen.facts.keys() <= {fact.id for fact in new.facts}
    return trial_address(new if is_known else old, citizen)


async def _compared(
    asked: RuleRequest, rule_set: str, caller: Claims, before: str | None, after: str | None
) -> tuple[list[RuleSetLine], str, str]:
    """Return the versions of a set and the hashes of two, if not given of that in force and of the newest own one."""
    sets = await list_rule_sets(asked.services, caller, asked.language, asked.reading)
    lines = sorted((one for one in sets.items if one.id == rule_set), key=lambda one: one.valid_from)
    if not lines:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    before = before or next((one for one in lines if one.is_in_force), lines[0]).sha256
    after = after or next((one for one in reversed(lines) if one.is_own), lines[-1]).sha256
    return lines, before, after


def _is_approver(caller: Claims) -> bool:
    return not caller.roles.isdisjoint({Role.RULE_EDITOR, Role.SUPERVISOR})


async def _page(
    asked: RuleRequest,
    caller: Claims,
    rule_set: str,
    version: str,
    *,
    done: GivenDone | None = None,
    problem: ProblemError | None = None,
) -> HTMLResponse:
    services, language = asked.services, asked.language
    line = await line_of(services, caller, language, rule_set, version)
    is_decided_here = decides_on_rules(caller, services) and line.follows is None
    is_approver = _is_approver(caller)
    begins_later = line.valid_from > danish_day(services.clock.now())
    is_proposal = line.status is RuleSetStatus.PROPOSED
    return render_page(
        asked.request,
        "rule_version",
        STATUS[problem.code] if problem else 200,
        reader=asked.reader,
        one=line,
        done=done,
        wrong=_wrong(problem, language) if problem else (),
        differences=await _differences(asked, caller, line),
        flaws=await _flaws(asked, caller, line) if is_proposal else (),
        followers=await list_followers(line.id, services, caller, asked.reading) if is_approver else None,
        may_prove=is_approver,
        begins_later=begins_later,
        may_approve=is_decided_here and is_proposal and line.proposed_by != caller.person,
        may_re_pin=Role.SUPERVISOR in caller.roles and line.status is RuleSetStatus.PUBLISHED,
        may_withdraw=is_decided_here and (is_proposal or (begins_later and line.status is RuleSetStatus.PUBLISHED)),
    )


async def _differences(asked: RuleRequest, caller: Claims, line: RuleSetLine) -> Differences | None:
    """Return what differs from what courses would follow without the version; None where there is nothing else."""
    async with asked.services.store.municipality(caller.municipality) as connection:
        versions = await asked.services.rulebooks.versions(connection)
    own = next(own for own in versions.own if (own.id, own.version) == (line.id, line.version))
    before = version_before(versions, own)
    if before is None:
        return None
    old, new = [await asked.services.rulebooks.book(caller.municipality, one.sha256) for one in (before, own)]
    return differences(old, new, asked.language)


async def _flaws(asked: RuleRequest, caller: Claims, line: RuleSetLine) -> Sequence[str]:
    """Return what keeps a proposal from being published today though nothing did when it was made."""
    book = await asked.services.rulebooks.book(caller.municipality, line.sha256)
    flaws = await flaws_today(asked.services, caller.municipality, book.rule_set)
    return [phrase_text(flaw.phrase, asked.language) for flaw in flaws]


def _wrong(problem: ProblemError, language: Language) -> list[Wrong]:
    if problem.code is ApiCode.RULES_FLAWED:
        return [Wrong(text) for text in dict.fromkeys(str(issue.params["flaw"]) for issue in problem.issues)]
    return wrong_on({}, problem, catalog(language))
