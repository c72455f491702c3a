"""What proved wrong of that on which a left visit rested, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from domain.state.briefing import Correction
from wording.labels import Labels

_UNKNOWN: Final[Mapping[UUID, str]] = MappingProxyType({})


def correction_text(made: Correction, labels: Labels, words: Mapping[UUID, str] = _UNKNOWN) -> str:
    """Return from what to what a fact was put right, or a note as far as its words are known, each on one line."""
    if made.fact is not None:
        before, after = (None if fact is None else fact.value for fact in (made.before, made.after))
        return labels.change(made.fact, before, after)
    notes = {"before": made.note, "after": made.instead}
    said = {name: " ".join(words[note].split()) for name, note in notes.items() if note and note in words}
    unseen = "changed_unseen" if made.instead else "taken_back_unseen"
    name = unseen if "before" not in said else "note_put_right" if "after" in said else "note_was_wrong"
    return labels.catalog.fill(labels.catalog.briefing[name], {"fact": labels.note_kind(made.note_kind or ""), **said})
