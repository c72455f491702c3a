"""The tables of notices, of what channels still have to carry of them and together, and of each attempt to.

And of the good story that each person's last list ended with.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKeyConstraint, Index, Integer, Text, Uuid, false, text
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
    Column("item", Text),
    Column("until", INSTANT),
    Column("look_again_at", INSTANT),
    Column("superseded", Boolean, server_default=false(), nullable=False),
    Column("told_supervisors", Boolean, server_default=false(), nullable=False),
    Column("told_others", Boolean, server_default=false(), nullable=False),
    of_course(),
    Index("notice_by_course", "municipality", "course_id", "revision"),
    Index("notice_of_absence", "municipality", postgresql_where=text("course_id IS NULL AND done_at IS NULL")),
    key=("notice_id",),
)

_OF_LIST = ("municipality", "recipient_kind", "recipient", "told_supervisors")
_IS_LISTED = "done_at IS NULL AND NOT superseded"
for _name, _order, _where in (
    ("notice_by_until", notice.c.until, f"{_IS_LISTED} AND until IS NOT NULL"),
    ("notice_by_queued_at", notice.c.queued_at.desc(), _IS_LISTED),
):
    Index(
        _name,
        *(notice.c[column] for column in _OF_LIST),
        _order,
        notice.c.notice_id.desc(),
        postgresql_where=text(_where),
    )
Index(
    "notice_taken",
    notice.c.municipality,
    notice.c.recipient,
    notice.c.look_again_at,
    postgresql_where=text(f"{_IS_LISTED} AND look_again_at IS NOT NULL"),
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
