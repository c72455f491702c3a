"""The lives that courses lead while everything breaks: the whole way, and whatever else must not go wrong on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from clients.courses.script import Act, Script
from tools.town.town import MUNICIPALITY

_TODAY: Final = datetime.now(UTC).date()
_SCRIPT: Final = Script(_TODAY, _TODAY)
_PEOPLE: Final = {"caseworker": "anna", "company_consultant": "bo"}
_PAUSE: Final = timedelta(seconds=20)
_LONG_AGO: Final = "2026-03-02"


class Said(NamedTuple):
    """What one person says, where under the course; `may_fail` when the course has every reason to refuse it."""

    who: str
    where: str
    body: Mapping[str, Any]
    may_fail: bool = False


Life = Callable[[str], Iterator[Said]]
"""Yields what is said of a course with this reference, its start first."""


def _begins(reference: str, **changed: str) -> Said:
    return Said("case-system", "start", _SCRIPT.start(MUNICIPALITY, reference, **changed))


def _given(acts: Iterable[Act]) -> Iterator[Said]:
    yield from (Said(_PEOPLE[act.by], act.where, act.body) for act in acts)


def _comes_to(reference: str, step: str | None) -> Iterator[Said]:
    yield _begins(reference)
    yield from _given(_SCRIPT.whole(until=step))


def _done_with_intake(reference: str) -> Iterator[Said]:
    yield _begins(reference)
    yield from _given(_SCRIPT.step("intake"))


def _acknowledges(who: str, version: int, *, may_fail: bool = False) -> Said:
    return Said(who, "acknowledgements", {"briefing": 1, "version": version}, may_fail=may_fail)


def goes_the_whole_way(reference: str) -> Iterator[Said]:
    """From intake to its end."""
    yield from _comes_to(reference, None)


def stays_half_way(reference: str) -> Iterator[Said]:
    """It stays open."""
    yield from _comes_to(reference, "trial")


def is_silent(reference: str) -> Iterator[Said]:
    """It was begun long ago, so that ladders are climbed by time alone."""
    yield _begins(reference, started_on=_LONG_AGO)


def waits_to_be_read(reference: str) -> Iterator[Said]:
    """Both are asked to read, and neither does."""
    yield from _done_with_intake(reference)


def is_disputed(reference: str) -> Iterator[Said]:
    """One disputes what the other has read; what was agreed changes, and the old version counts no more."""
    yield from _done_with_intake(reference)
    yield _acknowledges("anna", 1)
    yield Said("bo", "disputes", {"briefing": 1, "version": 1, "reason": "Timetallet er ikke det, vi aftalte."})
    agreed = {"kind": "agreement", "text": "Kun om formiddagen.", "changes_the_agreement": True}
    yield Said("anna", "notes", agreed)
    yield _acknowledges("bo", 1, may_fail=True)
    yield _acknowledges("bo", 2)
    yield _acknowledges("anna", 2)


def is_handed_over(reference: str) -> Iterator[Said]:
    """What one caseworker has read, the next one has not."""
    yield from _done_with_intake(reference)
    yield _acknowledges("anna", 1)
    yield Said("anna", "parties/caseworker", {"person": "carl", "reason": "Anna har fået andre opgaver."})
    yield _acknowledges("bo", 1)
    yield _acknowledges("carl", 1)


def is_paused(reference: str) -> Iterator[Said]:
    """Its clock stands still for a moment, and runs again by itself."""
    yield from _done_with_intake(reference)
    until = (datetime.now(UTC) + _PAUSE).isoformat()
    yield Said("anna", "pause", {"reason": "Borgeren er på ferie.", "until": until}, may_fail=True)


def is_fed_twice(reference: str) -> Iterator[Said]:
    """A system tells of the same event twice, each time as if it were the first."""
    yield from _comes_to(reference, "company_visit")
    event = {"source": "fagsystem", "source_event_id": f"{reference}-visit"}
    for _ in range(2):
        yield Said("case-system", "facts", {"facts": {"company_p_number": "1000000001"}, **event})


LIVES: Final[tuple[Life, ...]] = (
    goes_the_whole_way,
    is_silent,
    is_disputed,
    goes_the_whole_way,
    is_handed_over,
    is_paused,
    goes_the_whole_way,
    is_fed_twice,
    waits_to_be_read,
    goes_the_whole_way,
    stays_half_way,
)
"""The lives by turns."""
