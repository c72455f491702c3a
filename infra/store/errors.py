"""What can go wrong between a course and its store, in terms that the caller can act on."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from psycopg import IntegrityError as RefusedByDatabaseError
from sqlalchemy.exc import IntegrityError


class StoreAwayError(Exception):
    """The store cannot be reached, is full, is read-only or is locked for too long; it may be tried again."""

    code = "store-away"


class ForkError(Exception):
    """The store is at another revision than the writer's: two histories of one course have met."""

    code = "course-forked"


class CommandRecordedError(Exception):
    """Another transaction has recorded this very command; a new transaction can read what it answered (P7)."""

    code = "command-recorded"


class TextMissingError(Exception):
    """An event names text that is not staged in this municipality, or belongs to another course."""

    code = "text-missing"

    def __init__(self, missing: Iterable[UUID]) -> None:
        """Keep the ids, which reveal nothing of the texts."""
        self.missing = frozenset(missing)
        super().__init__(", ".join(sorted(str(text) for text in self.missing)))


_CONFLICTS: Final[Mapping[str | None, type[ForkError | CommandRecordedError]]] = {
    "command_pkey": CommandRecordedError,
    "course_pkey": ForkError,
    "journal_pkey": ForkError,
    "revision_pkey": ForkError,
}

_TEXT_STAGED: Final = "text_staged"
"""What `fodslag_record` calls the rule that a text which an event names is staged."""


@contextmanager
def conflicts_translated() -> Iterator[None]:
    """Raise ForkError or CommandRecordedError for a key that is taken, and TextMissingError; let others through."""
    try:
        yield
    except IntegrityError as error:
        cause = error.orig
        diagnosis = cause.diag if isinstance(cause, RefusedByDatabaseError) else None
        constraint = diagnosis.constraint_name if diagnosis else None
        if diagnosis and constraint == _TEXT_STAGED:
            raise TextMissingError(map(UUID, (diagnosis.message_detail or "").split(","))) from error
        conflict = _CONFLICTS.get(constraint)
        if conflict is None:
            raise
        raise conflict(constraint) from error
