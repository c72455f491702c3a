"""Whatever happens in a course, every table holds what its events mean, however its commands were recorded (P4, P7)."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

import pytest
from sqlalchemy import Table, select

from infra.store import tables as t
from tests.store.reckoning import Row, Rows
from tests.store.recorded_life import RecordedLife
from tests.store.told_lives import lives_on
from tests.stores import Stores

LIVES: Final = 8
TURNS: Final = 60
OFTEN: Final = 0.3
MANY: Final = 200
LONG: Final = 150
TABLES: Final = (
    *(t.course, t.visit, t.party, t.observer, t.receipt, t.waiting, t.workplace, t.measure, t.notice, t.errand),
    *(t.revision, t.journal, t.command, t.personal_text, t.removal),
)
_BESIDE: Final = {
    t.journal.name: frozenset({"position", "tx"}),
    t.notice.name: frozenset({"item", "until", "look_again_at", "superseded", "told_supervisors", "told_others"}),
}
"""The columns that say only in which order rows are: of the feed, and of lists (`test_inbox_pages.py`)."""
_ABSENT: Final = "no such row"


async def _every_row(life: RecordedLife) -> dict[Table, Rows]:
    """Return what the tables hold of the municipality of a life."""
    async with life.stores.worker.municipality(life.municipality) as connection:
        results = {table: (await connection.execute(select(table))).mappings() for table in TABLES}
    return {table: _by_key(table, [dict(row) for row in rows]) for table, rows in results.items()}


def _by_key(table: Table, rows: Iterable[Row]) -> Rows:
    return {tuple(row[column.name] for column in table.primary_key): row for row in rows}


def _differences(table: Table, found: Rows, reckoned: Rows) -> Iterator[str]:
    """Yield what differs: which table, which row, which column, and both its values."""
    for key in sorted(found.keys() | reckoned.keys(), key=str):
        there, meant = found.get(key), reckoned.get(key)
        if there is None or meant is None:
            yield f"{table.name} {key}: there is {there or _ABSENT}, meant is {meant or _ABSENT}"
            continue
        for column in sorted((there.keys() | meant.keys()) - _BESIDE.get(table.name, frozenset())):
            if there.get(column, _ABSENT) != meant.get(column, _ABSENT):
                yield f"{table.name} {key} {column}: {there.get(column, _ABSENT)!r}, not {meant.get(column, _ABSENT)!r}"


async def _expect_as_reckoned(life: RecordedLife, turn: int) -> None:
    """Compare every table whole, and that the feed has what happened in its order."""
    meant = life.reckoning.tables()
    life.filled |= {name for name, rows in meant.items() if rows}
    found = await _every_row(life)
    said = [*_out_of_order(found[t.journal])]
    for table, rows in found.items():
        here = ({"municipality": life.municipality, **row} for row in meant.get(table.name, {}).values())
        said += _differences(table, rows, _by_key(table, here))
    assert not said, f"life {life.seed}, turn {turn}:\n" + "\n".join(said)


def _out_of_order(journal: Rows) -> Iterator[str]:
    """Yield where the feed would tell something too early, or tear apart what one command did."""
    in_order = [journal[key] for key in sorted(journal, key=lambda key: key[2:])]
    positions = [row["position"] for row in in_order]
    if positions != sorted(positions):
        yield f"journal: the positions {positions} are not in the order of what happened"
    for place, rows in groupby(in_order, key=lambda row: (row["epoch"], row["revision"])):
        if len({row["tx"] for row in rows}) > 1:
            yield f"journal {place}: it came by several transactions"


async def _compare(stores: Stores, seed: int, municipality: str, turns: int) -> RecordedLife:
    """Let one life go on, and compare all after every few of its commands and at its end."""
    life = RecordedLife.of(stores, seed, municipality)
    for turn, _ in enumerate(lives_on(life.life, life.story, turns)):
        await life.is_recorded()
        if life.random.random() < OFTEN:
            await _expect_as_reckoned(life, turn)
            if life.random.random() < OFTEN:
                await life.is_met_otherwise()
                await _expect_as_reckoned(life, turn)
    await _expect_as_reckoned(life, turns)
    return life


async def test_every_table_holds_what_the_events_of_a_life_mean(stores: Stores) -> None:
    lives = [await _compare(stores, seed, f"60{seed:02}", TURNS) for seed in range(LIVES)]

    filled = set().union(*(life.filled for life in lives))
    assert filled == {table.name for table in TABLES} - {t.removal.name}, "in some life there are rows in each table"


@pytest.mark.verify
@pytest.mark.timeout(3600)
async def test_every_table_holds_what_the_events_of_many_long_lives_mean(stores: Stores) -> None:
    for seed in range(LIVES, LIVES + MANY):
        life = await _compare(stores, seed, f"6{seed:03}", LONG)
        if seed % 10 == 0:
            print(f"{seed - LIVES} lives, the last with {life.reckoning.history.revision} revisions")
