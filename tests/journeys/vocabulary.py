"""What the journeys share: what both roles do at a step of a course over HTTP, and what they see of it."""

import time

from clients.caller import Caller, taken
from tools.town.course import INTERVIEW, WORDS

ANSWER_WITHIN = 60.0
POLL = 0.1


def both_acknowledge(course: str, *roles: Caller) -> None:
    """Let each role read the briefing and acknowledge what it read."""
    for role in roles:
        briefing = role.get(f"{course}/briefing")
        role.does(f"{course}/acknowledgements", briefing=briefing["briefing"], version=briefing["version"])


def complete_intake(course: str, anna: Caller, bo: Caller) -> None:
    """Do what intake asks of each role."""
    anna.does(f"{course}/facts", facts=INTERVIEW)
    for kind, text in WORDS.items():
        anna.does(f"{course}/notes", kind=kind, text=text)
    bo.does(f"{course}/notes", kind="opportunity", text="Planteskolen mangler hænder.")


def steps(course: str, reader: Caller) -> list[str]:
    """Return the open steps of a course."""
    return [visit["step"]["id"] for visit in reader.get(course)["visits"] if visit["is_open"]]


def sees_header(reader: Caller, path: str, header: str) -> bool:
    """Say whether an answer bears a header before long; the API looks around every few seconds."""
    deadline = time.monotonic() + ANSWER_WITHIN
    while time.monotonic() < deadline:
        if header in taken(reader.http.get(path)).headers:
            return True
        time.sleep(POLL)
    return False
