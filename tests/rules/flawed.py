"""The vocabulary of the tests of flaws: the tiny set, also with a meeting planned in it, changed in a line or two."""

from pathlib import Path

import pytest

from rules.loading.read_toml import UnreadableError, read_rule_set
from wording.flaws import phrase_text

TINY = (Path(__file__).parent / "tiny.toml").read_text(encoding="utf-8")
TRIAL = '[[steps]]\nid = "trial"\nlabel = "Praktik"\n'
PLAN = """
[[steps.facts]]
id = "meets_on"
type = "date"
label = "Mødedag"
reporters = ["caseworker"]
carried = "next"

[[steps.facts]]
id = "meets_at"
type = "time"
label = "Mødetid"
reporters = ["caseworker"]

"""
MEETING = """[[steps.appointments]]
id = "meeting"
label = "Møde"
day = "meets_on"
time = "meets_at"
minutes = 45

"""
LENGTH = """[local.length]
label = "Længde"
unit = "working_days"
source = "Lokal standard"
dated_by = "wait_began"
since = 2020-01-01
value = 3

"""
LONG = """
[steps.reminders]
requirement = [{ after = "length", tell = "both" }]
"""
HEAD_END = 'approved_by = "Fodslag"\n'
MUST = 'must = { yes = "agreed" }'
"""The end of the requirement for leaving the talk."""

TWICE = "stands here for the second time; remove it or give it another name"


def changed(*changes: tuple[str, str]) -> str:
    """Return the tiny set after some changes, each to its first place."""
    toml = TINY
    for before, after in changes:
        assert before in toml
        toml = toml.replace(before, after, 1)
    return toml


def planned(*changes: tuple[str, str]) -> str:
    """Return the tiny set with a meeting planned in its trial and a length for ladders, and with some changes."""
    toml = changed(("[[facts]]", f"{LENGTH}[[facts]]"), (TRIAL, f"{TRIAL}{LONG}{PLAN}{MEETING}"))
    for before, after in changes:
        assert before in toml
        toml = toml.replace(before, after, 1)
    return toml


def flaws(toml: str) -> list[tuple[str, str]]:
    """Return what is said of a set, each with its field."""
    with pytest.raises(UnreadableError) as refused:
        read_rule_set(toml, "tiny.toml")
    return [(flaw.field, phrase_text(flaw.phrase, "en")) for flaw in refused.value.flaws]
