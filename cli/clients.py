"""Commands that call a running API as other systems do."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.tokens import refuse, signed, standalone_settings
from domain.calendar import danish_day
from domain.identity import Role
from infra.clock import SystemClock


def _local() -> str:
    """Return the address of the API that `fodslag run` starts."""
    return f"http://127.0.0.1:{standalone_settings().api_port}"


Url = Annotated[
    str,
    typer.Option(
        default_factory=_local, show_default="FODSLAG_API_PORT", help="API'ets adresse. / Address of the API."
    ),
]
"""The address of a running API."""


class Feed(StrEnum):
    """The systems that can be simulated."""

    CASE_SYSTEM = "case-system"
    TRIAL_APPLICATIONS = "trial-applications"


def import_courses(  # noqa: PLR0913 - Each is an option of the command.
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV (.csv) / JSON Lines (.jsonl)")],
    *,
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")],
    unit: Annotated[str, typer.Option(help="Enhed for linjer uden. / Unit of lines that name none.")] = "",
    url: Url,
    token: Annotated[str, typer.Option(envvar="FODSLAG_TOKEN", help="Ellers udstedes et. / Else one is signed.")] = "",
    quiet_until: Annotated[
        str, typer.Option(help="Dag, hvor påmindelser begynder. / Day on which reminders begin: 2026-10-05.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Prøv alt, gem intet. / Try all, record nothing.")] = False,
    leave_out_refused: Annotated[
        bool, typer.Option("--leave-out-refused", help="Overtag resten. / Take over the rest.")
    ] = False,
    language: Annotated[str, typer.Option(help="da | en")] = "da",
) -> None:
    """Overtag kørende forløb fra en fil. / Take over running courses from a file; running it again goes on."""
    from clients.caller import Caller
    from clients.importing.running import Import

    bearer = token or signed([Role.SYSTEM], "import", municipality)
    with Caller(url, bearer, language=language) as caller:
        importing = Import(file, caller, quiet_until or None, Console(stderr=True))
        defaults = {"municipality": municipality, "unit": unit}
        code = importing.run(defaults, dry_run=dry_run, leave_out_refused=leave_out_refused)
    raise typer.Exit(code)


def export(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="XES (.xes)")],
    *,
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")],
    url: Url,
    token: Annotated[str, typer.Option(envvar="FODSLAG_TOKEN", help="Ellers udstedes et. / Else one is signed.")] = "",
) -> None:
    """Hent hændelsesloggen under pseudonymer. / Fetch the event log under pseudonyms, for process mining."""
    from clients.caller import Caller
    from clients.exporting import save_event_log

    bearer = token or signed([Role.DATA_PROTECTION], "export", municipality)
    with Caller(url, bearer) as caller:
        raise typer.Exit(save_event_log(caller, file, Console(stderr=True)))


def demo(
    *,
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")] = "0990",
    url: Url,
    run: Annotated[str, typer.Option(help="Kørslens navn i sagsnumrene. / Name of the run in references.")] = "",
    short: Annotated[bool, typer.Option("--short", help="Hver historie én gang. / Each story once.")] = False,
) -> None:
    """Spil 40 opdigtede forløb. / Play forty fictional courses against a running API."""
    from clients.caller import Caller
    from clients.demo.running import Demo

    def caller_for(person: str, roles: list[str]) -> Caller:
        return Caller(url, signed([Role(role) for role in roles], person, municipality), patience=3.0)

    now = SystemClock().now()
    playing = Demo(caller_for, municipality, run or f"{now:%m%d%H%M%S}", danish_day(now), is_short=short)
    raise typer.Exit(playing.play(Console(stderr=True)))


def simulate(
    feed: Annotated[Feed, typer.Argument(help="Systemet. / The system.")],
    *,
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")] = "0990",
    unit: Annotated[str, typer.Option(help="Enhed. / Unit.")] = "job",
    url: Url,
    courses: Annotated[int, typer.Option(min=1, max=1000, help="Antal forløb. / How many courses.")] = 10,
    seed: Annotated[int, typer.Option(help="Gentager en kørsel. / Repeats a run.")] = 1,
    faults: Annotated[
        str, typer.Option(help="Adskilt af komma, eller none. / With commas, or none.")
    ] = "twice,late,out-of-order,former-names,contradictions",
) -> None:
    """Spil et andet systems hændelser. / Play another system's events, faults included, against a running API."""
    from clients.caller import Caller
    from clients.simulation.events import Place
    from clients.simulation.faults import PERSON, Fault
    from clients.simulation.running import simulate as play

    try:
        wanted = frozenset(Fault(name.strip()) for name in faults.split(",") if name.strip() != "none")
    except ValueError as error:
        refuse(f"--faults: {error}. Kendt / known: {', '.join(Fault)}")
    tokens = [signed([role], person, municipality) for role, person in ((Role.SYSTEM, feed), (Role.CASEWORKER, PERSON))]
    with Caller(url, tokens[0]) as system, Caller(url, tokens[1]) as person:
        place = Place(municipality, unit, f"SIM-{feed.value[:4].upper()}-{seed}")
        today = danish_day(SystemClock().now())
        code = play(feed, place, courses, wanted, seed, today, (system, person))
    raise typer.Exit(code)
