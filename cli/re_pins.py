"""Commands that move running courses to other rules, by the API as every other program."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Final
from uuid import UUID

import typer

from cli.clients import Url
from cli.rules import In
from cli.rulesets import As, At, Token, Version, one_version, speaking_as
from cli.tokens import refuse
from clients.caller import Caller
from domain.identity import Role

re_pins_app: Final = typer.Typer(
    help="Flyt kørende forløb til andre regler. / Move running courses to other rules.", no_args_is_help=True
)

_On = Annotated[str, typer.Option(help="Fra dagen; ellers fra næste skridt. / From the day; else from the next step.")]
_Units = Annotated[list[str] | None, typer.Option("--unit", help="Enheder; ellers alle. / Units; else all.")]
_AskLeft = Annotated[
    bool, typer.Option("--ask-left", help="Spørg om forladte skridt i det næste. / Ask of left steps in the next one.")
]
_Act = Annotated[UUID, typer.Argument(help="Flytningens id. / Id of the re-pin.")]


@re_pins_app.command()
def plan(  # noqa: PLR0913 - Each is an option of the command.
    before: Version,
    after: Version,
    *,
    municipality: At,
    url: Url,
    on: _On = "",
    units: _Units = None,
    ask_left: _AskLeft = False,
    token: Token = "",
    person: As = "cli",
    language: In = "da",
) -> None:
    """Se, hvad der ville ske; intet gemmes. / See what would happen; nothing is recorded.

    Slutkoden er 1, når et forløb ikke kan følge med. / The exit code is 1 when a course cannot follow.
    """
    days, courses, failed = Counter[str](), 0, False
    with speaking_as(Role.SUPERVISOR, municipality, url, token, person, language) as caller:
        for page in _pages(caller, _body(caller, before, after, on, units, ask_left=ask_left)):
            for course in page["courses"]:
                courses, failed = courses + 1, failed or course["problem"] is not None
                typer.echo(_planned(course))
            for day in page["notices"]:
                days[day["day"]] += day["after"]
    for day in sorted(days):
        typer.echo(f"{day}  {days[day]}")
    typer.echo(f"= {courses}")
    raise typer.Exit(failed)


@re_pins_app.command()
def order(  # noqa: PLR0913 - Each is an option of the command.
    before: Version,
    after: Version,
    *,
    municipality: At,
    url: Url,
    on: _On = "",
    units: _Units = None,
    ask_left: _AskLeft = False,
    token: Token = "",
    person: As,
    language: In = "da",
) -> None:
    """Flyt forløbene; skriv flytningens id. / Move the courses; print the id of the re-pin."""
    with speaking_as(Role.SUPERVISOR, municipality, url, token, person, language) as caller:
        body = _body(caller, before, after, on, units, ask_left=ask_left)
        typer.echo(_come(caller.does("/v1/re-pins", **body)))


@re_pins_app.command()
def progress(
    act: _Act, *, municipality: At, url: Url, token: Token = "", person: As = "cli", language: In = "da"
) -> None:
    """Se, hvor langt en flytning er, og hvad der ikke lykkedes. / See how far a re-pin has come, and what failed.

    Slutkoden er 1, når noget ikke lykkedes. / The exit code is 1 when something failed.
    """
    address = f"/v1/bulk-acts/{act}"
    with speaking_as(Role.SUPERVISOR, municipality, url, token, person, language) as caller:
        come = caller.get(address)
        typer.echo(_come(come))
        for item in _items(caller, f"{address}/items"):
            if item["problem"] is not None or item["asked_left"]:
                typer.echo("  ".join((item["reference"], *_said(item["problem"], item["asked_left"]))))
    raise typer.Exit(bool(come["failed"]))


@re_pins_app.command("take-back")
def take_back(act: _Act, *, municipality: At, url: Url, token: Token = "", person: As, language: In = "da") -> None:
    """Tag en flytning tilbage; skriv tilbageflytningens id. / Take a re-pin back; print the id of the way back."""
    with speaking_as(Role.SUPERVISOR, municipality, url, token, person, language) as caller:
        typer.echo(_come(caller.does(f"/v1/re-pins/{act}/take-back")))


def _body(
    caller: Caller, before: str, after: str, on: str, units: list[str] | None, *, ask_left: bool
) -> dict[str, Any]:
    """Return what a re-pin says; ends the program where it would move from a version to the same."""
    old, new = one_version(caller, before)["sha256"], one_version(caller, after)["sha256"]
    if old == new:
        refuse(f"{before} = {after}")
    return {"instead_of": old, "rules": new, "on": on or None, "units": units or None, "ask_left": ask_left}


def _pages(caller: Caller, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the pages of a dry run."""
    page: dict[str, Any] = {"next": None}
    while page["next"] is not None or "total" not in page:
        page = caller.does("/v1/re-pins/plan", **body, after=page["next"])
        yield page


def _items(caller: Caller, address: str) -> Iterator[dict[str, Any]]:
    """Yield what became of it in each course."""
    cursor: dict[str, str] = {}
    while True:
        page = caller.get(address, limit=200, **cursor)
        yield from page["items"]
        if page["next"] is None:
            return
        cursor = {"cursor": page["next"]}


def _planned(course: dict[str, Any]) -> str:
    moved = [f"{wait['what']} {wait['until_before'] or '–'} → {wait['until'] or '–'}" for wait in course["waits"]]
    return "  ".join((course["reference"], *moved, *_said(course["problem"], course["left"])))


def _said(problem: dict[str, Any] | None, left: list[str]) -> Iterator[str]:
    """Yield why a course does not follow, and what it has left behind that the other rules ask."""
    if problem is not None:
        yield f"≠ {problem['code']}: {problem['detail']}"
    yield from (f"← {one}" for one in left)


def _come(act: dict[str, Any]) -> str:
    return f"{act['id']}  {act['done']}/{act['total']}  ≠ {act['failed']}"
