import json
import re
from collections.abc import Iterator

from domain import commands as cmd
from domain.state.verdict import TARGET_GROUP, Kind
from rules.language.facts import FactDeclaration
from rules.language.rule_set import RuleSet
from rules.language.steps import Parameter
from rules.loading.library import shipped
from tests.architecture.files import ROOT, must_be_none

PAGE = (ROOT / "docs" / "guides" / "method.md").read_text(encoding="utf-8")
NAMED = frozenset(re.findall(r"`([^`]+)`", PAGE))
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")]
JOBFIRST = next(entry for entry in shipped() if entry.id == "jobfirst" and not entry.draft)
ENDPOINTS = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
LOCAL = "local policy"
ELSEWHERE = {
    "rule_set",
    "fodslag rules try rules/sets/jobfirst",
    "fodslag rules burden jobfirst",
    "--group",
    "fodslag rules read jobfirst",
    "fodslag rules diff jobfirst jobfirst@2027-01-draft",
}
"""A field of the API and command lines, which other tests hold to their word."""


def steps_and_what_they_ask(entry: RuleSet) -> Iterator[str]:
    """Yield the names of a set's steps, requirements and appointments."""
    for step in entry.steps:
        yield step.id
        yield from (requirement.id for requirement in step.requirements)
        yield from (appointment.id for appointment in step.appointments)


def words_of(entry: RuleSet) -> Iterator[str]:
    """Yield every name that a set gives."""
    yield entry.id
    yield from steps_and_what_they_ask(entry)
    yield from (parameter.id for parameter in entry.parameters)
    yield from (kind.id for kind in entry.note_kinds)
    yield from (name for fact in entry.facts for name in (fact.id, *(value.id for value in fact.values)))


def fields() -> set[str]:
    """Return the names that may be written in a rule set or in the command that starts a course."""
    models = (RuleSet, Parameter, FactDeclaration, cmd.StartCourse)
    return {name for model in models for name in model.model_fields}


def exists(name: str) -> bool:
    """Say whether a name on the page is a field, a path of this repository or an endpoint of the API."""
    first, _, rest = name.partition(" ")
    if rest.startswith("/v1/"):
        return first.lower() in ENDPOINTS.get(rest, ())
    return first.strip("[]") in fields() or ("/" in name and (ROOT / name).exists())


def test_the_page_names_every_requirement_parameter_kind_of_note_and_fact_of_the_course() -> None:
    asked = {name for step in JOBFIRST.steps for name in (step.id, *(entry.id for entry in step.requirements))}
    of_course = {fact.id for fact in JOBFIRST.facts if fact.step is None}
    declared = {*(entry.id for entry in JOBFIRST.parameters), *(kind.id for kind in JOBFIRST.note_kinds)}

    assert TARGET_GROUP in of_course
    assert sorted((asked | of_course | declared) - NAMED) == []


def test_every_name_on_the_page_is_one_of_a_set_or_of_what_is_around_it() -> None:
    mentioned = {name for entry in shipped() for name in words_of(entry)}

    assert sorted(name for name in NAMED - mentioned - ELSEWHERE if not exists(name)) == []


def test_the_page_says_of_each_parameter_whether_it_is_local_policy() -> None:
    documented = {name for row in ROWS if LOCAL in row for name in re.findall(r"`(\w+)`", row)}

    parameters = {parameter.id: parameter.kind is Kind.LOCAL for parameter in JOBFIRST.parameters}
    assert {name: name in documented for name in parameters} == parameters


def test_the_page_gives_each_parameter_its_values() -> None:
    rows = {parameter: [row for row in ROWS if f"`{parameter.id}`" in row] for parameter in JOBFIRST.parameters}

    must_be_none((parameter.id for parameter, entry in rows.items() if len(entry) != 1), "Give it one row of the page.")
    must_be_none(
        (
            f"{parameter.id}: {missing}"
            for parameter, (row,) in rows.items()
            if (missing := sorted(values_of(parameter) - set(re.findall(r"\d+", row.split("|")[2]))))
        ),
        "Write the values of a parameter into its row of docs/guides/method.md.",
    )


def values_of(parameter: Parameter) -> set[str]:
    return {str(row.value) for row in parameter.rows if not isinstance(row.value, bool)}
