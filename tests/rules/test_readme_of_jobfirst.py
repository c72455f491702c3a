"""The README of jobfirst is true: who changes the set as it says has a set whose examples all come out."""

import re
from datetime import date
from typing import Final

from rules.calendar.danish_offices import customary
from rules.calendar.working_time import WorkingTime
from rules.language.rule_set import RuleSet
from rules.language.steps import WAIT_BEGAN, Before, RungRecipient
from rules.loading.library import in_force
from rules.loading.read_toml import read_set
from rules.proving.run_examples import run_examples
from tests.rules.pages import SETS, blocks, with_requirement

FOLDER: Final = SETS / "jobfirst"
README: Final = (FOLDER / "README.md").read_text(encoding="utf-8")
NUMBER, WITH_DEADLINE, FACT, BEFORE_ENTERING = blocks(README)

Files = dict[str, str]


def files() -> Files:
    """Return the files of the set by name."""
    return {f"jobfirst/{file.name}": file.read_text(encoding="utf-8") for file in FOLDER.glob("*.toml")}


def edited(files: Files, file: str, pattern: str, replacement: str) -> Files:
    """Return the files with one place of a file replaced, which must be there."""
    name = f"jobfirst/{file}.toml"
    text, times = re.subn(pattern, lambda _: replacement, files[name], count=1, flags=re.DOTALL)
    assert times, (file, pattern)
    return {**files, name: text}


def tried(files: Files) -> RuleSet:
    """Return the set of the files, all of whose examples come out as they say."""
    rules = read_set("jobfirst", files)
    results = run_examples(rules, WorkingTime(customary()))
    assert not [(result.example.say, result.differences) for result in results if result.differences]
    return rules


def test_a_number_is_replaced_by_the_old_and_the_new() -> None:
    (line,) = re.findall(r"first_visit_days = .*", files()["jobfirst/numbers.toml"])
    assert "value = 10" in line

    rules = tried(edited(files(), "numbers", re.escape(line), line.replace("value = 10", NUMBER.strip())))

    number = next(number for number in rules.parameters if number.id == "first_visit_days")
    assert [(row.valid_from, row.value) for row in number.rows] == [(date(2020, 1, 1), 10), (date(2027, 1, 1), 5)]


def test_every_day_that_decides_which_number_counts_is_named() -> None:
    named = set(re.findall(r"^\| `(\w+)(?::…)?` \|", README, re.MULTILINE))
    used = {number.dated_by.partition(":")[0] for number in read_set("jobfirst", files()).parameters}

    assert WAIT_BEGAN in used <= named


def test_everybody_who_can_be_told_is_named() -> None:
    assert all(f"`{recipient.value}`" in README for recipient in RungRecipient)


def test_the_requirement_with_a_deadline_can_stand_where_it_says() -> None:
    read_set("jobfirst", with_requirement("jobfirst", "2-company-visit.toml", WITH_DEADLINE))


def test_a_requirement_before_a_step_is_added_with_its_fact_as_the_readme_says() -> None:
    changed = edited(files(), "3-trial", r"(?=\[\[facts\]\])", f"{FACT}\n")
    changed = edited(changed, "3-trial", r"(?=\[\[requirements\]\])", f"{BEFORE_ENTERING}\n")
    situation = 'id = "trial_granted"\nbuilds_on = "visit_held"\ntoday = 2026-09-30\n[situations.facts]\n'
    changed = edited(changed, "2-company-visit", re.escape(situation), f"{situation}boots_needed = true\n")
    by_itself = "trial_found = true\ntrial_p_number = "
    changed = edited(changed, "1-intake", by_itself, f"boots_needed = true\n{by_itself}")
    by_itself = 'to = ["trial"] }, facts = { trial_found = true,'
    changed = edited(changed, "3-trial", re.escape(by_itself), f"{by_itself} boots_needed = true,")

    rules = tried(changed)

    (trial,) = (step for step in rules.steps if step.id == "trial")
    assert trial.requirements[0].id == "boots_known"
    assert trial.requirements[0].before is Before.ENTER


def test_a_requirement_is_removed_in_four_steps() -> None:
    block = r'\[\[{}\]\]\nid = "{}".*?\n(?=\[\[)'
    changed = edited(files(), "2-company-visit", block.format("requirements", "caseworker_took_part"), "")
    changed = edited(changed, "english", r"\ncaseworker_took_part = [^\n]*", "")
    say = "Var sagsbehandleren ikke med, tælles det med en advarsel."
    changed = edited(changed, "english", rf'\n"{say}" = [^\n]*', "")
    changed = edited(changed, "2-company-visit", block.format("facts", "caseworker_at_company_visit"), "")
    changed = edited(changed, "2-company-visit", r"\nfacts = { caseworker_at_company_visit = true }", "")
    changed = edited(changed, "2-company-visit", r'"caseworker_at_company_visit", (?="company_consultant)', "")
    changed = edited(changed, "english", r"\ncaseworker_at_company_visit = [^\n]*", "")

    rules = tried(changed)

    assert "caseworker_took_part" not in {r.id for step in rules.steps for r in step.requirements}


def test_a_set_beside_the_old_one_counts_from_its_day() -> None:
    old = files()
    new = edited(edited(old, "set", r'version = "2026-11"', 'version = "2027-01"'), "set", "2020-01-01", "2027-01-01")
    both = old | {name.replace("jobfirst/", "jobfirst-new/"): text for name, text in new.items()}
    sets = [read_set("jobfirst", both), read_set("jobfirst-new", both)]

    versions = [in_force(sets, "jobfirst", day) for day in (date(2026, 12, 31), date(2027, 1, 1))]

    assert [version and version.version for version in versions] == ["2026-11", "2027-01"]
