"""Facts and notes: what is known, who said so, when it occurred and when it was heard (P2, P11)."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import StrictBool, StrictInt, StrictStr

from domain.model import Model

FactValue = StrictBool | StrictInt | StrictStr
"""A fact as stored: dates and decimals as their ISO or decimal text; the rule set knows the type."""


class Fact(Model):
    """One statement; `visit` is None for a course fact and for what was reported ahead of its step."""

    id: UUID
    fact: str
    value: FactValue
    step: str | None = None
    visit: int | None = None
    occurred_on: date
    recorded_at: datetime
    reporter: str
    by_system: bool = False
    source: str | None = None

    @property
    def newness(self) -> tuple[date, datetime]:
        """Order statements: the newest by occurrence wins, then the one heard last."""
        return self.occurred_on, self.recorded_at


class NoteKind(StrEnum):
    """What a note tells."""

    RESOURCE = "resource"
    BARRIER = "barrier"
    OPPORTUNITY = "opportunity"
    AGREEMENT = "agreement"
    OBSERVATION = "observation"
    QUESTION = "question"


class Audience(StrEnum):
    """Who may read a note."""

    BOTH = "both"
    CASEWORKER_ONLY = "caseworker_only"


class Note(Model):
    """Knowledge in words; `id` is that of the staged text, which never enters the course itself (P10)."""

    id: UUID
    kind: NoteKind
    by: str
    by_roles: tuple[str, ...]
    at: datetime
    visit: int
    audience: Audience = Audience.BOTH
    changes_the_agreement: bool = False
    may_tell_company: bool = False
    to: str | None = None


class Known(Model):
    """What is known of one fact in one place: the statement that counts, and the one that contradicts it."""

    fact: Fact
    contradicted_by: Fact | None = None


def known(statements: Iterable[Fact]) -> Known | None:
    """Return what counts among `statements` of the same fact: the newest by occurrence.

    A person's and a system's different words about the same day contradict each other; that is a hold which
    somebody resolves by retracting one of them (P2).
    """
    ordered = sorted(statements, key=lambda fact: fact.newness)
    if not ordered:
        return None
    newest = ordered[-1]
    against = [
        fact
        for fact in ordered
        if fact.occurred_on == newest.occurred_on and fact.by_system != newest.by_system and fact.value != newest.value
    ]
    return Known(fact=newest, contradicted_by=against[-1] if against else None)
