"""What every table shares: the municipality leads its key, and defaults to the transaction's own."""

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, MetaData, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import SchemaItem

METADATA = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    }
)

INSTANT = DateTime(timezone=True)

ERASABLE = JSONB(none_as_null=True)
"""Personal detail: erasing it leaves NULL and the row around it."""

_HERE = text("current_setting('fodslag.municipality')")


def table(name: str, *items: SchemaItem, key: tuple[str, ...]) -> Table:
    """Return a table whose statements need not name the municipality."""
    municipality = Column("municipality", Text, server_default=_HERE, nullable=False)
    return Table(name, METADATA, municipality, *items, PrimaryKeyConstraint("municipality", *key))


def of_course() -> ForeignKeyConstraint:
    """Return the tie of a row to its course."""
    return ForeignKeyConstraint(["municipality", "course_id"], ["course.municipality", "course.course_id"])
