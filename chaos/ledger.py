"""What clients sent and were told: the one witness that no part of the system can change."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answered:
    """One answer to one request: `key` names the request, so repeats of it share it.

    `what` is the kind of command, `by` who gave it, `revision` what the answer said was applied.
    """

    key: str
    course: str
    what: str
    by: str
    status: int
    revision: int | None = None


@dataclass
class Ledger:
    """Every answer in the order in which it came, on disk before anything else is done with it."""

    file: Path
    entries: list[Answered] = field(default_factory=list)

    def note(self, answered: Answered) -> None:
        """Take down an answer."""
        self.entries.append(answered)
        with self.file.open("a") as opened:
            opened.write(json.dumps(asdict(answered)) + "\n")

    @property
    def done(self) -> Iterator[Answered]:
        """Yield the answers that said that something was done."""
        return (entry for entry in self.entries if entry.revision is not None)


def revision_of(answer: dict[str, Any]) -> int:
    """Return the revision that an answer says the command gave."""
    return int(answer["applied_revision"])
