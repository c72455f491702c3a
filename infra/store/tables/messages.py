"""The tables of notices, of what channels still have to carry of them and together, and of each attempt to.

And of the good story that each person's last list ended with.
"""

from sqlalchemy import Column, Date, ForeignKeyConstraint, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from infra.store.tables.base import INSTANT, of_course, table

notice = table(
    "notice",
    Column("notice_id", Uuid, nullable=False),
    Column("course_id", Uuid),
    Column("about", Text, nullable=False),
    Column("recipient_kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", JSONB, nullable=False),
    Column("visit", Integer),
    Column("level", Integer),
    Column("waiting", Text),
    Column("revision", Integer, server_default=text("0"), nullable=False),
    Column("queued_at", INSTANT, nullable=False),
    Column("sent_at", INSTANT),
    Column("delivered_at", INSTANT),
    Column("seen_at", INSTANT),
    Column("seen_by", Text),
    Column("done_at", INSTANT),
    Column("attempts", Integer, server_default=text("0"), nullable=False),
    of_course(),
    Index("notice_by_course", "municipality", "course_id", "revision"),
    Index(
        "notice_by_recipient",
        "municipality",
        "recipient_kind",
        "recipient",
        "queued_at",
        postgresql_where=text("done_at IS NULL"),
    ),
    Index("notice_of_absence", "municipality", postgresql_where=text("course_id IS NULL AND done_at IS NULL")),
    key=("notice_id",),
)

batch = table(
    "batch",
    Column("batch_id", Uuid, nullable=False),
    Column("content", JSONB, nullable=False),
    key=("batch_id",),
)

story_told = table(
    "story_told",
    Column("person_id", Text, nullable=False),
    Column("story", Uuid, nullable=False),
    Column("told_on", Date, nullable=False),
    key=("person_id",),
)

errand = table(
    "errand",
    Column("notice_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("failures", Integer, server_default=text("0"), nullable=False),
    Column("failing_since", INSTANT),
    Column("batch_id", Uuid),
    ForeignKeyConstraint(["municipality", "notice_id"], ["notice.municipality", "notice.notice_id"]),
    ForeignKeyConstraint(["municipality", "batch_id"], ["batch.municipality", "batch.batch_id"]),
    Index("errand_by_channel", "channel", "municipality", "due_at"),
    Index("errand_by_batch", "municipality", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
    key=("notice_id", "channel", "person"),
)

delivery = table(
    "delivery",
    Column("notice_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("attempt_id", Text, nullable=False),
    Column("batch_id", Uuid, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("outcome", Text, nullable=False),
    ForeignKeyConstraint(["municipality", "notice_id"], ["notice.municipality", "notice.notice_id"]),
    key=("notice_id", "channel", "person", "attempt_id"),
)
