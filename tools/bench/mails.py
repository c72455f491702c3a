"""How many mails a person of the demo's town gets a day, one for each notice and gathered, over four skipped weeks.

`python -m tools.bench.mails` plays the demo, stops everything but the store, and lets time alone pass: nobody acts, so
every ladder is climbed to its end.
"""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

from rich.console import Console
from temporalio.testing import ActivityEnvironment

from activities.apply import CommandApplier
from activities.batches import Batches
from activities.carry import Courier
from activities.channels import Batch
from activities.placing import Placing
from activities.writing import Writer
from clients.demo.running import Demo
from domain.address import AddressKind
from domain.calendar import danish_day
from domain.commands import TimePassed
from domain.evolve import replay
from domain.identity import ENGINE_ACTOR, command_id
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store import tables as t
from infra.store.courses.errands import UNRESOLVED
from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from infra.store.queries import courses, notices
from infra.store.rows import NoticeRow
from tools.town.town import MUNICIPALITY, own_town, speaking
from wording.catalog import catalog
from workflows.messages import ApplyRequest
from workflows.state_holder import STATES, Key

WEEKS: Final = timedelta(weeks=4)
CHANNEL: Final = "counted"


@dataclass
class Counted:
    """A channel that counts what it brings, by person and day."""

    now: datetime
    name: str = CHANNEL
    gathers: bool = True
    notices: Counter[tuple[str, date]] = field(default_factory=Counter)
    lists: Counter[tuple[str, date]] = field(default_factory=Counter)
    at_once: Counter[tuple[str, date]] = field(default_factory=Counter)

    async def carry(self, batch: Batch) -> bool:
        """Count the batch."""
        key = (batch.recipient, danish_day(self.now))
        self.notices[key] += len(batch.members)
        is_list = batch.mail is None or not batch.mail.text.startswith(catalog(batch.mail.language).mail["for_today"])
        (self.lists if is_list else self.at_once)[key] += 1
        return True


async def _ordered(store: Store) -> list[CourseState]:
    """Order every notice of the town on the channel, and return its courses."""
    outward = {AddressKind.PERSON, AddressKind.SUPERVISORS}
    async with store.municipality(MUNICIPALITY) as connection:
        known = [row.course_id for row in await courses.not_over(connection)]
        rows = [
            {"notice_id": each.notice_id, "channel": CHANNEL, "person": _person(each), "due_at": each.queued_at}
            for course in known
            for each in await notices.undone_since(connection, course, 0)
            if each.recipient_kind in outward
        ]
        await connection.execute(t.errand.insert(), rows)
        return list((await courses.states(connection, known)).values())


def _person(row: NoticeRow) -> str:
    return row.recipient if row.recipient_kind is AddressKind.PERSON else UNRESOLVED


async def _lives(store: Store, folder: Path, begin: datetime) -> Counted:
    """Let four weeks pass in every course, and let the courier carry whatever is due meanwhile."""
    rulebooks, calendars = Rulebooks(store, folder / "r"), Calendars(store, folder / "c")
    channel = Counted(begin)
    applying = CommandApplier(store, rulebooks, calendars, [CHANNEL])
    batches = Batches(store, calendars, Writer(rulebooks, calendars))
    courier = Courier(store, Placing(store, calendars, rulebooks), batches, [channel], _nobody)
    states: dict[UUID, CourseState] = {state.course: state for state in await _ordered(store)}
    now = begin
    while now < begin + WEEKS:
        channel.now = now
        for state in list(states.values()):
            if state.wakeup is not None and state.wakeup <= now:
                states[state.course] = await _time_passed(applying, state, now)
        while await courier.carry(now):
            pass
        due = [await courier.next_due(CHANNEL), *(state.wakeup for state in states.values())]
        now = max(now + timedelta(seconds=1), min((each for each in due if each), default=begin + WEEKS))
    return channel


async def _nobody(municipality: str, row: NoticeRow) -> None:
    raise RuntimeError(f"everybody is reached: {municipality} {row.notice_id}")


async def _time_passed(applying: CommandApplier, state: CourseState, now: datetime) -> CourseState:
    command = TimePassed(id=command_id(state.course, f"bench/{state.revision}/{now.isoformat()}"), actor=ENGINE_ACTOR)
    environment = ActivityEnvironment()
    with STATES.holding(Key(environment.info.workflow_run_id or "", state.revision, command.id), state):
        request = ApplyRequest(revision=state.revision, command=command, now=now)
        done = await environment.run(applying.apply, request)
    place = {"revision": done.revision, "epoch": done.epoch, "digest": done.digest}
    return replay(state, done.events).model_copy(update=place)


def _table(channel: Counted) -> Iterable[str]:
    """Yield the table of an ADR: of each person the days with anything, and mails on them."""
    yield "| person | days | one for each notice: median, most | gathered: median, most | at once: most |"
    yield "| --- | --- | --- | --- | --- |"
    days: defaultdict[str, set[date]] = defaultdict(set)
    for person, day in channel.notices:
        days[person].add(day)
    every = {person: [(person, day) for day in sorted(those)] for person, those in sorted(days.items())}
    every["everybody"] = list(chain.from_iterable(every.values()))
    for person, keys in every.items():
        before, after, at_once = (
            [counter[key] for key in keys] for counter in (channel.notices, channel.lists, channel.at_once)
        )
        figures = (f"{median(before):g}, {max(before)}", f"{median(after):g}, {max(after)}")
        yield f"| {' | '.join(map(str, (person, len(keys), *figures, max(at_once))))} |"


async def _measured(url: str, folder: Path) -> Counted:
    store = Store(create_engine(url, Login.WORKER))
    try:
        return await _lives(store, folder, datetime.now(UTC))
    finally:
        await store.close()


def main() -> None:
    """Play the demo, count, and print the table."""
    os.environ["FODSLAG_CHANNELS"] = "none"
    console = Console()
    with own_town() as town, TemporaryDirectory() as folder:
        key, port = town.keys["FODSLAG_JWT_KEY"], town.settings.api_port
        caller = partial(speaking, key, port)
        demo = Demo(
            lambda person, roles: caller(person, *roles, units=("*",)),
            MUNICIPALITY,
            "mails",
            danish_day(datetime.now(UTC)),
        )
        if demo.play(console):
            raise SystemExit("The demo did not end as its stories say.")
        for part in (town.api, town.worker, town.temporal):
            part.stop()
        counted = asyncio.run(_measured(town.postgres.url(Login.WORKER), Path(folder)))
    for line in _table(counted):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
