"""The briefing both roles must know before a visit is advanced: its manifest, versions and receipts (P1, P3)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from domain.identity import GATE_ROLES, Role
from domain.model import Instant, Model, canonical, digest_of
from domain.state.facts import FactValue
from domain.state.verdict import RulesReference, Task


class OnBehalfReason(StrEnum):
    """Why somebody acts for another; never health."""

    ABSENT = "absent"
    ON_LEAVE = "on_leave"
    OTHER = "other"


class WaiverReason(StrEnum):
    """Why a requirement is waived for one visit."""

    NOT_RELEVANT = "not_relevant"
    DONE_ELSEWHERE = "done_elsewhere"
    DISPROPORTIONATE = "disproportionate"
    OTHER = "other"


class Waiver(Model):
    """That a requirement was waived for one visit; `reason` is the id of the words that say why."""

    requirement: str
    ground: WaiverReason
    reason: UUID
    by: str
    at: Instant


class Dispute(Model):
    """That who holds `roles` finds a version wrong; `id` is that of the words that say why.

    It holds the advance until it is ended: by who holds one of the roles, by a command that names it, or by a
    supervisor. `ended_because` is the id of the words that say why, where somebody said it, and `answered_by` are the
    notes and statements of the command that named it, as far as they stand.
    """

    id: UUID
    version: int
    roles: tuple[Role, ...]
    by: str
    at: Instant
    ended_at: Instant | None = None
    ended_by: str | None = None
    ended_because: UUID | None = None
    answered_by: tuple[UUID, ...] = ()

    @property
    def is_open(self) -> bool:
        """Say whether it holds the advance."""
        return self.ended_at is None

    @property
    def opened_again(self) -> "Dispute":
        """Return it as it was before it was ended."""
        return self.model_copy(update={"ended_at": None, "ended_by": None, "answered_by": ()})

    @property
    def words(self) -> tuple[UUID, ...]:
        """Return the ids of the words that say why it was made, and why it was ended."""
        return (self.id,) if self.ended_because is None else (self.id, self.ended_because)

    @property
    def content(self) -> "Dispute":
        """Return what a briefing shows of it: that it was ended is content when somebody said why."""
        if self.ended_because is not None:
            return self
        return self.opened_again


class ManifestFact(Model):
    """A material fact as the briefing states it."""

    fact: str
    value: FactValue
    occurred_on: str


class Correction(Model):
    """That a fact or note on which a left visit rested proved wrong.

    A fact that was of another citizen is named without its value. A note has the one that stands `instead`, if any.
    """

    visit: int
    fact: str | None = None
    note: UUID | None = None
    note_kind: str | None = None
    instead: UUID | None = None
    before: ManifestFact | None = None
    after: ManifestFact | None = None
    by: str
    at: Instant


class Lesson(Model):
    """What a visit taught, and at which workplace; the step, its days and the company's name are shown beside it."""

    visit: int
    p_number: str | None = None
    facts: tuple[ManifestFact, ...] = ()
    notes: tuple[UUID, ...] = ()


FORM: Final = 1
"""The form of the manifests that this build makes."""

NEW_IN: Final[Mapping[str, int]] = {}
"""The form in which a field came, for those that were not in the first."""


class Manifest(Model):
    """The content of a version, as data; the text is rendered when read. `rules` explain it but do not change it.

    A manifest is compared in the `form` it was made in, so that a later build makes no version by itself.
    `first_notes` head every briefing, `lessons` are what other visits taught, the newest first, `knowledge` is
    from other visits, `corrections` say on what visits that are left rested by mistake, `breaches` are what of the
    law was not met, and `tasks` follow from the route.
    """

    form: int = Field(default_factory=lambda: FORM)
    course: UUID
    visit: int
    step: str
    facts: tuple[ManifestFact, ...] = ()
    notes: tuple[UUID, ...] = ()
    first_notes: tuple[UUID, ...] = ()
    knowledge: tuple[UUID, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    breaches: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    corrections: tuple[Correction, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    to: tuple[str, ...] | None = None
    closing: str | None = None
    stays: bool = False
    tasks: tuple[Task, ...] = ()
    rules: RulesReference

    @property
    def route(self) -> tuple[object, ...]:
        """Return where the visit goes, as far as it is content."""
        return self.to, self.closing, self.stays

    @property
    def notes_elsewhere(self) -> frozenset[UUID]:
        """Return the notes of other visits that it shows."""
        return frozenset((*self.knowledge, *(note for lesson in self.lessons for note in lesson.notes)))

    @property
    def every_note(self) -> frozenset[UUID]:
        """Return every note that it shows."""
        return self.notes_elsewhere.union(self.notes, self.first_notes)

    @property
    def content(self) -> dict[str, Any]:
        """Return what both roles acknowledge; neither a re-pin nor the same said again is part of it (P3)."""
        later = {name: True for name, form in NEW_IN.items() if form > self.form}
        return self.model_dump(mode="json", exclude={**_NOT_MATERIAL, **later})

    @property
    def digest(self) -> str:
        """Return the digest whose change makes a new version (P3)."""
        return digest_of(canonical(self.content))

    @property
    def reasons(self) -> tuple[UUID, ...]:
        """Return the ids of the words that say why something was waived, disputed or settled."""
        of_disputes = (words for dispute in self.disputes for words in dispute.words)
        return (*(waiver.reason for waiver in self.waivers), *of_disputes)

    @property
    def persons(self) -> frozenset[str]:
        """Return who waived, disputed or settled something."""
        of_disputes = (person for dispute in self.disputes for person in (dispute.by, dispute.ended_by))
        return frozenset(p for p in (*(waiver.by for waiver in self.waivers), *of_disputes) if p is not None)

    def teaches(self, lesson: Lesson) -> bool:
        """Say whether it shows all that its own visit taught."""
        stated = {(fact.fact, fact.value) for fact in self.facts}
        return {(fact.fact, fact.value) for fact in lesson.facts} <= stated and self.every_note.issuperset(lesson.notes)

    def has_content_of(self, other: "Manifest") -> bool:
        """Say whether both have the same content, as far as the form of this one says it.

        Rules that ask for something else on the same route change nothing by themselves (P3).
        """
        same = {"form": self.form, "tasks": self.tasks if self.route == other.route else other.tasks}
        return self.digest == other.model_copy(update=same).digest


_DAY_OF_FACTS: Final[dict[str, dict[str, bool]]] = {"__all__": {"occurred_on": True}}
_NOT_MATERIAL: Final[dict[str, Any]] = {
    "rules": True,
    "facts": _DAY_OF_FACTS,
    "disputes": {"__all__": {"answered_by": True}},
    "lessons": {"__all__": {"facts": _DAY_OF_FACTS}},
}


class Receipt(Model):
    """That `person`, holding `role`, was informed; `by` is the human who acted (P1, P4)."""

    role: Role
    person: str
    by: str
    at: Instant
    on_behalf: OnBehalfReason | None = None
    disputed: bool = False


class Briefing(Model):
    """The current version and its receipts; older versions are in the journal."""

    version: int
    digest: str
    manifest: Manifest
    issued_at: Instant
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
