"""The pieces of TOML that a page shows, and the files of a set with one of them in its place."""

import re
from typing import Final

from tests.architecture.files import ROOT

SETS: Final = ROOT / "rules" / "sets"


def blocks(page: str) -> list[str]:
    """Return the blocks of TOML on a page."""
    return re.findall(r"```toml\n(.*?)```", page, re.DOTALL)


def with_requirement(rule_set: str, file: str, requirement: str) -> dict[str, str]:
    """Return the files of a set with another requirement in the place of the one with its id."""
    files = {f"{rule_set}/{each.name}": each.read_text(encoding="utf-8") for each in (SETS / rule_set).glob("*.toml")}
    place, english = f"{rule_set}/{file}", f"{rule_set}/english.toml"
    name = re.findall(r'id = "(\w+)"', requirement)[0]
    pattern = rf'\[\[requirements\]\]\nid = "{name}".*?\n(?=\n\[\[)'
    changed, times = re.subn(pattern, lambda _: requirement, files[place], flags=re.DOTALL)
    assert times == 1
    return {**files, place: changed, english: files[english].partition("[examples]")[0]}
