"""Reconciles the state of a course's workflow with the store before a command is applied (P7)."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from domain.state.course import CourseState
from infra.store.courses import record
from infra.store.courses.projection import ByRules
from infra.store.courses.record import Head
from infra.store.engine import Connection
from infra.store.errors import ForkError

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Reconciled:
    """The state both agree on, and whether the workflow must adopt it because the store was ahead."""

    state: CourseState
    is_adopted: bool = False


async def reconcile(
    connection: Connection, state: CourseState, head: Head | None, now: datetime, by_rules: ByRules
) -> Reconciled:
    """Return the state to decide from, given the store's `head` of the course.

    The store ahead on the same line (a crash before the workflow heard, or Temporal restored): the stored snapshot
    is adopted. The store behind (it was restored): the workflow writes its own and the journal says so. Two lines
    of one course: ForkError, for a person to look at.
    """
    if head is not None and (head.epoch, head.revision) > (state.epoch, state.revision):
        return await _adopt(connection, state, head)
    if (head is None and state.revision) or (
        head is not None and (head.epoch, head.revision) < (state.epoch, state.revision)
    ):
        return await _rewrite(connection, state, now, by_rules)
    if head is not None and head.digest != state.digest:
        raise ForkError
    return Reconciled(state)


async def _adopt(connection: Connection, state: CourseState, head: Head) -> Reconciled:
    """Return the store's snapshot when the workflow's last digest is on the store's line, rewritten or not."""
    if state.revision:
        epochs = range(state.epoch, head.epoch + 1)
        digests = [await record.digest_at(connection, state.course, epoch, state.revision) for epoch in epochs]
        if state.digest not in digests:
            raise ForkError
    stored = await record.snapshot(connection, state.course)
    if stored is None:
        raise ForkError
    _log.info("store ahead, snapshot adopted", course_id=str(state.course), revision=stored.revision)
    return Reconciled(stored, is_adopted=True)


async def _rewrite(connection: Connection, state: CourseState, now: datetime, by_rules: ByRules) -> Reconciled:
    """Write the workflow's state over a store that is behind, under a new epoch."""
    mended = state.model_copy(update={"epoch": state.epoch + 1})
    await record.rewrite(connection, mended, now, by_rules)
    _log.warning("store behind, state rewritten", course_id=str(state.course), revision=state.revision)
    return Reconciled(mended)
