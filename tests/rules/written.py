"""The vocabulary of the tests of the written form: a small set in a folder, and what is said of it when it changes."""

from collections.abc import Mapping
from typing import Final

import pytest

from rules.checks.flaws import Flaw
from rules.language.rule_set import RuleSet
from rules.loading.read_toml import UnreadableError, read_set
from wording.flaws import flaw_text, phrase_text

_SET: Final = """id = "walk"
version = "1"
valid_from = 2020-01-01
title = "En gåtur"
description = "Hjemmefra og ud."
authors = ["Fodslag"]

[defaults]
legal_basis = "Loven"
purpose = "Vi skal vide det."
reporters = ["caseworker"]
message = "Dag {day}: {step}."
since = 2020-01-01

[[note_kinds]]
id = "wish"
label = "Ønske"

[[caseloads]]
role = "caseworker"
at_most = 35
source = "HIR"
kind = "method"

[patterns]
late = [
  { after_deadline = "0 calendar_days", tell = "both", text = "{step}: det er tid." },
  { after_deadline = "soon", tell = ["asked", "supervisor"], text = "{step}: det mangler stadig." },
]

[conditions]
short_enough = { length = ["starts_on", "ends_on"], within = "most_days" }
agreed = ["short_enough", { yes = "keen" }]

[reminders]
acknowledgement = [{ after = "soon", tell = "both", text = "{step}: læs det." }]

[[facts]]
id = "target_group"
type = "enum"
values = { a = "A", b = { label = "B", aliases = ["bee"] }, c = "C" }
label = "Målgruppe"

[[facts]]
id = "closing_outcome"
type = "enum"
values = { home = "Hjemme igen" }
label = "Afslutning"
"""

_NUMBERS: Final = """[law.most_days]
label = "Længste tur"
value = 9
groups = { b = 4, c = 4 }
unit = "calendar_days"
dated_by = "course_start"
source = "§ 1"

[local]
soon = { label = "Snart", value = 2, unit = "working_days", dated_by = "wait_began", source = "Lokal praksis" }
"""

_HOME: Final = """[step]
id = "home"
label = "Hjemme"

[[facts]]
id = "keen"
type = "bool"
label = "Har lyst"
reporters = ["caseworker", "company_consultant"]
purpose = "Lysten driver værket."

[[situations]]
id = "day_one"
target_group = "a"
started_on = 2026-09-07
entered_on = 2026-09-07
today = 2026-09-07

[[requirements]]
id = "wants_to"
text = "Borgeren vil gerne ud."
missing = "Spørg borgeren."
source = "Metoden"
kind = "method"
roles = ["caseworker"]
must = [{ note = "wish" }, { yes = "keen" }]
deadline = { amount = "most_days", from = "entered" }
remind = "late"
examples = [
  { say = "Uden lyst ingen tur.", given = "day_one", expect = { holds = ["wants_to"], to = ["out"] } },
  { say = "Så mindes begge.", given = "day_one", until = 2026-09-18, told = { 2026-09-17 = "both" } },
]

[[routes]]
close = true
examples = [
  { say = "Turen kan høre op.", given = "day_one", facts = { closing_outcome = "home" }, expect = { close = "home" } },
]

[[routes]]
to = ["out"]
"""

_OUT: Final = """[step]
id = "out"
label = "Ude"
message = "Ude i verden."

[step.stop]
last_day = "ends_on"
by = "ended_by"
note = "wish"

[[facts]]
id = "starts_on"
type = "date"
label = "Begynder"

[[facts]]
id = "ends_on"
type = "date"
label = "Slutter"

[[facts]]
id = "ended_by"
type = "enum"
values = { citizen = "Borgeren" }
label = "Sluttede af"

[[requirements]]
id = "is_out"
text = "Turen er begyndt."
missing = "Gå nu."
source = "Metoden"
kind = "method"
roles = ["caseworker"]
when = "agreed"
must = { happened = "starts_on" }
deadline = { amount = "3 working_days", from = "course_start" }
refused = { when = { answered = "ended_by" }, missing = "Find en anden vej.", remind = [
  { after = "0 working_days", tell = "both", text = "{step}: der blev ingen tur." },
] }
remind = { pattern = "late", texts = ["{step}: gå nu.", "{step}: turen mangler."] }

[[routes]]
to = ["home"]
"""

_ENGLISH: Final = """title = "A walk"
description = "From home and out."

[facts]
keen = "Is keen"
target_group = { label = "Target group", values = { a = "A", b = "B" } }

[numbers]
soon = "Soon"

[steps]
home = { label = "At home" }

[requirements.wants_to]
text = "The citizen wants to go out."
missing = "Ask the citizen."

[requirements.is_out]
refused = "Find another way."
remind = ["{step}: go now.", "{step}: the walk is missing."]

[patterns]
late = ["{step}: it is time.", "{step}: it is still missing."]

[examples]
"Uden lyst ingen tur." = "Without zest no walk."
"""

FILES: Final = {
    "walk/set.toml": _SET,
    "walk/numbers.toml": _NUMBERS,
    "walk/1-home.toml": _HOME,
    "walk/2-out.toml": _OUT,
    "walk/english.toml": _ENGLISH,
}
"""A set in a folder."""


def changed(*changes: tuple[str, str, str]) -> dict[str, str]:
    """Return the files after some changes, each of a file to its first place."""
    files = dict(FILES)
    for file, before, after in changes:
        name = f"walk/{file}.toml"
        assert before in files[name]
        files[name] = files[name].replace(before, after, 1)
    return files


def walk(*changes: tuple[str, str, str]) -> RuleSet:
    """Return the set, after some changes."""
    return read_set("walk", changed(*changes))


def placed(flaw: Flaw) -> str:
    """Return a flaw in English with its file, line and field."""
    place = f", {flaw.field}" if flaw.field else ""
    return f"{flaw.file}, line {flaw.line}{place}: {phrase_text(flaw.phrase, 'en')}"


def flaws_of(files: dict[str, str], name: str = "walk") -> list[str]:
    """Return what is said of a set, each flaw with its file, line and field."""
    with pytest.raises(UnreadableError) as refused:
        read_set(name, files)
    return [placed(flaw) for flaw in refused.value.flaws]


def flaws(*changes: tuple[str, str, str]) -> list[str]:
    """Return what is said of the set after some changes."""
    return flaws_of(changed(*changes))


def line_of(file: str, text: str) -> int:
    """Return the number of the first line of a file that holds `text`."""
    lines = FILES[f"walk/{file}.toml"].splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def said(*changes: tuple[str, str, str], files: Mapping[str, str] | None = None) -> list[str]:
    """Return what people are told of the set after some changes, or of other files; nothing when it can be read."""
    try:
        read_set("walk", files or changed(*changes))
    except UnreadableError as error:
        return [flaw_text(flaw, "da") for flaw in error.flaws]
    return []
