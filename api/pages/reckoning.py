"""How a deadline was reckoned, in words."""

from collections.abc import Callable

from api.courses.read.visit_models import DeadlineRead
from domain.calendar import danish_day
from wording.labels import Labels


def reckoning(deadline: DeadlineRead, labels: Labels, day_before_which: Callable[[str], str]) -> str:
    """Return from or back from which day a deadline was reckoned, what was skipped, and longer time given.

    `day_before_which` says in words the day that a fact names, from which it is counted back.
    """
    catalog, day = labels.catalog, labels.day
    amount = {"amount": deadline.amount, "unit": _unit(deadline, labels)}
    words: list[tuple[str, dict[str, object]]] = []
    if deadline.since is not None:
        words.append(("reckoned", {**amount, "since": day(deadline.since)}))
    elif deadline.counted_back_from is not None:
        words.append(("reckoned_back", {**amount, "before": day_before_which(deadline.counted_back_from)}))
    words += [("skipped", {"why": s.why, "from": s.since, "until": s.until}) for s in deadline.skipped]
    if deadline.reckoned and deadline.due and danish_day(deadline.due) > danish_day(deadline.reckoned):
        words.append(("longer_time", {"reckoned": day(deadline.reckoned)}))
    return " · ".join(catalog.fill(catalog.pages[name], values) for name, values in words)


def _unit(deadline: DeadlineRead, labels: Labels) -> str:
    one = labels.catalog.terms.get(f"{deadline.unit}_one") if deadline.amount == 1 else None
    return one or labels.catalog.term(deadline.unit)
