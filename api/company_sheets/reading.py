"""Reads the sheet of a company as it would be now, and versions as they were issued."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.company_sheets.models import (
    ApprovalRead,
    CompanySheetRead,
    NoteForCompany,
    SheetDetails,
    SheetPerson,
    SheetStanding,
)
from api.company_sheets.page import SheetParts, words_digest
from api.company_sheets.versions import SheetVersions, sheet_versions
from api.http.codes import ApiCode
from api.http.dependencies import Services
from api.http.fields import GateRole
from api.http.problems import ProblemError, wrong
from domain.decide.company_content import content_for_company, has_consent, may_be_approved, needs_consent
from domain.errors import Code
from domain.identity import Role
from domain.rules_port import CompanyRule
from domain.state.company_sheets import ApprovedNote
from domain.state.course import Visit
from domain.state.facts import Note
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse
from infra.store.registers import companies, people, texts, units
from infra.store.registers.people import Person
from wording.labels import Labels


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom the company calls, and who comes along on the first day."""

    contact: GateRole = GateRole.COMPANY_CONSULTANT
    comes_along: Sequence[GateRole] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The sheet as it would be now: `parts` are None while nothing can be told, `words` those of every note for it."""

    visit: Visit
    rule: CompanyRule
    parts: SheetParts | None
    words: dict[UUID, str]

    @property
    def missing(self) -> list[str]:
        """Return the codes of what is missing before it can be issued."""
        return ["company"] if self.parts is None else list(self.parts.missing())


@dataclass(frozen=True, slots=True)
class SheetReader:
    """Reads the sheets of one course within a transaction."""

    services: Services
    course: VisibleCourse
    labels: Labels
    connection: Connection

    async def preview(self, visit: int | None, chosen: Chosen) -> Preview:
        """Return the sheet of a visit as it would be now; raises ProblemError where no company is told anything."""
        there, rule = self._there(visit)
        state = self.course.state
        notes = [note.id for note in state.notes if may_be_approved(note, rule)]
        known = await texts.texts(self.connection, notes)
        content = content_for_company(state, self.labels.book, there)
        if content is None:
            return Preview(there, rule, None, known)
        words = {one.note: known[one.note] for one in content.notes if self._is_approved(one, known)}
        details = await self._details(content.p_number, chosen)
        citizen = await self._name(self.course.row.open_name)
        return Preview(there, rule, SheetParts(there.step, content, details, citizen, words), known)

    def digest(self, preview: Preview) -> str | None:
        """Return the digest of what would be issued, None while something is missing."""
        if preview.parts is None or preview.missing:
            return None
        return preview.parts.digest(self._key, self.course.id, preview.visit.number)

    async def read_preview(self, preview: Preview) -> CompanySheetRead:
        """Return a preview with what may be approved for the company."""
        versions = await sheet_versions(self.connection, self.course.id)
        words = self.labels.catalog.company_sheet
        return CompanySheetRead(
            course=self.course.id,
            visit=preview.visit.number,
            version=None,
            standing=SheetStanding.PREVIEW,
            digest=self.digest(preview),
            has_consent=has_consent(self.course.state, preview.rule, preview.visit),
            page=preview.parts.page(self.labels) if preview.parts else None,
            missing=[words[f"missing_{code}"] for code in preview.missing],
            notes=[*self._notes(preview)],
            versions=versions.read(self.course.state, self.labels),
        )

    async def read_version(self, versions: SheetVersions, version: int) -> CompanySheetRead:
        """Return a version as it was issued; raises ProblemError for one that there is not."""
        issued = versions.version(version)
        if issued is None:
            known = ", ".join(str(event.version) for event in versions.issued)
            raise wrong(ApiCode.VERSION_UNKNOWN, "version", known=known)
        found = await texts.texts(self.connection, [issued.details, *(one.note for one in issued.content.notes)])
        visits = {row.number: row.step for row in await courses.visits(self.connection, self.course.id)}
        parts = SheetParts(
            visits.get(issued.visit, ""),
            issued.content,
            SheetDetails.model_validate_json(found.get(issued.details, _ERASED)),
            await self._name(None if self.course.state.protected else issued.citizen_text),
            found,
        )
        return CompanySheetRead(
            course=self.course.id,
            visit=issued.visit,
            version=version,
            standing=versions.standing(version, self.course.state),
            digest=issued.digest,
            has_consent=bool(issued.content.considerations),
            page=parts.page(self.labels),
            missing=[],
            notes=[],
            versions=versions.read(self.course.state, self.labels),
        )

    @property
    def _key(self) -> bytes:
        return self.services.settings.hmac_key_bytes

    def words_digest(self, note: UUID, words: str) -> str:
        """Return the digest by which an approval names these words."""
        return words_digest(self._key, self.course.id, note, words)

    def _there(self, number: int | None) -> tuple[Visit, CompanyRule]:
        """Return the visit whose company is told, the only open one when none is named."""
        told = [(v, rule) for v in self.course.state.open_visits if (rule := self.labels.book.company(v.step))]
        chosen = [(visit, rule) for visit, rule in told if number in (None, visit.number)]
        if not told:
            raise ProblemError(ApiCode.COMPANY_SHEET_NOT_HERE)
        if len(chosen) != 1:
            raise wrong(Code.VISIT_UNKNOWN, "visit", open=", ".join(str(visit.number) for visit, _ in told))
        return chosen[0]

    def _is_approved(self, approved: ApprovedNote, known: dict[UUID, str]) -> bool:
        """Whether the words are those that were approved."""
        words = known.get(approved.note)
        return words is not None and self.words_digest(approved.note, words) == approved.digest

    def _notes(self, preview: Preview) -> Iterator[NoteForCompany]:
        for note in self.course.state.notes:
            words = preview.words.get(note.id)
            if words is not None:
                yield self._note(note, words, preview)

    def _note(self, note: Note, words: str, preview: Preview) -> NoteForCompany:
        place = self.labels.book.workplaces.of(self.course.state, preview.visit.number)
        named = (one for one in self.course.state.approved if (one.note, one.p_number) == (note.id, place))
        approved = next(named, None)
        is_health = approved is not None and needs_consent(approved, note, preview.rule)
        return NoteForCompany(
            id=note.id,
            label=self.labels.note_kind(note.kind),
            text=words,
            digest=self.words_digest(note.id, words),
            needs_consent=is_health or note.kind not in preview.rule.notes,
            approved=ApprovalRead.of(approved) if approved else None,
            is_on_sheet=preview.parts is not None and note.id in preview.parts.words,
        )

    async def _details(self, p_number: str, chosen: Chosen) -> SheetDetails:
        state, unit = self.course.state, self.course.row.unit
        roles = [Role(role) for role in (chosen.contact, *chosen.comes_along)]
        holders = {role: holder for role in roles if (holder := state.holder(role)) is not None}
        known = await people.some(self.connection, holders.values())
        contact, *others = [_person(role, holders, known) for role in roles]
        along = {holders[role]: person for role, person in zip(roles[1:], others, strict=True) if person}
        return SheetDetails(
            unit=(await units.names(self.connection, [unit])).get(unit, unit),
            municipality=state.municipality,
            municipality_name=self.services.settings.municipality_names.get(state.municipality),
            company=(await companies.names(self.connection, [p_number])).get(p_number),
            contact=contact,
            comes_along=tuple(person.model_copy(update={"phone": None}) for person in along.values()),
        )

    async def _name(self, name: UUID | None) -> str | None:
        """Return the citizen's name."""
        return (await texts.texts(self.connection, [name])).get(name) if name is not None else None


_ERASED: Final = SheetDetails(unit="", municipality="").model_dump_json()
"""What is left of the names on a sheet once they are erased."""


def _person(role: Role, holders: dict[Role, str], known: dict[str, Person]) -> SheetPerson | None:
    """Return who holds a role as the company reads it, None while nobody does."""
    if role not in holders:
        return None
    listed = known.get(holders[role])
    return SheetPerson(name=listed.name if listed else holders[role], role=role, phone=listed.phone if listed else None)
