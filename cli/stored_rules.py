"""Commands that ask of recorded courses, in the store of this installation, how rules decide them."""

from collections.abc import Coroutine, Iterator
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from cli.clients import Url
from cli.rules import In, Named
from cli.rulesets import As, Token, speaking_as
from cli.tokens import settings_here
from domain.identity import Role

_T = TypeVar("_T")

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
    from rich.progress import Progress

    from cli.replaying import ReplayReport, replay_here, report_lines

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

    report = _of_the_store(run())
    for line in (report.model_dump_json(indent=2),) if as_json else report_lines(report):
        typer.echo(line)
    raise typer.Exit(not report.is_same)


def _of_the_store(answer: Coroutine[Any, Any, _T]) -> _T:
    """Return what is asked of the store; ends the program with 2 when it is away."""
    import asyncio

    from infra.store.errors import StoreAwayError

    try:
        return asyncio.run(answer)
    except StoreAwayError:
        typer.echo("Databasen svarer ikke. / The database does not answer.", err=True)
        raise typer.Exit(2) from None


def what_if(
    rules: Named,
    *,
    municipality: _At,
    instead_of: Annotated[
        str, typer.Option(help="Id for det regelsæt, forløbene følger; ellers det samme. / Id of the set they follow.")
    ] = "",
    sample: Annotated[
        int, typer.Option(min=0, help="I hvor mange forløb påmindelser forudses. / In how many reminders are foreseen.")
    ] = 200,
    as_json: _AsJson = False,
    language: In = "da",
) -> None:
    """Afgør åbne forløb efter andre regler; intet gemmes. / Decide open courses by other rules; nothing is recorded.

    Reglerne kan være en fil, der ikke er offentliggjort. / The rules may be a file that is not published.
    """
    from rich.progress import Progress

    from cli.what_if import WhatIf, asking_here, what_if_lines

    settings = settings_here()

    async def run() -> WhatIf:
        async with asking_here(settings, municipality, rules, language) as asking:
            follow = instead_of or asking.after.rule_set.id
            with Progress(console=Console(stderr=True)) as progress:
                task = progress.add_task("", total=await asking.count(follow))
                found = await asking.decide(follow, lambda more: progress.advance(task, more))
                chosen = asking.sample(sample)
                task = progress.add_task("", total=len(chosen))
                return await asking.foresee(chosen, found, lambda more: progress.advance(task, more))

    found = _of_the_store(run())
    for line in (found.model_dump_json(indent=2),) if as_json else what_if_lines(found):
        typer.echo(line)


def as_of(
    course: Annotated[str, typer.Argument(help="Forløbets id. / Id of the course.")],
    *,
    on: Annotated[str, typer.Option(help="Dagen: 2026-09-14. / The day.")],
    municipality: _At,
    url: Url,
    token: Token = "",
    person: As = "cli",
    as_json: _AsJson = False,
    language: In = "da",
) -> None:
    """Sig, hvad der var kendt og afgjort en dag, og efter hvilke regler. / Say what was known and decided on a day."""
    from json import dumps

    with speaking_as(Role.SUPERVISOR, municipality, url, token, person, language) as caller:
        stood = caller.get(f"/v1/courses/{course}/as-of", on=on)
    for line in (dumps(stood, ensure_ascii=False, indent=2),) if as_json else _as_of_lines(stood, language):
        typer.echo(line)


def _as_of_lines(stood: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the rules, what was known, and each visit with its requirements as they came out."""
    explained = stood["explanation"] or {"visits": []}
    rules = explained.get("rules", {"id": "–", "version": "–", "sha256": "–"})
    yield f"{stood['on']}  revision {stood['revision']}  {rules['id']}@{rules['version']}  {rules['sha256']}"
    yield from (f"  {fact['label']}: {fact['text']}" for fact in stood["facts"] if fact["counts"])
    yield from (f"  · {fact}: slettet / erased" for fact in stood["erased"])
    for visit in explained["visits"]:
        yield f"#{visit['visit']} {visit['step']}  {'✓' if visit['is_ready'] else '…'}"
        for asked in visit["requirements"]:
            yield f"  {asked['outcome']:14}  {asked['id']}  {asked['text'].get(language) or asked['text']['da']}"
