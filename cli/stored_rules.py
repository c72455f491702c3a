"""Commands that ask of recorded courses, in the store of this installation, how rules decide them."""

from typing import Annotated

import typer
from rich.console import Console

from cli.tokens import settings_here

_At = Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")]
_Courses = Annotated[
    list[str] | None, typer.Option("--course", help="Sagsnummer eller id; ellers alle. / Reference or id; else all.")
]
_AsJson = Annotated[bool, typer.Option("--json", help="Skriv JSON. / Print JSON.")]


def replay(*, municipality: _At, courses: _Courses = None, as_json: _AsJson = False) -> None:
    """Afgør alt gemt igen under den version, det blev afgjort efter. / Judge all that is recorded again as it was.

    Slutkoden er 1, når noget ville blive anderledes, og 2, når databasen ikke svarer.
    / The exit code is 1 when something would be otherwise, and 2 when the database does not answer.
    """
    import asyncio

    from rich.progress import Progress

    from cli.replaying import ReplayReport, replay_here, report_lines
    from infra.store.errors import StoreAwayError

    settings = settings_here()

    async def run() -> ReplayReport:
        verdicts, not_the_same = 0, []
        async with replay_here(settings, municipality) as replaying:
            named = await replaying.courses(courses or ())
            with Progress(console=Console(stderr=True)) as progress:
                task = progress.add_task("", total=len(named))
                async for course in replaying.replayed(named):
                    progress.advance(task)
                    verdicts += course.verdicts
                    if not course.is_same or course.erased:
                        not_the_same.append(course)
        return ReplayReport(courses=len(named), verdicts=verdicts, not_the_same=tuple(not_the_same))

    try:
        report = asyncio.run(run())
    except StoreAwayError:
        typer.echo("Databasen svarer ikke. / The database does not answer.", err=True)
        raise typer.Exit(2) from None
    for line in (report.model_dump_json(indent=2),) if as_json else report_lines(report):
        typer.echo(line)
    raise typer.Exit(not report.is_same)
