"""The tables beside the courses: personal text, rules and calendars, people, data keys."""

from sqlalchemy import ARRAY, Column, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from infra.store.tables.base import INSTANT, of_course, table

content = table(
    "content",
    Column("content_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text),
    Column("staged_at", INSTANT, nullable=False),
    Column("staged_by", Text, nullable=False),
    Column("course_id", Uuid),
    Column("adopted_at", INSTANT),
    of_course(),
    Index("content_by_course", "municipality", "course_id"),
    Index("content_by_staged_at", "staged_at", postgresql_where=text("course_id IS NULL")),
    key=("content_id",),
)

document = table(
    "document",
    Column("sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    key=("sha256",),
)

person = table(
    "person",
    Column("person_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("unit", Text),
    Column("employer", Text),
    Column("language", Text, nullable=False),
    Column("working_days", ARRAY(Integer), nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    key=("person_id",),
)

data_key = table(
    "data_key",
    Column("course_id", Uuid, nullable=False),
    Column("master_key_id", Text, nullable=False),
    Column("wrapped", LargeBinary),
    Column("erased_at", INSTANT),
    Index("data_key_by_course", "course_id", unique=True),
    key=("course_id",),
)
