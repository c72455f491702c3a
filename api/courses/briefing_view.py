"""A version of a briefing as it is read: what heads it, what the visit before it taught, and what it tells itself."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from api.courses.course_view import citizen_name, day_number
from api.courses.seen import SeenCourse
from api.courses.shelf import Shelf
from api.courses.visit_models import StepRead
from api.courses.visit_view import steps_read
from api.phrases import Phrases
from domain.briefing import Briefing, Manifest, ManifestFact
from domain.course import CourseState
from domain.facts import Carried, FactValue, Note
from domain.identity import Role


class ToldFact(BaseModel):
    """A fact in words."""

    fact: str
    label: str
    value: FactValue
    text: str
    occurred_on: str


class ToldNote(BaseModel):
    """A note that the caller may read; `is_material` ones belong to the version."""

    id: UUID
    kind: str
    label: str = Field(description="What the kind is called.")
    text: str | None = Field(description="Absent when it is erased.")
    by: str
    at: datetime
    is_material: bool


class Learned(BaseModel):
    """What the visit before this one taught."""

    visit: int
    step: StepRead
    ordinal: int = Field(description="Which visit to its step it was.")
    facts: list[ToldFact]
    notes: list[ToldNote]


class BriefingRead(BaseModel):
    """What both roles must know before the visit is advanced, in the order in which it is to be told."""

    course: UUID
    briefing: int = Field(description="The number of the visit; acknowledge with it and `version`.")
    version: int
    issued_at: datetime
    first_facts: list[ToldFact] = Field(description="What heads every briefing, by the rules.")
    first_notes: list[ToldNote] = Field(description="The newest note of each kind that heads every briefing.")
    day: int | None
    citizen: str
    citizen_name: str | None
    step: StepRead
    learned: Learned | None
    facts: list[ToldFact]
    notes: list[ToldNote]
    to: list[StepRead] | None = Field(description="What comes next; absent while it is not decided.")
    stays: bool = Field(description="This visit goes on while what comes next begins beside it.")
    closing: str | None
    missing: list[Role] = Field(description="The roles that have not acknowledged this version.")
    acknowledged_version: int | None = Field(description="The version the caller last acknowledged.")
    changes: list[str] = Field(description="What is different from that version, in words.")


def briefing_read(
    course: SeenCourse,
    briefing: Briefing,
    shelf: Shelf,
    phrases: Phrases,
    now: datetime,
    acknowledged: tuple[int | None, list[str]],
) -> BriefingRead:
    """Return a version in full; `acknowledged` is the version the caller knows, and what is different from it."""
    manifest = briefing.manifest
    known, changes = acknowledged
    first = _first_facts(course.state, phrases)
    heads = {told.fact for told in first}
    notes = {note.id: note for note in shelf.notes}
    return BriefingRead(
        course=course.id,
        briefing=manifest.visit,
        version=briefing.version,
        issued_at=briefing.issued_at,
        first_facts=first,
        first_notes=_notes((notes[note] for note in manifest.first_notes if note in notes), shelf, phrases),
        day=day_number(course, now),
        citizen=course.row.citizen,
        citizen_name=citizen_name(course, shelf),
        step=StepRead(id=manifest.step, label=phrases.step(manifest.step)),
        learned=_learned(manifest, shelf, phrases),
        facts=_facts((told for told in manifest.facts if told.fact not in heads), phrases),
        notes=_notes(_of_visit(manifest, shelf), shelf, phrases),
        to=None if manifest.to is None else steps_read(manifest.to, phrases),
        stays=manifest.stays,
        closing=phrases.outcome(manifest.closing) if manifest.closing else None,
        missing=list(briefing.missing),
        acknowledged_version=known,
        changes=changes,
    )


def _first_facts(state: CourseState, phrases: Phrases) -> list[ToldFact]:
    """Return what counts of the facts that head every briefing, in the order of the rules; the unknown are left out."""
    declared = (fact.id for fact in phrases.book.rule_set.facts if fact.carried is Carried.FIRST)
    known = (found.fact for found in (state.known(fact) for fact in declared) if found)
    return [_fact(fact.fact, fact.value, fact.occurred_on.isoformat(), phrases) for fact in known]


def _learned(manifest: Manifest, shelf: Shelf, phrases: Phrases) -> Learned | None:
    """Return what the followed visit taught, None when it taught nothing that is carried on."""
    followed = next((row for row in shelf.visits if row.number == manifest.follows), None)
    if followed is None or not (manifest.learned or manifest.learned_notes):
        return None
    notes = (note for note in shelf.notes if note.id in manifest.learned_notes)
    return Learned(
        visit=followed.number,
        step=StepRead(id=followed.step, label=phrases.step(followed.step)),
        ordinal=followed.ordinal,
        facts=_facts(manifest.learned, phrases),
        notes=_notes(notes, shelf, phrases),
    )


def _of_visit(manifest: Manifest, shelf: Shelf) -> Iterable[Note]:
    """Return the visit's own notes that do not head the briefing already."""
    return (note for note in shelf.notes if note.visit == manifest.visit and note.id not in manifest.first_notes)


def _facts(told: Iterable[ManifestFact], phrases: Phrases) -> list[ToldFact]:
    return [_fact(fact.fact, fact.value, fact.occurred_on, phrases) for fact in told]


def _fact(fact: str, value: FactValue, occurred_on: str, phrases: Phrases) -> ToldFact:
    text = phrases.value(fact, value)
    return ToldFact(fact=fact, label=phrases.fact(fact), value=value, text=text, occurred_on=occurred_on)


def _notes(told: Iterable[Note], shelf: Shelf, phrases: Phrases) -> list[ToldNote]:
    return [
        ToldNote(
            id=note.id,
            kind=note.kind,
            label=phrases.note_kind(note.kind),
            text=shelf.texts.get(note.id),
            by=note.by,
            at=note.at,
            is_material=note.is_material,
        )
        for note in told
    ]
