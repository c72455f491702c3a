"""The tables as queries name them; the migrations make them, and a test holds the two together."""

from infra.store.tables.audit import audit, finding
from infra.store.tables.base import METADATA
from infra.store.tables.bulk import bulk_act, bulk_item
from infra.store.tables.courses import (
    IS_SHOWN,
    OPEN_NAME,
    course,
    measure,
    observer,
    party,
    receipt,
    visit,
    waiting,
    workplace,
)
from infra.store.tables.history import command, counted_figure, counted_month, journal, journal_copy, removal, revision
from infra.store.tables.messages import batch, delivery, errand, notice, story_told
from infra.store.tables.registers import (
    absence,
    absence_cover,
    company,
    data_key,
    document,
    person,
    personal_text,
    rule_set,
    session,
    unit,
    working_time,
)
from infra.store.tables.webhooks import webhook, webhook_event, webhook_secret

__all__ = [
    "IS_SHOWN",
    "METADATA",
    "OPEN_NAME",
    "absence",
    "absence_cover",
    "audit",
    "batch",
    "bulk_act",
    "bulk_item",
    "command",
    "company",
    "counted_figure",
    "counted_month",
    "course",
    "data_key",
    "delivery",
    "document",
    "errand",
    "finding",
    "journal",
    "journal_copy",
    "measure",
    "notice",
    "observer",
    "party",
    "person",
    "personal_text",
    "receipt",
    "removal",
    "revision",
    "rule_set",
    "session",
    "story_told",
    "unit",
    "visit",
    "waiting",
    "webhook",
    "webhook_event",
    "webhook_secret",
    "working_time",
    "workplace",
]
