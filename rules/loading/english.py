"""The English texts of a set, by the ids of what they translate, so that its own files hold the Danish ones alone."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from rules.checks.flaws import Flaw, Path, suggestion
from rules.language.phrases import phrase
from rules.language.rule_set import RoleNames
from rules.loading.flat import REMIND
from rules.loading.folder import ENGLISH
from rules.loading.written import Entry, Origin, is_text

_SHORTENED: Final = ("label", "text", "missing")
"""The texts that English may give for an entry without naming them."""

TEXTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "note_defaults": ("purpose",),
    "roles": tuple(RoleNames.model_fields),
}
"""The texts of the tables at the head of a set that are kept as they are."""


class Place(NamedTuple):
    """Where a text is held: a table or list, and the key or place in it."""

    holder: Any
    key: str | int

    @property
    def text(self) -> Any:  # noqa: ANN401 - the text before it is checked
        """Return the text: words, or a table of them by language."""
        return self.holder[self.key]


class Translation(NamedTuple):
    """English words for the text at a path of ids."""

    path: Path
    words: object
    origin: Origin


def translations(document: Entry) -> tuple[Translation, ...]:
    """Return the English texts of a document, each with its path."""
    english = document.get(ENGLISH)
    return tuple(_leaves((), english)) if isinstance(english, Entry) else ()


def _leaves(path: Path, english: Entry) -> Iterator[Translation]:
    for key, value in english.items():
        at = english.at(key)
        if isinstance(value, Entry):
            yield from _leaves((*path, key), value)
        elif isinstance(value, list):
            yield from (Translation((*path, key, n), words, at.inner(n)) for n, words in enumerate(value))
        else:
            yield Translation((*path, key), value, at)


def translate(document: Entry, english: tuple[Translation, ...]) -> tuple[Translation, ...]:
    """Set the English words beside the Danish ones, and return those to which no Danish text belongs."""
    places = dict(_places(document))
    return tuple(translation for translation in english if not _set(places, translation))


def _set(places: dict[Path, Place], translation: Translation) -> bool:
    path, words, origin = translation
    place = next((places[p] for p in (path, *((*path, key) for key in _SHORTENED)) if p in places), None)
    if place is None:
        return False
    text = place.text
    danish = text if is_text(text) else Entry({"da": text}, _origin(place), exact=False)
    place.holder[place.key] = danish.having({"en": words}, {"en": origin})
    return True


def _origin(place: Place) -> Origin:
    holder = place.holder
    return holder.at(place.key) if isinstance(holder, Entry) else holder.origin.inner(place.key)


def untranslatable(document: Entry, english: tuple[Translation, ...]) -> Iterator[Flaw]:
    """Yield the notes about English words to which no Danish text belongs: often that is gone, and nothing is wrong."""
    paths = [path for path, _ in _places(document)]
    for path, _, origin in english:
        depth = max((_shared(path, other) for other in paths), default=0)
        near = {str(other[depth]) for other in paths if other[:depth] == path[:depth] and len(other) > depth}
        unknown = str(path[depth]) if depth < len(path) else ""
        remedy = suggestion(unknown, near) if near else phrase("remove-it")
        yield origin.flaw(phrase("no-danish-text", name=unknown, remedy=remedy))


def _shared(path: Path, other: Path) -> int:
    """Return how many parts two paths have in common at their beginning."""
    same = [one == two for one, two in zip(path, other, strict=False)]
    return next((place for place, equal in enumerate(same) if not equal), len(same))


def _places(document: Entry) -> Iterator[tuple[Path, Place]]:
    yield from _of_head(document)
    for fact in _entries(document, "facts"):
        path = ("facts", fact.get("id", ""))
        yield from _texts(path, fact, "label", "help", "purpose")
        yield from _values((*path, "values"), fact.get("values"))
    for kind in _entries(document, "note_kinds"):
        yield from _texts(("note_kinds", kind.get("id", "")), kind, "label", "help", "purpose")
    for number in _entries(document, "parameters"):
        yield from _texts(("numbers", number.get("id", "")), number, "label")
    for step in _entries(document, "steps"):
        yield from _of_step(step)
    for name, rungs in _items(document.get("patterns")):
        yield from _rungs(("patterns", name), rungs)
    for ladder in _entries(document, "ladders"):
        yield from _rungs(_about(ladder), ladder[REMIND])
    for example in _entries(document, "examples"):
        words = example.get("say")
        sentence = words.get("da", "") if isinstance(words, Entry) else words
        yield from _texts(("examples", str(sentence)), example, "say", as_one=True)


def _of_head(document: Entry) -> Iterator[tuple[Path, Place]]:
    yield from _texts((), document, "title", "description", "notes")
    yield from _texts(("defaults",), document.get("defaults"), "purpose", "message")
    for key, names in TEXTS_OF.items():
        yield from _texts((key,), document.get(key), *names)


def _of_step(step: Entry) -> Iterator[tuple[Path, Place]]:
    path = ("steps", step.get("id", ""))
    yield from _texts(path, step, "label", "message")
    for planned in _entries(step, "appointments"):
        yield from _texts((*path, "appointments", planned.get("id", "")), planned, "label", as_one=True)
    yield from _texts((*path, "company"), step.get("company"), "purpose", as_one=True)
    for call in _entries(step, "call_ins"):
        yield from _texts((*path, "call_ins", call.get("id", "")), call, "label", "words")
    for requirement in _entries(step, "requirements"):
        about = ("requirements", requirement.get("id", ""))
        yield from _texts(about, requirement, "text", "missing")
        yield from _texts((*about, "refused"), requirement.get("refused"), "missing", as_one=True)


def _values(path: Path, values: object) -> Iterator[tuple[Path, Place]]:
    if isinstance(values, Entry):
        for name, value in values.items():
            is_table = isinstance(value, Entry) and value.exact
            yield (*path, name), Place(value, "label") if is_table else Place(values, name)


def _about(ladder: Entry) -> Path:
    if ladder.get("requirement"):
        refused = ladder.get("waiting") == "decision"
        return "requirements", ladder["requirement"], "refused_remind" if refused else REMIND
    of_step = ("steps", ladder["step"]) if ladder.get("step") else ()
    return (*of_step, "reminders", ladder.get("waiting", ""))


def _rungs(path: Path, remind: object) -> Iterator[tuple[Path, Place]]:
    """Yield the texts of rungs, of a table of rungs, or the own texts of something that is reminded of by a pattern."""
    if isinstance(remind, Entry):
        texts = written if isinstance(written := remind.get("texts"), list) else []
        for number, _ in enumerate(texts):
            yield (*path, number), Place(_Texts(texts, remind.at("texts")), number)
        remind = remind.get("rungs")
    for number, rung in enumerate(remind if isinstance(remind, list) else ()):
        if isinstance(rung, Entry) and "text" in rung:
            yield (*path, number), Place(rung, "text")


class _Texts:
    """A list of texts and where it was written."""

    def __init__(self, texts: list[Any], origin: Origin) -> None:
        self._texts, self.origin = texts, origin

    def __getitem__(self, place: int) -> Any:  # noqa: ANN401 - a text before it is checked
        return self._texts[place]

    def __setitem__(self, place: int, text: Entry) -> None:
        self._texts[place] = text


def _texts(path: Path, entry: object, *names: str, as_one: bool = False) -> Iterator[tuple[Path, Place]]:
    """Yield the texts of an entry that are written; the only one that it can have needs no name."""
    for name in names if isinstance(entry, Entry) else ():
        if name in entry:  # type: ignore[operator]
            yield path if as_one else (*path, name), Place(entry, name)


def _items(entry: object) -> Iterator[tuple[str, Any]]:
    yield from entry.items() if isinstance(entry, Entry) else ()


def _entries(document: Entry, key: str) -> Iterator[Entry]:
    entries = document.get(key)
    yield from (entry for entry in entries if isinstance(entry, Entry)) if isinstance(entries, list) else ()
