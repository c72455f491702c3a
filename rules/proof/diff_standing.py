"""How every citizen stands at a step by one version of rules: her way, what each requirement does, how long she has."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rules.engine.gates import CompiledRequirement
from rules.engine.operands import Constant, FromTable
from rules.language.steps import Before, Level
from rules.proof.diff_classes import Allowed, Effect, Way, allowed_of, way_of
from rules.proof.gates import GateOf
from rules.proof.logic import Formula, Logic, equal


@dataclass
class Asked:
    """When one requirement is asked, when it is open with each effect, and while it is waited for, with what time."""

    requirement: CompiledRequirement
    is_asked: list[Formula] = field(default_factory=list)
    effects: dict[Effect, list[Formula]] = field(default_factory=lambda: {"holds": [], "warns": []})
    waited_for: list[Formula] = field(default_factory=list)


class Standing:
    """The answers of one version about the citizen of a step, with every way that she may go."""

    def __init__(self, gate: GateOf, logic: Logic) -> None:
        """Make the formulas of every way and of the requirements that it asks."""
        self._gate, self._logic = gate, logic
        self._asked: dict[str, Asked] = {}
        self._ways: dict[Way | None, list[Formula]] = {}
        self._follow(None, logic.no(logic.any_of(gate.hits)))
        for place, hit in enumerate(gate.hits):
            self._follow(place, hit)

    @property
    def ways(self) -> dict[Way | None, Formula]:
        """Return when each way is followed; None is that nobody knows where it goes."""
        return {way: self._logic.any_of(hits) for way, hits in self._ways.items()}

    @property
    def requirements(self) -> dict[str, CompiledRequirement]:
        """Return what may be asked at the step, by id."""
        return {name: asked.requirement for name, asked in self._asked.items()}

    def is_asked(self, name: str) -> Formula:
        """Return that a requirement is asked."""
        return self._logic.any_of(self._asked[name].is_asked) if name in self._asked else self._logic.false

    def effect(self, name: str, effect: Effect) -> Formula:
        """Return that a requirement has an effect; one that is not asked is free."""
        logic = self._logic
        if name not in self._asked:
            return logic.constant(value=effect == "free")
        effects = self._asked[name].effects
        if effect == "free":
            return logic.no(logic.any_of((*effects["holds"], *effects["warns"])))
        return logic.any_of(effects[effect])

    def times(self, name: str) -> Iterator[tuple[Allowed | None, Formula]]:
        """Yield how long somebody may have for a requirement that is waited for, each with when it is so."""
        logic, asked = self._logic, self._asked.get(name)
        if asked is None:
            return
        waited, deadline = logic.any_of(asked.waited_for), asked.requirement.deadline
        if deadline is None:
            yield None, waited
            return
        known, value = self._gate.cells.value(deadline.amount)
        yield None, logic.all_of((waited, logic.no(known)))
        for amount in _amounts(deadline.amount):
            is_it = logic.all_of((waited, known, equal(value, logic.number(amount))))
            yield allowed_of(asked.requirement, amount), is_it

    def _follow(self, place: int | None, chosen: Formula) -> None:
        """Gather what is asked while a row is followed, or none is."""
        logic, gate = self._logic, self._gate
        row = None if place is None else gate.gate.rows[place].row
        self._ways.setdefault(None if row is None else way_of(row), []).append(chosen)
        if row is None or row.stay:
            for one in gate.gate.leave:
                self._gather(one, place, chosen, reminds=row is not None)
        if place is None:
            return
        asked = [(one, is_asked) for one, is_asked in gate.asked(place) if is_asked is not logic.false]
        entered = [(one, is_asked) for one, is_asked in asked if one.requirement.before is Before.ENTER]
        refusing = [logic.all_of((is_asked, self._refuses(one, place))) for one, is_asked in entered]
        none_refuses = logic.no(logic.any_of(refusing))
        for one, is_asked in asked:
            counts = logic.true
            if one.requirement.before is Before.ENTER:
                counts = logic.any_of((none_refuses, self._refuses(one, place)))
            self._gather(one, place, logic.all_of((chosen, is_asked, counts)))

    def _gather(self, one: CompiledRequirement, place: int | None, chosen: Formula, *, reminds: bool = False) -> None:
        logic, name = self._logic, one.requirement.id
        asked = self._asked.setdefault(name, Asked(one))
        is_open = logic.all_of((chosen, logic.no(self._gate.waived(one)), self._gate.is_open(one, place)))
        effect: Effect = "holds" if one.requirement.level is Level.BLOCK and not reminds else "warns"
        asked.is_asked.append(chosen)
        asked.effects[effect].append(is_open)
        asked.waited_for.append(logic.all_of((is_open, logic.no(self._refused(one, place)))))

    def _refused(self, one: CompiledRequirement, place: int | None) -> Formula:
        return self._gate.cells.of(one.refused, self._gate.followed(place)).yes if one.refused else self._logic.false

    def _refuses(self, one: CompiledRequirement, place: int | None) -> Formula:
        """Return that the visit is held because what a requirement asks was refused."""
        if one.requirement.level is not Level.BLOCK:
            return self._logic.false
        applies = self._logic.no(self._gate.cells.of(one.when, self._gate.followed(place)).no)
        return self._logic.all_of((self._logic.no(self._gate.waived(one)), applies, self._refused(one, place)))


def _amounts(amount: object) -> tuple[int, ...]:
    """Return every amount that a deadline may have."""
    if isinstance(amount, FromTable):
        return tuple(sorted({row.value for row in amount.parameter.rows if isinstance(row.value, int)}))
    return (amount.value,) if isinstance(amount, Constant) and isinstance(amount.value, int) else ()
