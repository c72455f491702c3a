"""Puts the page for a company together: from what may be told, the approved words, and names; and from nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from api.company_sheets.models import SheetDetails, SheetFact, SheetPage, SheetPerson
from api.text.authority import authority
from domain.identity import Role
from domain.model import canonical
from domain.state.company_sheets import SheetContent
from infra.security.keyed_digest import keyed_digest
from wording.labels import Labels


@dataclass(frozen=True, slots=True)
class SheetParts:
    """All that a page is made of; `words` are the texts of the notes that may be told, by their ids."""

    step: str
    content: SheetContent
    details: SheetDetails
    citizen: str | None
    words: Mapping[UUID, str]

    def page(self, labels: Labels) -> SheetPage:
        """Return the page in a language; what is erased since is said to be."""
        content, details = self.content, self.details
        sensitive = set(content.considerations)
        return SheetPage(
            authority=authority(details.municipality, details.municipality_name, details.unit, labels),
            company=details.company,
            p_number=content.p_number,
            citizen=self.citizen,
            step=labels.step(self.step),
            purpose=_purpose(labels, self.step),
            facts=[SheetFact(label=labels.fact(f.fact), text=labels.value(f.fact, f.value)) for f in content.facts],
            agreed=[self._text(one.note, labels) for one in content.notes if one.note not in sensitive],
            considerations=[self._text(one.note, labels) for one in content.notes if one.note in sensitive],
            contact=_named(details.contact, labels) if details.contact else None,
            comes_along=[_named(person, labels) for person in details.comes_along],
        )

    def digest(self, key: bytes, course: UUID, visit: int) -> str:
        """Return the keyed digest of all that the page says, in whatever language it is read."""
        said = {
            "content": self.content.model_dump(mode="json"),
            "details": self.details.model_dump(mode="json"),
            "citizen": self.citizen,
            "words": {str(one.note): self.words.get(one.note) for one in self.content.notes},
        }
        return keyed_digest(key, "company-sheet", course.bytes, str(visit).encode(), canonical(said))

    def missing(self) -> Iterator[str]:
        """Yield the codes of what is missing before the page can be given to anybody."""
        if self.details.contact is None:
            yield "contact"
        elif self.details.contact.phone is None:
            yield "phone"
        if any(one.note not in self.words for one in self.content.notes):
            yield "words"

    def _text(self, note: UUID, labels: Labels) -> str:
        return self.words.get(note) or labels.catalog.briefing["erased"]


def words_digest(key: bytes, course: UUID, note: UUID, words: str) -> str:
    """Return the keyed digest by which an approval names the very words of a note."""
    return keyed_digest(key, "company-note", course.bytes, note.bytes, words.encode())


def _purpose(labels: Labels, step: str) -> str:
    rules = next((declared for declared in labels.book.rule_set.steps if declared.id == step), None)
    return labels.text(rules.company.purpose) if rules is not None and rules.company is not None else ""


def _named(person: SheetPerson, labels: Labels) -> SheetPerson:
    """Return somebody with what the role is called."""
    return person.model_copy(update={"role": labels.role(Role(person.role))})
