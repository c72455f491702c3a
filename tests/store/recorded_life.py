"""Records a life command by command in every way that the product has, beside the reckoning of what its events mean."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import insert

from activities.decided import asks_beside, persons_of
from domain.evolve import replay
from domain.state.course import CourseState
from infra.store import tables as t
from infra.store.courses import errands, record
from infra.store.courses.entry import Entry, refusal
from infra.store.courses.erase import erases
from infra.store.courses.projection import ByRules
from infra.store.courses.record import Entered, Head, RecordedCommand
from infra.store.courses.revisions import Answered
from infra.store.errors import CommandRecordedError
from infra.store.registers.texts import TextKind
from infra.store.rows import InForce
from rules.engine.book import Book
from tests.api.lives import Life
from tests.store.reckoning import Reckoning, Row
from tests.store.told_lives import Given, KeptStory, told_life
from tests.stores import Stores

CHANNELS: Final = ("mail", "sms")
_WORDS: Final = {
    "reason": TextKind.REASON,
    "note": TextKind.NOTE,
    "right": TextKind.NOTE,
    "citizen_text": TextKind.CITIZEN_NAME,
    "story": TextKind.STORY,
    "details": TextKind.COMPANY_SHEET,
}
"""The fields by which commands name what was staged."""


@dataclass
class RecordedLife:
    """A life, its rows in the store, and what these are to be; `folded` is the course as its events make it.

    `filled` are the tables in which rows were compared.
    """

    stores: Stores
    seed: int
    life: Life
    story: KeptStory
    reckoning: Reckoning
    folded: CourseState
    last: Given | None = None
    filled: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, stores: Stores, seed: int, municipality: str) -> "RecordedLife":
        """Begin a life of which nothing is recorded yet."""
        life, story = told_life(seed, municipality)
        course = story.state.course
        not_begun = CourseState(course=course, municipality=municipality)
        return cls(stores, seed, life, story, Reckoning(course, CHANNELS), not_begun)

    @property
    def municipality(self) -> str:
        """Return the municipality, in which there is no other course."""
        return self.story.state.municipality

    @property
    def random(self) -> Random:
        """Return what draws the life."""
        return self.life.random

    async def is_recorded(self) -> None:
        """Record all that was given since: at once or in a transaction."""
        while self.story.given:
            given = self.story.given.pop(0)
            await self._stage(given)
            if given.events or given.command.keeps_refusal:
                await self._record(given)
                self.last = given

    async def is_met_otherwise(self) -> None:
        """Send the last command again, mend the store, or let a channel run an errand."""
        act = self.random.choice((self._repeat, self._mend, self._carry))
        await act()

    async def _record(self, given: Given) -> None:
        is_plain = not asks_beside(given.command) and not any(map(erases, given.events))
        is_recorded = is_plain and self.random.random() < 0.6 and await self._record_at_once(given)
        if not is_recorded:
            await self._record_in_transaction(given)
        self._reckon(given)

    async def _record_at_once(self, given: Given) -> bool:
        """Record as plain commands are, unless what is expected is out of date: then nothing may be written."""
        expected = self._expected(given)
        is_stale = self.random.random() < 0.15
        believed = self._stale(expected) if is_stale else expected
        found = await self._at_once(given, believed)
        assert found == replace(expected, known=dict.fromkeys(believed.known))
        return not is_stale

    async def _at_once(self, given: Given, expected: Entered) -> Entered:
        document = self._entry(given).document if given.events else refusal(self._answered(given))
        async with self.stores.worker.at_once() as connection:
            return await record.record_at_once(connection, given.states[0], given.command.id, expected, document)

    async def _record_in_transaction(self, given: Given) -> None:
        async with self.stores.worker.anywhere() as connection:
            place = (self.municipality, given.states[0].course, given.command.id)
            entered = await record.enter(connection, *place, persons_of(given.states[0], given.command))
            assert entered == self._expected(given)
            if given.events:
                await record.record(connection, self._entry(given))
            else:
                await record.record_refusal(connection, self._answered(given))

    def _expected(self, given: Given) -> Entered:
        """Return what a command finds: the directory knows nobody here."""
        state, known = given.states[0], dict.fromkeys(persons_of(given.states[0], given.command))
        head = Head(state.epoch, state.revision, state.digest) if state.revision else None
        return Entered(head, None, InForce(), known)

    def _stale(self, expected: Entered) -> Entered:
        """Return what somebody expects who has missed a revision, a mending, another calendar or somebody's roles."""
        head = expected.head
        assert head is not None
        return self.random.choice(
            (
                replace(expected, head=replace(head, revision=head.revision - 1)),
                replace(expected, head=replace(head, digest="of another line")),
                replace(expected, head=replace(head, epoch=head.epoch + 1)),
                replace(expected, in_force=InForce(calendar="5" * 64)),
                replace(expected, known={**expected.known, "anna": ("caseworker",)}),
            )
        )

    async def _repeat(self) -> None:
        """Send the last command again, whatever is expected of its course: it is answered as it was."""
        if self.last is None:
            return
        command = self.last.command
        recorded = RecordedCommand(command.kind, command.digest, self.last.after.revision, self._answer(self.last))
        found = await self._at_once(self.last, self._expected(self.last))
        assert found.recorded == recorded
        async with self.stores.worker.anywhere() as connection:
            place = (self.municipality, self.story.state.course, command.id)
            assert (await record.enter(connection, *place)).recorded == recorded
            with pytest.raises(CommandRecordedError):
                await record.record(connection, self._entry(self.last))
            await connection.rollback()

    async def _mend(self) -> None:
        """Write the course over the store's under a new epoch, as is done when the store was restored."""
        state = self.story.state
        self.story.state = mended = state.model_copy(update={"epoch": state.epoch + 1})
        self.story.now += timedelta(minutes=1)
        async with self.stores.worker.municipality(self.municipality) as connection:
            await record.rewrite(connection, mended, self.story.now, self._by_rules(self.life.book))
        self.reckoning.history.mended(self.story.now, state.revision)
        self._fold()

    async def _carry(self) -> None:
        """Let a channel run one of its errands, so that there is nothing more to carry."""
        if self.reckoning.notices.errands:
            errand = self.random.choice([*self.reckoning.notices.errands])
            async with self.stores.worker.municipality(self.municipality) as connection:
                await errands.end(connection, [errand])
            self.reckoning.notices.carried(errand)

    async def _stage(self, given: Given) -> None:
        """Stage the words that a command names, and nobody staged before."""
        for text, kind in _named(given.command.model_dump()):
            if text not in self.reckoning.texts:
                row = {"text_id": text, "kind": kind, "text": self.life.texts.get(text, "Ord."), "staged_at": given.now}
                row["staged_by"] = given.command.actor.person
                async with self.stores.api.municipality(self.municipality) as connection:
                    await connection.execute(insert(t.personal_text), row)
                self.reckoning.staged(row)

    def _reckon(self, given: Given) -> None:
        if given.events:
            rules = given.book.workplaces, given.book.measures
            self.reckoning.applied(given.command, given.events, given.now, rules)
            self.folded = replay(self.folded, given.events)
            self._fold()
        self.reckoning.history.answered(given.command, self._answer(given), given.now)

    def _fold(self) -> None:
        """Let the newest revision keep the course as its events make it."""
        self.folded = self.folded.model_copy(update=self.reckoning.history.place)
        self.reckoning.history.snapshot(self.folded.model_dump(mode="json"))

    def _entry(self, given: Given) -> Entry:
        before, after = (self._by_rules(self.life.versions.followed(state)) for state in (given.states[0], given.after))
        answer = self._answer(given)
        return Entry(given.command, given.states, given.events, answer, given.now, after, before, CHANNELS)

    def _answered(self, given: Given) -> Answered:
        return Answered(given.after.course, given.command, self._answer(given), given.after.revision, given.now)

    def _answer(self, given: Given) -> Row:
        return {"command": str(given.command.id), "revision": given.after.revision}

    def _by_rules(self, book: Book) -> ByRules:
        return ByRules(book.workplaces, book.measures)


def _named(part: Any) -> Iterator[tuple[UUID, TextKind]]:
    """Yield the texts that a command names, and what they are."""
    for each in part if isinstance(part, list | tuple) else ():
        yield from _named(each)
    for name, value in part.items() if isinstance(part, dict) else ():
        if name in _WORDS and isinstance(value, UUID):
            yield value, _WORDS[name]
        yield from _named(value)
