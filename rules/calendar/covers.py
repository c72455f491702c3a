"""Who acts for somebody while he is away: in each course, day by day, the first of those named who can (P1)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from domain.calendar import Cover
from rules.calendar.data import Absence, PersonTime

_A_DAY: Final = timedelta(days=1)
_NO_TIME: Final = PersonTime()


def covers_of(
    absence: Absence, times: Mapping[str, PersonTime], course: UUID, parties: Collection[str]
) -> Iterator[Cover]:
    """Yield who covers in a course on the days of an absence, the earliest first; days without a cover are left out.

    Passed over are the `parties` of the course, who count for themselves, and who is away on the day.
    """
    named = {cover.person for cover in absence.covers} - set(parties)
    away = {person: times.get(person, _NO_TIME).absences for person in named}
    days = {day for theirs in away.values() for other in theirs for day in other.edges}
    begins = [absence.since, *sorted(day for day in days if day != absence.since and absence.is_on(day))]

    def acting_on(day: date) -> str | None:
        able = (cover.person for cover in absence.covers if cover.person in named and cover.is_for(course))
        return next((person for person in able if not any(other.is_on(day) for other in away[person])), None)

    turns = [(person, next(of_person)) for person, of_person in groupby(begins, acting_on)]
    ends = [*(begin - _A_DAY for _, begin in turns[1:]), absence.until]
    for (person, since), until in zip(turns, ends, strict=True):
        if person is not None:
            yield Cover(person=person, since=since, until=until)
