"""Gathering the evidence: rows straight from PostgreSQL, and what each workflow says of itself."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import psycopg
from psycopg.rows import dict_row
from temporalio.client import Client
from temporalio.service import RPCError

from chaos.checking import Evidence, Row
from chaos.ledger import Answered
from tests.journeys.town import MUNICIPALITY

_AT_ONCE: Final = 8
_ATTEMPTS: Final = 6
"""How often a workflow is asked; its worker may just have been started."""
_STATEMENTS: Final = {
    "course": "SELECT * FROM course",
    "journal": "SELECT * FROM journal ORDER BY course_id, epoch, revision, seq",
    "notice": "SELECT * FROM notice",
    "waiting": "SELECT * FROM waiting",
}


async def gathered(url: str, client: Client, answers: Iterable[Answered]) -> list[Evidence]:
    """Return all that is known of every course that anybody was told of or that has a row."""
    rows = _rows(url)
    told = _by_course(answers, lambda answer: answer.course)
    journal, notices, waiting = (_by_course(rows[name], _course) for name in ("journal", "notice", "waiting"))
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one(row: Row) -> Evidence:
        course = _course(row)
        async with turn:
            state = await _state(client, course)
        return Evidence(
            course=course,
            row=row,
            journal=journal[course],
            notices=notices[course],
            waiting=len(waiting[course]),
            state=state,
            answers=told[course],
        )

    missing = told.keys() - {_course(row) for row in rows["course"]}
    nothing = {"status": "completed", "epoch": 0, "revision": 0, "digest": ""}
    lost = [Evidence(course, nothing, (), (), 0, None, told[course]) for course in missing]
    return [*lost, *await asyncio.gather(*(one(row) for row in rows["course"]))]


def _rows(url: str) -> dict[str, list[Row]]:
    options = f"-c fodslag.municipality={MUNICIPALITY}"
    with psycopg.connect(url.replace("+psycopg", ""), options=options, row_factory=dict_row) as store:
        return {name: store.execute(statement).fetchall() for name, statement in _STATEMENTS.items()}


async def _state(client: Client, course: str) -> Row | None:
    """Return a workflow's own answer, None when it gives none however often it is asked."""
    for attempt in range(_ATTEMPTS):
        try:
            state: Row = await client.get_workflow_handle(f"course/{course}").query("course")
        except RPCError:
            await asyncio.sleep(attempt)
        else:
            return state
    return None


def _course(row: Row) -> str:
    return str(row["course_id"])


def _by_course(items: Iterable[Any], course_of: Any) -> defaultdict[str, list[Any]]:  # noqa: ANN401 - rows or answers
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for item in items:
        found[course_of(item)].append(item)
    return found
