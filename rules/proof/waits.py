"""Looks at every wait: it has a ladder, whose times rise on every day and in every group, up to a supervisor (P6)."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise, product
from typing import Final

from domain.calendar import TimeUnit
from domain.state.verdict import TARGET_GROUP
from domain.state.waiting import OPTIONAL, Rung, WaitingKind
from rules.engine.ladders import Ladders
from rules.language.rule_set import RuleSet
from rules.language.steps import Ladder, Level, RungRecipient
from rules.proof.findings import Finding, refuted
from rules.proof.told import wait_text

_IN_SILENCE: Final = frozenset({WaitingKind.PROPOSALS})
"""Waits that hold no step, of which the ladder of silence tells."""

_HOURS: Final = {
    TimeUnit.WORKING_HOURS: (24 * 7, 37),
    TimeUnit.WORKING_DAYS: (24 * 7, 5),
    TimeUnit.CALENDAR_DAYS: (24, 1),
    TimeUnit.CALENDAR_MONTHS: (24 * 28, 1),
}
"""How long so many of a unit are in a week without holidays, in hours."""


def wait_findings(rules: RuleSet) -> Iterator[Finding]:
    """Yield the waits that nobody is told of in the end, and the ladders that do not rise or end at no supervisor."""
    kinds = {ladder.waiting for ladder in rules.ladders if ladder.step is None and ladder.requirement is None}
    for kind in WaitingKind:
        if kind not in {*OPTIONAL, *_IN_SILENCE, *kinds} and not _has_own_ladders(rules, kind):
            yield refuted(rules, ("ladders",), "no-ladder", {"wait": wait_text(kind)})
    ladders, moments = Ladders(rules), [*_moments(rules)]
    for number, ladder in enumerate(rules.ladders):
        last = len(ladder.rungs) - 1
        if RungRecipient.SUPERVISOR not in ladder.rungs[last].tell:
            yield refuted(rules, ("ladders", number, "rungs", last), "ends-elsewhere", {})
        for place in _falling(ladders, ladder, moments):
            yield refuted(rules, ("ladders", number, "rungs", place), "falls", {"rung": place + 1})


def _has_own_ladders(rules: RuleSet, kind: WaitingKind) -> bool:
    """Return whether every requirement that holds a step has a ladder of its own."""
    own = {ladder.requirement for ladder in rules.ladders if ladder.waiting is kind}
    blocking = (one.id for step in rules.steps for one in step.requirements if one.level is Level.BLOCK)
    return kind is WaitingKind.REQUIREMENT and own.issuperset(blocking)


def _moments(rules: RuleSet) -> Iterator[tuple[date, str | None]]:
    """Yield every day on which another row of a number begins, with every target group, known or not."""
    days = {row.valid_from for parameter in rules.parameters for row in parameter.rows} | {rules.valid_from}
    groups = [value.id for fact in rules.facts if fact.id == TARGET_GROUP for value in fact.values]
    yield from product(sorted(days), (*groups, None))


def _falling(ladders: Ladders, ladder: Ladder, moments: list[tuple[date, str | None]]) -> set[int]:
    """Return the rungs that do not come after the one below; those of different beginnings cannot be compared."""
    falling = set()
    for began, group in moments:
        what = ladder.requirement or ""
        rungs = ladders.rungs(ladder.waiting, ladder.step, what, began=began, target_group=group)
        for place, (lower, higher) in enumerate(pairwise(rungs), 1):
            if lower.from_due == higher.from_due and _length(higher) <= _length(lower):
                falling.add(place)
    return falling


def _length(rung: Rung) -> float:
    hours, of = _HOURS[rung.after.unit]
    return rung.after.amount * hours / of
