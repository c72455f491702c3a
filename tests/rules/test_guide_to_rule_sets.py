"""The guide shows the form as it is read: its requirement, numbers, patterns and English make a set."""

import re
from typing import Final

from rules.loading.read_toml import read_set
from tests.architecture.files import ROOT

PAGE: Final = (ROOT / "docs" / "guides" / "rule-sets.md").read_text(encoding="utf-8")
README: Final = (ROOT / "rules" / "sets" / "ips" / "README.md").read_text(encoding="utf-8")
IPS: Final = {f"ips/{file.name}": file.read_text(encoding="utf-8") for file in (ROOT / "rules/sets/ips").glob("*.toml")}


def blocks(page: str) -> list[str]:
    """Return the blocks of TOML on a page."""
    return re.findall(r"```toml\n(.*?)```", page, re.DOTALL)


def ips_with(file: str, requirement: str) -> dict[str, str]:
    """Return the files of IPS with another requirement in the place of the one with its id."""
    name = re.findall(r'id = "(\w+)"', requirement)[0]
    pattern = rf'\[\[requirements\]\]\nid = "{name}".*?\n(?=\n\[\[)'
    changed, times = re.subn(pattern, lambda _: requirement, IPS[file], flags=re.DOTALL)
    assert times == 1
    english = IPS["ips/english.toml"].partition("[examples]")[0]
    return {**IPS, file: changed, "ips/english.toml": english}


def test_the_requirement_of_the_guide_is_one_of_ips() -> None:
    (shown, *_) = blocks(PAGE)

    assert len(shown.splitlines()) <= 20, "a requirement with its reminder and examples is a third of a screen"
    rules = read_set("ips", ips_with("ips/2-job-search.toml", shown))
    assert rules.steps[1].requirements[0].id == "employer_contacted"


def test_the_requirement_of_the_readme_is_one_of_ips() -> None:
    (shown,) = blocks(README)

    assert read_set("ips", ips_with("ips/2-job-search.toml", shown)).steps[1].requirements[2].id == "job_found"
