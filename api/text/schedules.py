"""A schedule as rows: from which day, and how much."""

from api.http.fields import ScheduleRow
from domain.state.facts import FactValue
from rules.engine.book import Book


def schedule_rows(book: Book, fact: str, value: FactValue) -> list[ScheduleRow] | None:
    """Return the rows of a schedule, None for any other fact and for one that is erased."""
    declared = book.declaration(fact)
    rows = declared.read(value) if declared else None
    if not isinstance(rows, tuple):
        return None
    return [ScheduleRow.model_validate({"since": since.isoformat(), "amount": float(amount)}) for since, amount in rows]
