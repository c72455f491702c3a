"""Everything a worker does to the world: the activities behind `workflows.ports`, put together in one place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from temporalio.client import Client

from activities.apply import Applying
from activities.audit import Auditing
from activities.channels import Channel
from activities.channels.log import LogChannel
from activities.deliver import Announcing, Delivering
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.settings import SettingsError
from infra.store.engine import Store

CHANNELS: Final[dict[str, Callable[[], Channel]]] = {"log": LogChannel}
"""The outward channels by the name that FODSLAG_CHANNELS knows them by."""

NO_CHANNEL: Final = "none"
"""The name that says that nothing goes outward; the inbox is always there."""


def channels_named(names: Sequence[str]) -> list[Channel]:
    """Return the channels with these names; `none` is no channel at all.

    Raises SettingsError naming FODSLAG_CHANNELS for a name that no channel has.
    """
    wanted = [name for name in names if name != NO_CHANNEL]
    unknown = [name for name in wanted if name not in CHANNELS]
    if unknown:
        known = ", ".join([*CHANNELS, NO_CHANNEL])
        raise SettingsError(f"FODSLAG_CHANNELS kan kun nævne / may only name: {known}")
    return [CHANNELS[name]() for name in wanted]


@dataclass(frozen=True)
class Parts:
    """What activities are made of."""

    client: Client
    store: Store
    rulebooks: Rulebooks
    calendars: Calendars
    channels: Sequence[Channel]

    @property
    def of_courses(self) -> list[Callable[..., Any]]:
        """Return the activities of the course queue, which run beside the workflow."""
        announcing = Announcing(self.client)
        applying = Applying(self.store, self.rulebooks, self.calendars, announcing if self.channels else None)
        return [applying.apply, announcing.start_notices]

    @property
    def of_notices(self) -> list[Callable[..., Any]]:
        """Return the activities of the notice queue."""
        delivering = Delivering(self.store, self.calendars, self.channels)
        return [delivering.deliver, Announcing(self.client).report_unreachable, Auditing(self.store).sweep]
