"""One event of a journal as it is read."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.directory.names import NameOf
from api.http.read_model import ReadModel


class JournalLine(ReadModel):
    """One event; `detail` is absent when it is erased or not for the caller, `words` is the text that came with it."""

    position: int
    revision: int
    kind: str
    at: datetime
    by: str
    who: str = Field(description="What the directory calls who acted, and in which role he did.")
    visit: int | None
    text: str = Field(description="What happened, in the reader's language, ready to be copied.")
    detail: dict[str, Any] | None = Field(
        description="The event's own fields, which differ by its kind, schedules with their `rows`."
    )
    words: str | None
    words_id: UUID | None = Field(description="By which the words are removed, should they be of another citizen.")
    by_name: Annotated[str | None, NameOf("by")] = None
