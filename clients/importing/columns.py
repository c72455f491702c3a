"""The columns of a CSV file and the request each of them is part of."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from clients.importing.values import CellError, day, truth, value

FREE: Final = "fact:"
PASSED: Final = "passed:"
REQUIRED: Final = ("reference", "citizen", "target_group", "step", "entered_on")

_PLAIN: Final = ("municipality", "unit", "reference", "target_group", "rule_set", "shared_role_reason")
_READ: Final[dict[str, Callable[[str], Any]]] = {"started_on": day, "shared_role": truth}
_CITIZEN: Final = {"citizen": "reference", "citizen_name": "name", "cpr": "cpr"}
_PROTECTED: Final = "protected"
_HOLDERS: Final = {
    "caseworker": ("caseworker", "person"),
    "caseworker_unit": ("caseworker", "unit"),
    "company_consultant": ("company_consultant", "person"),
    "company_consultant_unit": ("company_consultant", "unit"),
}
_PRESENT: Final = ("step", "entered_on")

Flaws = list[tuple[str, str, str]]
_UNREADABLE: Final = "kan ikke læses / cannot be read"


def fixed_columns() -> tuple[str, ...]:
    """Return every column but those of facts and of steps that were passed."""
    return (*_PLAIN, *_READ, *_CITIZEN, _PROTECTED, *_HOLDERS, *_PRESENT)


def body_of(cells: Mapping[str, str]) -> tuple[dict[str, Any], Flaws]:
    """Return the request of one line, and the flaws of its cells."""
    flaws: Flaws = []

    def readable(name: str, read: Callable[[str], Any]) -> Any:  # noqa: ANN401 - whatever the column holds
        try:
            return read(cells[name])
        except CellError as error:
            flaws.append((name, _UNREADABLE, str(error)))
            return None

    body: dict[str, Any] = {name: cells[name] for name in _PLAIN if name in cells}
    body |= {name: readable(name, read) for name, read in _READ.items() if name in cells}
    body["citizen"] = {name: cells[column] for column, name in _CITIZEN.items() if column in cells}
    if _PROTECTED in cells:
        body["citizen"]["protected"] = readable(_PROTECTED, truth)
    for column, (role, kind) in _HOLDERS.items():
        if column in cells:
            body.setdefault(role, {})[kind] = cells[column]
    facts = {name: readable(name, value) for name in cells if name.startswith(FREE)}
    body["facts"] = {name.removeprefix(FREE): cell for name, cell in facts.items()}
    body["taken_over"] = {"visits": [*_passed(cells, flaws), *_present(cells, flaws)]}
    flaws += [(name, "mangler / is missing", "Udfyld feltet. / Fill it in.") for name in REQUIRED if name not in cells]
    return body, flaws


def _passed(cells: Mapping[str, str], flaws: Flaws) -> Iterator[dict[str, str]]:
    """Yield the steps that were left before, such as `2026-01-05/2026-02-27` in the column of the step."""
    for column in (name for name in cells if name.startswith(PASSED)):
        since, _, until = cells[column].partition("/")
        try:
            yield {
                "step": column.removeprefix(PASSED),
                "entered_on": day(since.strip()),
                "left_on": day(until.strip()),
            }
        except CellError:
            remedy = "Skriv fra/til, fx 05-01-2026/27-02-2026. / Write from/to, such as 2026-01-05/2026-02-27."
            flaws.append((column, _UNREADABLE, remedy))


def _present(cells: Mapping[str, str], flaws: Flaws) -> Iterator[dict[str, str]]:
    """Yield the open steps; for several beside one another both cells list equally many, joined by +."""
    steps = _split(cells.get("step", ""))
    days = _split(cells.get("entered_on", ""))
    if len(steps) != len(days):
        remedy = (
            "Skriv lige mange dele med +, fx trial+paid_hours. / Write as many parts with +, such as trial+paid_hours."
        )
        flaws.append(
            ("entered_on", f"{len(steps)} trin, {len(days)} datoer / {len(steps)} steps, {len(days)} dates", remedy)
        )
        return
    for step, entered in zip(steps, days, strict=True):
        try:
            yield {"step": step, "entered_on": day(entered)}
        except CellError as error:
            flaws.append(("entered_on", _UNREADABLE, str(error)))


def _split(cell: str) -> list[str]:
    return [entry.strip() for entry in cell.split("+") if entry.strip()]
