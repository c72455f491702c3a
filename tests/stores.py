"""The two ways into a store, so that each test writes as the program does whose part it plays."""

from dataclasses import dataclass

from infra.store.engine import Store, create_engine
from infra.store.logins import Login
from standalone.postgres import PostgresServer


@dataclass(frozen=True)
class Stores:
    """One database as the API reaches it and as the worker does."""

    api: Store
    worker: Store

    @classmethod
    def of(cls, server: PostgresServer) -> "Stores":
        """Return the ways into a server that was migrated."""
        return cls(*(Store(create_engine(server.url(login), login)) for login in (Login.API, Login.WORKER)))

    async def close(self) -> None:
        """Close every connection."""
        await self.api.close()
        await self.worker.close()
