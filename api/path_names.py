"""What several paths name, described once."""

from typing import Annotated

from fastapi import Path

from api.http.fields import PNumber
from domain.identity import PersonId, Unit

PersonInPath = Annotated[PersonId, Path(description="The id of a person in the municipality's directory.")]
PNumberInPath = Annotated[PNumber, Path(description="The P-number of a production unit, ten digits.")]
UnitInPath = Annotated[Unit, Path(description="The name of a unit of the municipality.")]
