"""The lives that courses lead while everything breaks: the whole way, and whatever else must not go wrong on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from clients.courses.script import Act, Script
from domain.calendar import danish_day
from tools.town.town import MUNICIPALITY

_TODAY: Final = danish_day(datetime.now(UTC))
_SCRIPT: Final = Script(_TODAY, _TODAY)
_PEOPLE: Final = {"caseworker": "anna", "company_consultant": "bo"}
_PAUSE: Final = timedelta(seconds=20)
_LONG_AGO: Final = "2026-03-02"
_WAIVER: Final = {
    "requirement": "visit_held",
    "ground": "done_elsewhere",
    "reason": "Talt igennem på et møde med virksomheden.",
}


class Submission(NamedTuple):
    """What one person says, where under the course; `may_fail` when the course has every reason to refuse it."""

    who: str
    where: str
    body: Mapping[str, Any]
    may_fail: bool = False


Life = Callable[[str], Iterator[Submission]]
"""Yields what is said of a course with this reference, its start first."""


def _begins(reference: str, **changed: str) -> Submission:
    return Submission("case-system", "start", _SCRIPT.start(MUNICIPALITY, reference, **changed))


def _given(acts: Iterable[Act]) -> Iterator[Submission]:
    yield from (Submission(_PEOPLE[act.by], act.where, act.body) for act in acts)


def _comes_to(reference: str, step: str | None) -> Iterator[Submission]:
    yield _begins(reference)
    yield from _given(_SCRIPT.whole(until=step))


def _done_with_intake(reference: str) -> Iterator[Submission]:
    yield _begins(reference)
    yield from _given(_SCRIPT.step("intake"))


def _acknowledges(who: str, version: int, *, briefing: int = 1, may_fail: bool = False) -> Submission:
    return Submission(who, "acknowledgements", {"briefing": briefing, "version": version}, may_fail=may_fail)


def goes_the_whole_way(reference: str) -> Iterator[Submission]:
    """From intake to its end."""
    yield from _comes_to(reference, None)


def stays_half_way(reference: str) -> Iterator[Submission]:
    """It stays open."""
    yield from _comes_to(reference, "trial")


def is_silent(reference: str) -> Iterator[Submission]:
    """It was begun long ago, so that ladders are climbed by time alone."""
    yield _begins(reference, started_on=_LONG_AGO)


def waits_to_be_read(reference: str) -> Iterator[Submission]:
    """Both are asked to read, and neither does."""
    yield from _done_with_intake(reference)


def is_disputed(reference: str) -> Iterator[Submission]:
    """One disputes what the other has read; both read what was agreed instead, and who disputed ends it by that."""
    yield from _done_with_intake(reference)
    yield _acknowledges("anna", 1)
    yield Submission("bo", "disputes", {"briefing": 1, "version": 1, "reason": "Timetallet er ikke det, vi aftalte."})
    agreed = {"kind": "agreement", "text": "Kun om formiddagen.", "changes_the_agreement": True}
    yield Submission("anna", "notes", agreed)
    yield _acknowledges("bo", 1, may_fail=True)
    yield _acknowledges("bo", 3)
    yield _acknowledges("anna", 3)


def is_noted_late(reference: str) -> Iterator[Submission]:
    """What one role notes after the other has read is read by both before it goes on."""
    yield from _done_with_intake(reference)
    yield _acknowledges("anna", 1)
    yield Submission("bo", "notes", {"kind": "barrier", "text": "Må ikke stå alene på en stige."})
    yield _acknowledges("bo", 1, may_fail=True)
    yield _acknowledges("bo", 2)
    yield _acknowledges("anna", 2)


def is_waived(reference: str) -> Iterator[Submission]:
    """What is waived is read by both."""
    yield from _comes_to(reference, "company_visit")
    yield Submission("sara", "waivers", _WAIVER)
    yield from _given(_SCRIPT.step("company_visit"))
    yield from (_acknowledges(who, 1, briefing=2) for who in _PEOPLE.values())


def is_handed_over(reference: str) -> Iterator[Submission]:
    """What one caseworker has read, the next one has not."""
    yield from _done_with_intake(reference)
    yield _acknowledges("anna", 1)
    yield Submission("anna", "parties/caseworker", {"person": "carl", "reason": "Anna har fået andre opgaver."})
    yield _acknowledges("bo", 1)
    yield _acknowledges("carl", 1)


def is_paused(reference: str) -> Iterator[Submission]:
    """Its clock stands still for a moment, and runs again by itself."""
    yield from _done_with_intake(reference)
    until = (datetime.now(UTC) + _PAUSE).isoformat()
    yield Submission("anna", "pause", {"reason": "Borgeren er på ferie.", "until": until}, may_fail=True)


def is_fed_twice(reference: str) -> Iterator[Submission]:
    """A system tells of the same event twice, each time as if it were the first."""
    yield from _comes_to(reference, "company_visit")
    event = {"source": "fagsystem", "source_event_id": f"{reference}-visit"}
    for _ in range(2):
        yield Submission("case-system", "facts", {"facts": {"company_p_number": "1000000001"}, **event})


LIVES: Final[tuple[Life, ...]] = (
    goes_the_whole_way,
    is_silent,
    is_disputed,
    goes_the_whole_way,
    is_noted_late,
    is_handed_over,
    is_waived,
    is_paused,
    goes_the_whole_way,
    is_fed_twice,
    waits_to_be_read,
    goes_the_whole_way,
    stays_half_way,
)
"""The lives by turns."""
