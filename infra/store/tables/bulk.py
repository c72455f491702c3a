"""The tables of what somebody ordered of many courses at once, and of the command to each of them."""

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from infra.store.tables.base import INSTANT, of_course, table

bulk_act = table(
    "bulk_act",
    Column("bulk_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", INSTANT, nullable=False),
    key=("bulk_id",),
)

bulk_item = table(
    "bulk_item",
    Column("bulk_id", Uuid, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("course_id", Uuid, nullable=False),
    Column("command", JSONB(none_as_null=True)),
    Column("text_id", Uuid),
    Column("state", Text, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("failures", Integer, server_default=text("0"), nullable=False),
    Column("ended_at", INSTANT),
    Column("revision", Integer),
    Column("problems", JSONB(none_as_null=True)),
    of_course(),
    ForeignKeyConstraint(["municipality", "bulk_id"], ["bulk_act.municipality", "bulk_act.bulk_id"]),
    Index("bulk_item_by_due", "municipality", "due_at", postgresql_where=text("state = 'waiting'")),
    Index("bulk_item_by_course", "municipality", "course_id"),
    Index("bulk_item_by_text", "municipality", "text_id", postgresql_where=text("state = 'waiting'")),
    key=("bulk_id", "ordinal"),
)
