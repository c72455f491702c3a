"""The channel that writes a notice to the structured log: proof of the path, and a feed for a log shipper."""

import structlog

from activities.channels import Message

_log = structlog.get_logger(__name__)


class LogChannel:
    """Carries notices to the log; what is written is delivered."""

    name = "log"

    async def carry(self, message: Message) -> bool:
        """Write one line with the notice's identity."""
        _log.info("notice", **message.model_dump(mode="json"))
        return True
