"""The tables of each course as it is now."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
    case,
    false,
    literal_column,
    null,
    or_,
    text,
)

from infra.store.tables.base import INSTANT, of_course, table

course = table(
    "course",
    Column("course_id", Uuid, nullable=False),
    Column("unit", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("follows", Uuid),
    Column("citizen", Text, nullable=False),
    Column("citizen_text", Uuid),
    Column("citizen_key", Text),
    Column("protected", Boolean, server_default=false(), nullable=False),
    Column("status", Text, nullable=False),
    Column("steps", ARRAY(Text), nullable=False),
    Column("outcome", Text),
    Column("started_on", Date, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("rules_id", Text, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("rules_sha256", Text, nullable=False),
    Column("is_stalled", Boolean, nullable=False),
    Column("is_ahead_of_informing", Boolean, nullable=False),
    Column("due_at", INSTANT),
    Column("waiting_since", INSTANT),
    Column("wakeup", INSTANT),
    Column("story", Uuid),
    Column("story_approved", Boolean, nullable=False),
    UniqueConstraint("municipality", "reference", "ordinal"),
    Index("course_by_started_on", "municipality", "started_on", "course_id"),
    Index("course_by_updated_at", "municipality", "updated_at", "course_id"),
    Index("course_by_citizen", "municipality", "citizen"),
    Index("course_by_unit", "municipality", "unit"),
    Index("course_open_in_unit", "municipality", "unit", postgresql_where=text("status <> 'completed'")),
    Index(
        "course_on_the_board",
        "municipality",
        "course_id",
        postgresql_include=("unit", "steps", "rules_id", "rules_sha256", "status", "due_at"),
        postgresql_where=text("status <> 'completed'"),
    ),
    Index("course_by_story", "municipality", "story", unique=True, postgresql_where=text("story IS NOT NULL")),
    key=("course_id",),
)
Index(
    "course_by_due_at",
    course.c.municipality,
    text("coalesce(due_at, 'infinity'::timestamptz)"),
    course.c.course_id,
)
Index(
    "course_by_waiting_since",
    course.c.municipality,
    text("coalesce(waiting_since, 'infinity'::timestamptz)"),
    course.c.course_id,
)

OPEN_NAME = case((course.c.protected, null()), else_=course.c.citizen_text).label("citizen_text")
"""The id of the citizen's name where everybody who sees the course may read it (P10)."""

visit = table(
    "visit",
    Column("course_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("entered_on", Date, nullable=False),
    Column("entered_at", INSTANT, nullable=False),
    Column("left_at", INSTANT),
    Column("ready", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("issued_at", INSTANT),
    Column("went_ahead", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("breaches", ARRAY(Text), nullable=False),
    of_course(),
    Index(
        "visit_by_entered_at",
        "municipality",
        "entered_at",
        postgresql_include=("course_id", "number", "step", "went_ahead", "withdrawn"),
    ),
    Index(
        "visit_first",
        "municipality",
        "course_id",
        postgresql_include=("entered_at",),
        postgresql_where=text("number = 1"),
    ),
    key=("course_id", "number"),
)

receipt = table(
    "receipt",
    Column("course_id", Uuid, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("role", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("acted_by", Text, nullable=False),
    Column("acknowledged_at", INSTANT),
    Column("disputed_at", INSTANT),
    Column("on_behalf", Text),
    of_course(),
    key=("course_id", "visit", "version", "role", "person"),
)

waiting = table(
    "waiting",
    Column("course_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("visit", Integer),
    Column("what", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("persons", ARRAY(Text), nullable=False),
    Column("since", INSTANT, nullable=False),
    Column("until", INSTANT),
    Column("level", Integer, nullable=False),
    Column("next_rung_at", INSTANT),
    Column("escalation", Uuid),
    Column("escalated_at", INSTANT),
    Column("is_foremost", Boolean, nullable=False),
    Column("taken_by", Text),
    Column("taken_at", INSTANT),
    Column("look_again_at", INSTANT),
    Column("taken_reason", Uuid),
    Column("waiting_on", Text),
    Column("answered_until", INSTANT),
    of_course(),
    Index("waiting_by_escalation", "municipality", "escalation", postgresql_where=text("escalation IS NOT NULL")),
    Index("waiting_by_silence", "municipality", "since", "escalation", postgresql_where=text("escalation IS NOT NULL")),
    Index("waiting_by_next_rung", "next_rung_at", postgresql_where=text("next_rung_at IS NOT NULL")),
    key=("course_id", "key"),
)

Index(
    "waiting_foremost",
    waiting.c.municipality,
    waiting.c.course_id,
    postgresql_include=(
        *("until", "escalation", "escalated_at"),
        *("taken_by", "look_again_at", "waiting_on", "answered_until"),
    ),
    postgresql_where=text("is_foremost"),
)
Index(
    "waiting_on_the_board",
    waiting.c.municipality,
    text("coalesce(until, 'infinity'::timestamptz)"),
    waiting.c.course_id,
    postgresql_where=text("is_foremost"),
)

IS_SHOWN = or_(waiting.c.kind != literal_column("'silence'"), waiting.c.level > literal_column("0"))
"""Whether people see a wait, as `domain.state.waiting.Waiting.is_shown` says."""

party = table(
    "party",
    Column("course_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("person", Text),
    Column("unit", Text),
    Column("since", INSTANT, nullable=False),
    of_course(),
    Index("party_by_person", "municipality", "person"),
    Index("party_by_unit", "municipality", "unit", postgresql_where=text("unit IS NOT NULL")),
    key=("course_id", "role"),
)

observer = table(
    "observer",
    Column("course_id", Uuid, nullable=False),
    Column("person", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("since", INSTANT, nullable=False),
    of_course(),
    Index("observer_by_person", "municipality", "person"),
    key=("course_id", "person"),
)

workplace = table(
    "workplace",
    Column("course_id", Uuid, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("p_number", Text, nullable=False),
    of_course(),
    Index("workplace_by_p_number", "municipality", "p_number", "course_id"),
    key=("course_id", "visit", "step"),
)

measure = table(
    "measure",
    Column("course_id", Uuid, nullable=False),
    Column("visit", Integer, nullable=False),
    Column("step", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("begun_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("both_present", Boolean),
    of_course(),
    key=("course_id", "visit", "step"),
)
