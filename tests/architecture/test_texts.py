"""What no file of the repository may hold, read once for all that is looked for."""

import re
import tomllib
from collections.abc import Iterator
from itertools import count

from tests.architecture.files import ROOT, files, must_be_none, place, text_of

# The halves are put together here, so that this file does not hold what it looks for.
REGISTRIES = [
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("npmjs", "org"),
    ("npmjs", "com"),
    ("yarnpkg", "com"),
    ("docker", "io"),
]
PLACES = ("work", "root", "opt/pypi")


def occurrences(pattern: str) -> Iterator[str]:
    """Yield where in the repository's text files `pattern` is met."""
    wanted = re.compile(pattern)
    for path in files():
        if wanted.search(text_of(path)):
            lines = zip(count(1), text_of(path).splitlines())
            yield from (place(path, number) for number, line in lines if wanted.search(line))


def test_nothing_names_the_host_of_a_registry() -> None:
    hosts = "|".join(rf"{name}\.{domain}" for name, domain in REGISTRIES)

    must_be_none(occurrences(rf"\b(?:{hosts})\b"), "Leave out the host of a registry: whoever installs has his own.")


def test_nothing_names_a_path_of_the_machine_it_was_written_on() -> None:
    places = "|".join(PLACES)

    must_be_none(occurrences(rf"(?<![\w.<*-])/(?:{places})\b/"), "Name a path from the root of the repository.")


def test_nothing_holds_a_private_key() -> None:
    must_be_none(
        occurrences(r"-----BEGIN [A-Z ]*PRIVATE" + " KEY"), "Make the key where it is used, and give it out anew."
    )


def test_people_are_spoken_to_in_the_words_of_the_glossary() -> None:
    danish = tomllib.loads((ROOT / "locales" / "da.toml").read_text())
    words = ("noten?", "noter", "fakt(?:um|a)", "observatør\\w*", "besøg(?:ene|et)?", "fravig\\w*", "adgangstegn\\w*")
    others = re.compile(rf"(?i)\b(?:{'|'.join((*words, 'hovedet', 'mennesker?', 'tal sammen'))})\b")

    assert [text for text in _texts_in(danish) if others.search(re.sub(r"\{\w+\}", "", text))] == []


def _texts_in(table: object) -> Iterator[str]:
    if isinstance(table, dict):
        for value in table.values():
            yield from _texts_in(value)
    else:
        yield str(table)


def test_nobody_takes_the_date_of_greenwich_for_today() -> None:
    """Deadlines, absences and rule sets count Danish days, which begin an hour or two before those of UTC."""
    of_utc = r"now\((?:UTC)?\)[^=,]*\.date\(\)|date\.today\(\)"

    must_be_none(occurrences(of_utc), "Say `danish_day(...)` of the instant.")
