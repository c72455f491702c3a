"""Finds the version of a briefing that is asked for: current, final, replaced, withdrawn or not issued yet (P3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.http.codes import ApiCode
from api.http.problems import ProblemError, wrong
from domain.errors import Code
from domain.events import BriefingIssued
from domain.state.briefing import Briefing
from infra.store.engine import Connection
from infra.store.queries import courses, final_briefings, journal
from infra.store.queries.courses import VisibleCourse
from infra.store.rows import ReceiptRow


class VersionStanding(StrEnum):
    """The standing of a version; by a final one its visit was advanced or closed, and a preview is not issued."""

    PREVIEW = "preview"
    CURRENT = "current"
    FINAL = "final"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class BriefingVersion:
    """A version with the receipts as they stood when it was last the current one."""

    briefing: Briefing
    standing: VersionStanding = VersionStanding.CURRENT
    ended_at: datetime | None = None
    earlier: tuple[BriefingIssued, ...] = ()

    @property
    def issued(self) -> bool:
        """Say whether it is a version, and not the course as it stands."""
        return self.standing is not VersionStanding.PREVIEW

    @property
    def version(self) -> int | None:
        """Return its number, None while it is not issued."""
        return self.briefing.version if self.issued else None

    @property
    def issued_at(self) -> datetime | None:
        """Return when it was issued."""
        return self.briefing.issued_at if self.issued else None

    @property
    def before(self) -> BriefingIssued | None:
        """Return the version before this one."""
        return self.earlier_version(self.briefing.version - 1)

    def earlier_version(self, version: int) -> BriefingIssued | None:
        """Return an earlier version of the same visit."""
        return next((issued for issued in self.earlier if issued.version == version), None)

    def is_after(self, at: datetime | None) -> bool:
        """Say whether this version stood at an instant or later."""
        return at is not None and (self.ended_at is None or at <= self.ended_at)


async def visit_asked_for(connection: Connection, course: VisibleCourse, visit: int | None) -> int:
    """Return the visit whose briefing is asked for; without one the only open visit, or the only one briefed.

    Raises ProblemError when there is none, or several to choose from.
    """
    if visit is not None:
        return await _existing_visit(connection, course, visit)
    if course.state.is_over:
        raise ProblemError(ApiCode.BRIEFING_OVER)
    open_visits = course.state.open_visits
    chosen = [visit.number for visit in open_visits if visit.briefing] or [visit.number for visit in open_visits]
    if len(chosen) != 1:
        raise wrong(Code.VISIT_UNKNOWN, "visit", open=_listed(chosen))
    return chosen[0]


def is_not_issued(course: VisibleCourse, number: int) -> bool:
    """Say whether an open visit has no current version, so that its briefing is the course as it stands."""
    visit = course.state.visit(number)
    return visit is not None and visit.is_open and visit.briefing is None


async def asked_for(
    connection: Connection,
    course: VisibleCourse,
    number: int,
    version: int | None,
    receipts: Sequence[ReceiptRow],
) -> BriefingVersion:
    """Return a version of a visit's briefing, the newest when none is named; raises ProblemError without any."""
    current = course.state.visit(number)
    versions = await journal.manifests(connection, course.id, number)
    issued = _chosen(versions, version, number)
    ends = await final_briefings.used_up(connection, course.id, number)
    is_current = current is not None and current.briefing is not None and current.briefing.version == issued.version
    return _briefing_version(issued, versions, ends, receipts, is_current=is_current)


def _briefing_version(
    issued: BriefingIssued,
    versions: Sequence[BriefingIssued],
    ends: dict[int, datetime],
    receipts: Iterable[ReceiptRow],
    *,
    is_current: bool,
) -> BriefingVersion:
    place = (issued.visit, issued.version)
    briefing = Briefing(
        version=issued.version,
        digest=issued.digest,
        manifest=issued.manifest,
        issued_at=issued.at,
        receipts=tuple(row.receipt for row in receipts if (row.visit, row.version) == place),
    )
    earlier = tuple(known for known in versions if known.version <= issued.version)
    if issued.version in ends:
        return BriefingVersion(briefing, VersionStanding.FINAL, ends[issued.version], earlier)
    if is_current:
        return BriefingVersion(briefing, earlier=earlier)
    later = next((known.at for known in versions if known.version > issued.version), None)
    return BriefingVersion(briefing, VersionStanding.REPLACED if later else VersionStanding.WITHDRAWN, later, earlier)


def _chosen(versions: Sequence[BriefingIssued], version: int | None, visit: int) -> BriefingIssued:
    """Return a version by its number, the newest without one; raises ProblemError."""
    if not versions:
        raise ProblemError(Code.BRIEFING_MISSING, visit=visit)
    if version is None:
        return versions[-1]
    chosen = next((issued for issued in versions if issued.version == version), None)
    if chosen is None:
        raise wrong(ApiCode.VERSION_UNKNOWN, "version", known=_listed(issued.version for issued in versions))
    return chosen


async def _existing_visit(connection: Connection, course: VisibleCourse, visit: int) -> int:
    known = [row.number for row in await courses.visits(connection, course.id)]
    if visit not in known and course.state.is_over:
        raise ProblemError(ApiCode.BRIEFING_OVER)
    if visit not in known:
        raise wrong(Code.VISIT_UNKNOWN, "visit", open=_listed(v.number for v in course.state.open_visits))
    return visit


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)
