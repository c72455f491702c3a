"""The budget of a straight course: how much it should ask for at most, and by how much a set asks for more."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from rules.burden.count import Burden
from rules.explain.spans import Pair
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.language.text import Text
from rules.reading.words import Words

MOST_THINGS: Final = 20
MOST_REPORTS: Final = 30
MOST_ACKNOWLEDGEMENTS: Final = 8

_THINGS: Final = ("ting", "things")
_REPORTS: Final = ("indberetninger", "reports")
_ACKNOWLEDGEMENTS: Final = ("kvitteringer", "acknowledgements")
_WRITTEN: Final = ("indberetninger, der skal skrives", "reports that must be written")
_TOO_MANY: Final = (
    "For meget: {what} {count}, højst {most}; det er {over} for mange.",
    "Too much: {what} {count}, at most {most}; that is {over} too many.",
)
_HALF: Final = (
    " Mindst halvdelen af indberetningerne er ét klik eller hentes.",
    " At least half of the reports are one click or fed.",
)
_KEPT: Final = Text(
    da="Det holder sig inden for rammen: højst {} ting, {} indberetninger og {} kvitteringer, "
    "og mindst halvdelen af indberetningerne er ét klik eller hentes.",
    en="It keeps within the budget: at most {} things, {} reports and {} acknowledgements, "
    "and at least half of the reports are one click or fed.",
)


class Excess(NamedTuple):
    """Something of which a straight course asks for more than it should."""

    what: Pair
    asked: int
    most: int


def excesses(burden: Burden) -> tuple[Excess, ...]:
    """Return what a straight course asks too much of; at most half of its reports are to be written."""
    reports = len(burden.reports)
    counted = (
        Excess(_THINGS, burden.things(), MOST_THINGS),
        Excess(_REPORTS, reports, MOST_REPORTS),
        Excess(_ACKNOWLEDGEMENTS, sum(burden.acknowledgements.values()), MOST_ACKNOWLEDGEMENTS),
        Excess(_WRITTEN, burden.costing("written"), reports // 2),
    )
    return tuple(each for each in counted if each.asked > each.most)


def budget_lines(rules: RuleSet, burden: Burden, language: Language) -> Iterator[str]:
    """Yield what is asked for too much and by how much, or that the budget is kept."""
    words, passed = Words(rules, language), excesses(burden)
    for what, asked, most in passed:
        half = words.pick(_HALF) if what is _WRITTEN else ""
        said = words.pick(_TOO_MANY).format(what=words.pick(what), count=asked, most=most, over=asked - most)
        yield said + half
    if not passed:
        yield words.text(_KEPT).format(MOST_THINGS, MOST_REPORTS, MOST_ACKNOWLEDGEMENTS)
