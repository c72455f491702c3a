"""Renews the waits that a changed calendar moves, tells of absences that are near, and counts figures (P5, P6)."""

from collections.abc import Iterable

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.absences import AbsenceLook
from activities.figures import FigureCount
from activities.wake import wake
from infra.clock import Clock
from infra.store.engine import Store
from infra.store.queries import renewing
from infra.store.registers import office_hours
from infra.store.rows import CourseRow

_log = structlog.get_logger(__name__)


class CourseRenewer:
    """The activity `renew_courses`."""

    def __init__(self, store: Store, client: Client, look: AbsenceLook, figures: FigureCount, clock: Clock) -> None:
        self._store = store
        self._client = client
        self._look = look
        self._figures = figures
        self._clock = clock

    @activity.defn(name="renew_courses")
    async def renew_courses(self) -> int:
        """Let time pass in the courses that changed calendars move, tell of absences that are near, and count figures.

        Raises as `workflows.ports.renew_courses` says.
        """
        await self._look.look(self._clock.now())
        async with self._store.anywhere() as connection:
            municipalities = await office_hours.municipalities_moved(connection)
        renewed = sum([await self._renew(municipality) for municipality in municipalities])
        await self._figures.count(self._clock.now())
        return renewed

    async def _renew(self, municipality: str) -> int:
        """Renew the courses of one municipality; a change meanwhile is left for the next time."""
        async with self._store.municipality(municipality) as connection:
            moved = await office_hours.moved(connection)
            persons = None if None in moved else {person for person in moved if person is not None}
            rows = await renewing.to_renew(connection, persons)
        await self._let_time_pass(municipality, rows)
        async with self._store.municipality(municipality) as connection:
            await office_hours.renewed(connection, len(moved))
        _log.info("courses renewed after a change of the calendar", courses=len(rows))
        return len(rows)

    async def _let_time_pass(self, municipality: str, rows: Iterable[CourseRow]) -> None:
        """Wake the courses; one that is renewed already says nothing new."""
        causes = {row.course_id: f"calendar/{row.epoch}/{row.revision}" for row in rows}
        if await wake(self._client, municipality, causes):
            raise ApplicationError("course away", type="course-away")
