"""Finds the rule set that a command names: a shipped one by its id, or a file."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from cli.tokens import refuse
from domain.calendar import danish_day
from infra.clock import SystemClock
from rules.language.rule_set import RuleSet
from rules.loading.library import in_force, shipped
from rules.loading.read_toml import UnreadableError, read_rule_set


def rule_set_named(name: str) -> RuleSet:
    """Return the set of a file, or a shipped one as `id` or `id@version`; ends the program where there is none.

    An id alone is the version in force today, or else the newest.
    """
    path = Path(name)
    if path.is_file():
        return rule_set_in(path)
    rules_id, _, version = name.partition("@")
    versions = [rules for rules in shipped() if rules.id == rules_id and version in ("", rules.version)]
    if not versions:
        known = ", ".join(f"{rules.id}@{rules.version}" for rules in shipped())
        refuse(f"{name}: ingen fil og intet medfølgende regelsæt / no file and no shipped rule set: {known}")
    return _in_force_today(versions, rules_id) or max(versions, key=lambda rules: rules.valid_from)


def rule_set_in(file: Path) -> RuleSet:
    """Return the set that a file holds; ends the program with its flaws."""
    folder = _RuleFiles(file.parent)
    try:
        return read_rule_set(folder[file.name], file.name, folder)
    except UnreadableError as error:
        refuse(str(error))


def _in_force_today(versions: list[RuleSet], rules_id: str) -> RuleSet | None:
    today: date = danish_day(SystemClock().now())
    return in_force(versions, rules_id, today)


class _RuleFiles(Mapping[str, str]):
    """The TOML files of a folder by name; each is read only when it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> str:
        try:
            return (self._folder / name).read_text(encoding="utf-8-sig")  # Some editors set a mark before UTF-8.
        except UnicodeDecodeError:
            refuse(f"{name}: save it as UTF-8")

    def __iter__(self) -> Iterator[str]:
        return (file.name for file in self._folder.glob("*.toml"))

    def __len__(self) -> int:
        return sum(1 for _ in self)
