"""News: what one role, a system or an observer reported, for those of the other role to see (P13)."""

from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from domain.identity import Role
from domain.model import Instant, Model

MOST_ITEMS: Final = 10
"""How many things one piece of news names; of more it says how many."""

MOST_NEWS: Final = 3
"""How many mornings of unseen news a course carries for one person; the older ones become one."""


class NewsKind(StrEnum):
    """What kind of thing is new."""

    FACT = "fact"
    NOTE = "note"
    TAKEN_BACK = "taken_back"
    WAIVER = "waiver"
    BREACH = "breach"
    PAUSE = "pause"
    RESUMED = "resumed"
    REOPENED = "reopened"
    ANSWER = "answer"
    HAND_OVER = "hand_over"
    SHARED_ROLE = "shared_role"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    SHEET_STOPPED = "sheet_stopped"


class NewsItem(Model):
    """One thing that is new; `what` is the fact, kind of note, requirement, role or meeting, `entry` the statement.

    `told_by` is the role that tells the citizen of a hand-over; `roles` cannot come to a meeting of `visit`, or can.
    """

    kind: NewsKind
    what: str = ""
    by: str
    entry: UUID | None = None
    told_by: Role | None = None
    visit: int | None = None
    roles: tuple[Role, ...] = ()

    @property
    def subject(self) -> tuple[NewsKind, str, int | None, tuple[Role, ...], UUID | None]:
        """Return what of several items the newest alone is named of: each note is something else."""
        return (self.kind, self.what, self.visit, self.roles, self.entry if self.kind is NewsKind.NOTE else None)


class NewsReader(NamedTuple):
    """To whom something is new: who holds a role, or who covers for him alone, of what he reported himself."""

    person: str
    for_cover: bool = False


class News(Model):
    """What is new to one reader from the instant `at`; `more` counts what it no longer names."""

    notice: UUID
    person: str
    for_cover: bool = False
    at: Instant
    items: tuple[NewsItem, ...]
    more: int = 0

    @property
    def reader(self) -> NewsReader:
        """Return to whom it is new."""
        return NewsReader(self.person, self.for_cover)

    def with_items(self, items: tuple[NewsItem, ...], more: int = 0) -> "News":
        """Return the news with more items; what is said again replaces what was said before."""
        subjects = {item.subject for item in items}
        kept = tuple(item for item in self.items if item.subject not in subjects)
        every = (*kept, *items)
        surplus = max(0, len(every) - MOST_ITEMS)
        return self.model_copy(update={"items": every[surplus:], "more": self.more + more + surplus})
