"""The auditor: looks for everything that may have gone asleep, wakes what it safely can, and says that it is awake."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import httpx
import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from activities.audit.foresight import Foresight
from activities.audit.workflows import WorkflowAudit
from activities.beat import beat
from activities.wake import wake
from domain.calendar import danish_day
from infra.store.engine import SHARED_OWNER, Store
from infra.store.queries import audit
from infra.store.registers import findings, texts
from infra.store.registers.findings import Audited
from infra.store.rows import FindingKind, Found

STAGED_FOR: Final = timedelta(days=1)
"""How long a staged text may wait for the command that adopts it; a retry under the same key comes sooner."""

WOKEN: Final = frozenset({FindingKind.ASLEEP, FindingKind.RUNG_OVERDUE, FindingKind.WORKFLOW_MISSING})
"""What is mended by letting time pass in the course: it wakes, and one without a workflow goes on from the store."""

_OVERLAP: Final = timedelta(minutes=10)
"""How much of the time before the last audit is looked at again: what was under way then is seen now."""
_CALL_WITHIN: Final = timedelta(seconds=10)

_log = structlog.get_logger(__name__)

Look = Callable[[datetime], Awaitable[list[Found]]]


@dataclass(frozen=True)
class Check:
    """One thing to look for in a municipality, and the kinds of finding that nothing else finds there."""

    kinds: Collection[FindingKind]
    look: Look


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
        complete = [await self.audit_municipality(municipality, now) for municipality in municipalities]
        _log.info("audited", municipalities=len(municipalities), complete=sum(complete))
        if not (all(complete) and await self.audit_shared(now)):
            return False
        await self._call()
        return True

    async def audit_municipality(self, municipality: str, now: datetime) -> bool:
        """Look at one municipality, record what is found and wake what is asleep; return whether all was looked at."""
        async with self._store.municipality(municipality) as connection:
            last = await findings.audited(connection, municipality)
        since = _unforeseen_since(last, now)
        found, is_complete = await self._checked(municipality, self._checks(municipality, since), now)
        await self._wake(municipality, found, now)
        if is_complete:
            async with self._store.municipality(municipality) as connection:
                await findings.complete(connection, now, now if since is None else None)
        return is_complete

    def _checks(self, municipality: str, since: datetime | None) -> Sequence[Check]:
        """Return all that is looked for in a municipality; what lies ahead of its courses, if they changed `since`."""
        temporal, ahead = self._workflows, self._foresight.rungs_to_nobody
        return (
            *(Check([kind], partial(self._in_store, municipality, kind)) for kind in audit.CHECKS),
            Check(
                [FindingKind.WORKFLOW_MISSING, FindingKind.WORKFLOW_LEFT],
                partial(temporal.missing_or_left, municipality),
            ),
            Check([FindingKind.TASK_FAILS], partial(temporal.failing, municipality)),
            Check([FindingKind.RUNG_TO_NOBODY], partial(ahead, municipality, since)),
        )

    async def audit_shared(self, now: datetime) -> bool:
        """Look at what is of no municipality, and note that everything was looked at."""
        kinds = [FindingKind.WORKFLOW_MISSING, FindingKind.TASK_FAILS]
        check = Check(kinds, partial(self._workflows.failing, SHARED_OWNER))
        _, is_complete = await self._checked(SHARED_OWNER, [check], now)
        if is_complete:
            async with self._store.municipality(SHARED_OWNER) as connection:
                await findings.complete(connection, now)
        return is_complete

    async def _checked(self, municipality: str, checks: Sequence[Check], now: datetime) -> tuple[list[Found], bool]:
        """Return what is found, and whether every check could be made; one that fails keeps no other from its turn."""
        found: list[Found] = []
        is_complete = True
        for check in checks:
            try:
                seen = await check.look(now)
                async with self._store.municipality(municipality) as connection:
                    await findings.record(connection, check.kinds, seen, now)
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


def _unforeseen_since(last: Audited | None, now: datetime) -> datetime | None:
    """Return since when what changed is not foreseen yet; None once a day, when all that lies ahead is looked at."""
    if last is None or last.foreseen_at is None or danish_day(last.foreseen_at) != danish_day(now):
        return None
    return last.completed_at - _OVERLAP
