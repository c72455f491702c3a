"""Facts and notes: what is known, who said so, when it occurred and when it was heard (P2, P11)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from pydantic import StrictBool, StrictInt, StrictStr

from domain.identity import Role
from domain.model import Instant, Model

REMOVED: Final = ""
"""The value of a statement that was another citizen's; no fact has an empty value."""

FactValue = StrictBool | StrictInt | StrictStr
"""A fact as stored: dates and decimals as their ISO or decimal text; the rule set knows the type."""


class Fact(Model):
    """One statement; `visit` is None for a course fact and for what was reported ahead of its step.

    `issued_at` is when its source says that it issued it, whenever it arrived. What `outlives_visit`, a lesson or the
    workplace where it was learned, is carried as long as the course.
    """

    id: UUID
    fact: str
    value: FactValue
    step: str | None = None
    visit: int | None = None
    occurred_on: date
    recorded_at: Instant
    reporter: str
    by_system: bool = False
    source: str | None = None
    issued_at: Instant | None = None
    outlives_visit: bool = False

    @property
    def newness(self) -> tuple[date, datetime, str]:
        """Order statements: the newest by occurrence wins, then the one issued last, or heard last.

        Where sources say when they issued what, nothing hangs on the order in which it arrives; of two that were
        issued at the same instant one always wins.
        """
        return self.occurred_on, self.issued_at or self.recorded_at, str(self.id) if self.issued_at else ""


class Carried(StrEnum):
    """Where a fact or note is shown besides the briefing of its own visit.

    `next` is a lesson on top of each later one, `every` is knowledge in each later one, and `first` heads them all.
    """

    NO = "no"
    NEXT = "next"
    EVERY = "every"
    FIRST = "first"


NOTE_KINDS: Final = ("resource", "barrier", "opportunity", "agreement", "observation", "question")
"""The kinds of notes that every rule set has; a set may declare more."""

OBSERVATION: Final = "observation"
"""The kind of note for what has no kind of its own."""

QUESTION: Final = "question"
"""The kind of note that has an addressee and waits for an answer."""


NEVER_WAIT: Final = frozenset({"barrier", "agreement"})
"""The kinds of notes that both roles are informed of at once."""


KNOWLEDGE: Final = frozenset({"resource", "barrier", "opportunity", "agreement"})
"""The engine's own kinds of notes that stand in every later briefing (P13)."""


class RetractionGround(StrEnum):
    """Why knowledge no longer stands."""

    NO_LONGER_TRUE = "no_longer_true"
    WAS_WRONG = "was_wrong"


class Audience(StrEnum):
    """Who may read a note."""

    BOTH = "both"
    CASEWORKER_ONLY = "caseworker_only"

    @classmethod
    def of(cls, roles: Collection[str]) -> "Audience":
        """Return the narrowest audience that includes somebody who has `roles`."""
        return cls.CASEWORKER_ONLY if cls.CASEWORKER_ONLY.includes(roles) else cls.BOTH

    def includes(self, roles: Collection[str]) -> bool:
        """Say whether somebody who has `roles` may read what is for this audience."""
        return self is Audience.BOTH or not _TRUSTED.isdisjoint(roles)


_TRUSTED: Final = frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.DATA_PROTECTION})


class Removal(Model):
    """That a fact or note was taken back as another citizen's: hidden at once, erased when a second person agreed."""

    entry: UUID
    by: str
    audience: Audience = Audience.BOTH
    is_agreed: bool = False


class FormerEntry(Model):
    """What a note was that is kept from a former `course`: a note or lesson there, by whom and when."""

    course: UUID
    id: UUID
    by: str
    at: Instant


class Note(Model):
    """Knowledge in words; `id` is that of the staged text, which never enters the course itself (P10).

    `material` and `carried` are what the rules said of its kind when it was written. What `may_wait` is content of
    the briefing of the visit it is `briefed_in`, once that is known; a question is of the one it was `answered_in`,
    and waits again once none of the notes it was `answered_by` stands. What was written in a visit since withdrawn is
    of the next visit to its `step`, and until then of the one that was reopened.
    `is_heard` once somebody else has acknowledged or disputed a version that shows it. `former` is what it
    was in a former course.
    """

    id: UUID
    kind: str
    by: str
    by_roles: tuple[str, ...]
    at: Instant
    visit: int
    audience: Audience = Audience.BOTH
    changes_the_agreement: bool = False
    material: bool = False
    carried: Carried = Carried.NO
    may_wait: bool = False
    may_tell_company: bool = False
    to: str | None = None
    briefed_in: int | None = None
    answered_in: int | None = None
    answered_by: tuple[UUID, ...] = ()
    step: str | None = None
    is_heard: bool = False
    former: FormerEntry | None = None

    @property
    def heads_briefings(self) -> bool:
        """Say whether every briefing may begin with it."""
        return self.carried is Carried.FIRST and self.audience is Audience.BOTH

    @property
    def is_knowledge(self) -> bool:
        """Whether it is content of every other briefing than its own (P13)."""
        return self.carried is Carried.EVERY and self.audience is Audience.BOTH

    @property
    def is_lesson(self) -> bool:
        """Whether it heads every briefing after its own visit (P13)."""
        return self.carried is Carried.NEXT and self.audience is Audience.BOTH

    @property
    def is_open_question(self) -> bool:
        """Whether it waits for an answer."""
        return self.kind == QUESTION and self.to is not None and self.answered_in is None

    @property
    def briefed_with(self) -> int | None:
        """Return the visit of whose briefing it is content; None while it waits for an answer or a version."""
        if self.kind == QUESTION and self.to is not None:
            return self.answered_in
        return self.briefed_in if self.may_wait else self.visit

    @property
    def waits_for_version(self) -> bool:
        """Whether it is left for the next version of a briefing."""
        return self.may_wait and self.briefed_in is None

    @property
    def is_material(self) -> bool:
        """Say whether both roles must hear of it: by its kind, or because its writer says that it changes things."""
        return self.material or self.changes_the_agreement


class FactOnRecord(NamedTuple):
    """What is known of one fact in one place: the statement that counts, and the one that contradicts it."""

    fact: Fact
    contradicted_by: Fact | None = None


def on_record(statements: Iterable[Fact]) -> FactOnRecord | None:
    """Return the statement that counts among those of the same fact: the newest by occurrence.

    A person's and a system's last words about the same day contradict each other when they differ; that is a hold
    which somebody resolves by retracting or superseding one of them (P2).
    """
    ordered = sorted(statements, key=lambda fact: fact.newness)
    if not ordered:
        return None
    newest = ordered[-1]
    if len(ordered) == 1:
        return FactOnRecord(newest)
    others = [f for f in ordered if f.occurred_on == newest.occurred_on and f.by_system != newest.by_system]
    is_contradicted = bool(others) and others[-1].value != newest.value
    return FactOnRecord(fact=newest, contradicted_by=others[-1] if is_contradicted else None)
