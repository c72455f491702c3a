"""P3 read from the journal alone: what both roles know of when a visit is advanced, and what was kept from them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tools.chaos.evidence import Row

_SHOWN: Final = ("notes", "first_notes", "knowledge")


@dataclass
class _Note:
    """A note for both that stands, the visit it belongs to, and whether a version must show it."""

    visit: int
    is_lesson: bool
    stands_everywhere: bool
    may_wait: bool
    is_open_question: bool


@dataclass
class Content:
    """What the newest version of each visit shows, and what has been said since the course began."""

    _manifests: dict[int, Row] = field(default_factory=dict)
    _waiting_then: dict[int, set[str]] = field(default_factory=dict)
    _notes: dict[str, _Note] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)
    _waivers: dict[int, list[str]] = field(default_factory=dict)

    def read(self, event: Row, detail: Row) -> None:
        """Take an event in."""
        match event["kind"]:
            case "briefing_issued":
                self._manifests[event["visit"]] = detail["manifest"]
                self._waiting_then[event["visit"]] = set(self._notes)
            case "note_added":
                self._add(detail["note"], detail.get("answers"))
            case "note_retracted":
                self._take_back(detail["note"], detail.get("superseded_by"))
            case "visit_left":
                self._left.add(event["visit"])
            case "visit_reopened":
                self._left.discard(event["visit"])
            case "requirement_waived":
                self._waivers.setdefault(event["visit"], []).append(detail["requirement"])

    def withheld(self, visit: int, ended: set[int], *, is_last: bool) -> Iterator[str]:
        """Yield what the version that a visit is left by does not show, though both should know of it."""
        manifest = self._manifests.get(visit, {})
        shown = {note for name in _SHOWN for note in manifest.get(name, ())}
        shown |= {note for lesson in manifest.get("lessons", ()) for note in lesson["notes"]}
        for name, note in self._notes.items():
            is_due = name in self._waiting_then.get(visit, ()) or not note.may_wait or is_last
            is_taught = note.is_lesson and note.visit in self._left
            concerns = note.visit in ended or note.stands_everywhere or is_taught
            if concerns and is_due and not note.is_open_question and name not in shown:
                yield f"the note {name}"
        waived = {waiver["requirement"] for waiver in manifest.get("waivers", ())}
        for place in sorted(ended):
            yield from (f"the waiver of {name}" for name in self._waivers.get(place, ()) if name not in waived)

    def _take_back(self, name: str, superseded_by: str | None) -> None:
        """Take a note away; what supersedes it must be shown wherever it had to be."""
        note = self._notes.pop(name, None)
        if note is None or superseded_by is None:
            return
        self._notes[superseded_by] = note
        for waiting in self._waiting_then.values():
            if name in waiting:
                waiting.add(superseded_by)

    def _add(self, note: Row, answers: str | None) -> None:
        if answers in self._notes:
            self._notes[answers].is_open_question = False
            self._notes[answers].visit = note["visit"]
        if note.get("audience") == "both" and note["id"] not in self._notes:
            self._notes[note["id"]] = _Note(
                visit=note["visit"],
                is_lesson=note.get("carried") == "next",
                stands_everywhere=note.get("carried") == "every",
                may_wait=bool(note.get("may_wait")),
                is_open_question=note["kind"] == "question" and note.get("to") is not None,
            )
