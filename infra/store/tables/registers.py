"""The tables beside courses: personal text, rules and calendars, people, their time and sessions, companies, keys."""

from sqlalchemy import ARRAY, Column, Date, ForeignKeyConstraint, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from infra.store.tables.base import INSTANT, of_course, table

personal_text = table(
    "personal_text",
    Column("text_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text),
    Column("staged_at", INSTANT, nullable=False),
    Column("staged_by", Text, nullable=False),
    Column("course_id", Uuid),
    Column("adopted_at", INSTANT),
    of_course(),
    Index("personal_text_by_course", "municipality", "course_id"),
    Index("personal_text_by_staged_at", "staged_at", postgresql_where=text("course_id IS NULL")),
    key=("text_id",),
)

document = table(
    "document",
    Column("sha256", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    key=("sha256",),
)

rule_set = table(
    "rule_set",
    Column("rule_set_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("amends", Text),
    Column("follows", Text),
    Column("toml", Text),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", INSTANT, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", INSTANT),
    Column("withdrawn_by", Text),
    Column("withdrawn_at", INSTANT),
    ForeignKeyConstraint(["municipality", "sha256"], ["document.municipality", "document.sha256"]),
    ForeignKeyConstraint(
        ["municipality", "rule_set_id", "follows"],
        ["rule_set.municipality", "rule_set.rule_set_id", "rule_set.version"],
    ),
    key=("rule_set_id", "version"),
)

person = table(
    "person",
    Column("person_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("roles", ARRAY(Text), nullable=False),
    Column("unit", Text),
    Column("employer", Text),
    Column("language", Text, nullable=False),
    Column("gathering", Text, nullable=False),
    Column("working_days", ARRAY(Integer)),
    Column("working_hours", JSONB(none_as_null=True)),
    Column("updated_at", INSTANT, nullable=False),
    key=("person_id",),
)

unit = table(
    "unit",
    Column("unit_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("updated_at", INSTANT, nullable=False),
    key=("unit_id",),
)

absence = table(
    "absence",
    Column("person_id", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("looked_at_on", Date),
    Column("handed_over_at", INSTANT),
    Column("handed_over_by_acts", ARRAY(Uuid), server_default=text("'{}'"), nullable=False),
    ForeignKeyConstraint(["municipality", "person_id"], ["person.municipality", "person.person_id"]),
    key=("person_id", "since"),
)

absence_cover = table(
    "absence_cover",
    Column("person_id", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("cover", Text, nullable=False),
    Column("courses", ARRAY(Uuid)),
    ForeignKeyConstraint(
        ["municipality", "person_id", "since"],
        ["absence.municipality", "absence.person_id", "absence.since"],
        ondelete="CASCADE",
    ),
    ForeignKeyConstraint(["municipality", "cover"], ["person.municipality", "person.person_id"]),
    Index("absence_cover_by_cover", "municipality", "cover"),
    key=("person_id", "since", "ordinal"),
)

working_time = table(
    "working_time",
    Column("office", JSONB(none_as_null=True)),
    Column("calendar", Text),
    Column("own_times", Uuid),
    Column("moved", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    ForeignKeyConstraint(["municipality", "calendar"], ["document.municipality", "document.sha256"]),
    key=(),
)

company = table(
    "company",
    Column("p_number", Text, nullable=False),
    Column("cvr", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("contacts", JSONB, nullable=False),
    Column("opportunities", JSONB, nullable=False),
    Column("ratios", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Column("changed_by", Text, nullable=False),
    Index("company_by_name", "municipality", "name", "p_number"),
    key=("p_number",),
)

session = table(
    "session",
    Column("hash", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("units", ARRAY(Text), nullable=False),
    Column("since", INSTANT, nullable=False),
    Column("until", INSTANT, nullable=False),
    Index("session_by_person", "municipality", "person"),
    key=("hash",),
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
