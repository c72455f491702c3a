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
    """Return what is waited for and who is asked although the directory does not know them in their role, said once."""
    absent: dict[str, None] = {}
    without_role: dict[str, None] = {}
    for holder in holders:
        name = labels.person(holder.person)
        if holder.is_in_directory:
            without_role[f"{name} ({labels.role(holder.role)})"] = None
        else:
            absent[name] = None
    said = {"not_in_directory": absent, "without_role": without_role}
    fill, inbox = labels.catalog.fill, labels.catalog.inbox
    return _joined(text, [fill(inbox[cause], {"persons": ", ".join(names)}) for cause, names in said.items() if names])


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
