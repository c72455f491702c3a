"""Whom a change of a rule set would touch: how many running courses follow each of its versions, and in which units."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from api.directory.names import UnitName, with_names
from api.http.access import Approver
from api.http.caller import reach_of
from api.http.conditional import GivenReading
from api.http.dependencies import GivenServices
from api.http.read_model import ReadModel
from api.http.responses import problems
from api.rulesets.versions import RuleSetIdInPath
from domain.identity import Role
from infra.store.queries.followers import followers

router = APIRouter(tags=["rule sets"])


class FollowersOfUnit(ReadModel):
    """How many running courses of a unit follow one version."""

    version: str
    sha256: str = Field(description="Names the version; a re-pin moves courses `instead_of` it.")
    unit: str
    courses: Annotated[int, Field(description="Courses that are not closed; who they are is not said.")]
    unit_name: UnitName = None


class RuleSetFollowers(ReadModel):
    """The running courses that follow a rule set, by version and unit."""

    total: int
    items: list[FollowersOfUnit]


@router.get("/v1/rulesets/{rule_set}/followers", summary="Who follows a rule set?", responses=problems())
async def list_followers(
    rule_set: RuleSetIdInPath, services: GivenServices, caller: Approver, _reading: GivenReading
) -> RuleSetFollowers:
    """Return how many running courses follow each version of a rule set, unit by unit.

    Rule editors are told of the whole municipality, supervisors of the units that they govern.
    """
    governed = reach_of(caller, services.clock.now()).governed_units
    units = None if Role.RULE_EDITOR in caller.roles else governed
    async with services.store.municipality(caller.municipality) as connection:
        counted = await followers(connection, rule_set, units)
        items = [FollowersOfUnit.of(row) for row in counted]
        named: list[FollowersOfUnit] = await with_names(connection, items)
    return RuleSetFollowers(total=sum(item.courses for item in named), items=named)
