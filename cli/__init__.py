"""The command line: starts what the product consists of and signs tokens; everything else is the API's."""

import runpy
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console

from cli.clients import demo, export, import_courses, simulate
from cli.re_pins import re_pins_app
from cli.rules import rules_app
from cli.rulesets import publish, rulesets_app
from cli.stored_rules import as_of, replay, what_if
from cli.tokens import refuse, settings_here, signed, standalone_settings
from domain.identity import Role

app = typer.Typer(
    help="Fodslag: forløb, der venter, til begge er orienteret. / Courses that wait until both are informed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

rules_app.add_typer(re_pins_app, name="re-pin")
rules_app.command()(publish)
rules_app.command()(replay)
rules_app.command()(what_if)
rules_app.command()(as_of)
app.add_typer(rules_app, name="rules")
app.add_typer(rulesets_app, name="rulesets")
app.command(name="import")(import_courses)
app.command()(export)
app.command()(simulate)
app.command()(demo)


@app.command()
def run() -> None:
    """Kør alt på denne maskine. / Run everything on this machine, until Ctrl-C."""
    from standalone import supervisor

    raise typer.Exit(supervisor.run(standalone_settings(), Console()))


@app.command()
def api() -> None:
    """Kør API'et. / Serve the API, with the settings of the environment."""
    from api.server import serve
    from infra.settings import Settings, SettingsError
    from infra.store.logins import Login, LoginError, expect_least

    try:
        settings = Settings.from_environment()
        expect_least(settings.database_url, Login.API)
    except (SettingsError, LoginError) as error:
        refuse(str(error))
    serve(settings)


@app.command()
def worker() -> None:
    """Kør det, der fører forløbene. / Run the worker, with the settings of the environment."""
    runpy.run_module("worker", run_name="__main__")


@app.command()
def health() -> None:
    """Sig, om arbejderen her henter arbejde. / Say whether the worker here asks for work; for health checks."""
    from infra.store.logins import Login, LoginError, expect_least
    from infra.telemetry.metrics import is_polling

    settings = settings_here()
    try:
        expect_least(settings.database_url, Login.WORKER)
    except LoginError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if not is_polling(settings.metrics_host, settings.metrics_port):
        typer.echo(
            "Arbejderen svarer ikke eller henter intet arbejde; se dens log.\n"
            "The worker does not answer or asks for no work; see its log.",
            err=True,
        )
        raise typer.Exit(1)


@app.command()
def verify(
    *,
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")],
    mend: Annotated[bool, typer.Option("--mend", help="Ret det, der sikkert kan rettes. / Mend what is safe.")] = False,
) -> None:
    """Sammenlign arbejdsgange og lager. / Compare workflows and store, course by course; after a restore, say."""
    import asyncio

    from cli.verify import verification
    from infra.store.errors import StoreAwayError
    from infra.temporal.client import exit_without_teardown

    settings = settings_here()

    async def compare() -> int:
        wrong = courses = 0
        async with verification(settings, municipality) as both:
            async for course in both.compared(mend=mend):
                courses += 1
                wrong += not course.is_well
                if course.agreement != "same":
                    typer.echo(f"{course.course}  {course.reference}  {course.agreement} → {course.mended or '–'}")
        typer.echo(f"{courses} forløb, {wrong} uenige / {courses} courses, {wrong} that disagree")
        return int(wrong > 0)

    try:
        code = asyncio.run(compare())
    except (StoreAwayError, RuntimeError):
        typer.echo("Databasen eller Temporal svarer ikke. / The database or Temporal does not answer.", err=True)
        code = 2
    exit_without_teardown(code)


@app.command()
def migrate() -> None:
    """Bring databasen op til denne version. / Bring the database to this version, as its owner."""
    from infra.settings import MigrationSettings, SettingsError
    from infra.store.migrate import upgrade

    try:
        settings = MigrationSettings.from_environment()
    except SettingsError as error:
        refuse(str(error))
    upgrade(settings.owner_database_url, settings.passwords)


@app.command()
def token(
    *,
    role: Annotated[list[Role], typer.Option(help="Kan gentages. / May be repeated.")],
    person: Annotated[str, typer.Option(help="Personens eller systemets id. / Id of a person or a system.")],
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")],
    unit: Annotated[
        list[str] | None,
        typer.Option(help="Kan gentages; * er alle. / May be repeated; * is all."),
    ] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Gyldighed; ellers en dag. / Validity; else a day.")] = None,
) -> None:
    """Udsted et token. / Sign a token with FODSLAG_JWT_KEY, or else with the key of `fodslag run`."""
    typer.echo(signed(role, person, municipality, unit or (), timedelta(days=days) if days else None))
