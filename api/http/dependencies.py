"""The parts an API is made of, given to it from outside so that tests and the product build the same thing."""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from temporalio.client import Client

from api.http.streams import Streams
from infra.clock import Clock
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.security.tokens import Verifier
from infra.settings import Settings
from infra.store.engine import Store
from infra.temporal.probe import Probe
from rules.language.rule_set import RuleSet

DEFAULT_RULES: Final = "jobfirst"
"""The id of the rule set that new courses follow."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What requests are answered with; `rule_sets` are those a new course can begin with."""

    settings: Settings
    store: Store
    client: Client
    verifier: Verifier
    clock: Clock
    probe: Probe
    rulebooks: Rulebooks
    calendars: Calendars
    rule_sets: tuple[RuleSet, ...]
    streams: Streams


async def parts_of(request: Request) -> Parts:
    """Return the parts of the application that serves `request`."""
    parts: Parts = request.app.state.parts
    return parts


GivenParts = Annotated[Parts, Depends(parts_of)]
