"""The part of the nightly audit that changes the store."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from temporalio import activity

from infra.store.engine import Store
from infra.store.registers import texts

STAGED_FOR: Final = timedelta(days=1)
"""How long a staged text may wait for the command that adopts it; a retry under the same key comes sooner."""

_log = structlog.get_logger(__name__)


class StoreAudit:
    """The activity `sweep`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @activity.defn(name="sweep")
    async def sweep(self, now: datetime) -> int:
        """Drop texts that were staged a day ago and never adopted, in every municipality; return how many."""
        swept = await texts.sweep(self._store, now - STAGED_FOR)
        _log.info("staged texts swept", count=swept)
        return swept
