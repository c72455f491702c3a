"""A municipality's own rule sets in the store: who says what once, what nobody changes, and what others never read."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from infra.documents.cache import UnknownDocumentError
from infra.documents.carrying_on import carry_on_everywhere
from infra.documents.rulebooks import Rulebooks
from infra.store import tables as t
from infra.store.engine import Store
from infra.store.registers import documents, rule_sets
from infra.store.registers.rule_sets import OwnRuleSet, RuleSetStatus
from rules.language.rule_set import RuleSet
from tests.rules.own_sets import OWN, TOML, later, library
from tests.store.vocabulary import MONDAY
from tests.stores import Stores

NEXT_WEEK: Final = MONDAY + timedelta(days=7)


def read(toml: str = OWN) -> RuleSet:
    """Return a set as it is read beside the default one."""
    return library().read_own(toml).rule_set


async def proposed(store: Store, municipality: str, toml: str = OWN, by: str = "rie") -> OwnRuleSet:
    """Let somebody propose a set."""
    rules = read(toml)
    row = OwnRuleSet(
        rule_set_id=rules.id,
        version=rules.version,
        sha256=rules.sha256,
        valid_from=rules.valid_from,
        amends="tiny",
        follows=None,
        proposed_by=by,
        proposed_at=MONDAY,
    )
    async with store.municipality(municipality) as connection:
        await documents.put_rule_set(connection, rules)
        await rule_sets.propose(connection, row, toml)
    return row


async def published(store: Store, municipality: str, toml: str = OWN) -> OwnRuleSet:
    """Let one propose a set and another publish it."""
    row = await proposed(store, municipality, toml)
    async with store.municipality(municipality) as connection:
        await rule_sets.approve(connection, row.id, row.version, "sara", MONDAY)
    return row


async def versions(store: Store, municipality: str) -> dict[str, RuleSetStatus]:
    """Return how far each version has come."""
    async with store.municipality(municipality) as connection:
        return {row.version: row.status for row in await rule_sets.listed(connection)}


async def test_what_one_proposes_another_publishes(store: Store, municipality: str) -> None:
    await proposed(store, municipality)
    assert await versions(store, municipality) == {"k1": RuleSetStatus.PROPOSED}

    with pytest.raises(IntegrityError, match="rule_set_check"):
        async with store.municipality(municipality) as connection:
            await rule_sets.approve(connection, "tiny", "k1", "rie", MONDAY)

    async with store.municipality(municipality) as connection:
        await rule_sets.approve(connection, "tiny", "k1", "sara", MONDAY)
    assert await versions(store, municipality) == {"k1": RuleSetStatus.PUBLISHED}


async def test_a_proposal_is_replaced_until_it_is_published_and_then_never(store: Store, municipality: str) -> None:
    other = OWN.replace("Med vores ord.", "Med andre ord.")
    await proposed(store, municipality)
    await proposed(store, municipality, other)
    async with store.municipality(municipality) as connection:
        assert (await rule_sets.get(connection, "tiny", "k1")).sha256 == read(other).sha256  # type: ignore[union-attr]
        await rule_sets.approve(connection, "tiny", "k1", "sara", MONDAY)

    await proposed(store, municipality)

    async with store.municipality(municipality) as connection:
        assert (await rule_sets.get(connection, "tiny", "k1")).sha256 == read(other).sha256  # type: ignore[union-attr]
        assert await rule_sets.written(connection, "tiny", "k1") == other


@pytest.mark.parametrize("change", [{"sha256": "a" * 64}, {"valid_from": date(2030, 1, 1)}, {"approved_by": "bo"}])
async def test_nobody_changes_what_is_published(store: Store, municipality: str, change: dict[str, object]) -> None:
    await published(store, municipality)

    with pytest.raises(ProgrammingError, match="not rewritten"):
        async with store.municipality(municipality) as connection:
            await connection.execute(update(t.rule_set).values(change))


async def test_what_is_withdrawn_stays_so_and_is_read_by_its_hash(
    store: Store, municipality: str, tmp_path: Path
) -> None:
    row = await published(store, municipality)
    async with store.municipality(municipality) as connection:
        await rule_sets.withdraw(connection, "tiny", ["k1"], "rie", NEXT_WEEK)

    assert await versions(store, municipality) == {"k1": RuleSetStatus.WITHDRAWN}
    assert (await Rulebooks(store, tmp_path).book(municipality, row.sha256)).rule_set == read()
    with pytest.raises(ProgrammingError, match="not rewritten"):
        async with store.municipality(municipality) as connection:
            await connection.execute(update(t.rule_set).values(withdrawn_by=None, withdrawn_at=None))


async def test_no_other_municipality_reads_a_set_though_it_is_cached_here(
    store: Store, municipality: str, tmp_path: Path
) -> None:
    row = await published(store, municipality)
    rulebooks = Rulebooks(store, tmp_path)
    assert (await rulebooks.book(municipality, row.sha256)).rule_set.sha256 == row.sha256

    for again in (rulebooks, Rulebooks(store, tmp_path)):
        with pytest.raises(UnknownDocumentError):
            await again.book("6999", row.sha256)


async def test_an_own_version_is_in_force_before_the_default_one_from_its_day(
    store: Store, municipality: str, tmp_path: Path
) -> None:
    own = OWN.replace('id = "tiny"', 'id = "jobfirst"')
    row = await published(store, municipality, own)
    async with store.municipality(municipality) as connection:
        all_versions = await Rulebooks(store, tmp_path).versions(connection)

    before, after = (all_versions.in_force("jobfirst", row.valid_from - day) for day in (timedelta(1), timedelta()))

    assert (before.version if before else None) == "2026-11"
    assert (after.sha256 if after else None) == row.sha256
    assert all_versions.in_force("unheard-of", row.valid_from) is None


async def test_a_release_carries_every_amendment_on_once(stores: Stores, municipality: str, tmp_path: Path) -> None:
    await published(stores.api, municipality)
    release = library(then=later(TOML.replace('text = "Det er aftalt."', 'text = "Aftalen er klar."')))

    for _ in range(2):
        await carry_on_everywhere(stores.worker, release, NEXT_WEEK)

    async with stores.api.municipality(municipality) as connection:
        own = await rule_sets.listed(connection)
        all_versions = await Rulebooks(stores.api, tmp_path).versions(connection)
    assert [(row.version, row.follows, row.amends) for row in own] == [
        ("k1", None, "tiny"),
        ("k1_2", "k1", "tiny-2027"),
    ]
    new_year = all_versions.in_force("tiny", date(2027, 1, 1))
    assert new_year is not None
    book = await Rulebooks(stores.worker, tmp_path).book(municipality, new_year.sha256)
    assert "Aftalen er klar." in {
        requirement.text.da for step in book.rule_set.steps for requirement in step.requirements
    }
    assert book.rule_set.title.da == "Vores regelsæt"


async def test_what_does_not_fit_the_later_version_stays_as_it_is(stores: Stores, municipality: str) -> None:
    await published(stores.api, municipality)

    await carry_on_everywhere(stores.worker, library(then=later(TOML.replace("agreed", "arranged"))), NEXT_WEEK)

    assert await versions(stores.api, municipality) == {"k1": RuleSetStatus.PUBLISHED}
