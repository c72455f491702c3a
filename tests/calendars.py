"""Calendar files as two programs of somebody else read them: `vobject`, and `ical.js` from npm."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import vobject

from tests.foreign.node import FOREIGN, installed, ran

EVERYTHING = ("uid", "summary", "class", "status", "location", "organizer")


def read_by_vobject(file: str) -> dict[str, Any]:
    """Return what `vobject` reads of a file with one event."""
    calendar = vobject.readOne(file)
    event = calendar.vevent
    content = {name: event.contents[name][0].value if name in event.contents else None for name in EVERYTHING}
    start = event.dtstart.value
    return {
        **content,
        "method": calendar.method.value,
        "sequence": int(event.sequence.value),
        "attendees": [each.value for each in event.contents.get("attendee", ())],
        "start": start if isinstance(start, date) and not isinstance(start, datetime) else start.timestamp(),
        "minutes": event.duration.value.total_seconds() / 60 if "duration" in event.contents else None,
    }


def read_by_ical_js(files: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    """Return what `ical.js` reads of files with one event each."""
    installed("ical.js/package.json")
    (folder / "files.json").write_text(json.dumps(files))
    answer = ran(FOREIGN / "calendar.mjs", folder / "files.json", where=FOREIGN)
    assert answer.returncode == 0, answer.stderr
    read: list[dict[str, Any]] = json.loads(answer.stdout)
    for each in read:
        start = each["start"]
        each["start"] = datetime.fromisoformat(start).timestamp() if "T" in start else date.fromisoformat(start)
    return read


def read_by_both(files: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    """Return what both read, which is the same."""
    by_vobject = [read_by_vobject(file) for file in files]
    assert read_by_ical_js(files, folder) == by_vobject
    return by_vobject
