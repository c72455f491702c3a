"""A note: what the other must see before the course goes on, what may wait, or the answer that settles something."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api.briefings.report_previews import preview_notes
from api.courses.commands.notes import NotesBody, add_notes
from api.http.access import Worker
from api.http.idempotency import GivenSender, NotCurrentError
from api.http.same_origin import expect_same_origin
from api.pages.forms import read_body
from api.pages.reader import GivenReader
from api.pages.report.entry import PREVIEW, Button, Entry, FormError, Group, Preview, TypedForm, problem_of, show_entry
from api.pages.report.fields import Field, Shape
from api.pages.report.place import GivenPlace, Place
from domain.identity import GATE_ROLES, Role
from domain.state.facts import QUESTION, Audience

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_OF_A_NOTE: Final = ("kind", "text", "audience", "answers")
_TICKS: Final = ("changes_the_agreement", "may_tell_company")
_OBSERVATION, _AGREEMENT = "observation", "agreement"

_Answers = Annotated[UUID | None, Query()]


@router.get("/courses/{course}/visits/{visit}/note")  # noqa: FAST003 - GivenPlace takes both.
async def read_note(
    request: Request, _caller: Worker, place: GivenPlace, reader: GivenReader, answers: _Answers = None
) -> Response:
    """Ask for a note at an open visit; one that `answers` a question or a dispute settles it."""
    if place.visit is None:
        return place.left()
    return show_entry(request, reader, _entry(place, str(answers) if answers else ""))


@router.post("/courses/{course}/visits/{visit}/note")  # noqa: FAST003 - GivenPlace takes both.
async def post_note(
    request: Request, caller: Worker, place: GivenPlace, reader: GivenReader, sender: GivenSender, typed: TypedForm
) -> Response:
    """Add the note, as `POST /v1/courses/{course}/notes` does, or show what the other role would get."""
    if place.visit is None:
        return place.left()
    entry = _entry(place, typed.form.get("answers", "")).typed(typed.form)
    try:
        typed.expect_clean()
        body = _body(place, typed.form)
        if typed.form.get("send") == PREVIEW:
            preview = await preview_notes(caller, body, place.course, place.services, sender, place.language)
            shown = entry.previewed(Preview.at(place, preview), place.labels.catalog.pages)
            return show_entry(request, reader, shown)
        await add_notes(caller, body, place.course, place.services, sender.named(typed.form.get("key", "")))
    except NotCurrentError:
        return place.left("withheld")
    except FormError as error:
        names = {f"notes.0.{name}": name for name in (*_OF_A_NOTE, *_TICKS)}
        return show_entry(request, reader, entry, problem_of(error), names)
    return place.sent()


def _body(place: Place, form: Mapping[str, str]) -> NotesBody:
    note: dict[str, Any] = {name: form[name] for name in _OF_A_NOTE if form.get(name)}
    note |= {name: True for name in _TICKS if form.get(name)}
    if form.get("send") == "wait":
        note["may_wait"] = True
    if note.get("kind") == QUESTION:
        mine = place.roles
        note["to"] = next((role.value for role in reversed(GATE_ROLES) if role not in mine), Role.CASEWORKER.value)
    acknowledge = {"acknowledge": form["acknowledge"]} if form.get("acknowledge") else {}
    return read_body(NotesBody, {"notes": [note], "visit": place.visit.number if place.visit else None, **acknowledge})


def _entry(place: Place, answers: str) -> Entry:
    words = place.labels.catalog.pages
    visit, is_dispute = place.visit, any(str(one.id) == answers for one in place.disputes)
    kinds = [(kind, place.labels.note_kind(kind)) for kind in place.book.note_kinds]
    preset = _AGREEMENT if is_dispute else _OBSERVATION
    fields = [
        Field("text", words["note_text"], Shape.WORDS),
        Field("kind", words["note_kind"], Shape.LIST, preset, choices=kinds, is_needed=True),
    ]
    if Role.CASEWORKER in place.caller.roles:
        who = [(one.value, words[f"audience_{one}"]) for one in Audience]
        fields.append(Field("audience", words["audience"], Shape.CHOICE, Audience.BOTH.value, choices=who))
    ticks = [Field(name, words[name], Shape.TICK) for name in _TICKS]
    return Entry(
        heading=words["talked_about_it" if is_dispute else "answer" if answers else "write_note"],
        subject=place.subject,
        action=f"{place.address}/visits/{visit.number if visit else 0}/note",
        groups=[Group("", fields)],
        buttons=_buttons(place, is_answer=bool(answers)),
        more=[Group(words["more_of_note"], ticks, _why_kept(place))],
        links=[(words["to_the_course"], place.address)],
        hidden={"answers": answers} if answers else {},
    )


def _buttons(place: Place, *, is_answer: bool) -> Sequence[Button]:
    """Return two ways to send a note once a version stands: what both must see first, and what may wait."""
    words = place.labels.catalog.pages
    preview = Button(words["see_preview"], value=PREVIEW, is_first=False)
    if place.visit is None or place.visit.briefing is None:
        return [preview, Button(words["save"])]
    now = Button(place.labels.catalog.fill(words["send_first"], {"name": place.others}))
    return [preview, now] if is_answer else [preview, now, Button(words["send_waits"], value="wait", is_first=False)]


def _why_kept(place: Place) -> str:
    """Return what notes are kept for and by which law, as the rules say it of all that say nothing else."""
    kept = place.book.rule_set.kept(_OBSERVATION)
    purpose = place.labels.text(kept.purpose) if kept.purpose else ""
    basis = kept.legal_basis or ""
    words = place.labels.catalog.pages["why_it_may_be_kept"]
    return place.labels.catalog.fill(words, {"purpose": purpose, "basis": basis}) if purpose or basis else ""
