"""One citizen as two versions of rules see her: the same words, read by each in its own way (P2)."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from decimal import Decimal
from typing import Final

from domain.state.verdict import TARGET_GROUP
from rules.language.facts import FactDeclaration, FactType
from rules.language.steps import FACT_PREFIX, Step
from rules.proof.diff_vocabulary import Vocabulary
from rules.proof.logic import Citizen, Formula, Logic, Number, at_least, equal
from rules.proof.view import FactOf, Known, Place, View

_MOST: Final = Decimal(10) ** 12


class SideView(View):
    """The visit of one citizen as one of two versions reads it; what was said has the same name in both."""

    def __init__(self, logic: Logic, vocabulary: Vocabulary, step: Step) -> None:
        """Name what both versions share by names that both know."""
        self.vocabulary = vocabulary
        self.readable: dict[Place, Formula] = {}
        self.as_said: dict[Place, FactOf] = {}
        self._peer: SideView | None = None
        self._group_codes = vocabulary.codes(TARGET_GROUP)
        super().__init__(logic, vocabulary.book.rule_set, step)

    def meet(self, peer: "SideView") -> None:
        """Let what the other version knows be possible here too; to be called for each before anything is asked."""
        self._peer = peer
        self.may_be_beside = peer.may_be_beside = self.may_be_beside or peer.may_be_beside
        peer.groups, peer.asked_when_said = self.groups, self.asked_when_said

    def name_of(self, fact: str) -> str:
        """Return the name that both versions know a fact by."""
        return self.vocabulary.name_of(fact)

    def places(self, declared: FactDeclaration) -> int:
        """Return how many values may have been said."""
        return len(self.vocabulary.values(declared.id)) if declared.type is FactType.ENUM else len(declared.values)

    def can_be_said(self, declared: FactDeclaration, step: str | None) -> bool:
        """Return whether a course that follows one of the versions can know a fact there."""
        partner = self.vocabulary.partner(declared.id)
        theirs = self._peer is not None and partner is not None and View.can_be_said(self._peer, partner, step)
        return theirs or self.can_be_heard(declared, step)

    def can_be_heard(self, declared: FactDeclaration, step: str | None) -> bool:
        """Return whether a course that follows this version can know a fact there."""
        return super().can_be_said(declared, step)

    def group_on(self, dating: str, day: Known) -> Known:
        """Return the target group of a day, as this version reads it."""
        said = super().group_on(dating, day)
        return Known(said.known, self._coded(said.value, self._group_codes))

    def another_group(self, citizen: Citizen) -> str | None:
        """Return a target group that is another in both versions than that of a citizen; None when there is none."""
        theirs = self._peer.vocabulary.codes(TARGET_GROUP) if self._peer else self._group_codes
        pairs = list(zip(self._group_codes, theirs, strict=True))
        mine = pairs[int(citizen.amount(self.groups["today"][0].value))]
        others = (one for one, other in pairs if one != mine[0] and other != mine[1])
        place = next((one for one in others if one is not None), None)
        return None if place is None else self.facts_by_name[TARGET_GROUP].values[place].id

    def day_of(self, dating: str) -> Number | None:
        """Return the day by which numbers are looked up, None where it may be one of several."""
        days = {"today": self.today, "course_start": self.started_on, "visit_entered": self.entered_on}
        if not dating.startswith(FACT_PREFIX):
            return days.get(dating)
        name = dating.removeprefix(FACT_PREFIX)
        stated = [one.value for one in self.facts.values() if name in (one.declaration.id, *one.declaration.aliases)]
        return stated[0] if len(stated) == 1 else None

    def _coded(self, said: Number, codes: tuple[int | None, ...]) -> Number:
        """Return the place in this version's list of a value that was said."""
        if codes == tuple(range(len(codes))):
            return said
        value = self.logic.number(0)
        for place, code in enumerate(codes):
            if code is not None:
                value = self.logic.choice(equal(said, self.logic.number(place)), self.logic.number(code), value)
        return value

    def _new(self, declared: FactDeclaration, step: str | None) -> FactOf:
        one = super()._new(declared, step)
        partner = self.vocabulary.partner(declared.id)
        has_come = declared.has_come and (partner is None or partner.has_come)
        shared = declared.model_copy(update={"has_come": has_come})
        self.as_said[declared.id, step] = replace(one, declaration=shared)
        if has_come:
            self.said.append(at_least(self.today, one.value))
        if declared.id == TARGET_GROUP:
            self.readable[declared.id, step] = self.logic.true
            return one
        readable, value = self._read(one)
        self.readable[declared.id, step] = readable
        return replace(one, known=self.logic.all_of((one.known, readable)), value=value)

    def _read(self, fact: FactOf) -> tuple[Formula, Number]:
        """Return whether what was said can be read by this version, and as what."""
        name, logic = fact.declaration.id, self.logic
        if fact.declaration.type is FactType.ENUM:
            codes = self.vocabulary.codes(name)
            known = [equal(fact.value, logic.number(place)) for place, code in enumerate(codes) if code is not None]
            readable = logic.true if None not in codes else logic.any_of(known)
            return readable, self._coded(fact.value, codes)
        if self.vocabulary.has_other_bounds(name):
            low, high = self._written_bounds(fact.declaration)
            amount = fact.most if fact.declaration.type is FactType.SCHEDULE else fact.value
            return logic.all_of((at_least(amount, low), at_least(high, amount))), fact.value
        return logic.true, fact.value

    def _bounds(self, fact: FactOf) -> Iterator[Formula]:
        partner = self.vocabulary.partner(fact.declaration.id)
        if partner is None or not self.vocabulary.has_other_bounds(fact.declaration.id):
            yield from super()._bounds(fact)
            return
        both = (fact.declaration, partner)
        low = min(-_MOST if one.min is None else one.min for one in both)
        high = max(_MOST if one.max is None else one.max for one in both)
        wide = fact.declaration.model_copy(update={"min": low, "max": high})
        yield from super()._bounds(replace(fact, declaration=wide))

    def heard_of(self, citizen: Citizen) -> "SideView":
        """Return of a citizen what this version can be told: no value that it cannot read, nothing it does not ask."""
        heard = copy(self)
        heard.facts = {place: fact for place, fact in self.facts.items() if self._is_heard(place, fact, citizen)}
        heard.notes = {
            (kind, by): count for (kind, by), count in self.notes.items() if self.vocabulary.book.note(kind) is not None
        }
        heard.waivers = {name: waived for name, waived in self.waivers.items() if self.vocabulary.may_waive(name)}
        heard.groups = {
            dating: (Known(group.known, self._coded(group.value, self._group_codes)), day)
            for dating, (group, day) in self.groups.items()
        }
        return heard

    def _is_heard(self, place: Place, fact: FactOf, citizen: Citizen) -> bool:
        has_come = not fact.declaration.has_come or citizen.amount(fact.value) <= citizen.amount(self.today)
        return has_come and self.can_be_heard(fact.declaration, place[1]) and citizen.is_so(self.readable[place])
