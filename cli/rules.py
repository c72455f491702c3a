"""Commands about rule sets as files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.tokens import refuse

rules_app = typer.Typer(help="Regelsæt som data. / Rule sets as data.", no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="Id, id@version, mappe eller fil. / Id, id@version, folder or file.")]
In = Annotated[Literal["da", "en"], typer.Option(help="Sprog. / Language.")]


InFiles = Annotated[Path, typer.Argument(exists=True, help="En mappe eller en TOML-fil. / A folder or a TOML file.")]


@rules_app.command("try")
def try_rules(path: InFiles, *, language: In = "da") -> None:
    """Prøv eksemplerne i et regelsæt. / Try the examples of a rule set; each must come out as it says."""
    from cli.rule_sets import reading_in
    from rules.calendar.danish_offices import customary
    from rules.calendar.working_time import WorkingTime
    from rules.loading.examined import example_report
    from rules.proving.run_examples import run_examples
    from wording.flaws import phrase_text

    reading = reading_in(path, language)
    results = run_examples(reading.rule_set, WorkingTime(customary()))
    for line in example_report(reading, results):
        typer.echo(phrase_text(line, language))
    raise typer.Exit(any(result.differences for result in results))


@rules_app.command()
def check(
    path: InFiles,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Svar som JSON. / Answer as JSON.")] = False,
    language: In = "da",
) -> None:
    """Bevis et regelsæt for alle borgere. / Prove a rule set of all citizens, after trying its examples.

    Slutkoden er 1, når det ikke må tages i brug. / The exit code is 1 when it must not be put in force.
    """
    from cli.rule_check import check_lines, checked_as_json
    from cli.rule_sets import reading_in
    from rules.calendar.danish_offices import customary
    from rules.calendar.working_time import WorkingTime
    from rules.loading.examined import examined

    reading = reading_in(path, language)
    asked = examined(reading, WorkingTime(customary()), lambda step: typer.echo(f"… {step}", err=True))
    if as_json:
        typer.echo(checked_as_json(asked))
    else:
        for line in check_lines(asked, language):
            typer.echo(line)
    raise typer.Exit(not asked.is_sound)


@rules_app.command()
def join(path: InFiles, *, language: In = "da") -> None:
    """Skriv en mappe som én fil. / Print a folder as one file, for what takes a single document."""
    from cli.rule_sets import joined_in

    typer.echo(joined_in(path, language), nl=False)


@rules_app.command()
def burden(
    rule_set: Named,
    *,
    group: Annotated[str | None, typer.Option(help="Målgruppens id. / Id of the target group.")] = None,
    language: In = "da",
) -> None:
    """Tæl, hvad et lige forløb beder om. / Count what a straight course asks, by step, role and source.

    Slutkoden er 1, når det er mere, end det bør. / The exit code is 1 when it is more than it should be.
    """
    from cli.rule_sets import rule_set_named
    from domain.errors import RefusedError
    from rules.burden.budget import budget_lines, excesses
    from rules.burden.count import burden_lines, burden_of
    from rules.burden.player import StuckError
    from rules.calendar.danish_offices import customary
    from rules.calendar.working_time import WorkingTime
    from rules.engine.book import Book

    rules = rule_set_named(rule_set, language)
    try:
        counted = burden_of(Book(rules), WorkingTime(customary()), group)
    except StuckError as stuck:
        refuse(f"Intet lige forløb fører til ende. / No straight course comes to its end: {stuck}")
    except RefusedError:
        refuse(f"{group}: ukendt målgruppe / unknown target group")
    for line in (*burden_lines(rules, counted, language), "", *budget_lines(rules, counted, language)):
        typer.echo(line)
    raise typer.Exit(bool(excesses(counted)))


@rules_app.command()
def read(rule_set: Named, *, language: In = "da") -> None:
    """Skriv regelbogen, som en jurist kan underskrive. / Print the rule book that a jurist signs, in Markdown."""
    from cli.rule_sets import rule_set_named
    from rules.engine.book import Book
    from rules.reading.rule_book import rule_book

    for line in rule_book(Book(rule_set_named(rule_set, language)), language):
        typer.echo(line)


@rules_app.command()
def diff(
    before: Named,
    after: Named,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Svar som JSON. / Answer as JSON.")] = False,
    language: In = "da",
) -> None:
    """Sig, hvad der er forskel på, og bevis, hvem det gælder. / Say what differs, and prove whom it is of.

    Slutkoden er 0, når hver borger afgøres ens, 1, når nogen afgøres anderledes, og 2, når noget ikke kan afgøres.
    / The exit code is 0 when every citizen is decided on the same, 1 when somebody is not, and 2 when something is
    undecided or a set cannot be read.
    """
    from rich.console import Console
    from rich.progress import Progress

    from cli.rule_diff import diff_as_json, diff_exit_code, diff_lines
    from cli.rule_sets import rule_set_named
    from rules.calendar.danish_offices import customary
    from rules.calendar.working_time import WorkingTime
    from rules.engine.book import Book
    from rules.proof.diff import diff as proved

    books = Book(rule_set_named(before, language)), Book(rule_set_named(after, language))
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=len(books[0].steps))
        found = proved(*books, WorkingTime(customary()), lambda _: progress.advance(task))
    for line in (diff_as_json(found),) if as_json else diff_lines(found, after, language):
        typer.echo(line)
    raise typer.Exit(diff_exit_code(found))
