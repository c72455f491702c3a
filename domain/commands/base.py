"""What every command carries."""

from uuid import UUID

from domain.identity import Actor
from domain.model import Model


class CommandBase(Model):
    """What every command carries: its identity, who asks, the body's keyed digest and the logs' correlation id (P7)."""

    id: UUID
    actor: Actor
    digest: str = ""
    expected_revisions: tuple[int, ...] | None = None
    correlation: str | None = None

    @property
    def keeps_refusal(self) -> bool:
        """Whether a refusal is the answer to every repeat; else the command is judged anew (P7)."""
        return True

    @property
    def given_to(self) -> frozenset[str]:
        """Return the persons to whom it gives a role."""
        return frozenset()
