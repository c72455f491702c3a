"""P3 read from the journal alone: what both roles know of when a visit is advanced, and what was kept from them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tools.chaos.evidence import Row
from tools.chaos.lessons import Lessons

_ENGINE: Final = "@fodslag"
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
class _Correction:
    """That a fact on which a visit rested proved wrong: what it said first and says now, and since when."""

    before: object
    after: object
    at: datetime


@dataclass
class _Dispute:
    """That somebody found a version of a visit wrong; `because` names the words by which it was ended, if any."""

    visit: int
    is_open: bool = True
    because: str | None = None


@dataclass
class Content:
    """What the newest version of each visit shows, and what has been said since the course began."""

    _manifests: dict[int, Row] = field(default_factory=dict)
    _waiting_then: dict[int, set[str]] = field(default_factory=dict)
    _notes: dict[str, _Note] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)
    _waivers: dict[int, list[str]] = field(default_factory=dict)
    _entered: dict[int, datetime] = field(default_factory=dict)
    _corrections: dict[tuple[int, str], _Correction] = field(default_factory=dict)
    _disputes: dict[str, _Dispute] = field(default_factory=dict)
    _lessons: Lessons = field(default_factory=Lessons)
    _read_together: dict[int, Row] = field(default_factory=dict)

    def read(self, event: Row, detail: Row) -> None:
        """Take an event in."""
        self._lessons.read(event, detail)
        if event["actor"] != _ENGINE:
            self._read_together = {}
        self._read_course(event, detail)
        self._read_informing(event, detail)

    def _read_informing(self, event: Row, detail: Row) -> None:
        match event["kind"]:
            case "briefing_disputed":
                self._disputes[detail["reason"]] = _Dispute(event["visit"])
            case "dispute_ended":
                dispute = self._disputes.get(detail["dispute"], _Dispute(event["visit"]))
                dispute.is_open, dispute.because = False, detail.get("reason")
            case "visit_left" | "visit_branched":
                self._disputes = {name: d for name, d in self._disputes.items() if d.visit != event["visit"]}
            case "basis_corrected":
                self._correct(detail["correction"], event["at"])

    def _correct(self, made: Row, at: datetime) -> None:
        """Take a correction in, which may undo what was put wrong before."""
        place = made["visit"], str(made["fact"] or made.get("note"))
        before, after = (fact and fact["value"] for fact in (made["before"], made["after"]))
        known = self._corrections.pop(place, None)
        first = known.before if known else before
        if first is None or first != after:
            self._corrections[place] = _Correction(first, after, at)

    def _read_course(self, event: Row, detail: Row) -> None:
        match event["kind"]:
            case "visit_entered":
                self._entered[event["visit"]] = event["at"]
                self._left |= {event["visit"]} if detail.get("left_at") else set()
            case "briefing_issued":
                self._manifests[event["visit"]] = detail["manifest"]
                self._waiting_then[event["visit"]] = set(self._notes)
            case "note_added":
                self._add(detail["note"], detail.get("answers"))
            case "note_retracted":
                self._take_back(detail["note"], detail.get("superseded_by"))
            case "visit_left":
                self._left.add(event["visit"])
                self._read_together[event["visit"]] = self._manifests.get(event["visit"], {})
            case "visit_reopened":
                self._left.discard(event["visit"])
            case "requirement_waived":
                self._waivers.setdefault(event["visit"], []).append(detail["requirement"])

    def withheld(self, visit: int, ended: set[int], *, is_last: bool) -> Iterator[str]:
        """Yield what the version that a visit is left by does not show, though both should know of it.

        What visits taught that the same command left is read in their own versions.
        """
        manifest = self._manifests.get(visit, {})
        shown = {note for name in _SHOWN for note in manifest.get(name, ())}
        shown |= {note for lesson in manifest.get("lessons", ()) for note in lesson["notes"]}
        for name, note in self._notes.items():
            is_due = name in self._waiting_then.get(visit, ()) or not note.may_wait or is_last
            is_taught = note.is_lesson and note.visit in self._left
            is_read = name in self._read_together.get(note.visit, {}).get("notes", ())
            concerns = note.visit in ended or note.stands_everywhere or is_taught
            if concerns and is_due and not note.is_open_question and name not in shown and not is_read:
                yield f"the note {name}"
        waived = {waiver["requirement"] for waiver in manifest.get("waivers", ())}
        for place in sorted(ended):
            yield from (f"the waiver of {name}" for name in self._waivers.get(place, ()) if name not in waived)
        over = self._left | (ended if is_last else set())
        yield from self._lessons.withheld(manifest, over - {visit}, self._read_together)
        yield from self._corrections_withheld(manifest, self._entered.get(visit))
        yield from self._disputes_withheld(manifest, ended)

    def _corrections_withheld(self, manifest: Row, since: datetime | None) -> Iterator[str]:
        """Yield what proved wrong of visits that are left, since the visit was entered, and is not shown so."""
        shown = {
            (made["visit"], str(made["fact"] or made.get("note"))): made["after"] and made["after"]["value"]
            for made in manifest.get("corrections", ())
        }
        for (place, fact), made in self._corrections.items():
            is_due = place in self._left and since is not None and made.at >= since
            if is_due and ((place, fact) not in shown or shown[place, fact] != made.after):
                yield f"the correction of {fact} in visit {place}"

    def _disputes_withheld(self, manifest: Row, ended: set[int]) -> Iterator[str]:
        """Yield the disputes of the visits that are ended which are open still, or not shown with how they ended."""
        shown = {dispute["id"]: dispute.get("ended_because") for dispute in manifest.get("disputes", ())}
        for name, dispute in self._disputes.items():
            if dispute.visit in ended and dispute.is_open:
                yield f"that the dispute {name} is settled"
            elif dispute.visit in ended and (name not in shown or shown[name] != dispute.because):
                yield f"the dispute {name}"

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
