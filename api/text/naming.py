"""Looks up what texts call people, units and companies, before they are written."""

from collections.abc import Iterable
from dataclasses import replace

from api.text.labels import Labels, Names
from domain.state.facts import Fact
from infra.store.engine import Connection
from infra.store.registers import companies, people, units


async def naming(
    connection: Connection,
    labels: Labels,
    facts: Iterable[Fact],
    *,
    persons: Iterable[str] = (),
    units_named: Iterable[str] = (),
) -> Labels:
    """Return labels with the names of some persons and units, and of whom and what some facts name."""
    facts = tuple(facts)
    p_number_facts = labels.book.p_number_facts
    places = {str(fact.value) for fact in facts if fact.fact in p_number_facts}
    known = await people.some(connection, {*persons, *(fact.reporter for fact in facts)})
    wanted = set(units_named)
    names = Names(
        people={person: entry.name for person, entry in known.items()},
        units=await units.names(connection, wanted) if wanted else {},
        companies=await companies.names(connection, places),
    )
    return replace(labels, names=names)
