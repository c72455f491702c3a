"""Looks up what texts call people, units and companies, before they are written."""

from collections.abc import Collection, Iterable, Mapping

from domain.state.briefing import ManifestFact
from domain.state.facts import Fact
from infra.store.engine import Connection
from infra.store.registers import companies, units
from infra.store.registers.people import Person
from wording.labels import Names


async def naming(
    connection: Connection,
    p_number_facts: Collection[str],
    facts: Iterable[Fact | ManifestFact],
    known: Mapping[str, Person],
    units_named: Collection[str] = (),
) -> Names:
    """Return the names of people that are known already, of some units, and of the workplaces that facts name."""
    places = {str(fact.value) for fact in facts if fact.fact in p_number_facts}
    return Names(
        people={person: entry.name for person, entry in known.items()},
        units=await units.names(connection, units_named) if units_named else {},
        companies=await companies.names(connection, places),
    )
