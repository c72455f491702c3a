"""The tables that are only added to: what happened, as what revision, and what each command was answered."""

from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from infra.store.tables.base import ERASABLE, INSTANT, of_course, table

_TRANSACTION = text("pg_current_xact_id()::text::bigint")

revision = table(
    "revision",
    Column("course_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("command_id", Uuid),
    Column("recorded_at", INSTANT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("snapshot", ERASABLE),
    of_course(),
    key=("course_id", "epoch", "revision"),
)

journal = table(
    "journal",
    Column("course_id", Uuid, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("tx", BigInteger, server_default=_TRANSACTION, nullable=False),
    Column("kind", Text, nullable=False),
    Column("v", Integer, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("visit", Integer),
    Column("detail", ERASABLE),
    of_course(),
    Index("journal_as_feed", "municipality", "tx", "position"),
    Index(
        "journal_by_escalation",
        "municipality",
        text("(detail ->> 'escalation')"),
        postgresql_where=text("kind = 'escalation_taken'"),
    ),
    key=("course_id", "epoch", "revision", "seq"),
)

journal_copy = table(
    "journal_copy",
    Column("course_id", Uuid, nullable=False),
    Column("audience", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("copied_by", Text, nullable=False),
    Column("copied_at", INSTANT, nullable=False),
    of_course(),
    key=("course_id", "audience"),
)

removal = table(
    "removal",
    Column("removal_id", Uuid, nullable=False),
    Column("course_id", Uuid, nullable=False),
    Column("entry", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", INSTANT, nullable=False),
    Column("removed_by", Text, nullable=False),
    Column("removed_at", INSTANT, nullable=False),
    Column("reason", Uuid, nullable=False),
    Column("shown_to", ARRAY(Text), nullable=False),
    Column("content", ERASABLE),
    Column("agreed_by", Text),
    Column("agreed_at", INSTANT),
    of_course(),
    Index("removal_by_time", "municipality", "removed_at", "removal_id"),
    key=("removal_id",),
)

command = table(
    "command",
    Column("course_id", Uuid, nullable=False),
    Column("command_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("answer", JSONB, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Index("command_that_started", "municipality", "command_id", postgresql_where=text("kind = 'start_course'")),
    key=("course_id", "command_id"),
)

counted_figure = table(
    "counted_figure",
    Column("figure", Text, nullable=False),
    Column("rules_id", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("first_month", Date, nullable=False),
    Column("last_month", Date, nullable=False),
    Column("rules_sha256", Text, nullable=False),
    Column("amounts", ARRAY(Integer), nullable=False),
    key=("figure", "rules_id", "step", "unit", "first_month"),
)

counted_month = table(
    "counted_month",
    Column("month", Date, nullable=False),
    Column("counted_at", INSTANT, nullable=False),
    key=("month",),
)

RECONCILED: Final = "reconciled"
"""The kind of the journal row for a store that was behind its workflow; it is no event of the course."""
