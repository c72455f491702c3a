"""Looks ahead: which rungs of the next two weeks would tell nobody, by the decisions that will be made (P5, P6)."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from domain.address import Address, AddressKind
from domain.calendar import Calendar, danish_day
from domain.forecast import rehearse
from domain.identity import Role
from domain.rules_port import RuleBook
from domain.state.course import CourseState
from domain.state.notice import WaitSubject
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.store.engine import Store
from infra.store.finding_rows import FindingKind, Found
from infra.store.queries import audit, courses
from infra.store.registers import office_hours, people
from infra.store.registers.office_hours import OwnTimes
from infra.store.registers.people import Person
from infra.store.rows import unknown_among

_AT_ONCE: Final = 50
"""How many courses are read at once."""


@dataclass(frozen=True)
class _Directory:
    """Who is in a municipality, and when they are away."""

    persons: Mapping[str, Person]
    own_times: OwnTimes

    def is_at_work(self, person: str, day: date) -> bool:
        """Whether the directory knows a person who is not away on a day."""
        absences = self.own_times[person].absences if person in self.own_times else ()
        is_away = any(one.since <= day and (one.until is None or day <= one.until) for one in absences)
        return person in self.persons and not is_away

    def members(self, address: Address) -> list[str]:
        """Return the persons who read what is told to an address."""
        if address.kind is AddressKind.PERSON:
            return [address.name]
        everybody = self.persons.values()
        if address.kind is AddressKind.UNIT:
            return [person.person_id for person in everybody if person.unit == address.name]
        supervisors = (person for person in everybody if Role.SUPERVISOR in person.roles)
        return [person.person_id for person in supervisors if person.unit in (None, address.name)]


class Foresight:
    """Rehearses courses for two weeks, and looks who hears of each rung; raises StoreAwayError."""

    def __init__(self, store: Store, rulebooks: Rulebooks, calendars: Calendars) -> None:
        self._store = store
        self._rulebooks = rulebooks
        self._calendars = calendars

    async def rungs_to_nobody(self, municipality: str, ids: Sequence[UUID], now: datetime) -> list[Found]:
        """Return the rungs of some courses that would tell nobody.

        Rehearsing takes long, so it is done in a thread: what else the worker has to do goes on meanwhile.
        """
        async with self._store.municipality(municipality) as connection:
            calendar = await self._calendars.in_force(connection)
            persons = {person.person_id: person for person in await people.everybody(connection)}
            directory = _Directory(persons, await office_hours.own_times(connection))
        found: list[Found] = []
        for first in range(0, len(ids), _AT_ONCE):
            async with self._store.municipality(municipality) as connection:
                states = await courses.states(connection, ids[first : first + _AT_ONCE])
            for state in states.values():
                if state.rules is not None:
                    book = await self._rulebooks.book(municipality, state.rules.sha256)
                    found += await asyncio.to_thread(_rungs_to_nobody, state, book, calendar, directory, now)
        return found


def _rungs_to_nobody(
    state: CourseState, book: RuleBook, calendar: Calendar, directory: _Directory, now: datetime
) -> list[Found]:
    holders = {party.person for party in state.parties if party.person}
    people = directory.persons
    unknown = unknown_among({name: people[name].roles if name in people else None for name in holders})
    hears: defaultdict[tuple[str, int, datetime], set[str]] = defaultdict(set)
    for rehearsed in rehearse(state, book, calendar, now, now + audit.AHEAD, unknown).notices:
        notice, cover = rehearsed.notice, rehearsed.cover
        if isinstance(notice.subject, WaitSubject) and notice.subject.level is not None:
            rung = str(notice.subject.key), notice.subject.level, notice.at
            hears[rung].update(directory.members(notice.recipient), [cover] if cover else [])
    silent = {
        what
        for (what, _, at), persons in hears.items()
        if not any(directory.is_at_work(person, danish_day(at)) for person in persons)
    }
    return [Found(FindingKind.RUNG_TO_NOBODY, state.course, state.course, what) for what in sorted(silent)]
