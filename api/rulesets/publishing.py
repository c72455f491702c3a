"""A municipality's own rule sets: checked, proposed by one, published by another, withdrawn before they begin."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import Field, StrictStr, StringConstraints

from api.http.access import Approver, RuleEditor
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body, ContentDigest, examples
from api.http.negotiation import CallersLanguage
from api.http.problems import ProblemError
from api.http.responses import problems
from api.rulesets.checked import RuleSetChecked, read_checked
from api.rulesets.checking import check, expect_no_flaws, flaws_today
from api.rulesets.models import RuleSetLine
from api.rulesets.routes import line_of
from api.rulesets.versions import RuleSetIdInPath
from domain.calendar import danish_day
from domain.identity import Role
from infra.documents.carrying_on import carry_on
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.registers import bulk_acts, documents, rule_sets
from infra.store.registers.rule_sets import OwnRuleSet, RuleSetStatus
from rules.loading.library import shipped_library

router = APIRouter(tags=["rule sets"])

_MOST_SIGNS: Final = 400_000
_EXAMPLE: Final = """amends = "jobfirst"
id = "jobfirst"
version = "2027-1"
valid_from = 2027-01-01
title = "JobFirst i vores kommune"
description = "Som JobFirst, med fem arbejdsdage til det første besøg."
authors = ["Rie Regel"]

[local]
first_visit_days = { value = 5, source = "Byrådet, november 2026" }
"""
_HASH: Final = {"sha256": "f" * 64}

_Version = Annotated[str, Path(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$", description="One version of it.")]
Toml = Annotated[StrictStr, StringConstraints(min_length=1, max_length=_MOST_SIGNS)]


class RuleSetBody(Body):
    """A rule set as one TOML document; a folder is joined by `fodslag rules join`."""

    toml: Toml

    model_config = examples({"toml": _EXAMPLE})


class ProposalBody(RuleSetBody):
    """A rule set to propose, and the proposal that it is written upon, if any."""

    instead_of: ContentDigest | None = Field(
        default=None,
        description="The hash of the document that this one changes: a proposal that another has made under its name "
        "meanwhile stays. Without it a former proposal of the version gives way whatever it says.",
    )

    model_config = examples({"toml": _EXAMPLE})


class VersionBody(Body):
    """The very document that is meant, by the hash under which it was read."""

    sha256: ContentDigest

    model_config = examples(_HASH)


@router.post("/v1/ruleset-checks", summary="Can it be published?", responses=problems(with_body=True))
async def check_rule_set(
    body: RuleSetBody, services: GivenServices, caller: Approver, language: CallersLanguage
) -> RuleSetChecked:
    """Check a document as publishing it does, examples and all; writes nothing."""
    return read_checked(await check(services, caller.municipality, body.toml), language)


@router.post("/v1/rulesets", summary="Propose a rule set", status_code=201, responses=problems(409, with_body=True))
async def propose_rule_set(
    body: ProposalBody, services: GivenServices, caller: RuleEditor, language: CallersLanguage
) -> RuleSetLine:
    """Propose a document for publishing by somebody else; it takes the place of a former proposal of this version.

    A version that is published stays as it is: another document under its name is refused with both hashes.
    """
    checked = await check(services, caller.municipality, body.toml)
    rules = checked.rule_set
    if rules is None or not checked.is_publishable:
        expect_no_flaws(checked.every_flaw, checked.differing, language)
    assert rules is not None  # noqa: S101 - What cannot be read has flaws.
    async with services.store.municipality(caller.municipality) as connection:
        former = await rule_sets.get(connection, rules.id, rules.version)
        if former is not None and former.approved_at is not None:
            _expect_same(former, rules.sha256)
        elif former is None or (former.status, former.sha256) != (RuleSetStatus.PROPOSED, rules.sha256):
            if former is not None and body.instead_of is not None and former.status is RuleSetStatus.PROPOSED:
                _expect_same(former, body.instead_of)
            await documents.put_rule_set(connection, rules)
            row = OwnRuleSet(
                rule_set_id=rules.id,
                version=rules.version,
                sha256=rules.sha256,
                valid_from=rules.valid_from,
                amends=shipped_library().amended_by(body.toml),
                follows=None,
                proposed_by=caller.person,
                proposed_at=services.clock.now(),
            )
            await rule_sets.propose(connection, row, body.toml)
    return await line_of(services, caller, language, rules.id, rules.version)


@router.post(
    "/v1/rulesets/{rule_set}/versions/{version}/approve",
    summary="Publish a rule set",
    responses=problems(404, 409, with_body=True),
)
async def approve_rule_set(
    rule_set: RuleSetIdInPath,
    version: _Version,
    body: VersionBody,
    services: GivenServices,
    caller: Approver,
    language: CallersLanguage,
) -> RuleSetLine:
    """Publish what another has proposed, the very document that was read; courses that start follow it from its day.

    An amendment is published as well as it is with each later version of the default set that it fits.
    """
    _expect_municipal(caller, services)
    async with services.store.municipality(caller.municipality) as connection:
        proposed = await _found(connection, rule_set, version)
        _expect_same(proposed, body.sha256)
    if proposed.status is not RuleSetStatus.PUBLISHED:
        if proposed.status is RuleSetStatus.WITHDRAWN:
            raise ProblemError(ApiCode.RULES_WITHDRAWN)
        if proposed.proposed_by == caller.person:
            raise ProblemError(ApiCode.RULES_OWN_PROPOSAL)
        book = await services.rulebooks.book(caller.municipality, proposed.sha256)
        expect_no_flaws(await flaws_today(services, caller.municipality, book.rule_set), (), language)
        async with services.store.municipality(caller.municipality) as connection:
            _expect_same(await _found(connection, rule_set, version), body.sha256)
            await rule_sets.approve(connection, rule_set, version, caller.person, services.clock.now())
    await carry_on(services.store, caller.municipality, shipped_library(), services.clock.now())
    return await line_of(services, caller, language, rule_set, version)


@router.post(
    "/v1/rulesets/{rule_set}/versions/{version}/withdraw",
    summary="Withdraw a rule set",
    responses=problems(404, 409, with_body=True),
)
async def withdraw_rule_set(
    rule_set: RuleSetIdInPath,
    version: _Version,
    body: VersionBody,
    services: GivenServices,
    caller: Approver,
    language: CallersLanguage,
) -> RuleSetLine:
    """Withdraw a proposal, or what is published and has not begun; its document is read by its hash all the same."""
    _expect_municipal(caller, services)
    now = services.clock.now()
    async with services.store.municipality(caller.municipality) as connection:
        found = await _found(connection, rule_set, version)
        _expect_same(found, body.sha256)
        if found.status is not RuleSetStatus.WITHDRAWN:
            if found.approved_at is not None and found.valid_from <= danish_day(now):
                raise ProblemError(ApiCode.RULES_IN_FORCE, valid_from=found.valid_from)
            every = await rule_sets.listed(connection)
            carried = [other for other in every if (other.id, other.follows) == (rule_set, version)]
            withdrawn = {one.version: one.sha256 for one in (found, *carried)}
            await rule_sets.withdraw(connection, rule_set, [*withdrawn], caller.person, now)
            await bulk_acts.call_off_re_pins(connection, withdrawn.values(), now)
    return await line_of(services, caller, language, rule_set, version)


async def _found(connection: Connection, rule_set: str, version: str) -> OwnRuleSet:
    """Return a version that somebody wrote; raises ProblemError 404."""
    found = await rule_sets.get(connection, rule_set, version)
    if found is None or found.follows is not None:
        raise ProblemError(ApiCode.RULE_SET_NOT_FOUND)
    return found


def _expect_same(found: OwnRuleSet, sha256: str) -> None:
    """Raise ProblemError naming both hashes unless they are the same."""
    if found.sha256 != sha256:
        raise ProblemError(ApiCode.RULES_CHANGED, kept=found.sha256, sent=sha256)


def decides_on_rules(caller: Claims, services: Services) -> bool:
    """Say whether the caller may publish and withdraw: rule editors, and supervisors of the whole municipality."""
    return Role.RULE_EDITOR in caller.roles or reach_of(caller, services.clock.now()).governs(None)


def _expect_municipal(caller: Claims, services: Services) -> None:
    """Let through who decides on rules; raises ProblemError 403."""
    if not decides_on_rules(caller, services):
        raise ProblemError(ApiCode.NOT_GOVERNED)
