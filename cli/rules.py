"""Commands about rule sets as files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

import typer

from cli.tokens import refuse

rules_app = typer.Typer(help="Regelsæt som data. / Rule sets as data.", no_args_is_help=True)


@rules_app.command("try")
def try_rules(file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML")]) -> None:
    """Prøv eksemplerne i et regelsæt. / Try the examples of a rule set; each must come out as it says."""
    from rules.calendar.danish_offices import customary
    from rules.calendar.working_time import WorkingTime
    from rules.loading.read_toml import UnreadableError, read_rule_set
    from rules.proving.coverage import report
    from rules.proving.run_examples import run_examples

    folder = _RuleFiles(file.parent)
    try:
        rule_set = read_rule_set(folder[file.name], file.name, folder)
    except UnreadableError as error:
        refuse(str(error))
    results = run_examples(rule_set, WorkingTime(customary()))
    for line in report(rule_set, results):
        typer.echo(line)
    raise typer.Exit(any(result.differences for result in results))


class _RuleFiles(Mapping[str, str]):
    """The TOML files of a folder by name; each is read only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8-sig")  # Some editors set a mark before UTF-8.
        except UnicodeDecodeError:
            refuse(f"{name}: save it as UTF-8")

    def __iter__(self) -> Iterator[str]:
        return (file.name for file in self._folder.glob("*.toml"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
