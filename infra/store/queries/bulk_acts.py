"""Bulk acts as they are read: how far each has come, and each item, where the reader works with its course (P14)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select

from domain.commands import Command
from domain.errors import Code
from domain.reach import Reach
from domain.state.verdict import LeftRequirement
from infra.store import tables as t
from infra.store.bulk_rows import BulkAct, BulkItem, ItemState
from infra.store.engine import Connection
from infra.store.page import Page, read_page
from infra.store.queries.visibility import worked_with_by

_A = t.bulk_act.c
_I = t.bulk_item.c
_J = t.journal.c

Cursor = tuple[datetime, UUID]
"""When the last act of a page was ordered, and its id."""


class Progress(BulkAct):
    """An act and how many of its items there are, as far as the reader works with their courses.

    `command` is that to the first course, by which a re-pin says what it is.
    """

    total: int
    waiting: int
    done: int
    failed: int
    called_off: int
    command: Command | None


class ItemOfCourse(BulkItem):
    """An item with the reference of its course, and what a re-pin lets be asked of the steps that it has left."""

    reference: str
    asked_left: tuple[LeftRequirement, ...] | None


async def progress(connection: Connection, reach: Reach, bulk: UUID) -> Progress | None:
    """Return how far an act has come if it exists for the caller, who works with one of its courses (P14)."""
    row = (await connection.execute(_progress(reach).where(_A.bulk_id == bulk))).one_or_none()
    return Progress.read(row) if row else None


async def listed(
    connection: Connection, reach: Reach, limit: int, after: Cursor | None = None
) -> Page[Progress, Cursor]:
    """Return the acts that exist for the caller, the last ordered first, from the one that follows `after`."""
    acts, keys = _progress(reach), [_A.ordered_at, _A.bulk_id]
    return await read_page(
        connection, acts, Progress, keys, lambda act: (act.ordered_at, act.bulk_id), limit, after, newest_first=True
    )


def _progress(reach: Reach) -> Select[tuple[Any, ...]]:
    counts = [func.count(case((_I.state == state, 1))).label(state.value) for state in ItemState]
    is_called_off = _I.problems[0]["code"].astext == Code.CALLED_OFF
    counts.append(func.count(case((is_called_off, 1))).label("called_off"))
    first = t.bulk_item.alias("first")
    named = select(first.c.command).where(first.c.bulk_id == _A.bulk_id, first.c.command.is_not(None))
    command = named.order_by(first.c.ordinal).limit(1).correlate(t.bulk_act).scalar_subquery().label("command")
    return (
        select(t.bulk_act, command, func.count().label("total"), *counts)
        .join(t.bulk_item, _I.bulk_id == _A.bulk_id)
        .join(t.course, t.course.c.course_id == _I.course_id)
        .where(worked_with_by(reach))
        .group_by(*t.bulk_act.c)
    )


class Words(NamedTuple):
    """Words that an act adds to a course, and whether it still `waits` to do so."""

    course: UUID
    text: UUID
    waits: bool


async def words_of(connection: Connection, bulks: Collection[UUID]) -> list[Words]:
    """Return the words that some acts add, in the order of the acts, but for those that the courses refused."""
    added = (
        select(_I.course_id, _I.text_id, _I.state == ItemState.WAITING)
        .join(t.bulk_act, _A.bulk_id == _I.bulk_id)
        .where(_I.bulk_id.in_(bulks), _I.state != ItemState.FAILED, _I.text_id.is_not(None))
        .order_by(_A.ordered_at, _I.bulk_id, _I.ordinal)
    )
    return [Words(*row) for row in await connection.execute(added)]


async def items(
    connection: Connection,
    reach: Reach,
    bulk: UUID,
    states: Collection[ItemState] | None,
    limit: int,
    after: int | None = None,
) -> Page[ItemOfCourse, int]:
    """Return the items of an act whose courses the caller works with, in their order, from what follows `after`."""
    asked: list[ColumnElement[bool]] = [_I.bulk_id == bulk, worked_with_by(reach)]
    if states is not None:
        asked.append(_I.state.in_(states))
    re_pinned = (_J.course_id == _I.course_id) & (_J.revision == _I.revision) & (_J.kind == "course_re_pinned")
    newest = select(_J.detail["asked_left"]).where(re_pinned).order_by(_J.epoch.desc()).limit(1)
    of_act = select(t.bulk_item, t.course.c.reference, newest.scalar_subquery().label("asked_left")).join(
        t.course, t.course.c.course_id == _I.course_id
    )
    place = None if after is None else (after,)
    return await read_page(
        connection, of_act.where(*asked), ItemOfCourse, [_I.ordinal], lambda item: item.ordinal, limit, place
    )
