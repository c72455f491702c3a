"""The board: where courses stand still and why, and what a leader can do about it, on the line or for several."""

from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import model_validator
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.board.models import BoardCounts
from api.board.routes import AskedOfBoard, read_board
from api.board.wanted import FIGURES, WantedBoard
from api.http.access import Supervisor
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.idempotency import GivenSender
from api.http.negotiation import CallersLanguage
from api.http.paging import GivenPaging
from api.http.same_origin import expect_same_origin
from api.inbox.escalations import TakeBody, take_escalation
from api.pages.addresses import own_address, see_other
from api.pages.forms import Form, body_of
from api.pages.reader import GivenReader
from api.pages.rendering import render_page
from api.rulesets.staff_news import staff_news
from infra.store.queries.board_filter import HeldUpBy, HolderAway, TakenBy
from rules.language.formats import Language
from wording.catalog import catalog

router = APIRouter(include_in_schema=False, dependencies=[Depends(expect_same_origin)])

BOARD: Final = "/board"


class Narrowed(WantedBoard):
    """By what the board is narrowed, as a form sends it: what nobody chose is empty."""

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, sent: Any) -> Any:  # noqa: ANN401 - Whatever a query may be.
        return {name: value for name, value in sent.items() if value != ""} if isinstance(sent, dict) else sent


@dataclass(frozen=True, slots=True)
class Figure:
    """A number above the board, and the address of the rows that it counts."""

    name: str
    count: int
    address: str
    is_chosen: bool


@router.get("/board")
async def show_board(
    request: Request,
    wanted: Annotated[Narrowed, Query()],
    services: GivenServices,
    caller: Supervisor,
    reader: GivenReader,
    language: CallersLanguage,
    paging: GivenPaging,
    reading: GivenReading,
) -> Response:
    """Show what `GET /v1/board` tells the same person, at an address that says no more than what was chosen."""
    if "" in request.query_params.values():
        return see_other(address_of(wanted))
    asked = AskedOfBoard(**wanted.named(), counts=True)
    page = await read_board(asked, services, caller, language, paging, reading)
    counts = page.counts
    assert counts is not None  # noqa: S101 - They were asked for.
    figures = {name: _figure(name, getattr(counts, name), wanted, more) for name, more in FIGURES.items()}
    held_up = [_figure(one.held_up_by, one.count, wanted, _held_up(one.held_up_by)) for one in counts.held_up]
    more = request.url.include_query_params(cursor=page.next).query if page.next else None
    return render_page(
        request,
        "board",
        reader=reader,
        page=page,
        figures=figures,
        held_up=held_up,
        wanted=wanted,
        choices=_choices(counts, language),
        staff_news=await staff_news(services, caller, language),
        here=address_of(wanted),
        next=f"{BOARD}?{more}" if more else None,
    )


@router.post("/board/escalations/{escalation}/take")
async def take_from_board(
    escalation: UUID, services: GivenServices, caller: Supervisor, sender: GivenSender, form: Form
) -> RedirectResponse:
    """Answer for a wait, as `POST /v1/escalations/{escalation}/take` does."""
    await take_escalation(escalation, body_of(TakeBody, form, (), "comment"), services, caller, sender)
    return see_other(own_address(form.get("back")))


def address_of(wanted: WantedBoard) -> str:
    """Return the address of the board when it is narrowed so."""
    named = {name: str(value).lower() if isinstance(value, bool) else value for name, value in wanted.named().items()}
    return f"{BOARD}?{urlencode(named)}" if named else BOARD


def _held_up(by: HeldUpBy) -> dict[str, Any]:
    return {"stalled": True, "held_up_by": by}


def _choices(counts: BoardCounts, language: Language) -> dict[str, list[tuple[str, str]]]:
    """Return what each part of the board can be narrowed to: what there is, and the codes with their words."""
    term = catalog(language).term
    return {
        "unit": [(one.unit, one.unit_name or one.unit) for one in counts.units],
        "step": [(one.step.id, one.step.label) for one in counts.steps],
        "held_up_by": [(one, term(one)) for one in HeldUpBy],
        "away": [(one, term(one)) for one in HolderAway],
        "taken_by": [(one, term(one)) for one in TakenBy],
        "rule_set": [(one.rule_set, one.title) for one in counts.rule_sets],
    }


def _figure(name: str, count: int, wanted: WantedBoard, more: dict[str, Any]) -> Figure:
    narrowed = wanted.narrowed(**more)
    return Figure(name, count, address_of(narrowed), is_chosen=bool(more) and narrowed == wanted)
