"""The activities behind `workflows.ports`: what workers do to the store, to channels and to Temporal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from temporalio.client import Client

from activities.apply import CommandApplier
from activities.audit import StoreAudit
from activities.batches import Batches
from activities.carry import Courier
from activities.channels import Channel
from activities.channels.log import LogChannel
from activities.courier import CourierTurn, UnreachableReport
from activities.placing import Placing
from activities.renew import CourseRenewer
from activities.webhooks.sender import WebhookSender
from infra.clock import SystemClock
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.settings import SettingsError
from infra.store.engine import Store

CHANNELS: Final[dict[str, Callable[[], Channel]]] = {"log": LogChannel}
"""The outward channels by their name in FODSLAG_CHANNELS."""

NO_CHANNEL: Final = "none"
"""The name in FODSLAG_CHANNELS that stands for no outward channel."""


def channels_named(names: Sequence[str]) -> list[Channel]:
    """Return the channels with these names; raises SettingsError for a name that no channel has."""
    wanted = [name for name in names if name != NO_CHANNEL]
    unknown = [name for name in wanted if name not in CHANNELS]
    if unknown:
        allowed = ", ".join([*CHANNELS, NO_CHANNEL])
        raise SettingsError(f"FODSLAG_CHANNELS kan kun nævne / may only name: {allowed}")
    return [CHANNELS[name]() for name in wanted]


@dataclass(frozen=True)
class Activities:
    """The activities of a worker, with the services that they use."""

    client: Client
    store: Store
    rulebooks: Rulebooks
    calendars: Calendars
    channels: Sequence[Channel]
    webhooks: WebhookSender

    @property
    def for_courses(self) -> list[Callable[..., Any]]:
        """The activities of the course queue, which run in the process of the workflow."""
        channels = [channel.name for channel in self.channels]
        return [CommandApplier(self.store, self.rulebooks, self.calendars, channels).apply]

    @property
    def courier(self) -> Courier:
        """What carries notices outward."""
        placing = Placing(self.store, self.calendars, self.rulebooks)
        batches = Batches(self.store, self.calendars)
        return Courier(self.store, placing, batches, self.channels, UnreachableReport(self.client))

    @property
    def for_courier(self) -> list[Callable[..., Any]]:
        """The activities of the courier's queue."""
        turn = CourierTurn(self.courier, self.webhooks, self.store, SystemClock())
        renewer = CourseRenewer(self.store, self.client)
        return [turn.carry_notices, StoreAudit(self.store).sweep, renewer.renew_courses]
