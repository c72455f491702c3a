"""The tables of the audit: what it found, when it was complete, and how long it took."""

from sqlalchemy import Column, Float, Text, Uuid

from infra.store.tables.base import INSTANT, table

finding = table(
    "finding",
    Column("kind", Text, nullable=False),
    Column("subject", Uuid, nullable=False),
    Column("what", Text, nullable=False),
    Column("course_id", Uuid),
    Column("first_seen", INSTANT, nullable=False),
    Column("last_seen", INSTANT, nullable=False),
    Column("mended_at", INSTANT),
    key=("kind", "subject", "what"),
)

audit = table(
    "audit",
    Column("completed_at", INSTANT, nullable=False),
    Column("seconds", Float, nullable=False),
    key=(),
)
