"""P7 for notices: one identity each, sent again only where nobody knows how an attempt ended, and counted."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tools.chaos.evidence import Evidence

_NAMED_BY = ("about", "recipient_kind", "recipient", "visit", "level", "waiting")
_ACCEPTED = frozenset({"sent", "delivered"})
_OUTWARD = "person"


def doubled(records: Evidence) -> Iterator[str]:
    """Yield what somebody was told twice, or was sent again without need or without being counted."""
    counts = Counter(tuple(notice[name] for name in _NAMED_BY) for notice in records.notices)
    yield from (f"{times} notices say {what}" for what, times in counts.items() if times > 1)
    outcomes: defaultdict[str, list[str]] = defaultdict(list)
    for delivery in records.deliveries:
        outcomes[str(delivery["notice_id"])].append(delivery["outcome"])
    attempts = {str(notice["notice_id"]): notice["attempts"] for notice in records.notices}
    for notice in sorted({*outcomes, *records.sent, *attempts}):
        ended = Counter(outcomes[notice])
        accepted = sum(times for outcome, times in ended.items() if outcome in _ACCEPTED)
        sent = records.sent.get(notice, 0)
        if accepted > 1 or sent > accepted + ended["begun"]:
            yield f"the notice {notice} was sent {sent} times in attempts that ended {dict(ended)}"
        if attempts.get(notice) != len(outcomes[notice]):
            yield f"the notice {notice} had {len(outcomes[notice])} attempts, counted as {attempts.get(notice)}"
    raised = {event["detail"]["notice"] for event in records.journal if event["kind"] == "notice_raised"}
    yield from (f"nobody raised the notice {notice}" for notice in sorted({*attempts, *records.sent} - raised))


def uncarried(records: Evidence) -> Iterator[str]:
    """Yield each notice to a person that is still to go out and that nobody is about to carry."""
    for notice in records.notices:
        waits = notice["done_at"] is None and notice["delivered_at"] is None
        if waits and notice["recipient_kind"] == _OUTWARD and str(notice["notice_id"]) not in records.carried:
            yield f"nobody carries the notice {notice['notice_id']}"
