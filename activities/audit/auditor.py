"""The auditor: looks for everything that may have gone asleep, wakes what it safely can, and says that it is awake."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final
from uuid import UUID

import httpx
import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.audit.foresight import Foresight
from activities.audit.workflows import WorkflowAudit
from activities.beat import beat
from activities.wake import wake
from infra.store.engine import SHARED_OWNER, Store
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit
from infra.store.registers import findings, texts
from infra.store.registers.findings import Audited

STAGED_FOR: Final = timedelta(days=1)
"""How long a staged text may wait for the command that adopts it; a retry under the same key comes sooner."""

WOKEN: Final = frozenset({FindingKind.ASLEEP, FindingKind.RUNG_OVERDUE, FindingKind.WORKFLOW_MISSING})
"""What is mended by letting time pass in the course: it wakes, and one without a workflow goes on from the store."""

_TURNS_MISSED: Final = timedelta(hours=1)
"""How much of the time that no audit saw is made up for by the next one; other courses have their turn within a day."""

_CALL_WITHIN: Final = timedelta(seconds=10)

_log = structlog.get_logger(__name__)

Look = Callable[[datetime], Awaitable[list[Found]]]


@dataclass(frozen=True)
class Check:
    """One thing to look for in a municipality, and the kinds of finding that nothing else finds there.

    `among` are the courses that are looked at, None for all that there is.
    """

    kinds: Collection[FindingKind]
    look: Look
    among: Sequence[UUID] | None = None


class Auditor:
    """The activity `audit`; it calls `heartbeat_url`, if there is one, whenever it has looked at everything."""

    def __init__(self, store: Store, client: Client, foresight: Foresight, heartbeat_url: str = "") -> None:
        self._store = store
        self._client = client
        self._foresight = foresight
        self._workflows = WorkflowAudit(store, client)
        self._heartbeat_url = heartbeat_url

    @activity.defn(name="audit")
    async def audit(self, now: datetime) -> None:
        """Audit all municipalities; raises as `workflows.ports.audit` says."""
        beating = asyncio.create_task(beat())
        try:
            await self.sweep(now)
            async with self._store.anywhere() as connection:
                municipalities = await findings.municipalities(connection)
            is_complete = await self.audit_each(municipalities, now)
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
        if not is_complete:
            raise ApplicationError("audit incomplete", type="audit-incomplete")

    async def sweep(self, now: datetime) -> int:
        """Drop texts that were staged a day ago and never adopted, in every municipality; return how many (P10)."""
        swept = await texts.sweep(self._store, now - STAGED_FOR)
        _log.info("staged texts swept", count=swept)
        return swept

    async def audit_each(self, municipalities: Collection[str], now: datetime) -> bool:
        """Look at some municipalities and at what is of none; when all could be looked at, call the heartbeat."""
        begun = monotonic()
        complete = [await self.audit_municipality(municipality, now) for municipality in municipalities]
        _log.info("audited", municipalities=len(municipalities), complete=sum(complete))
        if not (all(complete) and await self.audit_shared(now)):
            return False
        await self._complete(SHARED_OWNER, now, begun)
        await self._call()
        return True

    async def audit_municipality(self, municipality: str, now: datetime) -> bool:
        """Look at one municipality, record what is found and wake what is asleep; return whether all was looked at."""
        begun = monotonic()
        async with self._store.municipality(municipality) as connection:
            last = await findings.audited(connection, municipality)
            ahead = await audit.to_foresee(connection, _unseen_since(last, now), now)
        found, is_complete = await self._checked(municipality, self._checks(municipality, ahead), now)
        await self._wake(municipality, found, now)
        if is_complete:
            await self._complete(municipality, now, begun)
        return is_complete

    async def _complete(self, municipality: str, now: datetime, begun: float) -> None:
        """Note that a municipality, or the shared owner for all of them, is audited, and how long it took."""
        async with self._store.municipality(municipality) as connection:
            await findings.complete(connection, now, monotonic() - begun)

    def _checks(self, municipality: str, ahead: Sequence[UUID]) -> Sequence[Check]:
        """Return all that is looked for in a municipality, and in the courses that it is time to look ahead of."""
        temporal = self._workflows
        return (
            *(Check([kind], partial(self._in_store, municipality, kind)) for kind in audit.CHECKS),
            Check(
                [FindingKind.WORKFLOW_MISSING, FindingKind.WORKFLOW_LEFT],
                partial(temporal.missing_or_left, municipality),
            ),
            Check([FindingKind.TASK_FAILS], partial(temporal.failing, municipality)),
            Check([FindingKind.RUNG_TO_NOBODY], partial(self._foresight.rungs_to_nobody, municipality, ahead), ahead),
        )

    async def audit_shared(self, now: datetime) -> bool:
        """Look at what is of no municipality; return whether all was looked at."""
        kinds = [FindingKind.WORKFLOW_MISSING, FindingKind.TASK_FAILS]
        check = Check(kinds, partial(self._workflows.failing, SHARED_OWNER))
        return (await self._checked(SHARED_OWNER, [check], now))[1]

    async def _checked(self, municipality: str, checks: Sequence[Check], now: datetime) -> tuple[list[Found], bool]:
        """Return what is found, and whether every check could be made; one that fails keeps no other from its turn."""
        found: list[Found] = []
        is_complete = True
        for check in checks:
            try:
                seen = await check.look(now)
                async with self._store.municipality(municipality) as connection:
                    await findings.record(connection, check.kinds, seen, now, check.among)
            except Exception:  # noqa: BLE001 - It is logged, and the silence of the heartbeat is an alarm.
                _log.exception("check failed", kinds=check.kinds)
                is_complete = False
            else:
                found += seen
        return found, is_complete

    async def _in_store(self, municipality: str, kind: FindingKind, now: datetime) -> list[Found]:
        async with self._store.municipality(municipality) as connection:
            return await audit.look(connection, kind, now)

    async def _wake(self, municipality: str, found: Collection[Found], now: datetime) -> None:
        """Wake the courses that may have gone asleep; one that does not answer is found again the next time."""
        courses = {one.course_id for one in found if one.kind in WOKEN and one.course_id is not None}
        away = await wake(self._client, municipality, dict.fromkeys(sorted(courses), f"audit/{now.isoformat()}"))
        if courses:
            _log.warning("courses woken", courses=len(courses), away=len(away))

    async def _call(self) -> None:
        """Tell the world outside that all was looked at; that it does not listen is none of the audit's business."""
        if not self._heartbeat_url:
            return
        try:
            async with httpx.AsyncClient(timeout=_CALL_WITHIN.total_seconds()) as client:
                (await client.post(self._heartbeat_url)).raise_for_status()
        except httpx.HTTPError as error:
            _log.warning("heartbeat was not taken", error=type(error).__name__)


def _unseen_since(last: Audited | None, now: datetime) -> datetime:
    """Return since when courses have had no turn; after a longer silence only the last hour is made up for."""
    earliest = now - _TURNS_MISSED
    return min(max(last.completed_at, earliest), now) if last is not None else earliest
