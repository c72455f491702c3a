"""The versions of the sheets of a course, as its journal has them, and what became of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.company_sheets.models import ApprovalRead, SheetStanding, SheetVersionRead, ToldRead
from domain.events import CompanyTold, SheetIssued, SheetStopped
from domain.state.course import CourseState
from infra.store.engine import Connection
from infra.store.queries import journal
from wording.labels import Labels

_KINDS: Final = ("sheet_issued", "company_told", "sheet_stopped")


@dataclass(frozen=True, slots=True)
class SheetVersions:
    """What the journal says of the sheets of a course, as far as it is not erased."""

    issued: tuple[SheetIssued, ...]
    told: tuple[CompanyTold, ...]
    stopped: tuple[SheetStopped, ...]

    def version(self, version: int) -> SheetIssued | None:
        """Return a version by its number."""
        return next((event for event in self.issued if event.version == version), None)

    def read(self, state: CourseState, labels: Labels) -> list[SheetVersionRead]:
        """Return every version with how it stands, the first one first."""
        return [self._read(event, state, labels) for event in self.issued]

    def standing(self, version: int, state: CourseState) -> SheetStanding:
        """Return how a version stands: it is given out while it is the newest of an open visit and was not stopped."""
        event = self.version(version)
        if any(stopped.version == version for stopped in self.stopped):
            return SheetStanding.STOPPED
        visit = state.visit(event.visit) if event is not None else None
        if visit is not None and visit.sheet is not None and visit.sheet.version != version:
            return SheetStanding.REPLACED
        return SheetStanding.STANDS if visit is not None and visit.is_open else SheetStanding.OVER

    def because(self, version: int, state: CourseState) -> str:
        """Return the code of why a version is given out no longer."""
        stopped = next((event for event in self.stopped if event.version == version), None)
        return stopped.because if stopped is not None else self.standing(version, state)

    def _read(self, event: SheetIssued, state: CourseState, labels: Labels) -> SheetVersionRead:
        stopped = next((each for each in self.stopped if each.version == event.version), None)
        return SheetVersionRead.of(
            event,
            p_number=event.content.p_number,
            standing=self.standing(event.version, state),
            stopped_at=stopped.at if stopped else None,
            because=stopped.because if stopped else None,
            because_text=labels.catalog.term(stopped.because) if stopped else None,
            approvals=[ApprovalRead.of(approved) for approved in event.content.notes],
            told=[ToldRead.of(told) for told in self.told if told.version == event.version],
        )


async def sheet_versions(connection: Connection, course: UUID) -> SheetVersions:
    """Return what the journal of a course says of its sheets."""
    events: Iterable[object] = [entry.event for entry in await journal.of_kinds(connection, course, _KINDS)]
    events = tuple(events)
    return SheetVersions(
        issued=tuple(event for event in events if isinstance(event, SheetIssued)),
        told=tuple(event for event in events if isinstance(event, CompanyTold)),
        stopped=tuple(event for event in events if isinstance(event, SheetStopped)),
    )
