"""A rehearsal foretells each notice, to whom it goes out, when and with which list, as time then makes it (P5, P6)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from temporalio.client import Client

from activities.carry import Courier
from activities.channels import Batch
from activities.placing import Placing
from clients.courses.script import Act, Script
from domain import commands as cmd
from domain.calendar import danish_day, danish_instant, danish_time
from domain.forecast import Rehearsal, rehearse
from domain.gathering import Gathering
from domain.identity import ENGINE_ACTOR, Role, command_id
from domain.state.course import CourseState
from infra.documents.calendars import Calendars
from infra.store.courses.errands import unit_of
from infra.store.queries import outward
from infra.store.registers import absences, office_hours, people
from infra.store.registers.people import Person
from infra.store.rows import NoticeRow
from rules.calendar.danish_offices import Office
from rules.calendar.data import Absence, Hours, NamedCover
from tests.stores import Stores
from tests.workflows.outward import MONDAY, Recording
from tests.workflows.vocabulary import Stack, after, applied
from tools.town.mailbox import PEOPLE, command_of, start_of

BEGINNINGS: Final = (
    date(2026, 10, 22),  # Clocks are put back on Sunday.
    date(2026, 12, 21),  # Christmas.
    date(2027, 3, 23),  # Easter, and clocks are put forward on Easter Day.
    date(2027, 5, 4),  # Ascension, and the day after it.
)
EARLY = Office(hours=dict.fromkeys(range(1, 6), Hours(opens=time(7), closes=time(16))))
ROLES: Final = {
    "anna": (Role.CASEWORKER,),
    "bo": (Role.COMPANY_CONSULTANT,),
    "carl": (Role.CASEWORKER, Role.COMPANY_CONSULTANT),
    "dina": (Role.CASEWORKER, Role.COMPANY_CONSULTANT),
    "sara": (Role.SUPERVISOR,),
    "chief": (Role.SUPERVISOR,),
}


class Colleague(NamedTuple):
    """How one of the people works and reads; nothing of it where the directory does not know the person."""

    is_known: bool
    gathering: Gathering
    days: tuple[int, ...] | None
    away: tuple[int, int | None] | None
    covers: tuple[str, ...]


COLLEAGUES = st.builds(
    Colleague,
    is_known=st.sampled_from([True, True, True, False]),
    gathering=st.sampled_from(Gathering),
    days=st.sampled_from([None, None, (1, 2, 3), (2, 4)]),
    away=st.none() | st.tuples(st.integers(-2, 12), st.none() | st.integers(0, 9)),
    covers=st.sampled_from([(), ("carl",), ("dina", "carl"), ("bo", "carl")]),
)


@dataclass
class Skipped(Recording):
    """A channel that brings lists, and keeps when each notice came to whom by the clock that is skipped."""

    gathers: bool = True
    now: datetime = MONDAY
    arrived: list[tuple[UUID, str, datetime]] = field(default_factory=list)

    async def take(self, batch: Batch) -> bool:
        """Take down what comes to people; what comes to a queue is not foretold."""
        if unit_of(batch.recipient) is None:
            self.arrived += [(member.notice, batch.recipient, self.now) for member in batch.members]
        return True


async def _nobody(_municipality: str, _row: NoticeRow) -> None:
    """Hear of somebody who was not reached."""
    raise AssertionError


@dataclass
class Life:
    """One course without Temporal: it wakes and its notices are carried as the skipped clock comes to it."""

    stack: Stack
    channel: Skipped
    state: CourseState
    now: datetime

    async def does(self, command: cmd.Command) -> None:
        """Give a command now."""
        self.state = after(self.state, await applied(self.stack, self.state, command, self.now))

    async def plays(self, *acts: Act) -> None:
        for act in acts:
            await self.does(await command_of(act, self.stack.stores.api, self.stack.municipality))

    async def goes_on(self, until: datetime) -> None:
        """Let time alone pass."""
        activities = self.stack.activities
        placing = Placing(self.stack.store, activities.calendars, activities.rulebooks)
        courier = Courier(self.stack.store, placing, activities.batches, [self.channel], _nobody)
        while True:
            due, wakeup = await courier.next_due(self.channel.name), self.state.wakeup
            at = min(filter(None, (due, wakeup)), default=None)
            if at is None or at > until:
                break
            self.now = self.channel.now = max(self.now, at)
            if wakeup is not None and wakeup <= self.now:
                cause = f"time/{self.state.revision}/{self.now.isoformat()}"
                await self.does(cmd.TimePassed(id=command_id(self.state.course, cause), actor=ENGINE_ACTOR))
            else:
                await courier.carry(self.now)
        self.now = until

    async def rehearsed(self, until: datetime) -> Rehearsal:
        """Rehearse the course from now on, with all that is still to be carried."""
        activities = self.stack.activities
        assert self.state.rules is not None
        book = await activities.rulebooks.book(self.stack.municipality, self.state.rules.sha256)
        async with self.stack.store.municipality(self.stack.municipality) as connection:
            calendar = await activities.calendars.in_force(connection)
            unknown = await people.unknown(connection, ["anna", "bo"])
            readers = await outward.readers(connection)
            errands = (await outward.errands(connection, [self.state.course])).get(self.state.course, ())
        return rehearse(self.state, book, calendar, self.now, until, unknown, readers, errands)


async def employed(stack: Stack, today: date, office: Office, colleagues: dict[str, Colleague]) -> None:
    """Let the directory know people, how they work and read, and who is away."""
    async with Calendars(stack.stores.api, stack.cache).changing(stack.municipality, today) as connection:
        await office_hours.put_office(connection, office)
        known = {person: one for person, one in colleagues.items() if one.is_known}
        for person, one in known.items():
            unit = None if person == "chief" else "job"
            entry = {"person_id": person, "name": person.title(), "roles": ROLES[person], "unit": unit}
            hours = {one.days[0]: Hours(opens=time(13), closes=time(15))} if one.days else None
            more = {"gathering": one.gathering, "working_days": one.days, "working_hours": hours, "updated_at": MONDAY}
            await people.put(connection, Person.model_validate({**entry, **more}))
        for person, one in known.items():
            covers = tuple(NamedCover(person=each) for each in one.covers if each != person and each in known)
            if one.away is not None:
                since = today + timedelta(days=one.away[0])
                until = None if one.away[1] is None else since + timedelta(days=one.away[1])
                await absences.replace(connection, person, [Absence(since=since, until=until, covers=covers)])


async def begun(stack: Stack, channel: Skipped, began: datetime, life: str) -> Life:
    """Return a course that stands where its life says."""
    course = await stack.new_course()
    script = Script(danish_day(began), danish_day(began))
    state = CourseState(course=course.id, municipality=stack.municipality)
    lives = Life(stack, channel, state, began)
    await lives.does(start_of(script.start(stack.municipality, course.reference)))
    if life == "is paused":
        reason = await stack.stage("holiday")
        pause: Any = {"id": command_id(course.id, "pause"), "actor": PEOPLE["caseworker"], "reason": reason}
        await lives.does(cmd.PauseCourse(**pause, until=began + timedelta(days=9)))
    elif life != "begins":
        await lives.plays(*script.whole(until="company_visit"))
        planned = (danish_day(began) + timedelta(days=8)).isoformat()
        await lives.plays(Act("company_consultant", "facts", {"facts": {"visit_planned_on": planned}}))
        await lives.does(cmd.BriefNow(id=command_id(course.id, "brief"), actor=PEOPLE["caseworker"]))
    if life == "asks":
        question = cmd.NewNote(
            note=await stack.stage("a question"), note_kind="question", to=Role.COMPANY_CONSULTANT, may_wait=False
        )
        given: Any = {"id": command_id(course.id, "ask"), "actor": PEOPLE["caseworker"], "notes": (question,)}
        await lives.does(cmd.AddNotes(**given))
    return lives


class Scene(NamedTuple):
    """What life is rehearsed, when it began, by which office hours, how long after it is looked, and for how long."""

    life: str
    began: date
    at: time
    office: Office
    looked: int
    days: int


SCENES = st.builds(
    Scene,
    life=st.sampled_from(["begins", "is at the visit", "asks", "is paused"]),
    began=st.sampled_from(BEGINNINGS),
    at=st.sampled_from([time(3, 12), time(8, 5), time(12, 29), time(16, 20)]),
    office=st.sampled_from([Office(), EARLY, EARLY.model_copy(update={"longest_postponement": 0})]),
    looked=st.integers(0, 50),
    days=st.integers(4, 12),
)


@given(scene=SCENES, colleagues=st.fixed_dictionaries(dict.fromkeys(ROLES, COLLEAGUES)))
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_foretold_of_every_notice_is_what_then_comes(
    stores: Stores, client: Client, scene: Scene, colleagues: dict[str, Colleague]
) -> None:
    with TemporaryDirectory() as folder:
        channel = Skipped()
        stack = Stack(stores, client, Path(folder), channels=(channel,))
        await employed(stack, scene.began, scene.office, colleagues)
        lives = await begun(stack, channel, danish_instant(scene.began, scene.at), scene.life)
        await lives.goes_on(lives.now + timedelta(hours=scene.looked))
        channel.arrived.clear()

        foretold = await lives.rehearsed(lives.now + timedelta(days=scene.days))
        await lives.goes_on(foretold.until)

    arrivals = [(each.notice_id, arrives) for each in foretold.notices for arrives in each.arrivals]
    assert Counter((notice, each.person, each.at) for notice, each in arrivals) == Counter(channel.arrived)
    for _, arrives in arrivals:
        assert arrives.list is None or arrives.list <= danish_time(arrives.at).time()
        known = colleagues.get(arrives.person)
        wants = known.gathering if known is not None and known.is_known else Gathering.TWO_LISTS
        assert wants is not Gathering.AT_ONCE or arrives.list is None
        assert wants is not Gathering.ONE_LIST or arrives.list != time(12, 30)
