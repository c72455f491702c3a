"""Reads a rule set from its file or folder, with every flaw by file, line and field, or from its canonical JSON."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from types import MappingProxyType
from typing import Final, NamedTuple

from pydantic import ValidationError

from domain.model import canonical
from rules.checks.flaws import Flaw, Flaws, Path, UnreadableError, path_text, unknown_name
from rules.checks.rule_set import amending_flaws, meaning_flaws
from rules.checks.shape import shape_flaws
from rules.checks.unused import unused_flaws
from rules.language.phrases import Phrase, Place, phrase
from rules.language.rule_set import RuleSet
from rules.loading.amend import AMENDS, Amendment
from rules.loading.english import translate, translations, untranslatable
from rules.loading.flat import Flat
from rules.loading.folder import document_of, names_of_sets
from rules.loading.observed_early import with_observed_early
from rules.loading.write_out import WriteOut
from rules.loading.written import Entry, Origin, written_at

__all__ = ["UnreadableError", "from_canonical", "read_rule_set", "read_set", "reading_of"]

_ALONE: Final[Mapping[str, str]] = MappingProxyType({})


class Reading(NamedTuple):
    """A rule set as it was read: what its writer may mend without anything being wrong, and where examples stand."""

    rule_set: RuleSet
    notes: tuple[Flaw, ...]
    examples: tuple[Place, ...]
    written: Entry

    def flaw(self, path: Path, words: Phrase) -> Flaw:
        """Return a flaw at the line in which a part of the set was written."""
        return _meant(self.written, path).flaw(words)


def read_rule_set(toml: str, file: str, folder: Mapping[str, str] = _ALONE) -> RuleSet:
    """Return the whole rule set written in `toml`, together with the set that it amends.

    Raises UnreadableError with every flaw of its shape or, when its shape is sound, of its meaning.
    `file` is only its name, for the flaws; `folder` holds the sets beside it as `read_set` takes them, of which only
    an amended one is read.
    """
    return read_set(file, _Beside(toml, file, folder))


class _Beside(Mapping[str, str]):
    """A file together with the folder beside it, of which only what is asked for is read."""

    def __init__(self, toml: str, file: str, folder: Mapping[str, str]) -> None:
        self._toml, self._file, self._folder = toml, file, folder

    def __getitem__(self, name: str) -> str:
        return self._toml if name == self._file else self._folder[name]

    def __iter__(self) -> Iterator[str]:
        yield from {self._file, *self._folder}

    def __len__(self) -> int:
        return len({self._file, *self._folder})


def read_set(name: str, files: Mapping[str, str]) -> RuleSet:
    """Return the rule set of a name: a file such as `ips.toml`, or a folder such as `ips` with files `ips/set.toml`.

    Raises UnreadableError as `read_rule_set` does.
    """
    return reading_of(name, files).rule_set


def reading_of(name: str, files: Mapping[str, str], onto: str | None = None) -> Reading:
    """Return the rule set of a name with notes and places; raises UnreadableError as `read_rule_set` does.

    One that amends another is joined with `onto`, if that is given, instead of the set that it names.
    """
    return _read(name, files, {name}, onto)[1]


def _read(
    name: str, files: Mapping[str, str], read: AbstractSet[str], onto: str | None = None
) -> tuple[Entry, Reading]:
    """Return the lists of a set, joined with the one it amends, and the set; those that are `read` are not amended."""
    written, flaws = document_of(name, files), list[Flaw]()
    amends = written.get(AMENDS) and (onto or written[AMENDS])
    document = Flat(written.without(AMENDS), flaws, amends=AMENDS in written).whole()
    english = translate(document, translations(document))
    base = former = None
    if amends is not None:
        others = names_of_sets(files) - read
        for path, words in _amends_flaws(amends, others):
            raise UnreadableError([written_at(written, path).flaw(words)])
        amended = amends if amends in others else f"{amends}.toml"
        base, (former, *_) = _read(amended, files, {*read, amended})
        document = Amendment(document, flaws).of(base)
        english = translate(document, english)
    notes = tuple(untranslatable(document, english))
    whole = WriteOut(document, flaws, base).whole()
    rule_set = _checked(whole, flaws, former)
    places = (written_at(whole, ("examples", number)).place for number, _ in enumerate(rule_set.examples))
    return document, Reading(rule_set, notes, tuple(places), whole)


def _amends_flaws(name: object, others: AbstractSet[str]) -> Flaws:
    """Yield the flaw of the name of an amended set, whose ending may be left out."""
    if not isinstance(name, str):
        yield (AMENDS,), phrase("write-file")
    elif f"{name}.toml" not in others:
        yield from unknown_name(phrase("noun-file"), name, others, (AMENDS,))


def _checked(document: Entry, flaws: list[Flaw], former: RuleSet | None) -> RuleSet:
    try:
        rule_set = with_observed_early(from_canonical(canonical(document)))
    except ValidationError as error:
        raise UnreadableError({*flaws, *(_flaw(document, *flaw) for flaw in shape_flaws(error))}) from None
    meaning = [*meaning_flaws(rule_set), *(amending_flaws(rule_set, former) if former else ())]
    if not meaning and not flaws:  # What nothing reads is most often what a slip has named otherwise.
        meaning = [*unused_flaws(rule_set)]
    if meaning or flaws:
        raise UnreadableError({*flaws, *(_meant(document, path).flaw(words) for path, words in meaning)})
    return rule_set


def _meant(document: Entry, path: Path) -> Origin:
    """Return where something is meant: what does not fit of a pattern is so where the pattern is used."""
    origin = written_at(document, path)
    if path[:1] == ("ladders",) and "rungs" in path:
        used = written_at(document, path[:3])
        is_within = origin.source == used.source and origin.path[: len(used.path)] == used.path
        return origin if is_within else used
    return origin


def _flaw(document: Entry, place: Path, around: Path, words: Phrase) -> Flaw:
    """Return a flaw at the line of `place`, with `around` it as its field."""
    origin, table = written_at(document, place), written_at(document, around)
    if origin == table:
        return origin.flaw(words)
    return replace(origin.flaw(words), field=path_text(origin.path[: -(len(place) - len(around))]))


def from_canonical(stored: bytes) -> RuleSet:
    """Return a rule set from the canonical JSON in which it is stored.

    Raises pydantic.ValidationError for what was never a rule set.
    """
    return RuleSet.model_validate_json(stored, strict=True)
