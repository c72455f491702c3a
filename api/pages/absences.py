"""Absences: when I am away and who covers, whom I cover, and for leaders who is away without cover."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Final, NamedTuple

from fastapi import APIRouter, Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from api.absences.led import list_absences
from api.directory.absences import AbsenceRead, AbsencesBody, read_absences, write_absences
from api.directory.covers import AbsenceConcerns, CourseConcerned, CoverRead, CoverStanding
from api.http.access import Reporter, allowed_roles
from api.http.codes import ApiCode
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.fields import Body, Day
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging
from api.http.problems import ProblemError
from api.http.same_origin import expect_same_origin
from api.pages.addresses import see_other
from api.pages.colleagues import colleagues_of, name_of
from api.pages.forms import Form, GivenDone, body_of, read_body
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from domain.calendar import danish_day
from domain.identity import PersonId
from infra.security.tokens import Claims
from infra.store.queries.covers import covered_by

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_A_DAY: Final = timedelta(days=1)


class NamedAbsence(Body):
    """Whose absence it is, and which one: by its first day, or a new one."""

    person: PersonId
    first_day: Day | None = None


class AbsenceForm(NamedAbsence):
    """One absence as a page has it, with who covers in all courses; who covers in some of them stays as it is."""

    from_: Day = Field(alias="from")
    until: Day | None = None
    cover: PersonId | None = None
    other_cover: PersonId | None = None

    @property
    def covers(self) -> Sequence[str]:
        """Return who covers in all courses, the first choice first."""
        return tuple(dict.fromkeys(one for one in (self.cover, self.other_cover) if one is not None))


_NAMED: Final = ("person", "first_day")
_FIELDS: Final = (*_NAMED, "from", "until", "cover", "other_cover")


class Moved(NamedTuple):
    """The courses of an absence that one person covers, or that nobody does."""

    cover: str | None
    courses: Sequence[CourseConcerned]

    @property
    def waits(self) -> int:
        """Return how much waits in them for who is away."""
        return sum(sum(course.waits.values()) for course in self.courses)


@router.get("/absences")
async def read_page(
    request: Request,
    services: GivenServices,
    caller: Reporter,
    reader: GivenReader,
    language: CallersLanguage,
    paging: GivenPaging,
    reading: GivenReading,
    done: GivenDone,
) -> HTMLResponse:
    """Show the absences of the reader and whom he covers, and to a leader those that he answers for."""
    today = danish_day(services.clock.now())
    own = await _own_absences(services, caller, reading)
    leads = not caller.roles.isdisjoint(allowed_roles(list_absences))
    led = await list_absences(services, caller, language, paging, reading) if leads else None
    async with services.store.municipality(caller.municipality) as connection:
        covered = await covered_by(connection, caller.person, today)
    colleagues = await colleagues_of(services, caller)
    return render_page(
        request,
        "absences",
        reader=reader,
        person=caller.person,
        absences=[away for away in own or () if away.until is None or away.until >= today],
        is_listed=own is not None,
        covered=covered,
        led=led,
        colleagues=colleagues,
        today=today,
        done=done,
    )


@router.get("/absences/check")
@router.get("/absences/form")
async def lead_back(_caller: Reporter) -> RedirectResponse:
    """Lead who comes back to what is shown for a form alone to the page with the forms."""
    return see_other("/absences")


@router.post("/absences/form")
async def change_one(
    request: Request,
    services: GivenServices,
    caller: Reporter,
    reader: GivenReader,
    reading: GivenReading,
    form: Form,
) -> HTMLResponse:
    """Show one absence to be changed."""
    chosen = _named(form)
    every = await read_absences(chosen.person, services, caller, reading)
    away = next((one for one in every.absences if one.from_ == chosen.first_day), None)
    return render_page(
        request,
        "absence_form",
        reader=reader,
        person=chosen.person,
        name=await name_of(services, caller, chosen.person),
        is_own=chosen.person == caller.person,
        away=away,
        colleagues=await colleagues_of(services, caller),
    )


@router.post("/absences/check")
async def check(
    request: Request,
    services: GivenServices,
    caller: Reporter,
    reader: GivenReader,
    reading: GivenReading,
    form: Form,
) -> HTMLResponse:
    """Show what would go to whom, as a dry run of `PUT /v1/people/{person}/absences` says."""
    chosen = _chosen(form)
    would_be = await write_absences(
        chosen.person, await _with(services, caller, reading, chosen), services, caller, dry_run=True
    )
    concerns = next((one for one in would_be.concerns if one.from_ == chosen.from_), None)
    kept = {name: form[name] for name in _FIELDS if form.get(name)}
    away = next(one for one in would_be.absences if one.from_ == chosen.from_)
    return render_page(
        request,
        "absence_check",
        reader=reader,
        name=await name_of(services, caller, chosen.person),
        is_own=chosen.person == caller.person,
        away=away,
        kept=kept,
        moved=_moved(concerns),
    )


@router.post("/absences")
async def save(services: GivenServices, caller: Reporter, reading: GivenReading, form: Form) -> RedirectResponse:
    """Register or change one absence, as `PUT /v1/people/{person}/absences` does."""
    chosen = _chosen(form)
    await write_absences(chosen.person, await _with(services, caller, reading, chosen), services, caller)
    return see_other("/absences?done=registered")


@router.post("/absences/end")
async def end(services: GivenServices, caller: Reporter, reading: GivenReading, form: Form) -> RedirectResponse:
    """End an absence that is not over with yesterday, or take back one that has not begun before today."""
    chosen = _named(form)
    every, today = await read_absences(chosen.person, services, caller, reading), danish_day(services.clock.now())
    yesterday = today - _A_DAY
    kept = [one for one in every.absences if one.from_ != chosen.first_day]
    ended = [
        one.model_copy(update={"until": min(one.until or yesterday, yesterday)})
        for one in every.absences
        if one not in kept
    ]
    begun = [one for one in ended if one.from_ < today]
    await write_absences(chosen.person, _body([*kept, *begun]), services, caller)
    return see_other("/absences?done=ended")


def _filled(form: Form) -> dict[str, str]:
    """Return the fields of a form that say something."""
    return {name: text for name, text in form.items() if text.strip()}


def _named(form: Form) -> NamedAbsence:
    return body_of(NamedAbsence, _filled(form), (), *_NAMED)


def _chosen(form: Form) -> AbsenceForm:
    return body_of(AbsenceForm, _filled(form), (), *_FIELDS)


async def _with(services: Services, caller: Claims, reading: GivenReading, chosen: AbsenceForm) -> AbsencesBody:
    """Return all absences of a person, with one of them as it was chosen."""
    every = (await read_absences(chosen.person, services, caller, reading)).absences
    of_some = [cover for one in every if one.from_ == chosen.first_day for cover in one.cover if cover.courses]
    of_all = [CoverRead(person=person, courses=None) for person in chosen.covers]
    days = {"from": chosen.from_, "until": chosen.until}
    new = AbsenceRead.model_validate({**days, "cover": [*of_some, *of_all]})
    return _body([*(one for one in every if one.from_ != chosen.first_day), new])


def _body(absences: Sequence[AbsenceRead]) -> AbsencesBody:
    return read_body(AbsencesBody, {"absences": [one.model_dump(mode="json", by_alias=True) for one in absences]})


def _moved(concerns: AbsenceConcerns | None) -> list[Moved]:
    """Return the courses of an absence by who covers them, those that nobody does first."""

    def acting(course: CourseConcerned) -> str:
        return (course.cover_name or course.cover or "") if course.standing is CoverStanding.COVERED else ""

    courses = sorted(concerns.courses if concerns is not None else (), key=acting)
    return [Moved(name or None, tuple(those)) for name, those in groupby(courses, key=acting)]


async def _own_absences(services: Services, caller: Claims, reading: GivenReading) -> list[AbsenceRead] | None:
    """Return the caller's absences; None for who is not in the directory."""
    try:
        return (await read_absences(caller.person, services, caller, reading)).absences
    except ProblemError as error:
        if error.code != ApiCode.PERSON_NOT_FOUND:
            raise
        return None
