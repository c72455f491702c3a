"""The working time of a municipality's offices: a change is in force for the very next command (P6)."""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Final, Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr, StringConstraints

from api.http.access import Anybody, Supervisor, expect_governs
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.fields import Body, Day, OneLine, examples
from api.http.problems import Issue, expect_no, named_twice, wrong
from api.http.responses import problems
from infra.store.registers import office_hours as office_hours_register
from rules.calendar.danish_offices import MOST_CLOSED, ClosingCustom, Office, long_closure
from rules.calendar.data import OFFICE_HOURS, ClosedDay, Hours
from rules.language.text import Text

router = APIRouter(tags=["people"])

Weekday = Annotated[str, StringConstraints(pattern=r"^[1-7]$")]
"""A weekday as JSON names one: Monday is "1"."""
WallTime = Annotated[StrictStr, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]

_LONGEST: Final = 30
_HOURS: Final = {"opens": "09:00", "closes": "15:00"}
_EXAMPLE: Final = {
    "office_hours": {"1": _HOURS, "2": _HOURS, "3": _HOURS, "4": {"opens": "09:00", "closes": "17:00"}},
    "customary_closing_days": {
        "day_after_ascension": True,
        "constitution_day": True,
        "christmas_eve": True,
        "new_years_eve": False,
    },
    "closing_days": [{"on": "2026-09-11", "label": {"da": "Kommunens temadag", "en": "Theme day"}}],
    "longest_postponement": 10,
}


class OpenHours(Body):
    """From when to when a day is open, in Danish wall time."""

    opens: WallTime
    closes: WallTime

    @classmethod
    def of(cls, hours: Hours) -> Self:
        """Return hours as JSON has them."""
        return cls(opens=f"{hours.opens:%H:%M}", closes=f"{hours.closes:%H:%M}")


HoursByWeekday = dict[Weekday, OpenHours]


class CustomaryClosingDays(Body):
    """On which days the offices are closed by custom; local policy, and each can be switched off."""

    day_after_ascension: StrictBool = True
    constitution_day: StrictBool = Field(default=True, description="5 June.")
    christmas_eve: StrictBool = True
    new_years_eve: StrictBool = True


class ClosingLabel(Body):
    """Why the offices are closed, in Danish and, if somebody has written it, in English."""

    da: OneLine
    en: OneLine | None = None


class ClosingDay(Body):
    """A further day on which the offices are closed."""

    on: Day
    label: ClosingLabel


class CalendarBody(Body):
    """When the offices are open; whatever is left out is as it is customary. Public holidays are always closed."""

    office_hours: Annotated[HoursByWeekday, Field(min_length=1)] = Field(
        default_factory=lambda: hours_by_weekday(OFFICE_HOURS), description="By weekday: Monday is 1."
    )
    customary_closing_days: CustomaryClosingDays = CustomaryClosingDays()
    closing_days: list[ClosingDay] = Field(default_factory=list)
    longest_postponement: Annotated[StrictInt, Field(ge=0, le=_LONGEST)] = Field(
        default=10,
        description="How many working days somebody's part time and absence may at most postpone a reminder.",
    )

    model_config = examples(_EXAMPLE, {})


class ClosingDayRead(BaseModel):
    """A day on which the offices are closed, and why."""

    on: date
    label: ClosingLabel


class CalendarRead(BaseModel):
    """When the offices are open, and the hash of the calendar by which deadlines are reckoned now."""

    office_hours: HoursByWeekday
    customary_closing_days: CustomaryClosingDays
    closing_days: list[ClosingDayRead]
    longest_postponement: int
    calendar: str

    model_config = examples({**_EXAMPLE, "calendar": "f" * 64})


def hours_by_weekday(hours: Mapping[int, Hours]) -> HoursByWeekday:
    """Return hours by weekday as JSON has them."""
    return {str(weekday): OpenHours.of(hours[weekday]) for weekday in sorted(hours)}


def hours_in(by_weekday: HoursByWeekday, field: str) -> dict[int, Hours]:
    """Return hours by weekday; raises ProblemError naming each day in `field` that closes before it opens."""
    late = [weekday for weekday, hours in by_weekday.items() if hours.opens >= hours.closes]
    expect_no([Issue(ApiCode.NOT_IN_RANGE, f"{field}.{day}.closes", {"expected": "> opens"}) for day in late])
    return {
        int(weekday): Hours(opens=time.fromisoformat(hours.opens), closes=time.fromisoformat(hours.closes))
        for weekday, hours in by_weekday.items()
    }


@router.get("/v1/calendar", summary="When are the offices open?", responses=problems())
async def read_calendar(services: GivenServices, caller: Anybody, _reading: GivenReading) -> CalendarRead:
    """Return the office hours and closing days of the caller's municipality."""
    async with services.store.municipality(caller.municipality) as connection:
        office = await office_hours_register.office(connection)
        in_force = await services.calendars.in_force(connection)
    return _read(office, in_force.reference)


@router.put("/v1/calendar", summary="Say when the offices are open", responses=problems(with_body=True))
async def write_calendar(body: CalendarBody, services: GivenServices, caller: Supervisor) -> CalendarRead:
    """Write office hours and closing days anew; deadlines are reckoned by them from now on.

    They are the municipality's own, and for those to write who govern all of it.
    """
    reach = reach_of(caller, services.clock.now())
    expect_governs(reach, "calendar", None)
    today = reach.today
    office = _office(body)
    _expect_open(office, today)
    async with services.calendars.changing(caller.municipality, today) as connection:
        await office_hours_register.put_office(connection, office)
    async with services.store.municipality(caller.municipality) as connection:
        in_force = await services.calendars.in_force(connection)
    return _read(office, in_force.reference)


def _office(body: CalendarBody) -> Office:
    """Return the office; raises ProblemError for hours that end early and a day named twice."""
    expect_no(named_twice([closing.on for closing in body.closing_days], "closing_days", "on"))
    return Office(
        hours=hours_in(body.office_hours, "office_hours"),
        customs=tuple(custom for custom in ClosingCustom if getattr(body.customary_closing_days, custom)),
        closing_days=tuple(
            ClosedDay(on=closing.on, label=Text(da=closing.label.da, en=closing.label.en))
            for closing in body.closing_days
        ),
        longest_postponement=body.longest_postponement,
    )


def _expect_open(office: Office, today: date) -> None:
    """Raise ProblemError naming what closes the offices for longer than the course of things can stand still."""
    row = long_closure(office, today)
    if row:
        days = [closing.on for closing in office.closing_days]
        index = next((days.index(day) for day in row if day in days), None)
        field = "office_hours" if index is None else f"closing_days.{index}.on"
        raise wrong(ApiCode.CLOSED_TOO_LONG, field, first=row[0], most=MOST_CLOSED)


def _read(office: Office, calendar: str) -> CalendarRead:
    return CalendarRead(
        office_hours=hours_by_weekday(office.hours),
        customary_closing_days=CustomaryClosingDays(**{custom: custom in office.customs for custom in ClosingCustom}),
        closing_days=[
            ClosingDayRead(on=closed.on, label=ClosingLabel(da=closed.label.da, en=closed.label.en))
            for closed in office.closing_days
        ],
        longest_postponement=office.longest_postponement,
        calendar=calendar,
    )
