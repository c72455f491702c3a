"""The differences between two versions of a briefing, in words (P3)."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from api.text.labels import Labels
from domain.state.briefing import Manifest, ManifestFact
from domain.state.course import CourseState
from domain.state.facts import Fact


def changes(old: Manifest, new: Manifest, course: CourseState, labels: Labels) -> list[str]:
    """Return in the reader's language what is different: the facts by name, then all else.

    A fact that left the briefing although its statement still counts was not withdrawn, and is left out (P11).
    """
    facts = _without_unchanged(old.facts, new.facts, (fact for fact in course.facts if fact.step != old.step))
    learned = _without_unchanged(old.learned, new.learned, (fact for fact in course.facts if fact.visit == old.follows))
    text = labels.catalog.briefing
    heads = {*old.first_notes, *new.first_notes}
    is_changed = {
        "first_changed": old.first_notes != new.first_notes,
        "learned_notes_changed": old.learned_notes != new.learned_notes,
        "notes_changed": _without(old.notes, heads) != _without(new.notes, heads),
        "knowledge_changed": set(old.knowledge) != set(new.knowledge),
        "route_changed": (old.to, old.closing) != (new.to, new.closing),
        "stays_begun": new.stays and not old.stays,
        "stays_ended": old.stays and not new.stays,
    }
    return [
        *_facts_changed(facts, new.facts, text["changed"], labels),
        *_facts_changed(learned, new.learned, text["learned_changed"], labels),
        *_waived(old, new, labels),
        *(text[name] for name, is_so in is_changed.items() if is_so),
    ]


def _waived(old: Manifest, new: Manifest, labels: Labels) -> Iterator[str]:
    """Yield the requirements that were waived since."""
    for waiver in new.waivers:
        if waiver not in old.waivers:
            values = {"requirement": labels.requirement(waiver.requirement), "why": labels.catalog.term(waiver.ground)}
            yield labels.catalog.fill(labels.catalog.briefing["waived"], values)


def _without(notes: tuple[UUID, ...], shown_elsewhere: set[UUID]) -> list[UUID]:
    return [note for note in notes if note not in shown_elsewhere]


def _without_unchanged(
    old: Iterable[ManifestFact], new: Iterable[ManifestFact], stated: Iterable[Fact]
) -> list[ManifestFact]:
    """Return the old facts, without those that left the briefing although their statement still counts."""
    shown = {fact.fact for fact in new}
    unchanged = {(fact.fact, fact.value, fact.occurred_on.isoformat()) for fact in stated}
    return [fact for fact in old if fact.fact in shown or (fact.fact, fact.value, fact.occurred_on) not in unchanged]


def _facts_changed(
    old: Iterable[ManifestFact], new: Iterable[ManifestFact], words: str, labels: Labels
) -> Iterator[str]:
    """Yield the facts whose value is another, those that came and those that went."""
    before = {fact.fact: fact.value for fact in old}
    after = {fact.fact: fact.value for fact in new}
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            values = {
                "fact": labels.fact(name),
                "before": labels.value(name, before[name]) if name in before else "",
                "after": labels.value(name, after[name]) if name in after else "",
            }
            yield labels.catalog.fill(words, values)
