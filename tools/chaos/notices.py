"""P7 for notices, channel by channel: sent again only after an attempt without an end, as the same, and counted."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from tools.chaos.evidence import Delivery, Evidence, Row

_NAMED_BY = ("about", "recipient_kind", "recipient", "visit", "level", "waiting")
_ACCEPTED = frozenset({"sent", "delivered"})
_NEWS = "news"
_OUTWARD = "person"
_LATE: Final = timedelta(seconds=30)
"""How long after its time an errand may be run; one that a courier took and did not end is due again later."""


def doubled(records: Evidence) -> Iterator[str]:
    """Yield what somebody was told twice, or was sent again without need, as another message or uncounted."""
    counts = Counter(_said(notice) for notice in records.notices)
    yield from (f"{times} notices say {what}" for what, times in counts.items() if times > 1)
    outcomes: defaultdict[Delivery, list[str]] = defaultdict(list)
    for delivery in records.deliveries:
        key = (str(delivery["notice_id"]), delivery["channel"], delivery["person"])
        outcomes[key].append(delivery["outcome"])
    for key in sorted({*outcomes, *records.sent}):
        ended, sent = Counter(outcomes[key]), records.sent.get(key, ())
        accepted = sum(times for outcome, times in ended.items() if outcome in _ACCEPTED)
        if accepted > 1 or len(sent) > accepted + ended["begun"]:
            yield f"the notice {key} was sent {len(sent)} times in attempts that ended {dict(ended)}"
        if len(set(sent)) > 1:
            yield f"the notice {key} was sent as the messages {sorted(set(sent))}"
    yield from _accepted_twice(outcomes, records)
    yield from _miscounted(records)


def _said(notice: Row) -> tuple[Any, ...]:
    """Return what a notice says and to whom; news of another morning says something else."""
    named = tuple(notice[name] for name in _NAMED_BY)
    return (*named, notice["queued_at"]) if notice["about"] == _NEWS else named


def _accepted_twice(outcomes: dict[Delivery, list[str]], records: Evidence) -> Iterator[str]:
    """Yield each notice to one person that a channel took more than once, to whomever."""
    to_one = {str(notice["notice_id"]) for notice in records.notices if notice["recipient_kind"] == _OUTWARD}
    accepted = Counter(key[:2] for key, ended in outcomes.items() if key[0] in to_one and _ACCEPTED & set(ended))
    yield from (f"the notice {key} was taken for {times} persons" for key, times in accepted.items() if times > 1)


def _miscounted(records: Evidence) -> Iterator[str]:
    """Yield each notice whose attempts are not counted, and each that nobody raised."""
    attempts = {str(notice["notice_id"]): notice["attempts"] for notice in records.notices}
    made = Counter(str(delivery["notice_id"]) for delivery in records.deliveries)
    for notice in sorted({*attempts, *made}):
        if attempts.get(notice) != made[notice]:
            yield f"the notice {notice} had {made[notice]} attempts, counted as {attempts.get(notice)}"
    raised = {str(event["detail"]["notice"]) for event in records.journal if event["kind"] == "notice_raised"}
    sent = {notice for notice, _, _ in records.sent}
    yield from (f"nobody raised the notice {notice}" for notice in sorted({*attempts, *sent} - raised))


def uncarried(records: Evidence) -> Iterator[str]:
    """Yield each notice to a person that is still to go out and that nobody is about to carry."""
    owed = {str(errand["notice_id"]) for errand in records.errands}
    for notice in records.notices:
        waits = notice["done_at"] is None and notice["sent_at"] is None
        if waits and notice["recipient_kind"] == _OUTWARD and str(notice["notice_id"]) not in owed:
            yield f"nobody carries the notice {notice['notice_id']}"
    for errand in records.errands:
        if errand["due_at"] < records.workflow.seen_at - _LATE:
            yield f"nobody ran the errand of {errand['notice_id']} on {errand['channel']}, due at {errand['due_at']}"
