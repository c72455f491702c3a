"""A municipality's own rule sets: proposed by one, published by another, and then never changed (P8)."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow

_R: Final = t.rule_set.c
_NOBODY: Final = {"approved_by": None, "approved_at": None, "withdrawn_by": None, "withdrawn_at": None}


class RuleSetStatus(StrEnum):
    """How far a version has come; the default ones of a release are published or drafts."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class OwnRuleSet(StoredRow):
    """One version of a municipality's own rule set.

    `amends` is the folder of the default set that it amends. One that carries an amendment on to a later default
    version `follows` the version that was written.
    """

    rule_set_id: str
    version: str
    sha256: str
    valid_from: date
    amends: str | None
    follows: str | None
    proposed_by: str
    proposed_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def id(self) -> str:
        """Return the id that all versions of the set share."""
        return self.rule_set_id

    @property
    def status(self) -> RuleSetStatus:
        """Return how far the version has come."""
        if self.withdrawn_at is not None:
            return RuleSetStatus.WITHDRAWN
        return RuleSetStatus.PUBLISHED if self.approved_at is not None else RuleSetStatus.PROPOSED

    @property
    def draft(self) -> bool:
        """Return whether no course may follow it."""
        return self.status is not RuleSetStatus.PUBLISHED


_COLUMNS: Final = [column for column in t.rule_set.c if column.name in OwnRuleSet.model_fields]


async def listed(connection: Connection) -> list[OwnRuleSet]:
    """Return every own version, withdrawn ones too, by id and day; of the same day the one that was approved last."""
    order = (_R.rule_set_id, _R.valid_from, _R.approved_at.desc().nulls_last(), _R.version)
    rows = await connection.execute(select(*_COLUMNS).order_by(*order))
    return [OwnRuleSet.read(row) for row in rows]


async def get(connection: Connection, rule_set: str, version: str) -> OwnRuleSet | None:
    """Return one version; until the transaction ends nobody else changes it."""
    statement = select(*_COLUMNS).where(*_is(rule_set, version)).with_for_update()
    row = (await connection.execute(statement)).one_or_none()
    return OwnRuleSet.read(row) if row else None


async def written(connection: Connection, rule_set: str, version: str) -> str | None:
    """Return the TOML that somebody wrote, None for a version that carries it on."""
    toml: str | None = await connection.scalar(select(_R.toml).where(*_is(rule_set, version)))
    return toml


async def propose(connection: Connection, proposed: OwnRuleSet, toml: str) -> None:
    """Keep a proposal whose document is stored, in place of a former one of the same version that was not approved."""
    row = {**_row(proposed), **_NOBODY, "toml": toml}
    adding = insert(t.rule_set).values(row)
    changed = {name: value for name, value in row.items() if name not in {"rule_set_id", "version", "follows"}}
    await connection.execute(
        adding.on_conflict_do_update(
            constraint=t.rule_set.primary_key, set_=changed, where=t.rule_set.c.approved_at.is_(None)
        )
    )


async def carry_on(connection: Connection, carried: OwnRuleSet) -> None:
    """Keep the version that carries a published one on, whose document is stored; once more changes nothing."""
    row = {**_row(carried), "approved_by": carried.approved_by, "approved_at": carried.approved_at}
    await connection.execute(insert(t.rule_set).values(row).on_conflict_do_nothing())


async def approve(connection: Connection, rule_set: str, version: str, by: str, at: datetime) -> None:
    """Publish a proposal."""
    await _update(connection, _is(rule_set, version), approved_by=by, approved_at=at)


async def withdraw(connection: Connection, rule_set: str, versions: Sequence[str], by: str, at: datetime) -> None:
    """Withdraw versions of a set."""
    place = (_R.rule_set_id == rule_set, _R.version.in_(versions))
    await _update(connection, place, withdrawn_by=by, withdrawn_at=at)


async def municipalities_amending(connection: Connection) -> list[str]:
    """Return the municipalities that have published amendments of default sets."""
    return list(await connection.scalars(select(func.fodslag_amending())))


async def _update(connection: Connection, where: tuple[ColumnElement[bool], ...], **values: object) -> None:
    await connection.execute(update(t.rule_set).where(*where).values(values))


def _is(rule_set: str, version: str) -> tuple[ColumnElement[bool], ...]:
    return (_R.rule_set_id == rule_set, _R.version == version)


def _row(version: OwnRuleSet) -> dict[str, object]:
    names = ("rule_set_id", "version", "sha256", "valid_from", "amends", "follows", "proposed_by", "proposed_at")
    return {name: getattr(version, name) for name in names}
