"""Erases statements about another citizen from every version, revision and text in the store (P10).

The removal is listed with its kind, by whom, when and why, and who had been shown the statement; its content is
there, and nowhere else, until a second person agrees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, Table, bindparam, cast, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import array

from domain.events import Event, FactRetracted, NoteRetracted, RemovalAgreed, StoryRemoved, TextRemoved
from domain.state.course import CourseState
from domain.state.facts import REMOVED, Fact, FactValue
from infra.store import tables as t
from infra.store.engine import Connection


@dataclass(frozen=True, slots=True)
class _Statement:
    """A fact, note or other text that is erased, with its value; the text of a note is in the store."""

    id: UUID
    entry: str
    name: str
    by: str
    at: datetime
    value: FactValue | None = None


def erases(event: Event) -> bool:
    """Return whether an event asks for statements or words to be erased."""
    is_removal = isinstance(event, StoryRemoved | RemovalAgreed | TextRemoved)
    return is_removal or (isinstance(event, FactRetracted | NoteRetracted) and event.wrong_citizen)


async def list_retracted(connection: Connection, before: CourseState, events: Iterable[Event]) -> list[UUID]:
    """List what `events` retract as another citizen's, and return what of it is erased once they are recorded.

    Must come before the events are recorded, for who was shown a statement is told by receipts that they may void.
    Words and the fields of a story that they remove are erased at once, and what a second person agrees to, too.
    """
    retracted = []
    for event in events:
        if isinstance(event, StoryRemoved):
            await _erase_story(connection, before)
        if isinstance(event, RemovalAgreed):
            await _agree(connection, event)
        if isinstance(event, TextRemoved):
            await _remove_text(connection, before.course, event)
        if isinstance(event, FactRetracted | NoteRetracted) and event.wrong_citizen:
            statement = await _statement(connection, before, event)
            if statement is not None:
                await _list_removal(connection, before.course, statement, event)
                retracted.append(statement.id)
    return retracted


async def erase_listed(connection: Connection, course: UUID, retracted: Iterable[UUID]) -> None:
    """Erase statements of a course from every version, revision and text."""
    for entry in retracted:
        await _erase(connection, course, entry)


async def erase_again(connection: Connection, state: CourseState) -> None:
    """Erase in a restored store what had been removed since the backup was made."""
    for removal in state.removed:
        await _erase(connection, state.course, removal.entry)
    if state.story is not None and state.story.is_removed:
        await _erase_story(connection, state)


async def _statement(
    connection: Connection, before: CourseState, event: FactRetracted | NoteRetracted
) -> _Statement | None:
    """Return what is removed: a fact, also one that counts no more, or a note that counts."""
    if isinstance(event, FactRetracted):
        fact = await _reported(connection, before.course, event.fact)
        if fact is None:
            return None
        return _Statement(fact.id, "fact", fact.fact, fact.reporter, fact.recorded_at, fact.value)
    note = next((note for note in before.notes if note.id == event.note), None)
    return _Statement(note.id, "note", note.kind, note.by, note.at) if note is not None else None


async def _reported(connection: Connection, course: UUID, entry: UUID) -> Fact | None:
    """Return a statement as it was reported."""
    j = t.journal.c
    reports = select(j.detail).where(j.course_id == course, j.detail.contains({"facts": [{"id": str(entry)}]}))
    detail = await connection.scalar(reports.limit(1))
    facts = map(Fact.model_validate, detail["facts"]) if detail else ()
    return next((fact for fact in facts if fact.id == entry), None)


async def _list_removal(
    connection: Connection, course: UUID, statement: _Statement, event: FactRetracted | NoteRetracted | TextRemoved
) -> None:
    """Add the removal, with everybody who acknowledged or disputed any version since the statement was made."""
    r, content = t.receipt.c, statement.value
    if statement.entry == "note":
        content = await connection.scalar(
            select(t.personal_text.c.text).where(t.personal_text.c.text_id == statement.id)
        )
    people = func.unnest(array([r.person, r.acted_by]))
    since = func.coalesce(r.acknowledged_at, r.disputed_at)
    shown = await connection.scalars(select(people).distinct().where(r.course_id == course, since >= statement.at))
    row = {
        "removal_id": statement.id,
        "course_id": course,
        "entry": statement.entry,
        "name": statement.name,
        "said_by": statement.by,
        "said_at": statement.at,
        "removed_by": event.by,
        "removed_at": event.at,
        "reason": event.reason,
        "shown_to": sorted(shown),
        "content": content,
    }
    await connection.execute(insert(t.removal), row)


async def _remove_text(connection: Connection, course: UUID, event: TextRemoved) -> None:
    """Hide words that belong to the course in the list of removals."""
    p = t.personal_text.c
    written = select(p.kind, p.staged_by, p.staged_at, p.text).where(p.text_id == event.text, p.course_id == course)
    row = (await connection.execute(written.where(p.text.is_not(None)))).one_or_none()
    if row is not None:
        await _list_removal(connection, course, _Statement(event.text, "text", *row), event)
        await _erase_text(connection, event.text)


async def _agree(connection: Connection, event: RemovalAgreed) -> None:
    """Erase the last copy of what was removed, and tell who agreed."""
    agreed = {"content": None, "agreed_by": event.by, "agreed_at": event.at}
    await connection.execute(update(t.removal).where(t.removal.c.removal_id == event.entry).values(agreed))


async def _erase_story(connection: Connection, state: CourseState) -> None:
    if state.story is not None and state.story.id is not None:
        await _erase_text(connection, state.story.id)


async def _erase_text(connection: Connection, text: UUID) -> None:
    await connection.execute(update(t.personal_text).where(t.personal_text.c.text_id == text).values(text=None))


async def _erase(connection: Connection, course: UUID, entry: UUID) -> None:
    """Erase a note's text, or a fact's value in every document; a manifest has no id of a fact, only name and value."""
    fact = await _reported(connection, course, entry)
    if fact is None:
        await _erase_text(connection, entry)
        return
    await _blank(connection, t.journal, "detail", course, fact)
    await _blank(connection, t.revision, "snapshot", course, fact)


async def _blank(connection: Connection, table: Table, column: str, course: UUID, fact: Fact) -> None:
    """Blank the value in each document of a course that names the statement, or its fact as a manifest does."""
    document, key = table.c[column], [column for column in table.primary_key.columns if column.name != "municipality"]
    text = cast(document, String)
    named = or_(text.contains(str(fact.id)), text.contains(f'"{fact.fact}"'))
    rows = await connection.execute(select(*key, document).where(table.c.course_id == course, named))
    changed = [
        {**{f"at_{k.name}": v for k, v in zip(key, place, strict=True)}, "blanked": blanked}
        for *place, stored in rows
        if (blanked := _blanked(stored, fact)) != stored
    ]
    if changed:
        here = (k == bindparam(f"at_{k.name}") for k in key)
        await connection.execute(update(table).where(*here).values({column: bindparam("blanked")}), changed)


def _blanked(stored: Any, fact: Fact) -> Any:  # noqa: ANN401 - whatever JSON is stored
    """Return a document without the value of a statement."""
    if isinstance(stored, list):
        return [_blanked(part, fact) for part in stored]
    if not isinstance(stored, dict):
        return stored
    if "value" in stored and (stored.get("id") == str(fact.id) or _states(stored, fact.fact, fact.value)):
        return {**stored, "value": REMOVED}
    return {name: _blanked(part, fact) for name, part in stored.items()}


def _states(stored: dict[str, Any], name: str, value: FactValue) -> bool:
    """Return whether a manifest states this; true and 1 are two values."""
    value_there = stored.get("value")
    return (
        "id" not in stored and stored.get("fact") == name and type(value_there) is type(value) and value_there == value
    )
