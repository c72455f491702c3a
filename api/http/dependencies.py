"""The services that requests use, given from outside so that tests and the product build the same application."""

from dataclasses import dataclass, field
from typing import Annotated, Final

from fastapi import Depends, Request
from temporalio.client import Client

from api.http.budgets import Budgets
from api.http.feed_heads import FeedHeads
from api.http.streams import Streams
from infra.clock import Clock
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.security.openid import Provider
from infra.security.tokens import Verifier
from infra.settings import Settings
from infra.store.engine import Store
from infra.store.registers.course_ids import CourseIds
from infra.temporal.probe import Probe

DEFAULT_RULES: Final = "jobfirst"
"""The id of the rule set that new courses follow."""


@dataclass(frozen=True, slots=True)
class Services:
    """The store, Temporal and all else that requests use; people log in at `provider`, where there is one."""

    settings: Settings
    store: Store
    course_ids: CourseIds
    client: Client
    verifier: Verifier
    provider: Provider | None
    clock: Clock
    probe: Probe
    rulebooks: Rulebooks
    calendars: Calendars
    streams: Streams
    heads: FeedHeads
    budgets: Budgets = field(default_factory=Budgets)


async def services_of(request: Request) -> Services:
    """Return the services of the application that serves `request`."""
    services: Services = request.app.state.services
    return services


GivenServices = Annotated[Services, Depends(services_of)]
