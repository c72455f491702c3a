"""Rule sets and calendars by the SHA-256 of their content, so that a decision can always be read again (P8)."""

import json
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from infra.store import tables as t
from infra.store.engine import Connection
from infra.store.rows import StoredRow
from rules.language.rule_set import RuleSet

_D: Final = t.document.c
_IS_OWN: Final = select(
    exists().where(_D.sha256 == bindparam("sha256"), _D.municipality == func.current_setting("fodslag.municipality"))
)


class DocumentKind(StrEnum):
    """What a document is."""

    RULESET = "ruleset"
    CALENDAR = "calendar"


class Document(StoredRow):
    """A document that never changes: another text is another document."""

    sha256: str
    kind: DocumentKind
    name: str
    body: dict[str, Any]


async def put(connection: Connection, kind: DocumentKind, name: str, body: dict[str, Any], sha256: str) -> None:
    """Keep a document of this municipality; once more changes nothing. Those of `default` are everybody's to read."""
    row = {"sha256": sha256, "kind": kind, "name": name, "body": body}
    statement = insert(t.document).on_conflict_do_nothing(constraint=t.document.primary_key)
    await connection.execute(statement, row)


async def put_rule_set(connection: Connection, rule_set: RuleSet) -> None:
    """Keep a rule set of this municipality; once more changes nothing, and its long text is not sent again."""
    if await connection.scalar(_IS_OWN, {"sha256": rule_set.sha256}):
        return
    body = json.loads(rule_set.canonical)
    await put(connection, DocumentKind.RULESET, rule_set.id, body, rule_set.sha256)


async def get(connection: Connection, sha256: str) -> Document | None:
    """Return a document of this municipality or of `default`; they are the same when both have it."""
    statement = select(t.document).where(t.document.c.sha256 == sha256).limit(1)
    row = (await connection.execute(statement)).one_or_none()
    return Document.read(row) if row else None
