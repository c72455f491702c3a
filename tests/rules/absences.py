"""The vocabulary of cover: absences that name who covers, and who does so on a day by the words of the promise."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from rules.calendar.data import Absence, CalendarData, NamedCover, PersonTime
from tests.domain.vocabulary import COURSE
from tests.rules.spans import PUBLIC, UNEVEN, hours

OTHER = UUID(int=2)
FIRST = date(2026, 9, 1)
PEOPLE = ("carl", "dina", "bo")
PARTIES = ("anna", "bo")

DAYS = st.integers(0, 40).map(lambda passed: FIRST + timedelta(days=passed))
OFFICE = CalendarData(closed_days=PUBLIC, longest_postponement=10_000)


@st.composite
def absences(draw: st.DrawFn, *, with_covers: bool = False) -> tuple[Absence, ...]:
    """Return absences that do not overlap, the last one perhaps without an end."""
    edges = sorted(draw(st.lists(DAYS, unique=True, max_size=5)))
    named = st.builds(
        NamedCover,
        person=st.sampled_from(PEOPLE),
        courses=st.sampled_from([None, (COURSE,), (OTHER,), (OTHER, COURSE)]),
    )
    covers = st.lists(named, max_size=3).map(tuple) if with_covers else st.just(())
    untils = [*(day - timedelta(days=1) for day in edges[1:]), draw(st.none() | st.just(FIRST + timedelta(days=60)))]
    both = zip(edges, untils, strict=False)
    return tuple(Absence(since=since, until=until, covers=draw(covers)) for since, until in both if draw(st.booleans()))


HOURS = st.sampled_from([None, UNEVEN, {2: hours(8, 10), 4: hours(12, 20)}, {7: hours(0, 1)}])
TIMES = st.fixed_dictionaries(
    {
        "anna": st.builds(PersonTime, hours=HOURS, absences=absences(with_covers=True)),
        "carl": st.builds(PersonTime, hours=HOURS, absences=absences()),
        "dina": st.builds(PersonTime, hours=HOURS, absences=absences()),
    }
)


def acting_on(times: dict[str, PersonTime], day: date) -> str | None:
    """Return who covers for Anna on a day, by the words of the promise."""
    for away in times["anna"].absences:
        if away.is_on(day):
            for cover in away.covers:
                theirs = times.get(cover.person, PersonTime())
                is_away = any(absence.is_on(day) for absence in theirs.absences)
                if cover.is_for(COURSE) and cover.person not in PARTIES and not is_away:
                    return cover.person
    return None
