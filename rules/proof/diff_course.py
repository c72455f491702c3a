"""The one course of a citizen of whom two versions were told, each in its own words."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.state.course import CourseState, Visit
from domain.state.facts import Fact, FactValue
from domain.state.verdict import TARGET_GROUP
from rules.language.examples import Circumstances, StatedFacts
from rules.language.facts import FactType
from rules.proof.diff_vocabulary import Vocabulary

_STATED: Final = ("facts", "ahead", "systems")

Place = tuple[str, int | None]
"""The name of a fact that both versions know, and the visit in which it was said."""


class Told(NamedTuple):
    """What two versions were told of one citizen."""

    before: Circumstances
    after: Circumstances

    def with_the_same_visits(self) -> "Told":
        """Return the same where each knows that every earlier step of the other was visited too."""
        steps = sorted({*self.before.before, *self.after.before})
        return Told(*(one.model_copy(update={"before": {s: one.before.get(s, {}) for s in steps}}) for one in self))

    def joined(self, vocabulary: Vocabulary) -> Circumstances:
        """Return what either was told, as one; what both were told, as the second says it, but the group as the first.

        `vocabulary` is that of the first.
        """
        one, other = self
        steps = dict.fromkeys((*one.before, *other.before))
        notes = (*other.notes, *(note for note in one.notes if note.note not in {n.note for n in other.notes}))
        return other.model_copy(
            update={
                **{name: _joined(getattr(one, name), getattr(other, name), vocabulary) for name in _STATED},
                "target_group": one.target_group,
                "before": {s: _joined(one.before.get(s, {}), other.before.get(s, {}), vocabulary) for s in steps},
                "notes": notes,
                "waived": tuple(dict.fromkeys((*one.waived, *other.waived))),
            }
        )


def _joined(before: StatedFacts, after: StatedFacts, vocabulary: Vocabulary) -> StatedFacts:
    partners = {name: vocabulary.partner(name) for name in before}
    own = {name: before[name] for name, partner in partners.items() if partner is None or partner.id not in after}
    group = {name: stated for name, stated in before.items() if name == TARGET_GROUP}
    return {**own, **after, **group}


def joined_course(before: CourseState, after: CourseState, one: Vocabulary, other: Vocabulary) -> CourseState | None:
    """Return a course on which all stands that either version was told; None when their visits are not the same."""
    if [(visit.number, visit.step) for visit in before.visits] != [(v.number, v.step) for v in after.visits]:
        return None
    known = {note.kind for note in before.notes}
    return before.model_copy(
        update={
            "facts": tuple(_statements(before.facts, after.facts, one, other)),
            "notes": (*before.notes, *(note for note in after.notes if note.kind not in known)),
            "visits": tuple(map(_with_waivers, before.visits, after.visits)),
        }
    )


def _with_waivers(visit: Visit, other: Visit) -> Visit:
    waivers = {waiver.requirement: waiver for waiver in (*visit.waivers, *other.waivers)}
    return visit.model_copy(update={"waivers": tuple(waivers.values())})


def _statements(before: Sequence[Fact], after: Sequence[Fact], one: Vocabulary, other: Vocabulary) -> Iterator[Fact]:
    """Yield every statement once, by a name and with a value that each version reads as it was told."""
    mine, theirs = _by_place(before, one), _by_place(after, other)
    for place, facts in mine.items():
        twins = theirs.get(place, ())
        for number, fact in enumerate(facts):
            twin = twins[number] if number < len(twins) else None
            name = place[0] if one.partner(fact.fact) else fact.fact
            value = _value(fact, twin, one)
            yield fact.model_copy(update={"fact": name, "value": value})
    said = {(fact.fact, fact.visit) for fact in before}
    for place, facts in theirs.items():
        if place not in mine:
            for fact in facts:
                if (fact.fact, fact.visit) not in said:
                    yield fact.model_copy(update={"fact": place[0] if other.partner(fact.fact) else fact.fact})


def _by_place(facts: Sequence[Fact], vocabulary: Vocabulary) -> Mapping[Place, Sequence[Fact]]:
    placed: dict[Place, list[Fact]] = {}
    for fact in facts:
        placed.setdefault((vocabulary.name_of(fact.fact), fact.visit), []).append(fact)
    return placed


def _value(fact: Fact, twin: Fact | None, vocabulary: Vocabulary) -> FactValue:
    """Return a value that each version reads as what it was told; what only the first was told, the other cannot."""
    mine, theirs = vocabulary.declared(fact.fact), vocabulary.partner(fact.fact)
    if mine.type is not FactType.ENUM or theirs is None:
        return fact.value
    wanted = fact.value, None if twin is None else twin.value
    return next(
        (one for one in vocabulary.values(fact.fact) if (mine.read(one), theirs.read(one)) == wanted), fact.value
    )
