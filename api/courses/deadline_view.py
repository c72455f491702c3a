"""The deadlines of an open visit as they are read, line by line (P8)."""

from api.courses.read.visit_models import DeadlineRead, SkipRead
from api.text.labels import Phrases
from rules.explain.models import ExplainedDeadline, ExplainedRequirement, ExplainedVisit


def deadlines_read(explained: ExplainedVisit | None, phrases: Phrases) -> list[DeadlineRead]:
    """Return the deadlines of a visit, none for one that is not open."""
    asked = explained.requirements if explained else ()
    return [_deadline(found, found.deadline, phrases) for found in asked if found.deadline]


def _deadline(asked: ExplainedRequirement, deadline: ExplainedDeadline, phrases: Phrases) -> DeadlineRead:
    return DeadlineRead(
        requirement=asked.id,
        text=phrases.say(asked.text),
        counted_from=deadline.counted_from,
        counted_back_from=deadline.counted_back_from,
        since=deadline.since,
        amount=deadline.amount.value,
        unit=deadline.unit,
        reference=deadline.amount.reference,
        local_policy=deadline.amount.local_policy,
        skipped=[SkipRead(since=skip.since, until=skip.until, why=phrases.say(skip.why)) for skip in deadline.skipped],
        reckoned=deadline.due,
        due=deadline.held_to or deadline.due,
    )
