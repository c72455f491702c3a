"""What clients sent and were told: the one witness that no part of the system can change."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

_LAST_REFUSAL: Final = 499


@dataclass(frozen=True)
class Answer:
    """One answer to one attempt; `revision` is what it said was applied."""

    status: int
    revision: int | None = None
    code: str | None = None


@dataclass
class Request:
    """What one person asked under one key, however often it was sent, and every answer in the order in which it came.

    `what` is the kind of command and `body` its body; `may_fail` that the course has every reason to refuse it.
    """

    key: str
    by: str
    what: str
    body: Mapping[str, Any]
    course: str = ""
    may_fail: bool = False
    attempts: int = 0
    answers: list[Answer] = field(default_factory=list)

    @property
    def revisions(self) -> set[int]:
        """Return every revision that an answer named; more than one is one too many."""
        return {answer.revision for answer in self.answers if answer.revision is not None}

    @property
    def is_refused(self) -> bool:
        """Say whether the course answered no, and never yes."""
        return not self.revisions and any(answer.status <= _LAST_REFUSAL for answer in self.answers)


class Ledger:
    """Every attempt before it is sent, and every answer before anything else is done with it, on disk."""

    def __init__(self, file: Path) -> None:
        """Begin a ledger in a new file."""
        self.requests: dict[str, Request] = {}
        self._file: IO[str] = file.open("x")

    def sends(self, request: Request) -> Request:
        """Take down that a request is about to be sent, the first time or again."""
        entry = self.requests.setdefault(request.key, request)
        entry.attempts += 1
        self._write({"sent": {**asdict(entry), "answers": len(entry.answers)}})
        return entry

    def hears(self, request: Request, answer: Answer, course: str) -> None:
        """Take down an answer, and of which course it was."""
        request.answers.append(answer)
        request.course = request.course or course
        self._write({"answered": {"key": request.key, "course": request.course, **asdict(answer)}})

    @property
    def done(self) -> Iterator[Request]:
        """Yield the requests that were answered as done."""
        return (request for request in self.requests.values() if request.revisions)

    def close(self) -> None:
        """End the ledger."""
        self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
