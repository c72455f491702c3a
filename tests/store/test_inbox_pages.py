"""An inbox is read from indexes a page at a time; whatever happened, that is the plain list, page by page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import events as ev
from domain.address import Address
from domain.calendar import danish_day
from domain.identity import Role, escalation_id
from domain.reach import Reach
from domain.state.waiting import Taken, Waiting, WaitingKind
from infra.store.engine import Connection
from infra.store.queries.counts import CountedBy
from infra.store.queries.inbox import inbox, inbox_counts
from infra.store.queries.inbox_item import InboxItem
from infra.store.queries.inbox_reader import InboxReader
from infra.store.registers import absences, people
from infra.store.registers.people import Person
from rules.calendar.data import Absence, NamedCover
from tests.municipalities import fresh_municipality
from tests.store.plain_inbox import plain_inbox
from tests.store.vocabulary import MONDAY, RecordedCourse, wait_key
from tests.stores import Stores

Act = Callable[[RecordedCourse], list[ev.Event]]
_HOUR: Final = timedelta(hours=1)
_PEOPLE: Final = ("anna", "bo", "carl")
_NAMES: Final = ("a", "b")
_ADDRESSES: Final = (
    *map(Address.person, _PEOPLE),
    *(kind(unit) for kind in (Address.unit, Address.supervisors) for unit in ("job", "youth")),
)
ADDRESSES: Final = st.sampled_from(_ADDRESSES)
NAMES: Final = st.sampled_from(_NAMES)
HOURS: Final = st.sampled_from((0, 12, 24, 25, 60))


@st.composite
def waits(draw: st.DrawFn) -> Act:
    """Let a wait begin or change: its deadline, its escalation, alone or with others, and who has taken it."""
    name, hours = draw(NAMES), draw(st.none() | HOURS)
    kind = draw(st.sampled_from((*[WaitingKind.ACKNOWLEDGEMENT] * 3, WaitingKind.SILENCE)))
    persons, joined = draw(st.sets(st.sampled_from(_PEOPLE))), draw(st.sampled_from((None, "joint", "own")))
    taken, level = draw(st.none() | HOURS), draw(st.integers(0, 1))

    def waiting(stored: RecordedCourse) -> Waiting:
        until = None if hours is None else MONDAY + hours * _HOUR
        escalation = escalation_id(stored.course, wait_key("a" if joined == "joint" else name), MONDAY)
        by = Taken(by="sara", at=MONDAY, look_again_at=MONDAY + (taken or 0) * _HOUR, reason=stored.course)
        more: dict[str, Any] = {
            "escalation": escalation if joined else None,
            "until": until,
            "persons": tuple(sorted(persons)),
            "level": level,
            "taken": by if taken is not None else None,
        }
        return stored.waiting(name, kind=kind).model_copy(update=more)

    return lambda stored: [stored.waits(waiting(stored))]


@st.composite
def ends(draw: st.DrawFn) -> Act:
    name = draw(NAMES)
    return lambda stored: [stored.waits(ended=[name])]


@st.composite
def raises(draw: st.DrawFn) -> Act:
    """Raise a notice, of a wait mostly; the same once more says nothing new."""
    about, to = draw(st.sampled_from(("escalation", "question", "begins"))), draw(ADDRESSES)
    name, level = draw(st.sampled_from((None, *_NAMES, *_NAMES))), draw(st.integers(1, 2))
    return lambda stored: [stored.raised(about, to, waiting=name, level=level)]


@st.composite
def news(draw: st.DrawFn) -> Act:
    person, hours, for_cover = draw(st.sampled_from(_PEOPLE)), draw(HOURS), draw(st.booleans())
    return lambda stored: [*stored.news(person, MONDAY + hours * _HOUR, for_cover=for_cover)]


@st.composite
def sees(draw: st.DrawFn) -> Act:
    """Let somebody see a notice, whether it was raised or not."""
    act, person = draw(raises() | news()), draw(st.sampled_from(_PEOPLE))

    def see(stored: RecordedCourse) -> list[ev.Event]:
        raised = [event for event in act(stored) if isinstance(event, ev.NoticeRaised)]
        return [ev.NoticeSeen(at=stored.now, by=person, notice=event.notice) for event in raised]

    return see


@st.composite
def hands_over(draw: st.DrawFn) -> Act:
    role = draw(st.sampled_from((Role.CASEWORKER, Role.COMPANY_CONSULTANT)))
    to = draw(st.sampled_from(_PEOPLE).map(lambda one: {"person": one}) | st.just({"unit": "youth"}))
    return lambda stored: [stored.assigned(role, **to)]


ACTS: Final = st.one_of(waits(), waits(), raises(), raises(), raises(), ends(), sees(), news(), hands_over())
COMMANDS: Final = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 6), st.lists(ACTS, min_size=1, max_size=5)), min_size=2, max_size=8
)


@st.composite
def readers(draw: st.DrawFn) -> InboxReader:
    """Who reads which addresses at some time, and sees all courses, those of some units or those held."""
    units = draw(st.none() | st.frozensets(st.sampled_from(("job", "youth"))))
    roles = draw(st.sampled_from(({Role.SUPERVISOR}, {Role.SUPERVISOR}, {Role.CASEWORKER}, {Role.OBSERVER})))
    person, now = draw(st.sampled_from((*_PEOPLE, "sara"))), MONDAY + draw(HOURS) * _HOUR
    reach = Reach(person=person, roles=frozenset(roles), units=units, today=danish_day(now))
    addresses = draw(st.just({*_ADDRESSES}) | st.sets(ADDRESSES))
    return InboxReader(reach, addresses, now, draw(st.none() | st.none() | st.sampled_from(_PEOPLE)))


async def every_page(connection: Connection, reader: InboxReader, limit: int) -> list[InboxItem]:
    """Return a reader's list as the pages have it."""
    items, after = list[InboxItem](), None
    while True:
        page = await inbox(connection, reader, limit, after)
        items += page.items
        assert len(page.items) == limit or page.next is None
        if page.next is None:
            return items
        after = page.next


async def lived(stores: Stores, commands: list[tuple[int, int, list[Act]]]) -> str:
    """Let commands happen in two courses of one municipality; Bo is away, and Carl covers."""
    municipality = fresh_municipality()
    courses = [
        RecordedCourse(stores, municipality, reference=f"sag-{number}", unit=unit)
        for number, unit in enumerate(("job", "youth"))
    ]
    async with stores.api.municipality(municipality) as connection:
        for person in _PEOPLE:
            await people.put(connection, Person(person_id=person, name=person, updated_at=MONDAY))
        away = Absence(since=MONDAY.date(), covers=(NamedCover(person="carl"),))
        await absences.replace(connection, "bo", [away])
    for course in courses:
        await course.starts(course.waits(*(course.waiting(name) for name in _NAMES)))
    now = MONDAY
    for which, hours, acts in commands:
        now += hours * _HOUR
        courses[which].now = now
        await courses[which].does(*(event for act in acts for event in act(courses[which])))
    return municipality


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(commands=COMMANDS, asked=st.lists(st.tuples(readers(), st.integers(1, 3)), min_size=4, max_size=8))
async def test_the_pages_of_an_inbox_are_the_plain_list(
    stores: Stores, commands: list[tuple[int, int, list[Act]]], asked: list[tuple[InboxReader, int]]
) -> None:
    municipality = await lived(stores, commands)

    async with stores.api.municipality(municipality) as connection:
        for reader, limit in asked:
            plain = await plain_inbox(connection, reader)

            assert await every_page(connection, reader, limit) == plain
            assert (await inbox_counts(connection, reader, [CountedBy.UNIT])).total == len(plain)
