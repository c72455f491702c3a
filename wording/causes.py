"""Says beside what is waited for why it may stand still: sources that contradict each other, and unknown people."""

from collections.abc import Iterable

from domain.state.facts import Fact, FactOnRecord
from infra.store.queries.unknown_holders import UnknownHolder
from wording.labels import Labels


def with_contradictions(text: str, entries: Iterable[FactOnRecord], labels: Labels) -> str:
    """Return what is waited for and which sources contradict each other in what."""
    pairs = ((entry.fact, entry.contradicted_by) for entry in entries)
    return _joined(text, [_contradiction(fact, other, labels) for fact, other in pairs if other is not None])


def with_unknown(text: str, holders: Iterable[UnknownHolder], labels: Labels) -> str:
    """Return what is waited for and who is asked although the directory does not know them in their role."""
    return _joined(text, [_unknown(holder, labels) for holder in holders])


def _joined(text: str, causes: list[str]) -> str:
    return ". ".join((text.removesuffix("."), *causes)) if causes else text


def _contradiction(fact: Fact, other: Fact, labels: Labels) -> str:
    params = {
        "fact": labels.fact(fact.fact),
        "one": labels.value(fact.fact, fact.value),
        "source": fact.source or labels.person(fact.reporter),
        "other": labels.value(other.fact, other.value),
        "other_source": other.source or labels.person(other.reporter),
    }
    return labels.catalog.fill(labels.catalog.inbox["contradicted"], params)


def _unknown(holder: UnknownHolder, labels: Labels) -> str:
    cause = "without_role" if holder.is_in_directory else "not_in_directory"
    params = {"person": labels.person(holder.person), "role": labels.role(holder.role)}
    return labels.catalog.fill(labels.catalog.inbox[cause], params)
