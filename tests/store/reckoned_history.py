"""What is only added to of a course: revisions, each chained to the one before, journal and answers (P7, P8)."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.commands import Command
from domain.events import Event

Row = dict[str, Any]
Rows = dict[tuple[Any, ...], Row]

ENGINE: Final = "@fodslag"
_ENVELOPE: Final = ("kind", "v", "at", "by", "visit")
_IDS: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class ReckonedHistory:
    """The newest place of a course in its history, and the rows of that by table and key."""

    def __init__(self) -> None:
        self.epoch, self.revision, self.digest = 1, 0, ""
        self.tables: dict[str, Rows] = {"revision": {}, "journal": {}, "command": {}}

    @property
    def place(self) -> Row:
        """Return the newest revision and what chains it to all before."""
        return {"epoch": self.epoch, "revision": self.revision, "digest": self.digest}

    def happened(self, command: Command, events: Iterable[Event], now: datetime) -> set[UUID]:
        """Let a command have happened, and return all ids that its events name."""
        written = [event.model_dump(mode="json") for event in events]
        text = json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self.revision, self.digest = self.revision + 1, hashlib.sha256(f"{self.digest}\n{text}".encode()).hexdigest()
        self._revise(command.id, command.actor.person, now)
        for seq, (event, whole) in enumerate(zip(events, written, strict=True), 1):
            detail = {name: part for name, part in whole.items() if name not in _ENVELOPE}
            envelope = {name: getattr(event, name, None) for name in ("kind", "v", "at", "visit")}
            self._note(seq, {**envelope, "actor": event.by, "detail": detail})
        return {UUID(found) for found in _IDS.findall(text)}

    def answered(self, command: Command, answer: Row, now: datetime) -> None:
        """Let a command have been answered, whether or not it changed anything."""
        self.tables["command"][(command.id,)] = {
            "command_id": command.id,
            "kind": command.kind,
            "digest": command.digest,
            "answer": answer,
            "revision": self.revision,
            "recorded_at": now,
        }

    def mended(self, now: datetime, stored: int) -> None:
        """Let the store, which stood at revision `stored`, have been brought to the course under a new epoch."""
        self.epoch += 1
        self._revise(None, ENGINE, now)
        detail = {"store_revision": stored, "workflow_revision": self.revision}
        self._note(1, {"kind": "reconciled", "v": 1, "at": now, "actor": ENGINE, "visit": None, "detail": detail})

    def snapshot(self, course: Row) -> None:
        """Take what of the course is kept with the newest revision, so that it can be adopted."""
        self.tables["revision"][(self.epoch, self.revision)]["snapshot"] = course

    def _revise(self, command: UUID | None, actor: str, now: datetime) -> None:
        row = {**self.place, "command_id": command, "recorded_at": now, "actor": actor}
        self.tables["revision"][(self.epoch, self.revision)] = row

    def _note(self, seq: int, row: Row) -> None:
        place = {"epoch": self.epoch, "revision": self.revision, "seq": seq}
        self.tables["journal"][tuple(place.values())] = {**place, **row}
