"""What is new in the rules for those who work by them, said from what differs between two versions."""

from asyncio import to_thread
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from fastapi import APIRouter
from pydantic import Field

from api.http.access import Anybody
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.negotiation import CallersLanguage
from api.http.read_model import ReadModel
from api.http.responses import problems
from domain.calendar import danish_day, start_of_day
from domain.reach import Reach
from infra.documents.rulebooks import RuleSetVersions
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import rule_news
from infra.store.queries.rule_news import Move
from rules.engine.book import Book
from rules.language.formats import Language
from rules.reading.changes import SectionOfChanges, differences_at_work
from wording.labels import Labels

router = APIRouter(tags=["rule sets"])

_TOLD_FOR: Final = timedelta(weeks=4)
"""How long after their first day the rules are news."""
_PAIRS: Final = 512
"""Of how many pairs of versions, each in one language, the sentences are kept."""
_sections: Final = lru_cache(_PAIRS)(differences_at_work)


class NamedVersion(ReadModel):
    """A version of a rule set by its name."""

    id: str
    version: str
    sha256: str
    title: str


class NewsSection(ReadModel):
    """What is new in one part of the rules."""

    heading: str
    sentences: list[str]


class StaffNews(ReadModel):
    """What is new from one version to another, and for how many of the caller's own courses, or of those he leads."""

    before: NamedVersion
    after: NamedVersion
    is_back: bool = Field(description="The rules from before are followed again.")
    begins_on: date = Field(description="The first day on which it counts for one of them.")
    new_courses_from: date | None = Field(description="The day from which courses that start follow it.")
    courses: int = Field(description="How many running courses follow it from the day when they are moved.")
    courses_at_next_visit: int = Field(description="How many will follow it from their next visit on.")
    sections: list[NewsSection]


class StaffNewsRead(ReadModel):
    """All that is new, what begins first at the top."""

    items: list[StaffNews]


class _Change(NamedTuple):
    """That courses follow other rules from a day: new ones if `moved` is None."""

    before: str
    after: str
    begins_on: date
    moved: Move | None


@router.get("/v1/staff-news", summary="What is new in the rules?", responses=problems())
async def list_staff_news(
    services: GivenServices, caller: Anybody, language: CallersLanguage, _reading: GivenReading
) -> StaffNewsRead:
    """Return what is new in the rules of the caller's running courses, until four weeks after its day.

    That is what courses are moved to by a re-pin, and what new ones will follow of the sets that they follow. What is
    planned for the next visit of a course is news until it comes.
    """
    return StaffNewsRead(items=await staff_news(services, caller, language))


async def staff_news(services: Services, caller: Claims, language: Language) -> list[StaffNews]:
    """Return what is new for a caller, what begins first at the top; raises StoreAwayError."""
    reach = reach_of(caller, services.clock.now())
    since = reach.today - _TOLD_FOR
    async with services.store.municipality(caller.municipality) as connection:
        moved = await rule_news.moves(connection, reach, start_of_day(since))
        versions = await services.rulebooks.versions(connection)
        begun = await _followed(connection, reach, _begun(versions, since))
    changes = [*begun, *(_Change(one.instead_of, one.rules, danish_day(one.begins), one) for one in moved)]
    changes.sort(key=lambda change: change[:3])
    news = []
    for (old, new), of_pair in groupby(changes, key=lambda change: change[:2]):
        before, after = [await services.rulebooks.book(caller.municipality, sha256) for sha256 in (old, new)]
        if sections := await to_thread(_sections, before, after, language):
            news.append(_news(before, after, list(of_pair), sections, language))
    return sorted(news, key=lambda one: one.begins_on)


def _begun(versions: RuleSetVersions, since: date) -> Iterator[tuple[str, _Change]]:
    """Yield for each set the versions that new courses follow from some day on, and what they would follow else."""
    days = {(version.id, version.valid_from) for version in versions.usable if version.valid_from >= since}
    for rule_set, day in sorted(days):
        before = versions.in_force(rule_set, day - timedelta(days=1))
        after = versions.in_force(rule_set, day)
        if before is not None and after is not None and before.sha256 != after.sha256:
            yield rule_set, _Change(before.sha256, after.sha256, day, None)


async def _followed(connection: Connection, reach: Reach, begun: Iterable[tuple[str, _Change]]) -> Collection[_Change]:
    """Return what begins of sets that courses of the caller follow: who has none is not touched."""
    by_set = list(begun)
    followed = await rule_news.followed(connection, reach, {rule_set for rule_set, _ in by_set})
    return [change for rule_set, change in by_set if rule_set in followed]


def _news(
    before: Book, after: Book, changes: Sequence[_Change], sections: Sequence[SectionOfChanges], language: Language
) -> StaffNews:
    moves = [change.moved for change in changes if change.moved is not None]
    for_new_ones = (change.begins_on for change in changes if change.moved is None)
    return StaffNews(
        before=_named(before, language),
        after=_named(after, language),
        is_back=after.rule_set.valid_from < before.rule_set.valid_from,
        begins_on=min(change.begins_on for change in changes),
        new_courses_from=min(for_new_ones, default=None),
        courses=sum(move.courses for move in moves if not move.at_next_visit),
        courses_at_next_visit=sum(move.courses for move in moves if move.at_next_visit),
        sections=[NewsSection.of(section, sentences=list(section.sentences)) for section in sections],
    )


def _named(book: Book, language: Language) -> NamedVersion:
    return NamedVersion.of(book.rule_set, title=Labels(book, language).text(book.rule_set.title))
