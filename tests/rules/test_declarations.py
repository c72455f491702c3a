from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.state.facts import FactValue
from rules.language.facts import FactDeclaration, FactType
from tests.rules.vocabulary import FACTS

DECLARED = {fact["id"]: FactDeclaration.model_validate(fact) for fact in FACTS}
OF_TYPE = {
    FactType.BOOL: "yes",
    FactType.INT: "count",
    FactType.DECIMAL: "hours",
    FactType.DATE: "day",
    FactType.ENUM: "colour",
    FactType.CVR: "company",
    FactType.P_NUMBER: "workplace",
    FactType.SCHEDULE: "plan",
    FactType.TIME: "clock",
}
SOUND: dict[FactType, list[object]] = {
    FactType.BOOL: [True, False],
    FactType.INT: [0, 100],
    FactType.DECIMAL: ["-7.5", "37", 12],
    FactType.DATE: ["2028-02-29", "1900-01-01", "2199-12-31"],
    FactType.ENUM: ["red"],
    FactType.CVR: ["13585628"],
    FactType.P_NUMBER: ["1003388394"],
    FactType.SCHEDULE: ["2026-09-01=5", "2026-09-01=5 2026-10-01=10.5"],
    FactType.TIME: ["00:00", "09:30", "23:59", "9:30", "09.30", "9.30", "09:30:00"],
}
UNSOUND: dict[FactType, list[object]] = {
    FactType.BOOL: [1, 0, "true", "", None],
    FactType.INT: [True, "5", -1, 101, 5.0, None],
    FactType.DECIMAL: [True, "7,5", "1e3", "NaN", "Infinity", " 5", "1_000", "\u0665", 7.5, None],
    FactType.DATE: [
        "20260901",
        "2026-9-1",
        "2026-02-30",
        "2026-W01-1",
        "2026-09-01T00:00",
        "0001-01-01",
        "1899-12-31",
        "2200-01-01",
        "9999-12-31",
        20260901,
        None,
    ],
    FactType.ENUM: ["blue", "", "Red", True, None],
    FactType.CVR: ["13585627", "DK13585628", "13 58 56 28", 13585628, None],
    FactType.P_NUMBER: ["100338839", "10033883941", "\uff11003388394", "0003388394", "1812991234", 1003388394, None],
    FactType.SCHEDULE: [
        "",
        "5",
        "2026-09-01=",
        "2026-09-01=-1",
        "1899-12-31=5",
        "2026-09-01=5 2200-01-01=6",
        "2026-10-01=5 2026-09-01=6",
        "2026-09-01=5  2026-10-01=6",
        5,
        None,
    ],
    FactType.TIME: ["24:00", "09:60", "9:3", "09:30:15", "0930", "9", "\u0669:30", "", 930, None],
}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in SOUND.items() for value in values])
def test_a_value_of_the_type_is_read(kind: FactType, value: object) -> None:
    assert DECLARED[OF_TYPE[kind]].read(value) is not None


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in UNSOUND.items() for value in values])
def test_anything_else_is_not_known(kind: FactType, value: object) -> None:
    assert DECLARED[OF_TYPE[kind]].read(value) is None


def test_every_type_is_tried() -> None:
    assert set(SOUND) == set(UNSOUND) == set(FactType)


@pytest.mark.parametrize(
    ("kind", "inside", "outside"),
    [
        (FactType.DECIMAL, ["2.5", 60], ["2.49", "60.1"]),
        (FactType.SCHEDULE, ["2026-09-01=2.5 2026-10-01=60"], ["2026-09-01=2.4", "2026-09-01=5 2026-10-01=61"]),
    ],
)
def test_an_amount_beyond_its_bounds_is_not_known(kind: FactType, inside: list[object], outside: list[object]) -> None:
    sound = {"id": "x", "type": kind, "label": {"da": "X"}, "scope": "course", "reporters": ["caseworker"]}
    read = FactDeclaration.model_validate({**sound, "min": "2.5", "max": "60"}).read

    assert None not in [read(value) for value in inside]
    assert [read(value) for value in outside] == [None] * len(outside)


def test_hours_are_compared_as_amounts_and_not_as_text() -> None:
    read = DECLARED["hours"].read

    assert read("7.50") == read("7.5") == Decimal("7.5")
    assert read(10) == Decimal(10)


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "enum"},
        {"type": "int", "values": [{"id": "a", "label": {"da": "A"}}]},
        {"type": "date", "min": "1"},
        {"type": "int", "min": "5", "max": "4"},
        {"type": "bool", "reporters": []},
        {"type": "enum", "values": [{"id": "a", "label": {"da": "A"}}], "at_once": ["b"]},
    ],
)
def test_a_declaration_whose_parts_do_not_fit_is_refused(fields: dict[str, object]) -> None:
    sound = {"id": "x", "label": {"da": "X"}, "scope": "course", "reporters": ["caseworker"]}

    with pytest.raises(ValidationError):
        FactDeclaration.model_validate({**sound, **fields})


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        (FactType.DECIMAL, 15, 15),
        (FactType.DECIMAL, "15", 15),
        (FactType.DECIMAL, "015.00", 15),
        (FactType.DECIMAL, "100", 100),
        (FactType.DECIMAL, "-0.0", 0),
        (FactType.DECIMAL, "7.50", "7.5"),
        (FactType.DECIMAL, "-0.500", "-0.5"),
        (FactType.DECIMAL, "0.000001", "0.000001"),
        (FactType.DECIMAL, "999999999999.999999", "999999999999.999999"),
        (FactType.SCHEDULE, "2026-09-01=5.0 2026-10-01=10.50", "2026-09-01=5 2026-10-01=10.5"),
        (FactType.INT, 5, 5),
        (FactType.BOOL, True, True),
        (FactType.P_NUMBER, "1003388390", "1003388390"),
        (FactType.ENUM, "red", "red"),
    ],
)
def test_equal_amounts_are_stored_alike_however_they_are_written(
    kind: FactType, value: FactValue, stored: FactValue
) -> None:
    result = DECLARED[OF_TYPE[kind]].as_stored(value)

    assert result == stored
    assert type(result) is type(stored)


@given(st.decimals(-(10**12) + 1, 10**12 - 1, allow_nan=False, places=6))
def test_what_is_stored_is_the_amount_that_was_said_and_is_stored_so_again(amount: Decimal) -> None:
    hours = DECLARED["hours"]

    stored = hours.as_stored(f"{amount:f}")

    assert hours.read(stored) == amount
    assert hours.as_stored(stored) == stored


def test_a_value_of_an_enum_may_be_called_by_a_former_name_and_is_stored_by_its_present_one() -> None:
    value = {"id": "red", "aliases": ["crimson"], "label": {"da": "rød"}}
    colour = FactDeclaration.model_validate(
        {**next(fact for fact in FACTS if fact["id"] == "colour"), "values": [value]}
    )

    assert colour.as_stored("crimson") == colour.as_stored("red") == "red"
    assert colour.read("scarlet") is None
