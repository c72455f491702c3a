import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app
from domain.model import canonical
from rules.language.conditions import Condition
from rules.language.rule_set import RuleSet
from rules.language.steps import Ladder, Requirement
from rules.loading.folder import joined_text
from rules.loading.read_toml import read_rule_set, read_set
from tests.rules.pages import SETS
from tests.rules.written import FILES, walk

TODAY = {"derived": "today"}


def written(condition: Condition) -> dict[str, Any]:
    """Return a condition as the canonical JSON has it."""
    return condition.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def requirement(rules: RuleSet, name: str) -> Requirement:
    """Return the requirement of an id."""
    return next(asked for step in rules.steps for asked in step.requirements if asked.id == name)


def ladder(rules: RuleSet, waiting: str, name: str | None = None) -> Ladder:
    """Return the ladder of a wait."""
    return next(one for one in rules.ladders if (one.waiting, one.requirement) == (waiting, name))


def test_a_folder_is_one_document_in_the_order_of_the_work() -> None:
    rules = walk()

    assert rules.id == "walk"
    assert [step.id for step in rules.steps] == ["home", "out"]
    assert [(fact.id, fact.scope) for fact in rules.facts] == [
        ("target_group", "course"),
        ("closing_outcome", "course"),
        ("keen", "home"),
        ("starts_on", "out"),
        ("ends_on", "out"),
        ("ended_by", "out"),
    ]
    assert [situation.step for situation in rules.situations] == ["home"]


def test_the_same_set_in_one_file_is_the_same_document() -> None:
    toml = joined_text("walk", FILES)

    assert read_rule_set(toml, "walk.toml").canonical == walk().canonical


def test_a_tenth_step_comes_after_the_ninth() -> None:
    files = {name.replace("1-", "9-").replace("2-", "10-"): toml for name, toml in FILES.items()}

    assert [step.id for step in read_set("walk", files).steps] == ["home", "out"]


@pytest.mark.parametrize(
    ("short", "cells"),
    [
        ('{ answered = "keen" }', {"not": {"fact": "keen", "is_missing": True}}),
        ('{ not = { answered = "keen" } }', {"fact": "keen", "is_missing": True}),
        ('{ yes = "keen" }', {"fact": "keen", "is": True}),
        ('{ happened = "starts_on" }', {"not": {"fact": "starts_on", "after": TODAY}}),
        (
            '{ answered = ["keen", "ends_on"] }',
            {
                "all": [
                    {"not": {"fact": "keen", "is_missing": True}},
                    {"not": {"fact": "ends_on", "is_missing": True}},
                ]
            },
        ),
        (
            '{ days = ["starts_on", "today"], within = 3 }',
            {"derived": "days_between", "of": ["starts_on", "today"], "at_most": 3},
        ),
        (
            '{ working_days = ["starts_on", "ends_on"], between = [0, "most_days"] }',
            {"derived": "working_days_between", "of": ["starts_on", "ends_on"], "between": [0, {"param": "most_days"}]},
        ),
        (
            '"short_enough"',
            {"derived": "length_in_days", "of": ["starts_on", "ends_on"], "at_most": {"param": "most_days"}},
        ),
        (
            '{ any = ["short_enough", { note = "wish" }] }',
            {
                "any": [
                    {"derived": "length_in_days", "of": ["starts_on", "ends_on"], "at_most": {"param": "most_days"}},
                    {"note": "wish"},
                ]
            },
        ),
        (
            '[{ yes = "keen" }, { note = "wish" }]',
            {"all": [{"fact": "keen", "is": True}, {"note": "wish"}]},
        ),
    ],
)
def test_short_words_stand_for_the_cells_by_which_the_engine_decides(short: str, cells: dict[str, Any]) -> None:
    rules = walk(("2-out", 'must = { happened = "starts_on" }', f"must = {short}"))

    assert written(requirement(rules, "is_out").must) == cells


def test_a_named_condition_may_hold_others() -> None:
    when = requirement(walk(), "is_out").when

    assert when is not None
    assert [next(iter(part)) for part in written(when)["all"]] == ["derived", "fact"]


def test_a_number_is_a_line_with_a_row_for_each_group_of_target_groups() -> None:
    most, soon = walk().parameters

    assert [(str(row.valid_from), row.target_groups, row.value) for row in most.rows] == [
        ("2020-01-01", (), 9),
        ("2020-01-01", ("b", "c"), 4),
    ]
    assert (most.source, most.label.en, soon.label.en) == ("§ 1", None, "Soon")
    assert (most.kind, soon.kind) == ("law", "local")


def test_a_number_has_a_row_for_each_date_from_which_it_counts() -> None:
    rows = "rows = [{ since = 2020-01-01, value = 9, groups = { b = 4 } }, { since = 2027-01-01, value = 8 }]"
    most = walk(("numbers", "value = 9", rows), ("numbers", "groups = { b = 4, c = 4 }\n", "")).parameters[0]

    assert [(str(row.valid_from), row.target_groups, row.value) for row in most.rows] == [
        ("2020-01-01", (), 9),
        ("2020-01-01", ("b",), 4),
        ("2027-01-01", (), 8),
    ]


def test_a_deadline_takes_its_unit_from_the_number_that_it_names() -> None:
    deadline = requirement(walk(), "wants_to").deadline

    assert deadline is not None
    assert deadline.model_dump(mode="json", by_alias=True, exclude_defaults=True) == {
        "amount": {"param": "most_days"},
        "unit": "calendar_days",
        "from": "entered",
    }


def test_a_requirement_is_reminded_of_by_a_pattern_with_its_texts_or_with_own_ones() -> None:
    rules = walk()

    by_pattern, own = ladder(rules, "requirement", "wants_to"), ladder(rules, "requirement", "is_out")
    assert [rung.tell for rung in by_pattern.rungs] == [("both",), ("asked", "supervisor")]
    assert [rung.counted_from for rung in by_pattern.rungs] == ["due", "due"]
    texts = [[rung.text.model_dump() for rung in one.rungs if rung.text] for one in (by_pattern, own)]
    assert texts == [
        [
            {"da": "{step}: det er tid.", "en": "{step}: it is time."},
            {"da": "{step}: det mangler stadig.", "en": "{step}: it is still missing."},
        ],
        [
            {"da": "{step}: gå nu.", "en": "{step}: go now."},
            {"da": "{step}: turen mangler.", "en": "{step}: the walk is missing."},
        ],
    ]


def test_a_refusal_and_a_general_wait_have_reminders_too() -> None:
    rules = walk()

    assert len(ladder(rules, "decision", "is_out").rungs) == 1
    assert ladder(rules, "acknowledgement").rungs[0].after.model_dump(mode="json") == {
        "amount": {"param": "soon"},
        "unit": "working_days",
    }


def test_what_a_fact_leaves_out_is_said_by_the_defaults() -> None:
    keen, starts_on = (next(fact for fact in walk().facts if fact.id == name) for name in ("keen", "starts_on"))

    assert [fact.legal_basis for fact in (keen, starts_on)] == ["Loven", "Loven"]
    assert [fact.purpose.da for fact in (keen, starts_on) if fact.purpose] == [
        "Lysten driver værket.",
        "Vi skal vide det.",
    ]
    assert [len(fact.reporters) for fact in (keen, starts_on)] == [2, 1]
    assert [step.message.da for step in walk().steps if step.message] == ["Dag {day}: {step}.", "Ude i verden."]


def test_values_are_labels_by_their_ids() -> None:
    group = walk().facts[0]

    assert [(value.id, value.label.da, value.label.en, value.aliases) for value in group.values] == [
        ("a", "A", "A", ()),
        ("b", "B", "B", ("bee",)),
        ("c", "C", None, ()),
    ]


def test_examples_stand_beside_what_they_show() -> None:
    without, silent, over = walk().examples

    assert (without.say.da, without.say.en) == ("Uden lyst ingen tur.", "Without zest no walk.")
    assert (silent.waiting, silent.requirement) == ("requirement", "wants_to")
    assert [(str(day.on), day.who) for day in silent.told] == [
        ("2026-09-17", ("caseworker", "company_consultant")),
    ]
    assert over.expect is not None
    assert over.expect.close == "home"


def test_what_is_asked_before_a_step_begins_may_be_reported_at_every_step_that_leads_to_it() -> None:
    asked = ("2-out", 'roles = ["caseworker"]\nwhen', 'roles = ["caseworker"]\nbefore = "enter"\nwhen')
    written = ("1-home", 'label = "Hjemme"', 'label = "Hjemme"\nobserves = ["ended_by", "starts_on"]')
    going_on = ("1-home", 'to = ["out"]\n', 'to = ["out"]\nwhen = { open = "out" }\njoin = true\n')

    def observed(*changes: tuple[str, str, str]) -> list[tuple[str, ...]]:
        return [step.observes for step in walk(*changes).steps]

    assert observed() == [(), ()]
    assert observed(asked) == [("starts_on", "ends_on", "ended_by"), ()], "what a named condition asks for too"
    assert observed(asked, written) == [("ended_by", "starts_on", "ends_on"), ()], "once"
    assert observed(asked, going_on) == [(), ()], "who goes on with a step does not begin it"


@pytest.mark.parametrize("name", ["ips", "jobfirst", "jobfirst-2027", "jobfirst-vitas"])
def test_no_shipped_set_writes_what_follows_by_itself(name: str) -> None:
    files = {f"{file.parent.name}/{file.name}": file.read_text(encoding="utf-8") for file in SETS.glob("*/*.toml")}
    silent = {
        file: re.sub(r"^observes = \[.*?\]$", "", toml, flags=re.MULTILINE | re.DOTALL) for file, toml in files.items()
    }
    written = {entry["id"]: entry.get("observes", []) for entry in steps_in(name, files)}

    follows = {step.id: step.observes for step in read_set(name, silent).steps}

    assert {step: [fact for fact in facts if fact in follows[step]] for step, facts in written.items()} == {
        step: [] for step in written
    }


def steps_in(name: str, files: dict[str, str]) -> list[dict[str, Any]]:
    """Return the heads of the steps that the files of a set hold."""
    tables = (tomllib.loads(toml) for file, toml in files.items() if file.startswith(f"{name}/"))
    return [table["step"] for table in tables if "step" in table]


def test_the_readme_of_a_folder_is_not_part_of_the_set() -> None:
    assert read_set("walk", {**FILES, "walk/README.md": "# En gåtur"}).sha256 == walk().sha256


def test_a_set_that_was_read_is_stored_without_its_short_words() -> None:
    assert walk().canonical == canonical(walk().model_dump(mode="json", by_alias=True, exclude_defaults=True))
    assert b"remind" not in walk().canonical


# The command line


def written_to(folder: Path) -> Path:
    """Return a folder with the walk in it."""
    for name, toml in FILES.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(toml, encoding="utf-8")
    return folder / "walk"


def test_a_folder_is_tried_and_joined_by_its_path(tmp_path: Path) -> None:
    walking = written_to(tmp_path)

    tried = CliRunner().invoke(app, ["rules", "try", str(walking)])
    joined = CliRunner().invoke(app, ["rules", "join", str(walking)])

    assert "ok       Uden lyst ingen tur.\n" in tried.output, tried.output
    assert read_rule_set(joined.output, "walk.toml").sha256 == walk().sha256


def test_a_flaw_in_a_folder_ends_the_command_with_its_place(tmp_path: Path) -> None:
    walking = written_to(tmp_path)
    (walking / "set.toml").unlink()

    tried = CliRunner().invoke(app, ["rules", "try", str(walking)])

    assert tried.exit_code != 0
    assert tried.stderr.startswith("walk/set.toml, linje 1: hver mappe")
