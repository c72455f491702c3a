"""Names beside ids: what an answer calls the persons, units and companies that it names, looked up all at once."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, Field, model_validator

from api.http.read_model import ReadModel
from domain.identity import ENGINE
from infra.store.engine import Connection
from infra.store.registers import companies, people, units

_ENGINES_NAME: Final = "Fodslag"

Answer = TypeVar("Answer")


class Register(StrEnum):
    """Where a name is looked up."""

    PEOPLE = "people"
    PHONES = "phones"
    UNITS = "units"
    COMPANIES = "companies"


@dataclass(frozen=True, slots=True)
class NameOf:
    """Stands beside a field of an answer: it holds the name, or the number, of what the field `id_field` names."""

    id_field: str
    register: Register = Register.PEOPLE


UnitName = Annotated[
    str | None, NameOf("unit", Register.UNITS), Field(description="Null while nobody has registered the unit.")
]
"""The name of the `unit` of the same model."""


class PersonNamed(ReadModel):
    """A person, by id and by name."""

    id: str
    name: Annotated[str | None, NameOf("id")] = Field(default=None, description="Null where no directory knows it.")

    @model_validator(mode="before")
    @classmethod
    def _of_an_id(cls, value: object) -> object:
        return {"id": value} if isinstance(value, str) else value


async def with_names(connection: Connection, answer: Answer) -> Answer:
    """Fill in the names in an answer, a model or a list of them, by one statement for each register; return it."""
    places = list(_places(answer))
    wanted: defaultdict[Register, set[str]] = defaultdict(set)
    for place in places:
        wanted[place.register].add(place.id)
    names = {register: await _LOOK_UPS[register](connection, ids) for register, ids in wanted.items()}
    for place in places:
        setattr(place.model, place.field, names[place.register].get(place.id))
    return answer


@dataclass(frozen=True, slots=True)
class _Place:
    """A field that awaits the name of an id."""

    model: BaseModel
    field: str
    id: str
    register: Register


def _places(value: object) -> Iterator[_Place]:
    match value:
        case BaseModel():
            yield from _own_places(value)
            for name in type(value).model_fields:
                yield from _places(getattr(value, name))
        case list() | tuple():
            for one in value:
                yield from _places(one)


def _own_places(model: BaseModel) -> Iterator[_Place]:
    for field, name_of in _fields_with_names(type(model)).items():
        named = getattr(model, name_of.id_field)
        if isinstance(named, str):
            yield _Place(model, field, named, name_of.register)


@cache
def _fields_with_names(model: type[BaseModel]) -> Mapping[str, NameOf]:
    marks = ((name, mark) for name, field in model.model_fields.items() for mark in field.metadata)
    return {name: mark for name, mark in marks if isinstance(mark, NameOf)}


async def _names_of_people(connection: Connection, ids: Collection[str]) -> Mapping[str, str]:
    known = await people.some(connection, ids)
    return {ENGINE: _ENGINES_NAME, **{person: entry.name for person, entry in known.items()}}


async def _phones_of_people(connection: Connection, ids: Collection[str]) -> Mapping[str, str]:
    known = await people.some(connection, ids)
    return {person: entry.phone for person, entry in known.items() if entry.phone is not None}


_LookUp = Callable[[Connection, Collection[str]], Any]
_LOOK_UPS: Final[Mapping[Register, _LookUp]] = {
    Register.PEOPLE: _names_of_people,
    Register.PHONES: _phones_of_people,
    Register.UNITS: units.names,
    Register.COMPANIES: companies.names,
}
