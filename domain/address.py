"""Whom a notice is for: a person, the queue of a unit, or the supervisors of a unit."""

from enum import StrEnum
from typing import Self

from domain.model import Model


class AddressKind(StrEnum):
    """What kind of recipient an address names."""

    PERSON = "person"
    UNIT = "unit"
    SUPERVISORS = "supervisors"


class Address(Model):
    """The recipient of a notice; `name` is the id of the person or of the unit."""

    kind: AddressKind
    name: str

    @classmethod
    def person(cls, person: str) -> Self:
        """Return the address of one person's inbox."""
        return cls(kind=AddressKind.PERSON, name=person)

    @classmethod
    def unit(cls, unit: str) -> Self:
        """Return the address of a unit's queue."""
        return cls(kind=AddressKind.UNIT, name=unit)

    @classmethod
    def supervisors(cls, unit: str) -> Self:
        """Return the address of those who supervise a unit."""
        return cls(kind=AddressKind.SUPERVISORS, name=unit)

    def __str__(self) -> str:
        """Return the address as one text, for people and logs; nothing reads it back."""
        return f"{self.kind}/{self.name}"
