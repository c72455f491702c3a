"""Taking the courses over, a few at a time: what was taken over before is recognised, and a stop loses nothing (P7)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

import httpx

from clients.caller import Caller
from clients.importing.csv_rows import Flaw
from clients.importing.lines import Line

AT_ONCE: Final = 8
"""How many requests are under way together."""


class Outcome(StrEnum):
    """The outcome of a line."""

    READY = "ready"
    TAKEN_OVER = "taken_over"
    THERE_ALREADY = "there_already"
    REFUSED = "refused"


@dataclass
class Result:
    """The result of a line; `notes` are the steps of a dry run, or the differences of the open course.

    `unknown_persons` are the fields of persons whom no directory knows, not there yet or mistyped.
    """

    line: Line
    outcome: Outcome
    course: str = ""
    notes: list[str] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)
    unknown_persons: list[str] = field(default_factory=list)


def each(caller: Caller, lines: Iterable[Line], *, dry_run: bool, quiet_until: str | None) -> Iterator[Result]:
    """Yield the result of each line as it comes; raises AwayError after the requests under way are finished."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way = [pool.submit(_send, caller, line, dry_run=dry_run, quiet_until=quiet_until) for line in lines]
        try:
            for sent in as_completed(under_way):
                yield sent.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _send(caller: Caller, line: Line, *, dry_run: bool, quiet_until: str | None) -> Result:
    if line.flaws:
        return Result(line, Outcome.REFUSED, flaws=line.flaws)
    body = _with_quiet_time(line.body, quiet_until)
    query = {"dry_run": "true"} if dry_run else None
    answer = caller.post("/v1/courses", body, key=None if dry_run else _key(body), query=query)
    return _RESULTS.get(answer.status_code, _refused)(line, answer)


def _with_quiet_time(body: dict[str, Any], quiet_until: str | None) -> dict[str, Any]:
    taken_over = body.get("taken_over")
    if quiet_until is None or not isinstance(taken_over, dict) or "quiet_until" in taken_over:
        return body
    return {**body, "taken_over": {**taken_over, "quiet_until": quiet_until}}


def _key(body: dict[str, Any]) -> str:
    """Return the same key for the same line, so that a repeat after a lost answer is recognised."""
    return f"import-{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()}"


def _taken_over(line: Line, answer: httpx.Response) -> Result:
    body = answer.json()
    return Result(line, Outcome.TAKEN_OVER, course=body["course"], unknown_persons=body["not_in_directory"])


def _exists(line: Line, answer: httpx.Response) -> Result:
    """Return the result of a dry run, or the differences of a course that is open already."""
    body = answer.json()
    unknown = body["not_in_directory"]
    if "dry_run" in body:
        steps = [step["label"] for step in body["steps"]]
        return Result(line, Outcome.READY, body["course"], notes=steps, unknown_persons=unknown)
    return Result(line, Outcome.THERE_ALREADY, body["course"], notes=body["differs"], unknown_persons=unknown)


def _refused(line: Line, answer: httpx.Response) -> Result:
    try:
        body = answer.json()
        flaws = [Flaw(e["field"], e["problem"], e["remedy"]) for e in body["errors"]]
        flaws = flaws or [Flaw("", body["title"], body["detail"])]
    except (ValueError, KeyError):
        flaws = [Flaw("", f"HTTP {answer.status_code}", "Er det Fodslags adresse? / Is it the address of Fodslag?")]
    return Result(line, Outcome.REFUSED, flaws=flaws)


_RESULTS: Final[dict[int, Callable[[Line, httpx.Response], Result]]] = {
    httpx.codes.CREATED: _taken_over,
    httpx.codes.OK: _exists,
}
