"""Carries the amendments of municipalities on to the later default versions that a release brings."""

import asyncio
from datetime import datetime

import structlog

from infra.store.engine import Store
from infra.store.registers import documents, rule_sets
from infra.store.registers.rule_sets import OwnRuleSet
from rules.language.rule_set import RuleSet
from rules.loading.library import Base, Library
from rules.loading.own import not_carried_on
from rules.loading.read_toml import UnreadableError

_log = structlog.get_logger(__name__)


async def carry_on_everywhere(store: Store, library: Library, now: datetime) -> None:
    """Carry on the amendments of every municipality; raises StoreAwayError."""
    async with store.anywhere() as connection:
        municipalities = await rule_sets.municipalities_amending(connection)
    for municipality in municipalities:
        await carry_on(store, municipality, library, now)


async def carry_on(store: Store, municipality: str, library: Library, now: datetime) -> None:
    """Publish each amendment as it is with every later version of what it amends; once more changes nothing.

    What does not fit the later version stays as it is, and is logged. Raises StoreAwayError.
    """
    async with store.municipality(municipality) as connection:
        published = [version for version in await rule_sets.listed(connection) if not version.draft]
        missing = list(not_carried_on(published, library))
        written = [await rule_sets.written(connection, version.id, version.version) for version, _ in missing]
    for (version, base), toml in zip(missing, written, strict=True):
        carried = await asyncio.to_thread(_carried, library, version, toml or "", base)
        if carried is not None:
            await _keep(store, municipality, version, base, carried, now)


def _carried(library: Library, version: OwnRuleSet, toml: str, base: Base) -> RuleSet | None:
    try:
        return library.carried_on(toml, version, version.version, base)
    except UnreadableError as error:
        later = base.rule_set.version
        _log.error("amendment not carried on", rule_set=version.id, version=version.version, to=later, why=str(error))
        return None


async def _keep(
    store: Store, municipality: str, version: OwnRuleSet, base: Base, carried: RuleSet, now: datetime
) -> None:
    row = version.model_copy(
        update={
            "version": carried.version,
            "sha256": carried.sha256,
            "valid_from": carried.valid_from,
            "amends": base.name,
            "follows": version.version,
            "approved_at": now,
        }
    )
    async with store.municipality(municipality) as connection:
        await documents.put_rule_set(connection, carried)
        await rule_sets.carry_on(connection, row)
