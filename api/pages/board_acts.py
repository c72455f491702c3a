"""What a leader does with several courses of the board: a dry run, then an order, and how far it has come."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.board.holders import holders_of, takers_of
from api.bulk.chosen import (
    PausesBody,
    PausesPlanBody,
    TakesBody,
    TakesPlanBody,
    pause_chosen,
    plan_pauses,
    plan_takes,
    take_chosen,
)
from api.bulk.hand_overs import HandOverBody, HandOverPlanBody, hand_over, plan_hand_over
from api.bulk.models import BulkActRead
from api.bulk.routes import BulkInPath, list_bulk_acts, list_bulk_items, read_bulk_act
from api.http.access import Reporter, Supervisor
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices, Services
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging
from api.http.same_origin import expect_same_origin
from api.pages.addresses import own_address, see_other
from api.pages.forms import Form, read_body
from api.pages.reader import GivenReader, Reader
from api.pages.rendering import render_page
from domain.calendar import end_of_day, iso_day
from infra.security.tokens import Claims
from infra.store.bulk_rows import BulkKind, ItemState
from rules.language.formats import Language
from wording.labels import Labels

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

_MARK: Final = "course-"
"""What the name of a course's mark begins with."""


@router.post("/board/takes/plan")
async def show_takes(
    request: Request, caller: Supervisor, reader: GivenReader, sender: GivenSender, form: Form
) -> HTMLResponse:
    """Say in which of the chosen courses the wait can be taken, and ask what is done about it."""
    chosen = _chosen_in(form)
    plan = await plan_takes(read_body(TakesPlanBody, chosen), request, caller, sender) if chosen else None
    return _shown(request, reader, form, BulkKind.TAKE, lines=plan.courses if plan else ())


@router.post("/board/takes")
async def order_takes(caller: Supervisor, sender: GivenSender, form: Form) -> RedirectResponse:
    """Take the waits of the chosen courses, as `POST /v1/takes` does."""
    body = read_body(TakesBody, {**_chosen_in(form), "comment": form.get("words")})
    return _to_progress(await take_chosen(body, Response(), caller, sender.named(form.get("order", ""))))


@router.post("/board/pauses/plan")
async def show_pauses(
    request: Request, caller: Supervisor, reader: GivenReader, sender: GivenSender, form: Form
) -> HTMLResponse:
    """Say which of the chosen courses can be paused, and ask why and until when."""
    chosen = _chosen_in(form)
    plan = await plan_pauses(read_body(PausesPlanBody, chosen), request, caller, sender) if chosen else None
    return _shown(request, reader, form, BulkKind.PAUSE, lines=plan.courses if plan else ())


@router.post("/board/pauses")
async def order_pauses(caller: Supervisor, sender: GivenSender, form: Form) -> RedirectResponse:
    """Stop the clocks of the chosen courses, as `POST /v1/pauses` does."""
    written = form.get("until", "").strip()
    day = iso_day(written)
    until = {"until": end_of_day(day).isoformat() if day else written} if written else {}
    body = read_body(PausesBody, {**_chosen_in(form), **until, "reason": form.get("words")})
    return _to_progress(await pause_chosen(body, Response(), caller, sender.named(form.get("order", ""))))


@router.post("/board/hand-overs/plan")
async def show_hand_overs(
    request: Request, services: GivenServices, caller: Supervisor, reader: GivenReader, form: Form
) -> HTMLResponse:
    """Ask from whom to whom the chosen courses go, and say then what it would do."""
    marked, plan = _chosen_in(form), None
    chosen = read_body(TakesPlanBody, marked).courses if marked else []
    holders = await holders_of(services, caller, chosen) if chosen else []
    if form.get("from") and form.get("to"):
        held = next((one.courses for one in holders if one.key == form["from"]), chosen)
        body = read_body(HandOverPlanBody, {**_from_and_to(form), "courses": held})
        plan = await plan_hand_over(body, services, caller)
    takers = await takers_of(services, caller) if chosen else ()
    lines = plan.courses if plan else ()
    return _shown(request, reader, form, BulkKind.HAND_OVER, lines=lines, holders=holders, takers=takers)


@router.post("/board/hand-overs")
async def order_hand_overs(
    services: GivenServices, caller: Supervisor, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Hand the chosen courses over, as `POST /v1/hand-overs` does."""
    body = read_body(HandOverBody, {**_from_and_to(form), **_chosen_in(form), "reason": form.get("words")})
    return _to_progress(await hand_over(body, Response(), services, caller, sender.named(form.get("order", ""))))


@router.get("/board/acts")
async def show_acts(
    request: Request,
    services: GivenServices,
    caller: Reporter,
    reader: GivenReader,
    paging: GivenPaging,
    reading: GivenReading,
    language: CallersLanguage,
) -> HTMLResponse:
    """Show what was ordered of many courses at once, as `GET /v1/bulk-acts` lists it."""
    page = await list_bulk_acts(services, caller, paging, reading)
    moved_to = {act.id: await _moved_to(services, caller, act, language) for act in page.items}
    return render_page(request, "board_acts", reader=reader, acts=page.items, moved_to=moved_to, next=page.next)


@router.get("/board/acts/{bulk}")
async def show_act(
    request: Request,
    bulk: BulkInPath,
    services: GivenServices,
    caller: Reporter,
    reader: GivenReader,
    paging: GivenPaging,
    reading: GivenReading,
    language: CallersLanguage,
) -> HTMLResponse:
    """Show how far an act has come, and what could not be done."""
    act = await read_bulk_act(bulk, services, caller, reading)
    failed = await list_bulk_items(bulk, request, services, caller, paging, reading, [ItemState.FAILED])
    moved_to = await _moved_to(services, caller, act, language)
    return render_page(
        request, "board_act", reader=reader, act=act, moved_to=moved_to, failed=failed.items, order=uuid4()
    )


async def _moved_to(services: Services, caller: Claims, act: BulkActRead, language: Language) -> Labels | None:
    """Return the words of the rules to which a re-pin moves courses; None for another act."""
    if act.re_pin is None:
        return None
    return Labels(await services.rulebooks.book(caller.municipality, act.re_pin.rules), language)


def _shown(
    request: Request,
    reader: Reader,
    form: Mapping[str, str],
    kind: BulkKind,
    **found: Any,  # noqa: ANN401 - What the template shows of this kind.
) -> HTMLResponse:
    able = [line for line in found["lines"] if line.problem is None]
    more = {"holders": (), "takers": (), "order": uuid4(), **found}
    back = own_address(form.get("back"))
    marks = [name for name in form if name.startswith(_MARK)]
    return render_page(
        request, "board_chosen", reader=reader, kind=kind, able=able, form=form, marks=marks, board=back, **more
    )


def _chosen_in(form: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the courses with a mark as bodies name them; nothing when there is none."""
    chosen = [name.removeprefix(_MARK) for name in form if name.startswith(_MARK)]
    return {"courses": chosen} if chosen else {}


def _from_and_to(form: Mapping[str, str]) -> dict[str, object]:
    """Return from whom and to whom as bodies name them, for `person:anna` or `unit:job`."""
    named = {name: form.get(name, "").partition(":") for name in ("from", "to")}
    who = {name: {kind: id_} for name, (kind, _, id_) in named.items()}
    return {"from": who["from"], "to": [who["to"]]}


def _to_progress(act: BulkActRead) -> RedirectResponse:
    return see_other(f"/board/acts/{act.id}")
