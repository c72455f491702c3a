"""Who is decided on otherwise by one version of rules than by another, proved of every citizen."""

import asyncio
from datetime import date

from fastapi import APIRouter
from pydantic import Field

from api.http.access import Approver
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.rulesets.checking import one_at_a_time
from api.rulesets.trying import CitizenToTry, body_of
from api.rulesets.versions import NamedVersion, RuleSetIdInPath, book_named
from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.engine.book import Book
from rules.language.formats import Language
from rules.proof.diff import Diff, diff
from rules.proof.diff_told import DiffWords

router = APIRouter(tags=["rule sets"])


class OtherwiseRead(ReadModel):
    """Some citizens who are decided on otherwise, and one of them."""

    step_label: str
    text: str
    citizen: CitizenToTry = Field(description="One of them, as `POST …/try` takes her.")


class OtherwiseProof(ReadModel):
    """Who is decided on otherwise by the version `after` than by `before`."""

    is_equivalent: bool = Field(description="Whether it is proved that every citizen is decided on the same.")
    since: date = Field(description="The first day from which both versions count; no day before it was asked of.")
    classes: list[OtherwiseRead]
    undecided: list[str] = Field(description="What can be neither proved nor shown, which may be another class.")
    not_compared: list[str] = Field(description="The steps and target groups that one version alone has.")
    conclusion: list[str] = Field(description="What is proved of all others, and what was compared.")


@router.get("/v1/rulesets/{rule_set}/changes/proof", summary="Who is decided on otherwise?", responses=problems(404))
async def prove_changes(
    rule_set: RuleSetIdInPath,
    services: GivenServices,
    caller: Approver,
    language: CallersLanguage,
    _reading: GivenReading,
    before: NamedVersion,
    after: NamedVersion,
) -> OtherwiseProof:
    """Prove who is decided on otherwise by a version of this id than by an older one, which may have any.

    It takes some seconds.
    """
    new = await book_named(services, caller, rule_set, after)
    old = await book_named(services, caller, None, before)
    return await asyncio.to_thread(_read, old, new, language)


def _read(before: Book, after: Book, language: Language) -> OtherwiseProof:
    with one_at_a_time:
        found = diff(before, after, WorkingTime(customary()))
    return _told(found, DiffWords(found, language))


def _told(found: Diff, words: DiffWords) -> OtherwiseProof:
    return OtherwiseProof(
        is_equivalent=found.is_equivalent,
        since=found.since,
        classes=[
            OtherwiseRead(step_label=words.step(one.kind), text=words.differing(one), citizen=body_of(one.citizen))
            for one in found.classes
        ],
        undecided=[words.undecided(kind) for kind in found.undecided],
        not_compared=[*words.only()],
        conclusion=[*words.conclusion()],
    )
