"""The tables as queries name them; the migrations make them, and a test holds the two together."""

from infra.store.tables.base import METADATA
from infra.store.tables.history import command, journal, removal, revision
from infra.store.tables.messages import delivery, notice
from infra.store.tables.registers import (
    absence,
    absence_cover,
    company,
    content,
    data_key,
    document,
    person,
    unit,
    working_time,
)
from infra.store.tables.standing import OPEN_NAME, course, observer, party, receipt, visit, waiting, workplace

__all__ = [
    "METADATA",
    "OPEN_NAME",
    "absence",
    "absence_cover",
    "command",
    "company",
    "content",
    "course",
    "data_key",
    "delivery",
    "document",
    "journal",
    "notice",
    "observer",
    "party",
    "person",
    "receipt",
    "removal",
    "revision",
    "unit",
    "visit",
    "waiting",
    "working_time",
    "workplace",
]
