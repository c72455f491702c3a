"""The command line: starts what the product consists of and signs tokens; everything else is the API's."""

import os
import runpy
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final, Never

import typer
from pydantic import ValidationError
from rich.console import Console

from domain.identity import Role
from infra.clock import SystemClock
from infra.embedded.settings import EmbeddedSettings

_LOCAL: Final = "http://127.0.0.1:8080"
_A_DAY: Final = timedelta(days=1)

app = typer.Typer(
    help="Fodslag: forløb, der venter, til begge er orienteret. / Courses that wait until both are informed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

rules_app = typer.Typer(help="Regelsæt som data. / Rule sets as data.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")


@app.command()
def run() -> None:
    """Kør alt på denne maskine. / Run everything on this machine, until Ctrl-C."""
    from infra.embedded import supervisor

    raise typer.Exit(supervisor.run(_embedded_settings(), Console()))


@app.command()
def api() -> None:
    """Kør API'et. / Serve the API, with the settings of the environment."""
    from api.serving import serve
    from infra.settings import Settings, SettingsError

    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        _refuse(str(error))
    serve(settings)


@app.command()
def worker() -> None:
    """Kør det, der fører forløbene. / Run the worker, with the settings of the environment."""
    runpy.run_module("worker", run_name="__main__")


@app.command()
def health() -> None:
    """Sig, om arbejderen her henter arbejde. / Say whether the worker here asks for work; for health checks."""
    from infra.metrics import is_polling
    from infra.settings import Settings, SettingsError

    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        _refuse(str(error))
    if not is_polling(settings.metrics_host, settings.metrics_port):
        typer.echo(
            "Arbejderen svarer ikke eller henter intet arbejde; se dens log.\n"
            "The worker does not answer or asks for no work; see its log.",
            err=True,
        )
        raise typer.Exit(1)


@app.command()
def migrate(database_url: Annotated[str, typer.Option(envvar="FODSLAG_DATABASE_URL")]) -> None:
    """Bring databasen op til denne version. / Bring the database to this version."""
    from infra.store.migrate import upgrade

    upgrade(database_url)


@app.command()
def token(
    *,
    role: Annotated[list[Role], typer.Option(help="Kan gentages. / May be repeated.")],
    person: Annotated[str, typer.Option(help="Personens eller systemets id. / Id of a person or a system.")],
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")],
    unit: Annotated[list[str] | None, typer.Option(help="Kan gentages. / May be repeated.")] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="Gyldighed. / Validity.")] = 1,
) -> None:
    """Udsted et token. / Sign a token with FODSLAG_JWT_KEY, or else with the key of `fodslag run`."""
    typer.echo(_signed(role, person, municipality, unit or (), timedelta(days=days)))


@app.command(name="import")
def import_courses(  # noqa: PLR0913 - Each is an option of the command.
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV (.csv) / JSON Lines (.jsonl)")],
    *,
    municipality: Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")],
    unit: Annotated[str, typer.Option(help="Enhed for linjer uden. / Unit of lines that name none.")] = "",
    url: Annotated[str, typer.Option(help="API'ets adresse. / Address of the API.")] = _LOCAL,
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

    signed = token or _signed([Role.SYSTEM], "import", municipality)
    with Caller(url, signed, language=language) as caller:
        importing = Import(file, caller, quiet_until or None, Console(stderr=True))
        defaults = {"municipality": municipality, "unit": unit}
        code = importing.run(defaults, dry_run=dry_run, leave_out_refused=leave_out_refused)
    raise typer.Exit(code)


@rules_app.command("try")
def try_rules(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML")]) -> None:
    """Prøv eksemplerne i et regelsæt. / Try the examples of a rule set; each must come out as it says."""
    from infra.office import customary
    from rules.reading import UnreadableError, read_rule_set
    from rules.trying import try_examples
    from rules.untried import told_of
    from rules.working_time import WorkingTime

    folder = _RuleFiles(file.parent)
    try:
        rule_set = read_rule_set(folder[file.name], file.name, folder)
    except UnreadableError as error:
        _refuse(str(error))
    tried = try_examples(rule_set, WorkingTime(customary()))
    for line in told_of(rule_set, tried):
        typer.echo(line)
    raise typer.Exit(any(one.differences for one in tried))


class _RuleFiles(Mapping[str, str]):
    """The TOML files of a folder by name; each is read only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8-sig")  # Some editors set a mark before UTF-8.
        except UnicodeDecodeError:
            _refuse(f"{name}: save it as UTF-8")

    def __iter__(self) -> Iterator[str]:
        return (file.name for file in self._folder.glob("*.toml"))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _signed(
    roles: Sequence[Role], person: str, municipality: str, units: Sequence[str] = (), lifetime: timedelta = _A_DAY
) -> str:
    """Return a signed token; what cannot be signed is named, and the program ends."""
    from infra.security.tokens import sign

    try:
        return sign(
            os.environ.get("FODSLAG_JWT_KEY") or _embedded_signing_key(),
            person=person,
            roles=roles,
            municipality=municipality,
            units=units,
            lifetime=lifetime,
            now=SystemClock().now(),
        )
    except ValidationError as error:
        _refuse(_in_lines(error))


def _embedded_settings() -> EmbeddedSettings:
    try:
        return EmbeddedSettings()
    except ValidationError as error:
        _refuse(_in_lines(error, prefix="FODSLAG_"))


def _embedded_signing_key() -> str:
    from infra.embedded.keys import key_file

    file = key_file(_embedded_settings().var, "FODSLAG_JWT_KEY")
    if not file.exists():
        _refuse(
            f"Ingen nøgle i {file}. Start `fodslag run` først, eller sæt FODSLAG_JWT_KEY.\n"
            f"No key in {file}. Start `fodslag run` first, or set FODSLAG_JWT_KEY."
        )
    return file.read_text()


def _in_lines(error: ValidationError, prefix: str = "") -> str:
    """Name each thing that is wrong, with a `prefix` by the environment variable it was read from."""
    lines = []
    for detail in error.errors():
        name = prefix + ".".join(map(str, detail["loc"]))
        lines.append(f"{name.upper() if prefix else name}: {detail['msg']}")
    return "\n".join(lines)


def _refuse(message: str) -> Never:
    typer.echo(message, err=True)
    raise typer.Exit(2)


if __name__ == "__main__":
    app()
