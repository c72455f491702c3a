"""The activities behind `workflows.ports`: what workers do to the store, to channels and to Temporal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from temporalio.client import Client

from activities.absences import AbsenceLook
from activities.apply import CommandApplier
from activities.audit.auditor import Auditor
from activities.audit.foresight import Foresight
from activities.batches import Batches
from activities.bulk import BulkRunner
from activities.carry import Courier
from activities.channels import Channel
from activities.channels.email import EmailChannel
from activities.channels.log import LogChannel
from activities.courier import CourierTurn, UnreachableReport
from activities.figures import FigureCount
from activities.inviting import Sender
from activities.placing import Placing
from activities.renew import CourseRenewer
from activities.webhooks.sender import WebhookSender
from activities.writing import Writer
from infra.clock import SystemClock
from infra.documents.calendars import Calendars
from infra.documents.rulebooks import Rulebooks
from infra.settings import Settings, SettingsError
from infra.smtp_server import read_smtp_url
from infra.store.engine import Store

NO_CHANNEL: Final = "none"
"""The name in FODSLAG_CHANNELS that stands for no outward channel."""


def _email(settings: Settings) -> EmailChannel:
    """Return the channel of mails; raises SettingsError when it is not said from whom and by which server."""
    if not settings.smtp_url or not settings.mail_from:
        raise SettingsError(
            "FODSLAG_SMTP_URL og FODSLAG_MAIL_FROM skal være sat, når FODSLAG_CHANNELS nævner email"
            " / must be set when FODSLAG_CHANNELS names email"
        )
    return EmailChannel(read_smtp_url(settings.smtp_url), settings.mail_from, settings.smtp_ca_file or None)


CHANNELS: Final[dict[str, Callable[[Settings], Channel]]] = {"log": lambda _settings: LogChannel(), "email": _email}
"""The outward channels by their name in FODSLAG_CHANNELS."""


def channels_of(settings: Settings) -> list[Channel]:
    """Return the channels of an installation; raises SettingsError for a name that no channel has."""
    wanted = [name for name in settings.channels if name != NO_CHANNEL]
    unknown = [name for name in wanted if name not in CHANNELS]
    if unknown:
        allowed = ", ".join([*CHANNELS, NO_CHANNEL])
        raise SettingsError(f"FODSLAG_CHANNELS kan kun nævne / may only name: {allowed}")
    return [CHANNELS[name](settings) for name in wanted]


@dataclass(frozen=True)
class Activities:
    """The activities of a worker, with the services that they use."""

    client: Client
    store: Store
    rulebooks: Rulebooks
    calendars: Calendars
    channels: Sequence[Channel]
    webhooks: WebhookSender
    mails_from: Sender = field(default_factory=Sender)
    heartbeat_url: str = ""
    statistics_in: Sequence[str] = ()

    @property
    def for_courses(self) -> list[Callable[..., Any]]:
        """The activities of the course queue, which run in the process of the workflow."""
        channels = [channel.name for channel in self.channels]
        return [CommandApplier(self.store, self.rulebooks, self.calendars, channels).apply]

    @property
    def batches(self) -> Batches:
        """What fixes what goes out together."""
        return Batches(self.store, self.calendars, Writer(self.rulebooks, self.calendars, self.mails_from))

    @property
    def courier(self) -> Courier:
        """What carries notices outward."""
        placing = Placing(self.store, self.calendars, self.rulebooks)
        return Courier(self.store, placing, self.batches, self.channels, UnreachableReport(self.client))

    @property
    def absence_look(self) -> AbsenceLook:
        """What looks who is to be told of absences."""
        channels = [channel.name for channel in self.channels]
        return AbsenceLook(self.store, self.calendars, self.rulebooks, channels)

    @property
    def figure_count(self) -> FigureCount:
        """What counts figures where staff was heard."""
        return FigureCount(self.store, self.statistics_in)

    @property
    def bulk_runner(self) -> BulkRunner:
        """What gives many courses their commands."""
        return BulkRunner(self.store, self.client)

    @property
    def auditor(self) -> Auditor:
        """What looks after all the others."""
        foresight = Foresight(self.store, self.rulebooks, self.calendars)
        return Auditor(self.store, self.client, foresight, self.heartbeat_url)

    @property
    def for_courier(self) -> list[Callable[..., Any]]:
        """The activities of the courier's queue."""
        turn = CourierTurn(self.courier, self.webhooks, self.bulk_runner, self.store, SystemClock())
        renewer = CourseRenewer(self.store, self.client, self.absence_look, self.figure_count, SystemClock())
        return [turn.carry_notices, self.auditor.audit, renewer.renew_courses]
