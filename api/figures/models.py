"""The figures as they are read: what each counts, by which words of which rules, and of which unit and months."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from api.directory.names import UnitName
from api.http.read_model import ReadModel
from api.text.steps import StepRead
from domain.figures import Figure

Month = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-03"])]


class By(StrEnum):
    """In which parts a period is counted; a part at its ends is cut off."""

    WHOLE = "whole"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class PeriodRead(ReadModel):
    """Whole months, from the first to the last."""

    first: Month
    last: Month


class UnitNamed(ReadModel):
    """A unit, by id and by name."""

    unit: str
    unit_name: UnitName = None


class FigureValue(ReadModel):
    """The figure of a unit, or of all that the caller governs together, in a period."""

    unit: str | None = Field(description="Null for all together.")
    unit_name: UnitName = None
    period: PeriodRead
    number: int = Field(description="How many things were counted, never fewer than five.")
    median: int | None = Field(description="Half of them took so many days at most; null for a share.")
    p90: int | None = Field(description="Nine tenths took so many days at most; null for a share and below fifty.")
    percent: int | None = Field(description="How many of a hundred; null for days.")


class RulesNamed(ReadModel):
    """The rules by which something was counted."""

    id: str
    title: str


class FigureRead(ReadModel):
    """One figure. What has no value here had too few people, or none."""

    figure: Figure
    rule_set: RulesNamed
    step: StepRead | None = Field(description="Null for a figure that is of no single step.")
    label: str
    definition: str = Field(description="What is counted, from which event to which, and what becomes of open courses.")
    values: list[FigureValue]


class StatisticsRead(ReadModel):
    """How it goes in the units that the caller governs."""

    is_on: bool = Field(description="Figures are off until the municipality's staff was heard.")
    why_off: str | None = Field(description="Why there are none, and who turns them on.")
    counted_until: Month | None = Field(description="The last month that is counted; null before the first count.")
    period: PeriodRead | None = Field(description="What is counted here; null before the first count.")
    units: list[UnitNamed] = Field(description="Units of which there are figures of their own in the period.")
    figures: list[FigureRead]
