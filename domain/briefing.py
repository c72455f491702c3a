"""The briefing both roles must know before a visit is advanced: its manifest, versions and receipts (P1, P3)."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.facts import Fact, FactValue, Note
from domain.identity import GATE_ROLES, Role
from domain.model import Model, canonical, digest_of
from domain.verdict import Route, RulesReference


class OnBehalfReason(StrEnum):
    """Why somebody acts for another; never health."""

    ABSENT = "absent"
    ON_LEAVE = "on_leave"
    OTHER = "other"


class ManifestFact(Model):
    """A material fact as the briefing states it."""

    fact: str
    value: FactValue
    occurred_on: str


class Manifest(Model):
    """What a version says, as data; the text is rendered when read. `rules` explain it but do not change it."""

    course: UUID
    visit: int
    step: str
    facts: tuple[ManifestFact, ...] = ()
    notes: tuple[UUID, ...] = ()
    to: tuple[str, ...] | None = None
    closing: str | None = None
    rules: RulesReference

    @property
    def digest(self) -> str:
        """Return the digest whose change makes a new version; a re-pin of rules alone makes none (P3)."""
        return digest_of(canonical(self.model_dump(mode="json", exclude={"rules"})))


class Receipt(Model):
    """That `person`, holding `role`, was informed; `by` is the human who acted (P1, P4)."""

    role: Role
    person: str
    by: str
    at: datetime
    on_behalf: OnBehalfReason | None = None
    disputed: bool = False


class Briefing(Model):
    """The current version and its receipts; older versions are in the journal."""

    version: int
    digest: str
    manifest: Manifest
    issued_at: datetime
    receipts: tuple[Receipt, ...] = ()

    def receipt_of(self, role: Role) -> Receipt | None:
        """Return the receipt of a role for this version."""
        return next((receipt for receipt in self.receipts if receipt.role == role), None)

    @property
    def missing(self) -> tuple[Role, ...]:
        """Return the roles that have not acknowledged this version, dispute included."""
        informed = {receipt.role for receipt in self.receipts if not receipt.disputed}
        return tuple(role for role in GATE_ROLES if role not in informed)

    @property
    def is_acknowledged(self) -> bool:
        """Say whether both roles have acknowledged this very version (P1)."""
        return not self.missing


class CatchUp(Model):
    """What an absent person, for whom somebody else acknowledged, has still to read; the next advance waits."""

    visit: int
    version: int
    role: Role
    person: str
    since: datetime


def manifest_of(
    *,
    course: UUID,
    visit: int,
    step: str,
    facts: Iterable[Fact],
    notes: Iterable[Note],
    route: Route | None,
    rules: RulesReference,
) -> Manifest:
    """Return the manifest of material `facts` and `notes` and what comes next."""
    stated = sorted(facts, key=lambda fact: (fact.visit or 0, fact.fact))
    return Manifest(
        course=course,
        visit=visit,
        step=step,
        facts=tuple(ManifestFact(fact=f.fact, value=f.value, occurred_on=f.occurred_on.isoformat()) for f in stated),
        notes=tuple(note.id for note in notes if note.changes_the_agreement),
        to=route.to if route else None,
        closing=route.closing if route else None,
        rules=rules,
    )
