"""The classes of citizens whom two versions of rules decide on differently, and the class of one by the evaluator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from domain.calendar import TimeUnit
from domain.state.verdict import Outcome, RequirementVerdict, Route, VisitVerdict
from rules.engine.gates import CompiledRequirement
from rules.language.steps import RouteRow

Effect = Literal["free", "warns", "holds"]
"""What a requirement does to a visit: nothing, or it is open and warns, or it is open and holds the visit back."""


class Way(NamedTuple):
    """Where a visit goes next; a way that leads to no steps closes the course."""

    to: tuple[str, ...]
    stays: bool
    joins: bool


class Allowed(NamedTuple):
    """How long somebody has for a requirement: an amount of a unit, counted from or back from a day."""

    amount: int
    unit: TimeUnit
    anchor: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class OtherWay:
    """The citizens whom a step leads elsewhere; without a way nobody knows yet where they go."""

    step: str
    before: Way | None
    after: Way | None


@dataclass(frozen=True, slots=True)
class OtherEffect:
    """The citizens for whom a requirement does something else while they stand at a step."""

    step: str
    requirement: str
    before: Effect
    after: Effect


@dataclass(frozen=True, slots=True)
class OtherTime:
    """The citizens for whom there is another time for a requirement that is open in both versions."""

    step: str
    requirement: str
    before: Allowed | None
    after: Allowed | None


Class = OtherWay | OtherEffect | OtherTime


def way_of(row: RouteRow) -> Way:
    """Return where a row of a route table leads."""
    return Way(row.to, row.stay, row.join)


def allowed_of(asked: CompiledRequirement, amount: int | None) -> Allowed | None:
    """Return the time that a requirement allows by an amount; None where nobody knows the amount, or it has no end."""
    if asked.deadline is None or amount is None:
        return None
    written = asked.deadline.deadline
    return Allowed(amount, written.unit, written.anchor, written.before is not None)


class Judged(NamedTuple):
    """What one version says of a visit to a step, with its requirements by id."""

    step: str
    verdict: VisitVerdict
    requirements: dict[str, CompiledRequirement]

    @property
    def way(self) -> Way | None:
        route: Route | None = self.verdict.route
        return None if route is None else Way(route.to, route.stays, route.joins)

    @property
    def asked(self) -> dict[str, RequirementVerdict]:
        return {one.requirement: one for one in self.verdict.requirements}


def classes_of(before: Judged, after: Judged) -> Iterator[Class]:
    """Yield the classes to which a visit belongs of which two versions say these things.

    What is asked on one way alone differs with the way and is not told beside it.
    """
    goes_alike, asked, then = before.way == after.way, before.asked, after.asked
    if not goes_alike:
        yield OtherWay(before.step, before.way, after.way)
    for name in dict.fromkeys((*asked, *then)):
        if not goes_alike and not (name in asked and name in then):
            continue
        effects = effect_of(asked.get(name)), effect_of(then.get(name))
        if effects[0] != effects[1]:
            yield OtherEffect(before.step, name, *effects)
        if name in asked and name in then:
            times = _time(asked[name], before), _time(then[name], after)
            if _are_waited_for(asked[name], then[name]) and times[0] != times[1]:
                yield OtherTime(before.step, name, *times)


def effect_of(verdict: RequirementVerdict | None) -> Effect:
    """Return what a requirement does to a visit; one that is not asked does nothing."""
    if verdict is None or not verdict.is_open:
        return "free"
    return "holds" if verdict.holds_back else "warns"


def _are_waited_for(*verdicts: RequirementVerdict) -> bool:
    return all(one.is_open and one.outcome is not Outcome.REFUSED for one in verdicts)


def _time(verdict: RequirementVerdict, judged: Judged) -> Allowed | None:
    amount = verdict.span.amount if verdict.span else None
    return allowed_of(judged.requirements[verdict.requirement], amount)
