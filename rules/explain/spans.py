"""How it is said that something lasts so many days, or that so many pass between two, and how many it must be (P8)."""

from collections.abc import Mapping
from typing import Final, NamedTuple

Pair = tuple[str, str]
"""A text in Danish and in English."""


class SpanWords(NamedTuple):
    """What is said of one kind of span: of its days, and of the limits that it must keep or break."""

    past: Pair
    until_today: Pair
    unknown: Pair
    must: Mapping[str, Pair]
    must_not: Mapping[str, Pair]


_DAYS: Final = ("et ukendt antal dage", "an unknown number of days")
_PASSING: Final = SpanWords(
    past=("Fra »{0}« til »{1}« går der {value}", "From “{0}” to “{1}” there are {value}"),
    until_today=("Siden »{0}« er der gået {value}", "Since “{0}” {value} have passed"),
    unknown=_DAYS,
    must={
        "at_least": ("der skal gå mindst {}", "there must be at least {}"),
        "at_most": ("der må højst gå {}", "there may be at most {}"),
        "between": ("der skal gå fra {} til {}", "there must be from {} to {}"),
    },
    must_not={
        "at_least": ("der skal gå under {}", "there must be less than {}"),
        "at_most": ("der skal gå over {}", "there must be more than {}"),
        "between": ("der må ikke gå fra {} til {}", "there must not be from {} to {}"),
    },
)
_LASTING: Final = SpanWords(
    past=("{step} varer {value}", "{step} lasts {value}"),
    until_today=("{step} har varet {value}", "{step} has lasted {value}"),
    unknown=_DAYS,
    must={
        "at_least": ("skal vare mindst {}", "must last at least {}"),
        "at_most": ("må højst vare {}", "may last at most {}"),
        "between": ("skal vare fra {} til {}", "must last from {} to {}"),
    },
    must_not={
        "at_least": ("skal vare under {}", "must last less than {}"),
        "at_most": ("skal vare over {}", "must last more than {}"),
        "between": ("må ikke vare fra {} til {}", "must not last from {} to {}"),
    },
)
SPANS: Final[Mapping[str, SpanWords]] = {
    "days_between": _PASSING,
    "days_since": _PASSING,
    "working_days_between": _PASSING,
    "length_in_days": _LASTING,
}
"""The words of a span by the function that reckons it; `{step}` is the step of its first fact."""

ORDER: Final[Mapping[tuple[bool, str], Pair]] = {
    (True, "0"): ("må ikke ligge før {}", "must not be before {}"),
    (True, "1"): ("skal ligge efter {}", "must be after {}"),
    (False, "0"): ("skal ligge før {}", "must be before {}"),
    (False, "1"): ("må ikke ligge efter {}", "must not be after {}"),
}
"""What it means that at least none, or one, of the days between two must pass, or must not."""
