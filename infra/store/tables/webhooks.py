"""The tables of webhooks: the subscriptions to the feed, their secrets, and what each is to be sent."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Text,
    Uuid,
    text,
)
from sqlalchemy.schema import SchemaItem

from infra.store.tables.base import INSTANT, table


def _of_webhook() -> tuple[SchemaItem, ...]:
    """Return the column and the tie of a row to its webhook."""
    columns = ["webhook.municipality", "webhook.webhook_id"]
    tie = ForeignKeyConstraint(["municipality", "webhook_id"], columns, ondelete="CASCADE")
    return (Column("webhook_id", Uuid, nullable=False), tie)


webhook = table(
    "webhook",
    Column("webhook_id", Uuid, nullable=False),
    Column("url", Text, nullable=False),
    Column("kinds", ARRAY(Text)),
    Column("description", Text),
    Column("owner", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("units", ARRAY(Text)),
    Column("created_at", INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("state_since", INSTANT, nullable=False),
    Column("tx", BigInteger),
    Column("position", BigInteger),
    Column("part", Integer),
    Column("due_at", INSTANT, nullable=False),
    key=("webhook_id",),
)

webhook_secret = table(
    "webhook_secret",
    *_of_webhook(),
    Column("secret_id", Uuid, nullable=False),
    Column("master_key_id", Text, nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("since", INSTANT, nullable=False),
    Column("until", INSTANT),
    key=("webhook_id", "secret_id"),
)

webhook_event = table(
    "webhook_event",
    *_of_webhook(),
    Column("delivery_id", Uuid, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("course_id", Uuid),
    Column("revision", Integer),
    Column("visit", Integer),
    Column("position", BigInteger),
    Column("part", Integer),
    Column("out_of_order", Boolean, server_default=text("false"), nullable=False),
    Column("state", Text, nullable=False),
    Column("queued_at", INSTANT, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("attempts", Integer, server_default=text("0"), nullable=False),
    Column("attempted_at", INSTANT),
    Column("outcome", Text),
    Column("status", Integer),
    Column("failures", Integer, server_default=text("0"), nullable=False),
    Column("failing_since", INSTANT),
    Index(
        "webhook_event_in_order",
        "municipality",
        "webhook_id",
        "course_id",
        "position",
        "part",
        postgresql_where=text("state IN ('pending', 'failing')"),
    ),
    Index("webhook_event_by_age", "municipality", "webhook_id", "queued_at", "delivery_id"),
    key=("webhook_id", "delivery_id"),
)
