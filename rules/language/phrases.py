"""What is told to the writer of a rule set, as codes and values, which only the catalogue puts into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

PhraseValue = object
"""A name, a number, a day, another phrase, or a tuple of them, which is a list."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text by its code in the catalogue of texts, with the values of its placeholders."""

    code: str
    values: tuple[tuple[str, PhraseValue], ...] = ()


def phrase(code: str, **values: PhraseValue) -> Phrase:
    """Return a phrase with its values."""
    return Phrase(code, tuple(values.items()))


def listed(names: Iterable[object]) -> tuple[str, ...]:
    """Return names as the value of a phrase."""
    return tuple(map(str, names))


class Place(NamedTuple):
    """A line of a file in which something is written."""

    file: str
    line: int


class UnfitError(ValueError):
    """A value that does not fit its model, with what is to be written instead."""

    def __init__(self, code: str, **values: PhraseValue) -> None:
        """Keep the phrase."""
        super().__init__(code)
        self.phrase = phrase(code, **values)
