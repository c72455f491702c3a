"""What stands under a caller's case reference already, told to nobody who may not know it (P10)."""

from api.courses.start.models import StartBody
from api.http.budgets import too_many
from api.http.caller import reach_of
from api.http.codes import ApiCode
from api.http.dependencies import Services
from api.http.problems import ProblemError, wrong
from infra.security.cpr import citizen_key
from infra.security.tokens import Claims
from infra.store.engine import Connection
from infra.store.queries import courses
from infra.store.queries.courses import VisibleCourse


def citizen_key_of(body: StartBody, services: Services) -> str | None:
    """Return what recognises the citizen again, made of the CPR number, which goes no further (P10)."""
    if body.citizen.cpr is None:
        return None
    try:
        return citizen_key(services.settings.hmac_key_bytes, body.municipality, body.citizen.cpr)
    except ValueError:
        raise wrong(ApiCode.CPR_MALFORMED, "citizen.cpr") from None


async def course_under(
    connection: Connection, body: StartBody, caller: Claims, services: Services
) -> VisibleCourse | None:
    """Return the open course under the reference, or else the latest.

    Raises ProblemError 409 when it is of another citizen or is not for the caller to see: both are answered alike, and
    the latter 429 after a few guesses. The CPR number is not compared, for nobody may read it, and an open course
    would answer every guess.
    """
    row = await courses.find_by_reference(connection, body.reference)
    if row is None:
        return None
    current = await courses.visible_course(connection, reach_of(caller, services.clock.now()), row.course_id)
    if current is None or current.row.observed_as is not None:
        _expect_guesses_left(caller, services)
        raise _guessed(caller, services)
    if current.row.citizen != body.citizen.reference:
        raise wrong(ApiCode.REFERENCE_TAKEN, "reference")
    return current


def expect_same_citizen(key: str | None, before: VisibleCourse, caller: Claims, services: Services) -> None:
    """Expect that a new course follows one of the same citizen; raises ProblemError 409, or 429 after a few guesses."""
    known = before.row.citizen_key
    if key is None or known is None:
        return
    _expect_guesses_left(caller, services)
    if key != known:
        raise _guessed(caller, services)


def _expect_guesses_left(caller: Claims, services: Services) -> None:
    with too_many():
        services.budgets.guesses.expect_room((caller.municipality, caller.person), services.clock.now())


def _guessed(caller: Claims, services: Services) -> ProblemError:
    """Count an attempt that the answer may tell something by, and return the answer."""
    services.budgets.guesses.count((caller.municipality, caller.person), services.clock.now())
    return wrong(ApiCode.REFERENCE_TAKEN, "reference")
