"""The channel that writes notices to the structured log: proof of the path, and a feed for a log shipper."""

import structlog

from activities.channels import Batch

_log = structlog.get_logger(__name__)


class LogChannel:
    """Carries notices to the log; what is written is delivered."""

    name = "log"
    gathers = False

    async def carry(self, batch: Batch) -> bool:
        """Write a line for each notice with its identity, under the id of the batch."""
        for member in batch.members:
            to = {"municipality": batch.municipality, "recipient": batch.recipient}
            _log.info("notice", id=str(batch.id), **to, **member.model_dump(mode="json"))
        return True
