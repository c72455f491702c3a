"""Finds the rule set that a command names: a shipped one by its id, or a file or folder."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from cli.tokens import refuse
from domain.calendar import danish_day
from infra.clock import SystemClock
from rules.language.formats import Language
from rules.language.rule_set import RuleSet
from rules.loading.folder import HEAD, joined_text
from rules.loading.library import in_force, shipped
from rules.loading.read_toml import Reading, UnreadableError, reading_of
from wording.flaws import flaws_text


def rule_set_named(name: str, language: Language) -> RuleSet:
    """Return the set of a file or folder, or a shipped one as `id` or `id@version`; ends the program without one.

    An id alone is the version in force today, or else the newest.
    """
    path = Path(name)
    if path.is_file() or (path / HEAD).is_file():
        return rule_set_in(path, language)
    rules_id, _, version = name.partition("@")
    versions = [rules for rules in shipped() if rules.id == rules_id and version in ("", rules.version)]
    if not versions:
        known = ", ".join(f"{rules.id}@{rules.version}" for rules in shipped())
        refuse(f"{name}: ingen fil og intet medfølgende regelsæt / no file and no shipped rule set: {known}")
    return _in_force_today(versions, rules_id) or max(versions, key=lambda rules: rules.valid_from)


def rule_set_in(path: Path, language: Language) -> RuleSet:
    """Return the set that a file or a folder holds; ends the program with its flaws."""
    return reading_in(path, language).rule_set


def reading_in(path: Path, language: Language) -> Reading:
    """Return the set that a file or a folder holds, with notes and places; ends the program with its flaws."""
    path = path.resolve()
    try:
        return reading_of(path.name, _RuleFiles(path.parent))
    except UnreadableError as error:
        refuse(flaws_text(error, language))


def joined_in(path: Path, language: Language) -> str:
    """Return what a file or a folder holds as one file; ends the program when one in it is no TOML."""
    path = path.resolve()
    files = _RuleFiles(path.parent)
    try:
        return joined_text(path.name, files) if path.is_dir() else files[path.name]
    except UnreadableError as error:
        refuse(flaws_text(error, language))


def _in_force_today(versions: list[RuleSet], rules_id: str) -> RuleSet | None:
    today: date = danish_day(SystemClock().now())
    return in_force(versions, rules_id, today)


class _RuleFiles(Mapping[str, str]):
    """The TOML files of a folder and of the folders in it by name; each is read only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8-sig")  # Some editors set a mark before UTF-8.
        except (FileNotFoundError, IsADirectoryError):
            raise KeyError(name) from None
        except UnicodeDecodeError:
            refuse(f"{name}: gem filen som UTF-8 / save it as UTF-8")

    def __iter__(self) -> Iterator[str]:
        files = (*self._folder.glob("*.toml"), *self._folder.glob("*/*.toml"))
        return (file.relative_to(self._folder).as_posix() for file in files)

    def __len__(self) -> int:
        return sum(1 for _ in self)
