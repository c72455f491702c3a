"""The field types of request bodies: unknown fields and empty texts are refused, and no value is coerced."""

import math
import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Self

from fastapi import Path
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
    TypeAdapter,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.http.codes import ApiCode
from api.http.signs import is_hidden, is_visible
from domain.calendar import iso_day
from domain.commands import PartyClaim
from domain.identity import PersonId, Role, Unit
from domain.state.facts import FactValue
from infra.smtp_server import ONE_MAILBOX
from rules.language.facts import FIRST_DAY, LAST_DAY

_INSTANT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")
"""How an instant begins; a number alone would be read as seconds."""


class GateRole(StrEnum):
    """The two roles that are informed."""

    CASEWORKER = Role.CASEWORKER.value
    COMPANY_CONSULTANT = Role.COMPANY_CONSULTANT.value


class Body(BaseModel):
    """A request body; a misspelt field is refused and never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def examples(*shown: Any) -> ConfigDict:  # noqa: ANN401 - whatever JSON a body may be
    """Return the configuration of a body whose description shows these examples."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})


def wrong_value(code: ApiCode, expected: str = "") -> PydanticCustomError:
    """Return a validator's error with one of our own codes."""
    return PydanticCustomError(code.value, "not accepted", {"expected": expected})


def _only_iso_date(value: object) -> date:
    day = iso_day(value)
    if day is None:
        raise wrong_value(ApiCode.NOT_A_DATE)
    _expect_in_range(day)
    return day


def _expect_in_range(day: date) -> None:
    """Refuse days that nobody can mean, and near which nothing can be reckoned."""
    if not FIRST_DAY <= day <= LAST_DAY:
        bounds = {"ge": FIRST_DAY.isoformat(), "le": LAST_DAY.isoformat()}
        raise PydanticCustomError(ApiCode.NOT_IN_RANGE.value, "not accepted", bounds)


def _only_in_range(instant: datetime) -> datetime:
    _expect_in_range(instant.date())
    return instant


def _only_text(value: object) -> object:
    if isinstance(value, str) and _INSTANT.match(value):
        return value
    raise wrong_value(ApiCode.NOT_AN_INSTANT)


def _only_visible(text: str) -> str:
    if not is_visible(text):
        raise wrong_value(ApiCode.TEXT_EMPTY)
    return text


def _only_one_line(text: str) -> str:
    if any(map(is_hidden, text)):
        raise wrong_value(ApiCode.TEXT_NOT_ONE_LINE)
    return text


class ScheduleRow(BaseModel):
    """An amount from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Annotated[date, BeforeValidator(_only_iso_date)]
    amount: Annotated[StrictInt, Field(ge=0)] | Annotated[StrictFloat, Field(ge=0, allow_inf_nan=False)]


_ROWS: Final[TypeAdapter[list[ScheduleRow]]] = TypeAdapter(
    Annotated[list[ScheduleRow], Field(min_length=1, max_length=500)]
)


def _number(amount: float) -> int | str:
    """Return a number as stored."""
    return int(amount) if float(amount).is_integer() else f"{Decimal(repr(amount)):f}"


def _fact_value(value: object) -> FactValue:
    """Return a fact as stored: whole numbers as such, others and the rows of a schedule as text; never coerced."""
    match value:
        case bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return _number(value)
        case list() if value:
            return " ".join(f"{row.since}={_number(row.amount)}" for row in _ROWS.validate_python(value))
        case _:
            raise wrong_value(ApiCode.WRONG_TYPE, "a-fact-value")


Day = Annotated[date, BeforeValidator(_only_iso_date)]
Instant = Annotated[AwareDatetime, BeforeValidator(_only_text), AfterValidator(_only_in_range)]
PersonalText = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_only_visible)
]
"""Words of one or more lines; they are written to the store only, and commands name them by their id (P10)."""
OneLine = Annotated[
    StrictStr,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_only_one_line),
    AfterValidator(_only_visible),
]
"""Text that stands within a line of other text, such as a name: no sign in it can begin a line or turn one (P12)."""
Email = Annotated[
    OneLine,
    StringConstraints(pattern=ONE_MAILBOX.pattern),
]
Phone = Annotated[StrictStr, StringConstraints(pattern=r"^\+?[0-9]([0-9 ]{2,22})[0-9]$")]
MOST: Final = 1_000_000
Number = Annotated[StrictInt, Field(ge=1, le=MOST)]
"""The number of a visit or of a version."""
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
ContentDigest = Annotated[StrictStr, StringConstraints(pattern=f"^{_DIGEST.pattern}$")]
"""The digest of what a briefing says, as the API gave it."""


def _read(value: object) -> int | str:
    """Return what was read: the number of a version, or a digest."""
    match value:
        case int() if not isinstance(value, bool) and 1 <= value <= MOST:
            return value
        case str() if _DIGEST.fullmatch(value):
            return value
        case _:
            raise wrong_value(ApiCode.WRONG_TYPE, "a-version-or-digest")


ReadVersion = Annotated[
    Annotated[int | str, PlainValidator(_read, json_schema_input_type=Number | ContentDigest)] | None,
    Field(description="The version whose full text was read, or the `acknowledge` of the preview of this very report."),
]
"""What somebody has read who reports something."""
Id = Annotated[StrictStr, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,63}$")]
"""A name from a rule set."""
RuleSetId = Annotated[StrictStr, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""The id of a rule set, which all its versions share."""
SourceId = Annotated[StrictStr, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$")]
"""The name of a system, or its own id of an event."""
PNumber = Annotated[str, StringConstraints(pattern=r"^10[0-9]{8}$")]
"""The number of a production unit, ten digits of which the first are 10; it may look like a CPR number."""
StatedValue = Annotated[
    FactValue, PlainValidator(_fact_value, json_schema_input_type=bool | int | float | str | list[ScheduleRow])
]


AsRead = Annotated[
    StrictStr | None, Field(exclude=True, description="As it was read; what is sent counts for nothing.")
]
"""A name beside an id, so that what was read can be sent back as it is."""


class Holder(Body):
    """Who holds a role: a person, or a unit's queue."""

    person: PersonId | None = None
    unit: Unit | None = None

    @model_validator(mode="after")
    def _is_one_of_them(self) -> Self:
        if (self.person is None) == (self.unit is None):
            raise wrong_value(ApiCode.PERSON_OR_UNIT)
        return self

    @property
    def claim(self) -> PartyClaim:
        """Return the holder as commands name it."""
        return PartyClaim(person=self.person, unit=self.unit)


PersonInPath = Annotated[PersonId, Path(description="The id of a person in the municipality's directory.")]


PNumberInPath = Annotated[PNumber, Path(description="The P-number of a production unit, ten digits.")]


UnitInPath = Annotated[Unit, Path(description="The name of a unit of the municipality.")]
