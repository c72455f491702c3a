"""A small default set and an amendment of it, as a municipality writes one beside a release."""

from typing import Final

from rules.loading.library import Library
from tests.domain.vocabulary import TINY

_WAITING: Final = """
[[situations]]
id = "trying"
step = "trial"
target_group = "a"
today = 2026-10-01

[[situations]]
id = "working"
step = "work"
target_group = "a"
today = 2026-10-01

[[examples]]
say = "Er det ikke prøvet, venter forløbet."
given = "trying"
expect = { undecided = true }
facts = { tried = false }

[[examples]]
say = "Går ingen praktik videre, venter forløbet på et andet svar."
given = "working"
expect = { undecided = true }
facts = { over = "trial" }
"""
"""Examples of the citizens whom no way leads on, for a set with such a citizen may not be published without them."""

TOML: Final = TINY.read_text(encoding="utf-8") + _WAITING
OWN: Final = """amends = "tiny"
id = "tiny"
version = "k1"
valid_from = 2026-10-01
title = "Vores regelsæt"
description = "Med vores ord."
authors = ["Rie"]

[[facts]]
id = "agreed"
label = "Helt aftalt"
"""
NUMBER: Final = """
[local.days]
label = "Dage til aftalen"
value = {days}
since = 2020-01-01
unit = "working_days"
source = "Eksempel"
dated_by = "visit_entered"
"""
"""A number of the set: how many days there are for the agreement."""


def later(changed: str = TOML) -> str:
    """Return the default set as a later release has it."""
    return changed.replace('version = "1"', 'version = "2"').replace("2020-01-01", "2027-01-01")


def library(*, now: str = TOML, then: str | None = None) -> Library:
    """Return a release with the tiny set, and with a later version of it."""
    return Library({"tiny/set.toml": now, **({"tiny-2027/set.toml": then} if then is not None else {})})
