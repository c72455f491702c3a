"""Commands about a municipality's own rule sets, by the API as every other program."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cli.clients import Url
from cli.rules import In, InFiles
from cli.tokens import refuse, signed
from clients.caller import AwayError, Caller, RequestRefusedError, expect_success
from domain.identity import Role
from rules.language.formats import Language

rulesets_app = typer.Typer(help="Kommunens egne regelsæt. / The municipality's own rule sets.", no_args_is_help=True)

_EXAMPLES: Final = "examples"
"""The field of what examples show, which the report says as well, with file and line."""
_PROPOSED: Final = "proposed"
_FLAWED: Final = "rules-flawed"
"""The code by which the API refuses a set that must not be published."""

At = Annotated[str, typer.Option(help="Kommunenummer. / Municipality number.")]
Token = Annotated[str, typer.Option(envvar="FODSLAG_TOKEN", help="Ellers udstedes et. / Else one is signed.")]
As = Annotated[str, typer.Option("--as", help="Hvem du er, når et token udstedes. / Who you are where one is signed.")]
Version = Annotated[str, typer.Argument(help="Id@version, som listen viser. / Id@version, as the list shows it.")]


@contextmanager
def speaking_as(role: Role, municipality: str, url: str, token: str, person: str, language: str) -> Iterator[Caller]:
    """Give the API as somebody in a role speaks to it; ends the program with its words when it refuses."""
    bearer = token or signed([role], person, municipality)
    with Caller(url, bearer, language=language) as caller:
        try:
            yield caller
        except AwayError:
            refuse(f"{url}: intet svar / no answer")
        except RequestRefusedError as error:
            refuse(str(error))


def _editor(municipality: str, url: str, token: str, person: str, language: str) -> AbstractContextManager[Caller]:
    return speaking_as(Role.RULE_EDITOR, municipality, url, token, person, language)


def _listed(caller: Caller) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller.get("/v1/rulesets")["items"]
    return items


def one_version(caller: Caller, named: str) -> dict[str, Any]:
    """Return a version as the list has it; ends the program when there is none, or when the name fits several."""
    rule_set, _, version = named.partition("@")
    fitting = [item for item in _listed(caller) if item["id"] == rule_set and version in ("", item["version"])]
    if len(fitting) != 1:
        known = ", ".join(f"{item['id']}@{item['version']}" for item in _listed(caller))
        refuse(f"{named}: vælg en af / choose one of: {known}")
    return fitting[0]


def _told(item: dict[str, Any]) -> str:
    mark = "*" if item["is_in_force"] else " "
    people = " ".join(item[f"{act}_by"] or "–" for act in ("proposed", "approved", "withdrawn"))
    line = f"{mark} {item['id']}@{item['version']}  {item['valid_from']}  {item['status']}  {people}  {item['sha256']}"
    later = "".join(f"  ≠ {version}" for version in item["not_carried_on_to"])
    return line + later


@rulesets_app.command("list")
def list_rulesets(*, municipality: At, url: Url, token: Token = "", person: As = "cli", language: In = "da") -> None:
    """Vis alle versioner; * gælder i dag. / List every version; * is in force today."""
    with _editor(municipality, url, token, person, language) as caller:
        for item in _listed(caller):
            typer.echo(_told(item))


@rulesets_app.command()
def show(
    named: Version, *, municipality: At, url: Url, token: Token = "", person: As = "cli", language: In = "da"
) -> None:
    """Skriv en version, som den er skrevet. / Print a version as it was written, in TOML."""
    with _editor(municipality, url, token, person, language) as caller:
        item = one_version(caller, named)
        document = caller.get(f"/v1/rulesets/{item['id']}/document", sha256=item["sha256"])
        typer.echo(document["toml"] or "", nl=False)


@rulesets_app.command()
def compare(
    before: Version,
    after: Version,
    *,
    municipality: At,
    url: Url,
    token: Token = "",
    person: As = "cli",
    language: In = "da",
) -> None:
    """Sig, hvad der er forskel på i to versioner. / Say in sentences what differs between two versions."""
    with _editor(municipality, url, token, person, language) as caller:
        old, new = one_version(caller, before), one_version(caller, after)
        query = {"before": old["sha256"], "after": new["sha256"]}
        for line in caller.get(f"/v1/rulesets/{new['id']}/changes", **query)["lines"]:
            typer.echo(line)


@rulesets_app.command()
def check(
    path: InFiles, *, municipality: At, url: Url, token: Token = "", person: As = "cli", language: In = "da"
) -> None:
    """Prøv, om et regelsæt kan offentliggøres. / Try whether a rule set can be published; writes nothing."""
    with _editor(municipality, url, token, person, language) as caller:
        checked = caller.does("/v1/ruleset-checks", toml=_document(path, language))
    for flaw in checked["flaws"]:
        if flaw["field"] != _EXAMPLES:
            typer.echo(f"{path}:{flaw['line']}: {flaw['text']}")
    for line in checked["report"]:
        typer.echo(line)
    for version in checked["unfit"]:
        typer.echo(f"≠ {version}")
    raise typer.Exit(not checked["is_publishable"])


def publish(
    path: InFiles,
    *,
    municipality: At,
    url: Url,
    token: Token = "",
    person: As,
    as_json: Annotated[bool, typer.Option("--json", help="Svar som JSON. / Answer as JSON.")] = False,
    language: In = "da",
) -> None:
    """Foreslå et regelsæt til offentliggørelse; en anden godkender det. / Propose a rule set; somebody else approves.

    Slutkoden er 1, når sættet skal rettes, og 2, når API'et ikke svarer eller afviser dig.
    / The exit code is 1 when the set must be put right, and 2 when the API does not answer or refuses you.
    """
    typer.echo("… beviser for alle borgere / proving of all citizens", err=True)
    with _editor(municipality, url, token, person, language) as caller:
        answer = caller.post("/v1/rulesets", {"toml": _document(path, language)})
        is_flawed = not answer.is_success and _FLAWED in answer.text
        told: dict[str, Any] = (answer if is_flawed else expect_success(answer)).json()
        if not is_flawed:
            told["page"] = f"{url}/rules/{told['id']}/versions/{told['version']}"
    for line in (json.dumps(told, ensure_ascii=False, indent=2),) if as_json else _published(told, municipality):
        typer.echo(line)
    raise typer.Exit(is_flawed)


def _published(told: dict[str, Any], municipality: str) -> Iterator[str]:
    """Yield what must be put right, or how far the version has come, what is next, and where."""
    if told.get("code") == _FLAWED:
        yield from (error["problem"] for error in told["errors"])
        return
    yield _told(told)
    if told["status"] == _PROPOSED:
        approve = f"fodslag rulesets approve {told['id']}@{told['version']} {told['sha256']}"
        yield f"Nu skal en anden læse og godkende det. / Now somebody else reads and approves it: {told['page']}"
        yield f"{approve} --municipality {municipality} --as …"


@rulesets_app.command()
def approve(
    named: Version, sha256: str, *, municipality: At, url: Url, token: Token = "", person: As, language: In = "da"
) -> None:
    """Offentliggør det dokument, du har læst. / Publish the very document that you have read, by its hash."""
    _decide("approve", named, sha256, _editor(municipality, url, token, person, language))


@rulesets_app.command()
def withdraw(
    named: Version, sha256: str, *, municipality: At, url: Url, token: Token = "", person: As, language: In = "da"
) -> None:
    """Træk et regelsæt tilbage, før det gælder. / Withdraw a rule set before it is in force."""
    _decide("withdraw", named, sha256, _editor(municipality, url, token, person, language))


def _decide(act: str, named: str, sha256: str, editor: AbstractContextManager[Caller]) -> None:
    with editor as caller:
        item = one_version(caller, named)
        typer.echo(_told(caller.does(f"/v1/rulesets/{item['id']}/versions/{item['version']}/{act}", sha256=sha256)))


def _document(path: Path, language: Language) -> str:
    from cli.rule_sets import joined_in

    return joined_in(path, language)
